//! What a page must say first, and what it must not lead with.

use serde_json::json;

use super::{SummaryAsk, summary};
use crate::insight::testing::{entry, person, run, view, view_without, with};
use crate::record::{Death, Detail, Entry, Kind, Measurement, Number, Quantity, Value, View, When};

fn page(view: &View) -> String {
    run(view, json!({}), |context| summary(context, &SummaryAsk::default()).unwrap().text)
}

fn lab(id: &str, name: &str, date: &str, value: &str) -> Entry {
    let number = Number::parse(value).unwrap();
    let quantity = Quantity { comparator: None, number, unit: Some("mmol/L".into()), ucum: None };
    let found = Measurement { value: Some(Value::Quantity(quantity)), ..Measurement::default() };
    entry(id, name, date, Detail::Measurement(Box::new(found)))
}

fn visit(id: &str, date: &str, status: &str) -> Entry {
    let visit = entry(id, "Heart clinic", date, Detail::Visit(Box::default()));
    with(visit, |entry| entry.status = Some(status.into()))
}

fn part<'a>(page: &'a str, name: &str) -> &'a str {
    let start = page.find(&format!("**{name}")).unwrap_or_else(|| panic!("no {name}: {page}"));
    page[start..].split("\n\n").next().unwrap()
}

#[test]
fn another_patients_potassium_after_the_death_never_leads_the_page() {
    let died = person(|person| person.death = Death::Died(When::parse("2025-05-14")));
    let before = lab("L000001", "Potassium", "2025-05-01", "4.1");
    let after = lab("L000002", "Potassium", "2025-06-02", "6.1");
    let planned = visit("E000001", "2026-06-10", "planned");
    let page = page(&view(vec![died, before, after, planned]));
    assert!(part(&page, "Latest results").contains("4.1 mmol/L"), "{page}");
    assert!(
        part(&page, "Left out above").contains("6.1 mmol/L, 2025-06-02, after the death [L000002]"),
        "{page}"
    );
    assert!(!page.contains("next "), "who has died has no visit to come: {page}");
}

#[test]
fn a_visit_that_was_cancelled_or_a_procedure_broken_off_does_not_read_like_one_that_took_place() {
    let stopped = with(entry("P000001", "Colonoscopy", "2026-02-01", Detail::Plain), |entry| {
        entry.status = Some("stopped".into());
    });
    let visits = [
        visit("E000001", "2026-02-05", "cancelled"),
        visit("E000002", "2020-01-05", "planned"),
        visit("E000003", "2026-01-20", "finished"),
        visit("E000004", "2026-04-01", "booked"),
    ];
    let page = page(&view(visits.into_iter().chain([stopped]).collect()));
    assert!(part(&page, "Procedures").contains("Colonoscopy (stopped), 2026-02-01"), "{page}");
    let visits = part(&page, "Visits");
    assert!(visits.contains("next 2026-04-01 [E000004]") && visits.contains("2026-01-20"), "{page}");
    assert!(!visits.contains("E000001") && !visits.contains("E000002"), "{page}");
}

#[test]
fn the_persons_own_words_stand_beside_what_they_are_about_or_by_themselves() {
    let note = |id: &str, text: &str, about: Option<&str>| {
        let about = about.map(|id| crate::record::EntryId::parse(id).unwrap());
        entry(id, "", "2026-02-20", Detail::Note { text: text.into(), about })
    };
    let page = page(&view(vec![
        lab("L000001", "Potassium", "2026-02-01", "5.6"),
        note("Y000001", "this is wrong", Some("L000001")),
        note("Y000002", "Stopped lisinopril in August", None),
    ]));
    let own = "Potassium 5.6 mmol/L [L000001]; the person's own note: \"this is wrong\" [Y000001]";
    assert!(page.contains(own), "{page}");
    assert!(part(&page, "The person's own notes").contains("Stopped lisinopril in August"), "{page}");
}

#[test]
fn no_budget_cuts_a_directive_or_an_implant() {
    let device = with(entry("X000001", "Pacemaker", "2020-05-01", Detail::Plain), |entry| {
        entry.status = Some("active".into());
    });
    let meter = entry("X000002", "Blood glucose meter", "2020-05-01", Detail::Plain);
    let will = entry("W000001", "POLST", "2025-01-01", Detail::Plain);
    let (device_kind, will_kind) = (device.kind(), will.kind());
    if (device_kind, will_kind) != (Kind::Device, Kind::Directive) {
        panic!("the letters of these ids are {device_kind:?} and {will_kind:?}");
    }
    let view = view(vec![device, meter, will, lab("L000001", "Potassium", "2026-02-01", "4.4")]);
    let ask = SummaryAsk { max_tokens: Some(340), ..SummaryAsk::default() };
    let text = run(&view, json!({}), |context| summary(context, &ask).unwrap().text);
    let first = part(&text, "Directives");
    let implants = part(&text, "Implants");
    assert!(first.contains("POLST (a copy; the signed paper counts), 2025-01-01"), "{text}");
    assert!(!text.contains("meter"), "{text}");
    assert!(implants.contains("Implant: Pacemaker, 2020-05-01"), "{text}");
}

#[test]
fn behind_a_setting_nobody_says_that_nothing_was_sent() {
    let view = view_without(vec![lab("L000001", "Potassium", "2026-02-01", "4.4")], |scope| {
        scope.kinds.remove(&Kind::Medication);
    });
    let page = page(&view);
    assert!(
        page.contains("nothing can be seen here of:") && !page.contains("not sent by any source"),
        "{page}"
    );
}

#[test]
fn family_history_on_the_problem_list_is_told_as_no_illness() {
    let problem = |id: &str, name: &str| {
        with(entry(id, name, "2020-01-02", Detail::Condition(Box::default())), |entry| {
            entry.status = Some("active".into());
        })
    };
    let aunt = problem("C000001", "Family history of breast cancer (aunt)");
    let page = page(&view(vec![aunt, problem("C000002", "Asthma")]));
    assert!(page.contains("Family history of breast cancer (aunt) (no illness: family history)"), "{page}");
    assert!(page.contains("Asthma, since"), "{page}");
}

fn told(view: &View, arguments: serde_json::Value) -> String {
    let ask: SummaryAsk = serde_json::from_value(arguments.clone()).unwrap();
    run(view, arguments, |context| summary(context, &ask).unwrap().text)
}

fn problem(id: &str, name: &str, date: &str, status: &str) -> Entry {
    with(entry(id, name, date, Detail::Condition(Box::default())), |entry| {
        entry.status = Some(status.into());
    })
}

fn order(id: &str, name: &str, date: &str) -> Entry {
    let medicine = crate::record::Medication {
        ingredients: vec![name.split(' ').next().unwrap().into()],
        ..Default::default()
    };
    with(entry(id, name, date, Detail::Medication(Box::new(medicine))), |entry| {
        entry.status = Some("active".into());
    })
}

#[test]
fn the_first_line_tells_the_age_and_whether_a_death_is_recorded() {
    let alive = page(&view(vec![]));
    assert!(alive.contains("64 years old, no death recorded; summary as of 2026-03-01"), "{alive}");
    let died = person(|person| person.death = Death::Died(When::parse("2025-05-14")));
    let dead = page(&view(vec![died]));
    assert!(dead.contains("DIED 2025-05-14 — 64 years old at death"), "{dead}");
    assert!(!dead.contains("nobody is watching") && !dead.contains("no death recorded"), "{dead}");
    let born = person(|person| person.birth = When::parse("2025-12-20"));
    assert!(page(&view(vec![born])).contains("10 weeks old"), "a child is not zero years old");
    let year = person(|person| person.birth = When::parse("1950"));
    assert!(page(&view(vec![year])).contains("75 or 76 years old"));
}

#[test]
fn events_past_problems_old_pregnancies_and_what_is_no_illness_stand_apart() {
    let page = told(
        &view(vec![
            problem("C000001", "Asthma", "2020-01-02", "active"),
            problem("C000002", "Stroke", "2012-02-11", "active"),
            problem("C000003", "Pregnancy", "2008-01-09", "active"),
            problem("C000004", "Viral sinusitis", "2011-01-09", "active"),
            problem("C000005", "Suspected lung cancer (situation)", "2025-01-09", "active"),
            problem("C000006", "Rule out kidney stone", "2025-08-01", "active"),
            problem("C000007", "Pneumonia", "2019-08-01", "resolved"),
        ]),
        json!({"detail": "full"}),
    );
    let active = part(&page, "Problems recorded as active");
    assert!(active.contains("Asthma, since 2020-01-02 [C000001]"), "{page}");
    assert!(
        !active.contains("Stroke") && !active.contains("Pregnancy") && !active.contains("lung"),
        "{page}"
    );
    assert!(part(&page, "Events and history").contains("Stroke, 2012-02-11 [C000002]"), "{page}");
    let long_ago = part(&page, "Recorded as active long ago");
    assert!(long_ago.contains("Pregnancy, since 2008-01-09") && long_ago.contains("sinusitis"), "{page}");
    let apart = part(&page, "On the problem list, but no established illness");
    assert!(apart.contains("Suspected lung cancer (situation) (no illness: a suspicion)"), "{page}");
    assert!(apart.contains("Rule out kidney stone (no illness: a suspicion)"), "{page}");
    assert!(part(&page, "Past problems").contains("Pneumonia"), "{page}");
}

#[test]
fn the_latest_stage_leads_and_a_stage_recorded_before_never_does() {
    let stage = |id: &str, stage: u8, date: &str| {
        problem(id, &format!("Chronic kidney disease, stage {stage}"), date, "active")
    };
    let page = page(&view(vec![
        stage("C000001", 3, "2018-05-01"),
        stage("C000002", 4, "2021-06-10"),
        problem("C000003", "Essential (primary) hypertension", "2012", "active"),
        problem("C000004", "Hypertension", "2015", "active"),
    ]));
    let active = part(&page, "Problems recorded as active");
    let behind = "stage 4, since 2021-06-10 [C000002]; earlier stage: Chronic kidney disease, stage 3, since 2018-05-01 [C000001]";
    assert!(active.contains(behind), "{page}");
    assert!(
        active.contains("= high blood pressure") && active.matches("= high blood").count() == 1,
        "{page}"
    );
    assert!(
        active.contains("also recorded as: Essential (primary) hypertension, since 2012 [C000003]"),
        "{page}"
    );
    let earlier = page_of(vec![stage("C000001", 4, "2018-05-01"), stage("C000002", 3, "2021-06-10")]);
    assert!(!earlier.contains("earlier stage"), "an older stage 4 supersedes nothing: {earlier}");
}

fn page_of(entries: Vec<Entry>) -> String {
    page(&view(entries))
}

#[test]
fn high_risk_medicines_a_pregnancy_and_conflicts_stand_first() {
    let allergy = entry("A000001", "Warfarin", "", Detail::Allergy(Box::default()));
    let page = told(
        &view(vec![
            allergy,
            order("M000001", "warfarin 5 mg tablet", "2026-02-01"),
            order("M000002", "atorvastatin 40 mg", "2026-02-01"),
            problem("C000001", "Pregnancy", "2026-01-09", "active"),
            problem("C000002", "Do not resuscitate", "2025-04-22", "active"),
        ]),
        json!({"detail": "brief"}),
    );
    assert!(
        part(&page, "High-risk medicines").contains("warfarin 5 mg tablet (blood thinner) [M000001]"),
        "{page}"
    );
    assert!(part(&page, "Pregnancy").contains("Recorded as pregnant on 2026-01-09"), "{page}");
    assert!(part(&page, "Directives").contains("Do not resuscitate (on the problem list)"), "{page}");
    let conflict = "Allergy Warfarin [A000001]; yet warfarin 5 mg tablet is active [M000001]";
    assert!(part(&page, "Conflicts").contains(conflict), "{page}");
    assert!(part(&page, "Other medicines").contains("atorvastatin"), "{page}");
}

#[test]
fn a_stay_is_told_with_its_reason_where_the_person_went_and_what_it_brought() {
    let stay = |id: &str, date: &str| {
        let stay = crate::record::Visit {
            class: crate::record::VisitClass::Inpatient,
            reasons: vec!["Shortness of breath".into()],
            discharge: Some("Home with nurse".into()),
            ..Default::default()
        };
        with(entry(id, "", date, Detail::Visit(Box::new(stay))), |entry| {
            entry.status = Some("finished".into());
            entry.end = When::parse("2026-01-09");
        })
    };
    let new = stay("E000001", "2026-01-05");
    let link = crate::record::Link { role: crate::record::LinkRole::Visit, key: new.key.clone() };
    let found =
        with(problem("C000001", "Heart failure", "2026-01-06", "active"), |entry| entry.links.push(link));
    let old = with(stay("E000002", "2019-01-05"), |entry| entry.end = When::parse("2019-01-09"));
    let text = told(&view(vec![new, found, old]), json!({"detail": "full"}));
    let stays = part(&text, "Hospital and emergency stays, two years");
    let line = "2026-01-05 to 2026-01-09 hospital stay: Shortness of breath; went to: Home with nurse [E000001]; diagnoses: Heart failure [C000001]";
    assert!(stays.contains(line), "{text}");
    assert!(!stays.contains("E000002"), "{text}");
    assert!(
        part(&text, "Changed since 2025-03-01").contains("New problems: Heart failure, 2026-01-06"),
        "{text}"
    );
}

#[test]
fn a_period_narrows_what_changed_and_never_what_stands_first() {
    let view = view(vec![
        entry("A000001", "Penicillin", "2001", Detail::Allergy(Box::default())),
        problem("C000001", "Asthma", "2001-02-03", "active"),
        order("M000001", "metformin 500 mg", "2025-06-01"),
        order("M000002", "lisinopril 10 mg", "2026-02-01"),
        lab("L000001", "Potassium", "2025-02-01", "4.4"),
    ]);
    let text = told(&view, json!({"since": "2025-12", "detail": "full"}));
    assert!(text.contains("Penicillin [A000001]") && text.contains("Asthma, since 2001-02-03"), "{text}");
    let changed = part(&text, "Changed since 2025-12-01");
    assert!(changed.contains("lisinopril") && !changed.contains("metformin"), "{text}");
    assert!(!text.contains("Potassium"), "{text}");
    let later = told(&view, json!({"added_since": "2026-01-01", "detail": "full"}));
    assert!(!later.contains("Changed since") && later.contains("Penicillin"), "nothing came in: {later}");
    let earlier = told(&view, json!({"added_since": "2024-12-01", "detail": "full"}));
    assert!(part(&earlier, "Came into the record since 2024-12-01").contains("metformin"), "{earlier}");
}

#[test]
fn a_beginning_in_words_is_told_in_them() {
    let told = with(problem("C000001", "Asthma", "", "active"), |entry| {
        let condition =
            crate::record::Condition { onset_text: Some("in her fifties".into()), ..Default::default() };
        entry.detail = Detail::Condition(Box::new(condition));
    });
    assert!(page_of(vec![told]).contains("Asthma, since: in her fifties [C000001]"));
}

/// Records such as nobody has: hundreds of everything, names of thousands of letters, heaps of signs.
fn huge(count: usize, name: &str) -> Vec<Entry> {
    let mut all = Vec::new();
    for n in 0..count {
        let called = format!("{name} {n}");
        let allergy = crate::record::Allergy {
            criticality: Some("high".into()),
            reactions: vec![crate::record::Reaction {
                manifestations: vec![name.into(), "hives".into()],
                severity: Some("severe".into()),
                text: Some(name.into()),
            }],
            ..Default::default()
        };
        all.push(entry(&format!("A{n:06}"), &called, "", Detail::Allergy(Box::new(allergy))));
        all.push(entry(&format!("X{n:06}"), &format!("Pacemaker {called}"), "2020-05-01", Detail::Plain));
        all.push(entry(&format!("W{n:06}"), &called, "2020-05-01", Detail::Plain));
        all.push(problem(&format!("C{n:06}"), &called, "2020-05-01", "active"));
        all.push(order(&format!("M{n:06}"), &format!("warfarin {called}"), "2026-02-01"));
        all.push(lab(&format!("L{n:06}"), &called, "2026-02-01", "5.6"));
        all.push(visit(&format!("E{n:06}"), "2026-02-05", "finished"));
        all.push(entry(&format!("I{n:06}"), &called, "2026-02-01", Detail::Plain));
        all.push(entry(&format!("P{n:06}"), &called, "2026-02-01", Detail::Plain));
    }
    all
}

#[test]
fn no_record_is_too_large_or_too_odd_for_the_promised_size() {
    let tokenizer = tiktoken_rs::o200k_base().unwrap();
    let odd =
        ["Hydroxychloroquine sulfate", "qxzvw jkhgf", "病歴要約", "😀🩺", "|**[x](http://a.b)`", "ÄÖÜß é"];
    let long = odd.map(|name| name.repeat(80));
    for name in odd.iter().copied().chain(long.iter().map(String::as_str)) {
        for count in [1, 12, 150] {
            let named = person(|person| person.names[0].family = Some(name.into()));
            let mut entries = huge(count, name);
            entries.push(named);
            let view = view(entries);
            for (detail, most) in [("brief", 700), ("full", 2_000)] {
                let text = told(&view, json!({ "detail": detail }));
                let cost = tokenizer.encode_ordinary(&text).len();
                assert!(cost <= most, "{detail} of {count} {name}: {cost}\n{text}");
                for kind in ["Allergies", "High-risk medicines", "Implants", "Directives", "Conflicts"] {
                    let is_told = text.contains(&format!("**{kind}"));
                    assert!(is_told || kind == "Conflicts", "no {kind}: {text}");
                }
            }
            let wide = told(&view, json!({ "max_tokens": 13_000 }));
            assert!(wide.len() <= 40_000, "{}", wide.len());
        }
    }
}

#[test]
fn a_directive_is_told_with_what_was_answered() {
    let answer =
        Measurement { value: Some(Value::Text("Not for resuscitation".into())), ..Measurement::default() };
    let directive = entry("W000001", "Resuscitation", "2025-01-01", Detail::Measurement(Box::new(answer)));
    let page = told(&view(vec![directive]), json!({}));
    assert!(part(&page, "Directives").contains("Resuscitation: Not for resuscitation (a copy"), "{page}");
}
