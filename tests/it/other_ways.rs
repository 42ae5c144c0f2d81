//! One person by other ways than FHIR: the same facts are one list, whichever way they came.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::people::{Home, fixture, without_ids};

/// The lists of which each must be as long as before, with their arguments.
const LISTS: [(&str, &str); 9] = [
    ("get_conditions", r#"{"max_tokens":10000}"#),
    ("get_allergies", r#"{"max_tokens":10000}"#),
    ("get_medications", r#"{"max_tokens":10000}"#),
    ("get_immunizations", r#"{"max_tokens":10000}"#),
    ("get_labs", r#"{"since":"2026-01-01","max_tokens":10000}"#),
    ("get_labs", r#"{"max_tokens":10000}"#),
    ("get_vitals", r#"{"max_tokens":10000}"#),
    ("get_procedures", r#"{"max_tokens":10000}"#),
    ("get_visits", r#"{"max_tokens":10000}"#),
];

fn totals(home: &Home) -> Vec<Value> {
    LISTS.iter().map(|(tool, arguments)| home.call_json(tool, arguments)["total"].clone()).collect()
}

#[test]
fn a_person_who_comes_as_fhir_and_as_c_cda_has_one_list_of_each() {
    let home = Home::new();
    home.import_json(&[&fixture("adult/lakeside.json").display().to_string()]);
    let (before, summary) = (totals(&home), home.call("summarize_history", "{}"));
    let report = home.import_json(&[&fixture("adult-other-ways/lakeside-ccd.xml").display().to_string()]);
    assert_eq!(report["sources"], serde_json::json!(["Lakeside Health"]), "named by who keeps the document");
    assert_eq!(totals(&home), before, "{LISTS:?}");
    let after = home.call("summarize_history", "{}");
    for (one, other) in facts(&summary).zip(facts(&after)) {
        assert_eq!(one, other);
    }
    let again = home.import_json(&[&fixture("adult-other-ways/lakeside-ccd.xml").display().to_string()]);
    assert_eq!((again["new"].as_u64(), again["changed"].as_u64()), (Some(0), Some(0)));
}

#[test]
fn a_person_who_comes_by_all_three_ways_has_one_list_of_each() {
    let home = Home::new();
    let both =
        ["adult/lakeside.json", "adult/riverton.ndjson"].map(|name| fixture(name).display().to_string());
    home.import_json(&[&both[0], &both[1]]);
    let before = totals(&home);
    let a1c = || home.call_json("get_labs", r#"{"query":"hba1c","max_tokens":10000}"#)["total"].clone();
    let a1c_before = a1c();
    for name in ["adult-other-ways/lakeside-ccd.xml", "adult-apple"] {
        let report = home.import_json(&[&fixture(name).display().to_string()]);
        let told = report["people"][0]["name"].as_str();
        assert!(
            told.is_some_and(|told| told.contains("Alvarez")),
            "the phone does not know the name: {report}"
        );
    }
    for (((tool, arguments), before), after) in LISTS.iter().zip(before).zip(totals(&home)) {
        match *tool {
            // What she measures at home, her glucose too, is nobody else's.
            "get_vitals" | "get_labs" => assert!(after.as_u64() >= before.as_u64(), "{tool}"),
            // Only the phone has what Riverton told of a vaccine that it did not give.
            "get_immunizations" => assert_eq!(after.as_u64(), before.as_u64().map(|count| count + 1)),
            _ => assert_eq!(after, before, "{tool} {arguments}"),
        }
    }
    assert_eq!(a1c(), a1c_before, "results that the phone has too are the same results");
    let allergies = home.call_json("get_allergies", "{}");
    let sources = allergies["items"][0]["sources"].as_array().unwrap();
    assert!(sources.len() >= 4, "each way is named: {sources:?}");
}

#[test]
fn all_three_ways_in_one_command_are_one_person() {
    let (one, other) = (Home::new(), Home::new());
    let names =
        ["adult/lakeside.json", "adult/riverton.ndjson", "adult-other-ways/lakeside-ccd.xml", "adult-apple"];
    let paths = names.map(|name| fixture(name).display().to_string());
    one.import_json(&paths.each_ref().map(String::as_str));
    for path in &paths {
        other.import_json(&[path]);
    }
    assert_eq!(totals(&one), totals(&other), "{LISTS:?}");
}

#[test]
fn a_person_who_comes_as_c_cda_alone_gets_the_same_answers() {
    let (fhir, cda) = (Home::new(), Home::new());
    fhir.import_json(&[&fixture("adult/lakeside.json").display().to_string()]);
    cda.import_json(&[&fixture("adult-other-ways/lakeside-ccd.xml").display().to_string()]);
    for (tool, arguments) in [("get_allergies", "{}"), ("get_immunizations", "{}"), ("get_vitals", "{}")] {
        let rows = |home: &Home| {
            let listed = home.call_json(tool, arguments);
            listed["items"].as_array().unwrap().iter().map(told).collect::<BTreeSet<_>>()
        };
        assert_eq!(rows(&fhir), rows(&cda), "{tool}");
    }
}

/// What a row says, without its ids and sources.
fn told(item: &Value) -> String {
    let mut item = item.clone();
    let members = item.as_object_mut().unwrap();
    for name in ["id", "source", "sources", "by", "verification", "since"] {
        members.remove(name);
    }
    without_ids(&item.to_string())
}

/// The lines of a summary without their citations, but for what speaks of sources.
fn facts(summary: &str) -> impl Iterator<Item = String> {
    let lines = summary.lines().filter(|line| !line.starts_with("Coverage"));
    lines
        .map(|line| line.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect())
}
