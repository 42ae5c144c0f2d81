use serde_json::json;

use super::*;
use crate::insight::testing::{entry, run, same, view, view_without};
use crate::record::{Detail, Record, Scope, View};

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
