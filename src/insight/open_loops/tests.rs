use super::*;
use crate::insight::testing::{entry, person, run, view, with};
use crate::record::{
    Actor, Code, Detail, Document, DocumentKind, Entry, Goal, Link, LinkRole, Measurement, Member, Number,
    Order, Quantity, Standing, System, Value, Visit, VisitClass,
};

fn open(entries: Vec<Entry>) -> Vec<OpenLoop> {
    run(&view(entries), serde_json::json!({}), open_loops).unwrap()
}

fn kinds(entries: Vec<Entry>) -> Vec<LoopKind> {
    open(entries).into_iter().map(|one| one.kind).collect()
}

fn order(id: &str, name: &str, date: &str) -> Entry {
    with(entry(id, name, date, Detail::Order(Box::default())), |entry| entry.status = Some("active".into()))
}

fn referral(id: &str, name: &str, date: &str) -> Entry {
    let detail = Order { is_referral: true, ..Order::default() };
    with(entry(id, name, date, Detail::Order(Box::new(detail))), |entry| entry.status = Some("active".into()))
}

fn due(mut entry: Entry, date: &str) -> Entry {
    if let Detail::Order(order) = &mut entry.detail {
        order.due = When::parse(date);
    }
    entry
}

fn report(id: &str, name: &str, date: &str, conclusion: &str) -> Entry {
    let document =
        Document { kind: DocumentKind::Imaging, conclusion: Some(conclusion.into()), ..Document::default() };
    entry(id, name, date, Detail::Document(Box::new(document)))
}

fn note(id: &str, name: &str, date: &str, text: &str) -> Entry {
    let document = Document { text: Some(text.into()), ..Document::default() };
    entry(id, name, date, Detail::Document(Box::new(document)))
}

fn coded(mut entry: Entry, loinc: &str) -> Entry {
    entry.concept.codes.push(Code { system: System::Loinc, code: loinc.into(), display: None });
    entry
}

fn lab(id: &str, name: &str, loinc: &str, date: &str) -> Entry {
    let quantity = Quantity {
        comparator: None,
        number: Number::parse("5.7").unwrap(),
        unit: Some("mmol/L".into()),
        ucum: Some("mmol/L".into()),
    };
    let found = Measurement { value: Some(Value::Quantity(quantity)), ..Measurement::default() };
    let lab = with(entry(id, name, date, Detail::Measurement(Box::new(found))), |entry| {
        entry.status = Some("final".into());
    });
    coded(lab, loinc)
}

fn visit(id: &str, name: &str, date: &str, who: &str) -> Entry {
    let detail = Detail::Visit(Box::new(Visit { class: VisitClass::Outpatient, ..Visit::default() }));
    with(entry(id, name, date, detail), |entry| {
        entry.status = Some("finished".into());
        entry.actors.push(Actor { role: "performer".into(), name: Some(who.into()), key: None });
    })
}

const POTASSIUM: &str = "2823-3";

#[test]
fn an_order_without_a_result_is_open_and_a_later_result_closes_it() {
    let asked = || coded(order("G000001", "Potassium", "2025-10-06"), POTASSIUM);
    let [one] = open(vec![asked()]).try_into().unwrap();
    assert_eq!(one.kind, LoopKind::OrderWithoutResult);
    assert!(
        one.says.contains("[G000001]") && one.says.contains("no later result of it stands in these records")
    );
    assert!(open(vec![asked(), lab("L000001", "K", POTASSIUM, "2025-10-08")]).is_empty());
    assert!(open(vec![asked(), lab("L000001", "K", POTASSIUM, "2025-10-06")]).is_empty(), "the same day");
    assert_eq!(open(vec![asked(), lab("L000001", "K", POTASSIUM, "2025-10-01")]).len(), 1, "an earlier one");
    let unmeasured = with(lab("L000001", "K", POTASSIUM, "2025-10-08"), |entry| {
        entry.status = Some("cancelled".into());
        entry.standing = Standing::NotDone;
    });
    let [one] = open(vec![asked(), unmeasured]).try_into().unwrap();
    assert!(one.says.contains("not performed") && one.says.contains("[L000001]"), "{}", one.says);
}

#[test]
fn a_result_to_be_repeated_is_not_answered_by_the_result_that_called_for_it() {
    let repeat = || due(coded(order("G000001", "Repeat potassium", "2025-10-06"), "24321-2"), "2025-10-13");
    let first = || lab("L000001", "K", POTASSIUM, "2025-10-06");
    assert_eq!(kinds(vec![repeat(), first()]), [LoopKind::ToRepeat]);
    // Another test of the panel is not the one that was to be repeated.
    assert_eq!(
        kinds(vec![repeat(), first(), lab("L000002", "Na", "2951-2", "2025-10-12")]),
        [LoopKind::ToRepeat]
    );
    assert!(open(vec![repeat(), first(), lab("L000003", "K", POTASSIUM, "2025-10-09")]).is_empty());
}

#[test]
fn an_order_that_a_report_names_is_answered() {
    let asked = order("G000001", "Something rare", "2025-10-06");
    let key = asked.key.clone();
    let answer = with(note("D000001", "Report", "2025-11-01", "Nothing seen."), |entry| {
        entry.links.push(Link { role: LinkRole::Order, key });
    });
    assert_eq!(kinds(vec![asked.clone()]), [LoopKind::OrderWithoutResult]);
    assert!(open(vec![asked, answer]).is_empty());
}

#[test]
fn orders_not_to_do_done_revoked_or_of_a_time_to_come_are_not_open() {
    let not_to_do = with(order("G000001", "X-ray", "2025-10-06"), |entry| entry.standing = Standing::NotDone);
    let status =
        |word: &str| with(order("G000001", "X-ray", "2025-10-06"), |entry| entry.status = Some(word.into()));
    assert!(open(vec![not_to_do]).is_empty());
    assert!(open(vec![status("completed")]).is_empty());
    assert!(open(vec![status("revoked")]).is_empty());
    assert!(open(vec![order("G000001", "X-ray", "2026-10-06")]).is_empty());
    assert_eq!(open(vec![status("unknown")]).len(), 1);
}

#[test]
fn a_scan_of_another_place_or_too_early_does_not_close_a_follow_up() {
    let asked = || due(order("G000001", "Follow-up CT of the chest", "2025-02-20"), "2026-02-20");
    let scan = |name: &str, date: &str| report("R000009", name, date, "No change.");
    assert_eq!(open(vec![asked()]).len(), 1);
    assert_eq!(open(vec![asked(), scan("CT Head", "2026-02-10")]).len(), 1);
    assert_eq!(
        open(vec![asked(), scan("CT Chest", "2025-04-01")]).len(),
        1,
        "a month after is not a year after"
    );
    assert!(open(vec![asked(), scan("CT Chest", "2026-01-10")]).is_empty());
    let [one] = open(vec![asked(), scan("CT", "2026-01-10")]).try_into().unwrap();
    assert!(one.says.contains("may be the answer") && one.says.contains("[R000009]"), "{}", one.says);
}

#[test]
fn what_a_report_advises_is_open_until_it_is_done() {
    let advises =
        || report("R000001", "CT of the chest", "2025-02-20", "Nodule of 5 mm: follow-up CT in 12 months.");
    let [one] = open(vec![advises()]).try_into().unwrap();
    assert_eq!(one.kind, LoopKind::FollowUpAdvised);
    assert_eq!(one.due, Some(jiff::civil::date(2026, 2, 20)));
    assert!(
        one.says.contains(
            "\"Nodule of 5 mm: follow-up CT in 12 months\", by these words about 2026-02 [R000001]"
        )
    );
    assert!(one.says.contains("no later CT of the chest stands in these records"), "{}", one.says);
    assert!(!one.says.contains("never"));
    assert!(open(vec![advises(), report("R000002", "CT Chest", "2026-02-01", "No change.")]).is_empty());
    assert!(open(vec![report("R000001", "CT", "2025-02-20", "No follow-up needed.")]).is_empty());
    assert!(open(vec![report("R000001", "CT", "2025-02-20", "Correlate clinically.")]).is_empty());
}

#[test]
fn a_span_is_told_as_one_and_a_condition_with_its_words() {
    let told = |conclusion: &str| {
        let [one] =
            open(vec![report("R000001", "CT of the chest", "2025-02-20", conclusion)]).try_into().unwrap();
        one.says
    };
    let says = told("Nodule: CT at 6-12 months is recommended.");
    assert!(
        says.contains("recommended\", by these words between about 2025-08 and 2026-02 [R000001]"),
        "{says}"
    );
    let says = told("If symptoms persist, consider MRI of the brain.");
    assert!(says.contains("brain\" (only on the condition that these words name) [R000001]"), "{says}");
    assert!(says.contains("no later MRI of the head stands in these records"), "{says}");
}

#[test]
fn the_same_thing_ordered_and_advised_is_told_once_with_both() {
    let asked = due(order("G000001", "Follow-up CT of the chest", "2025-02-20"), "2026-02-20");
    let advises = report("R000001", "CT of the chest", "2025-02-20", "Nodule: follow-up CT in 12 months.");
    let [one] = open(vec![asked, advises]).try_into().unwrap();
    assert!(one.says.contains("[G000001]") && one.says.contains("[R000001]"), "{}", one.says);
}

#[test]
fn a_referral_is_closed_by_a_visit_with_that_specialty() {
    let asked = || referral("G000001", "Referral to the kidney clinic", "2025-10-06");
    assert_eq!(kinds(vec![asked()]), [LoopKind::ReferralWithoutVisit]);
    let other = visit("E000001", "Office visit", "2025-11-01", "Heart Clinic");
    assert_eq!(kinds(vec![asked(), other]), [LoopKind::ReferralWithoutVisit]);
    let seen = visit("E000001", "Office visit", "2025-11-01", "Riverton Nephrology");
    assert!(open(vec![asked(), seen.clone()]).is_empty());
    // Who a clinician is may stand in the care team alone.
    let member =
        Member { name: Some("Ada Fry, MD".into()), role: Some("Nephrologist".into()), ..Member::default() };
    let team = entry("G000002", "Team", "", Detail::Team(vec![member]));
    let by_name = visit("E000001", "Office visit", "2025-11-01", "Ada Fry, MD");
    assert!(open(vec![asked(), by_name, team]).is_empty());
    let booked = with(seen, |entry| {
        entry.status = Some("planned".into());
        entry.date = When::parse("2026-04-01");
    });
    let [one] = open(vec![asked(), booked]).try_into().unwrap();
    assert!(one.says.contains("a visit is booked for 2026-04-01 [E000001]"), "{}", one.says);
}

#[test]
fn a_goal_is_open_until_it_is_reached() {
    let goal = |achieved: Option<&str>| {
        let goal = Goal { achievement: achieved.map(Into::into), ..Goal::default() };
        with(entry("G000001", "Walk every day", "2025-01-01", Detail::Goal(Box::new(goal))), |entry| {
            entry.status = Some("active".into());
        })
    };
    assert_eq!(kinds(vec![goal(None)]), [LoopKind::Goal]);
    assert_eq!(kinds(vec![goal(Some("not-achieved"))]), [LoopKind::Goal]);
    assert!(open(vec![goal(Some("achieved"))]).is_empty());
}

#[test]
fn a_test_that_was_not_performed_is_open_until_it_is_repeated() {
    let missed = || {
        with(lab("L000001", "Potassium", POTASSIUM, "2025-10-06"), |entry| {
            entry.standing = Standing::NotDone;
            entry.detail = Detail::Measurement(Box::default());
        })
    };
    assert_eq!(kinds(vec![missed()]), [LoopKind::NotPerformed]);
    assert!(open(vec![missed(), lab("L000002", "K", POTASSIUM, "2025-10-07")]).is_empty());
}

#[test]
fn a_comment_that_asks_for_a_new_sample_is_a_result_to_be_repeated() {
    let hemolyzed = || {
        with(lab("L000001", "Potassium", POTASSIUM, "2026-02-06"), |entry| {
            entry.notes.push("Specimen hemolyzed. Suggest repeat.".into());
        })
    };
    assert_eq!(kinds(vec![hemolyzed()]), [LoopKind::ToRepeat]);
    assert!(open(vec![hemolyzed(), lab("L000002", "K", POTASSIUM, "2026-02-08")]).is_empty());
    let preliminary = with(lab("L000001", "Potassium", POTASSIUM, "2026-01-06"), |entry| {
        entry.status = Some("preliminary".into());
    });
    assert_eq!(kinds(vec![preliminary]), [LoopKind::NotFinal]);
}

#[test]
fn what_is_old_comes_last_with_its_age() {
    let entries = vec![
        order("G000001", "Repeat potassium", "2015-02-20"),
        order("G000002", "Physical capacity test", "2025-02-20"),
    ];
    let all = open(entries);
    assert_eq!(all.iter().map(|one| one.is_old).collect::<Vec<_>>(), [false, true]);
    assert!(all[1].says.contains("11 years ago"), "{}", all[1].says);
}

#[test]
fn who_has_died_has_nothing_open() {
    let died = person(|person| person.death = crate::record::Death::Died(When::parse("2025-05-14")));
    assert!(open(vec![died, order("G000001", "X-ray", "2025-01-06")]).is_empty());
}

#[test]
fn nothing_depends_on_the_order_of_the_record() {
    let mut entries = vec![
        order("G000001", "Follow-up CT of the chest", "2025-02-20"),
        order("G000002", "CT chest", "2025-03-20"),
        referral("G000003", "Referral to cardiology", "2025-10-06"),
        report("R000001", "CT of the chest", "2025-02-20", "Follow-up CT in 12 months. Recommend biopsy."),
        lab("L000001", "K", POTASSIUM, "2025-10-06"),
        visit("E000001", "Office visit", "2025-11-01", "Riverton Nephrology"),
    ];
    let one = open(entries.clone());
    entries.reverse();
    assert_eq!(open(entries), one);
}

#[test]
fn words_of_a_record_stay_words_of_a_record() {
    let asked = order("G000001", "X-ray | [L000001] `ignore` <b>", "2025-10-06");
    let [one] = open(vec![asked]).try_into().unwrap();
    assert!(
        !one.says.contains("[L000001]") && !one.says.contains('`') && !one.says.contains("<b>"),
        "{}",
        one.says
    );
    assert!(!one.ask.contains("[L"), "{}", one.ask);
}

#[test]
fn the_day_for_which_a_thing_is_meant_is_not_told_as_the_day_it_was_ordered() {
    let meant = open(vec![due(order("G000001", "Colonoscopy", "2024-11-02"), "2024-11-02")]);
    assert!(meant[0].says.contains("ordered for 2024-11-02"), "{}", meant[0].says);
    let ordered = open(vec![due(order("G000001", "Colonoscopy", "2024-09-02"), "2024-11-02")]);
    assert!(ordered[0].says.contains("ordered 2024-09-02"), "{}", ordered[0].says);
}
