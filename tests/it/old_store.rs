//! A store of an earlier version opens and answers; one of a later version is refused by name.

use std::path::Path;

use rusqlite::Connection;
use serde_json::json;

use crate::people::{Home, cited, copy_folder, fixture};

/// A home that holds the store which is kept in `fixtures/stores`.
fn home(version: &str) -> Home {
    let home = Home::new();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stores").join(version).join("home");
    copy_folder(&kept, &home.home());
    home
}

#[test]
fn a_store_of_the_first_version_opens_answers_and_can_be_written() {
    let home = home("v1");
    let status = home.run(&["status"]).ok();
    assert!(status.contains("Walter: record version") && status.contains("the chain holds"), "{status}");
    let conditions = home.call("get_conditions", "{}");
    assert!(conditions.contains("DIED 2025") && conditions.contains("Heart failure"), "{conditions}");
    let notes = home.call("search_records", r#"{"query":"porch"}"#);
    assert!(notes.contains("He liked the porch.") && notes.contains("|you|"), "{notes}");
    let labs = home.call("get_labs", "{}");
    assert!(labs.contains("Withheld by the person's settings"), "the grant of that day holds: {labs}");
    let id = cited(&conditions).into_iter().next().unwrap();
    let original = home.call("get_record", &format!(r#"{{"id":"{id}","original":"true"}}"#));
    assert!(original.contains("resourceType"), "{original}");
    let again = home.import_json(&[&fixture("deceased").display().to_string()]);
    assert_eq!((&again["new"], &again["changed"]), (&json!(0), &json!(0)), "{again}");
    home.run(&["note", "Still here."]).ok();
    assert!(home.call("search_records", r#"{"query":"still"}"#).contains("Still here."));
}

#[test]
fn what_an_earlier_version_read_is_withheld_whole_until_something_is_imported_again() {
    let home = home("v1");
    home.run(&["grants", "--everything", "--withhold", "hiv"]).ok();
    let read = |home: &Home| {
        let list = home.call("get_documents", "{}");
        let id = cited(&list).into_iter().find(|id| id.starts_with('D')).unwrap();
        let text = home.call("get_documents", &format!(r#"{{"id":"{id}"}}"#));
        let original = home.call("get_record", &format!(r#"{{"id":"{id}","original":"true"}}"#));
        (text, original)
    };
    let (text, original) = read(&home);
    assert!(text.contains("importing again marks which passages may be shown"), "{text}");
    assert!(original.contains("The original is withheld"), "{original}");
    assert!(!home.call("search_records", r#"{"query":"porch"}"#).contains("He liked"));
    let report = home.run(&["import", &fixture("deceased").display().to_string()]).ok();
    assert!(report.contains("0 new") && report.contains("are now marked in the texts of"), "{report}");
    let (text, original) = read(&home);
    assert!(!text.contains("withheld by the person's settings;"), "{text}");
    // What its narrative says was never looked at.
    assert!(original.contains("The original is withheld"), "{original}");
    assert!(home.call("search_records", r#"{"query":"porch"}"#).contains("He liked the porch."));
    assert_eq!(home.import_json(&[&fixture("deceased").display().to_string()])["marked"], json!(0));
}

#[test]
fn a_store_of_the_second_version_keeps_its_passages() {
    let home = home("v2");
    let note = home.call("search_records", r#"{"query":"porch"}"#);
    assert!(note.contains("He liked the porch. (withheld by the person's settings)"), "{note}");
    assert!(!note.contains("2001"), "{note}");
    let again = home.import_json(&[&fixture("deceased").display().to_string()]);
    assert_eq!((&again["new"], &again["changed"], &again["marked"]), (&json!(0), &json!(0), &json!(0)));
    home.run(&["grants", "--everything"]).ok();
    let note = home.call("search_records", r#"{"query":"porch"}"#);
    assert!(note.contains("He stopped drinking in 2001."), "{note}");
}

#[test]
fn a_store_of_the_third_version_keeps_its_connection_and_what_became_of_each_query() {
    let home = home("v3");
    let conditions = home.call("get_conditions", "{}");
    assert!(conditions.contains("Heart failure") && conditions.contains("Mercy Hill Portal"), "{conditions}");
    let shown = home.run(&["sources", "show", "Mercy Hill Portal"]).ok();
    assert!(shown.contains("allergies") && shown.contains("this portal does not offer it"), "{shown}");
    assert!(home.run(&["portals"]).ok().contains("https://fhir.lakeside.example/r4"));
    // Nobody answers at its address any more: nothing is lost by that.
    let again = home.run(&["sources", "remove", "Mercy Hill Portal"]).ok();
    assert!(again.contains("Mercy Hill Portal is no longer connected"), "{again}");
    assert_eq!(home.call("get_conditions", "{}").lines().count(), conditions.lines().count());
}

#[test]
fn a_store_of_the_fourth_version_keeps_its_claims() {
    let home = home("v4");
    let claims = home.call("get_coverage", r#"{"query":"$340"}"#);
    assert!(
        claims.contains("340.00 USD is the person owes") && claims.contains("Emergency room"),
        "{claims}"
    );
    let again = home.import_json(&[&fixture("insured").display().to_string()]);
    assert_eq!((&again["new"], &again["changed"]), (&json!(0), &json!(0)), "{again}");
}

#[test]
fn a_store_of_a_later_version_is_refused_by_name() {
    let raised = |change: &str| {
        let home = home("v1");
        let store = Connection::open(home.store()).unwrap();
        store.execute_batch(change).unwrap();
        drop(store);
        home.run(&["call", "get_conditions"])
    };
    let tables = raised("PRAGMA user_version = 2").fails(1);
    assert!(
        tables.contains("his store has format 2") && tables.to_lowercase().contains("update plainchart"),
        "{tables}"
    );
    // The first byte of a sealed row is its format.
    let row = |kind: &str| {
        raised(&format!(
            "UPDATE rows SET body = CAST(x'02' || substr(body, 2) AS BLOB) WHERE kind = '{kind}'"
        ))
    };
    let manifest = row("manifest").fails(1);
    assert!(manifest.to_lowercase().contains("update plainchart"), "{manifest}");
    // What the manifest names is held by its hash: a changed byte is damage, whatever the byte means.
    let segment = row("segment").fails(1);
    assert!(segment.contains("restore a backup"), "{segment}");
}
