use serde_json::json;

use super::*;
use crate::insight::Pages;
use crate::insight::testing::{entry, portal, queried, run, run_for, same, view, view_without};
use crate::record::{Detail, Fetched, Queried, QueryState, Reader, Record, Scope, Trouble, View};

fn text(view: &View) -> String {
    run(view, json!({}), record_status).unwrap().text
}

fn lab(id: &str) -> crate::record::Entry {
    entry(id, "Glucose", "2024-03-02", Detail::Plain)
}

#[test]
fn sources_are_told_with_their_files_and_what_they_hold() {
    let text = text(&view(same(lab("L000001"), lab("L000002")).to_vec()));
    assert!(
        text.contains("Riverton Clinic|files: riverton.json|2025-01-01|1|0|demographics 1, labs 1"),
        "{text}"
    );
    assert!(text.contains("labs 1 (newest 2024-03-02)"), "the group is counted once: {text}");
    assert!(text.contains("No source has sent: conditions, medications"), "{text}");
    assert!(text.contains("Withheld by the person's settings: nothing"), "{text}");
    assert!(text.contains("plainchart import PATH"), "{text}");
}

#[test]
fn what_is_withheld_is_told_in_the_same_words_whether_or_not_something_lies_behind() {
    let hidden = |entries| {
        text(&view_without(entries, |scope| {
            scope.kinds.retain(|kind| *kind != Kind::Lab);
            scope.classes = 0;
        }))
    };
    let behind = hidden(vec![lab("L000001")]);
    assert_eq!(behind, hidden(vec![]));
    assert!(behind.contains("kinds: labs; sensitive classes: "), "{behind}");
    assert!(!behind.contains("No source has sent"), "{behind}");
}

#[test]
fn an_assistant_of_a_server_never_hears_which_class_is_withheld() {
    let ways = Ways::Pages(Pages { public: "https://chart.example.org".into(), grant: None });
    let reader = Reader { is_the_person: true, today: jiff::civil::date(2026, 3, 1) };
    let hidden = view_without(vec![lab("L000001")], |scope| {
        scope.classes = !Classes::from_iter([Class::Hiv]).bits();
        scope.reader = Some(reader);
    });
    let text = run_for(&ways, &hidden, json!({}), record_status).unwrap().text;
    assert!(text.contains("settings: sensitive topics; and, by its source, what that marks"), "{text}");
    assert!(!text.to_lowercase().contains("hiv"), "{text}");
}

#[test]
fn a_record_without_any_source_says_how_to_begin() {
    let empty = Record::new("nobody".into(), Vec::new(), Vec::new(), 0);
    let text = text(&View::new(empty.into(), Scope::everything()));
    assert!(text.contains("No source yet: nothing has been imported."), "{text}");
    assert!(text.contains("plainchart import PATH"), "{text}");
}

#[test]
fn what_was_left_out_is_counted_once_for_each_file() {
    let record = crate::insight::testing::record(vec![lab("L000001")]);
    let mut sources = record.sources.clone();
    let mut again = sources[0].imports[0].clone();
    again.left_out = 3;
    sources[0].imports = vec![again.clone(), again];
    let record = Record::new("maria".into(), sources, record.entries.clone(), 1);
    let text = text(&View::everything(record.into()));
    assert!(text.contains("|2025-01-01|2|3|"), "{text}");
}

#[test]
fn types_without_a_list_are_counted_by_name() {
    let other = |id: &str, kind: &str| {
        let mut entry = entry(id, "Bleeding on warfarin", "2024-01-01", Detail::Plain);
        entry.categories = vec![kind.into(), "adverse event".into()];
        entry
    };
    let text = text(&view(vec![
        other("O000001", "AdverseEvent"),
        other("O000002", "Flag"),
        other("O000003", "Flag"),
    ]));
    assert!(text.contains("in no list, but found by search_records: AdverseEvent 1, Flag 2"), "{text}");
}

fn of_portal(queries: Vec<Queried>, change: impl FnOnce(&mut Fetched)) -> Answer {
    run(&View::everything(portal(vec![lab("L000001")], queries, change)), json!({}), record_status).unwrap()
}

fn several() -> Vec<Queried> {
    vec![
        queried("Observation/labs", QueryState::Whole, ""),
        queried("Immunization/immunizations", QueryState::Empty, ""),
        queried("Encounter/visits", QueryState::Failed, "the portal failed at every try (status 500)"),
        queried(
            "Procedure/procedures",
            QueryState::Partial,
            "the portal held back a part of it (code 59204)",
        ),
        queried("ExplanationOfBenefit/claims", QueryState::Refused, "this portal does not offer it"),
        queried("Appointment/appointments", QueryState::Refused, "this portal does not offer it"),
    ]
}

#[test]
fn a_portal_is_told_with_every_query_that_did_not_end_well_and_why() {
    let answer = of_portal(several(), |fetched| {
        fetched.acts_as = Some("RelatedPerson/5".into());
        fetched.not_granted = vec!["Goal".into(), "offline_access".into()];
        let why = "the sign-in at this portal has ended: the access was taken back".into();
        fetched.trouble = Some(Trouble { at: 1_740_000_000, why, needs_sign_in: true });
    });
    let told = "
Lakeside Hospital: last fetched 2025-02-03; queries: 2 answered (1 of them: nothing there), 1 failed, 1 partial, 2 refused
- trouble since 2025-02-19: the sign-in at this portal has ended: the access was taken back; sign in again: plainchart connect \"Lakeside Hospital\"
- signed in for this person by somebody else: RelatedPerson/5
- not granted at the sign-in: Goal, offline_access
- failed (the portal failed at every try (status 500)): visits
- partial (the portal held back a part of it (code 59204)): procedures
- refused (this portal does not offer it): claims, appointments
";
    assert!(answer.text.contains(told), "{}", answer.text);
    let typed = &answer.structured["sources"][1]["portal"];
    assert_eq!(typed["gaps"][2]["queries"], json!(["claims", "appointments"]));
    assert_eq!(typed["trouble"]["helps"], "sign in again: plainchart connect \"Lakeside Hospital\"");
    assert_eq!(typed["fetched_on"], "2025-02-03");
    assert!(answer.structured["sources"][0].get("portal").is_none());
}

#[test]
fn what_was_not_sent_what_is_not_there_and_what_is_not_known_are_three_lines() {
    let answer = of_portal(several(), |_| {});
    for told in [
        "No source has sent: conditions, medications, allergies, vitals, documents",
        "Not sent by any source, and none there where it was asked for: immunizations (Lakeside Hospital on 2025-02-03).",
        "Not known, since it was not permitted, failed or was refused: procedures (Lakeside Hospital); visits (Lakeside Hospital).",
    ] {
        assert!(answer.text.contains(told), "{}", answer.text);
    }
    assert_eq!(answer.structured["none_there"][0]["kind"], "immunizations");
    assert_eq!(answer.structured["not_known"].as_array().unwrap().len(), 2);
    assert!(!answer.structured["missing"].to_string().contains("visits"));
}

#[test]
fn many_portals_with_many_gaps_keep_to_a_budget() {
    let record = portal(Vec::new(), several(), |_| {});
    let of = |place: usize| {
        let mut source = record.sources[1].clone();
        (source.id, source.name) = (format!("p{place}").into(), format!("Portal {place}").into());
        let queries = (0..60).map(|query| {
            queried(&format!("Observation/findings-{query}"), QueryState::Failed, &format!("reason {query}"))
        });
        source.fetched.as_mut().unwrap().queries = queries.collect();
        source
    };
    let sources = (0..60).map(of).collect();
    let view = View::everything(Record::new("maria".into(), sources, Vec::new(), 1).into());
    let answer = run(&view, json!({}), record_status).unwrap();
    assert!(answer.text.contains("Portal 0: last fetched 2025-02-03; queries: 0 answered, 60 failed\n- failed (reason 0): findings 0\n"), "{}", answer.text);
    let last = "Portal 39: last fetched 2025-02-03; queries: 0 answered, 60 failed\n- which did not end well: plainchart sources show \"Portal 39\"";
    assert!(answer.text.contains(last), "{}", answer.text);
    assert!(
        answer.text.len() < 16_000 && answer.structured.to_string().len() < 40_000,
        "{}",
        answer.text.len()
    );
}
