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
    let own = "2026-02-01 [L000001]; the person's own note: \"this is wrong\" [Y000001]";
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
    let ask = SummaryAsk { max_tokens: Some(300), ..SummaryAsk::default() };
    let text = run(&view, json!({}), |context| summary(context, &ask).unwrap().text);
    let first = part(&text, "Directives and implants");
    assert!(first.contains("POLST (a copy; the signed paper counts), 2025-01-01"), "{text}");
    assert!(!first.contains("meter"), "{text}");
    assert!(first.contains("Implant: Pacemaker, 2020-05-01"), "{text}");
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
