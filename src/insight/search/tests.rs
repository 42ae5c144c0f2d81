use std::collections::BTreeSet;

use serde_json::json;

use super::super::testing::{entry, run, view, with};
use super::*;
use crate::record::{
    Code, Component, Concept, Detail, Document, Flag, FlagMeaning, Goal, Immunization, Measurement,
    Medication, Member, System, Value, Visit,
};

/// What a search finds, as ids in order, and the whole text.
fn found(entries: Vec<Entry>, query: &str) -> (Vec<String>, String) {
    let ask = SearchAsk { query: query.into(), ..SearchAsk::default() };
    let answer = run(&view(entries), json!({ "query": query }), |context| search(context, &ask)).unwrap();
    let items = answer.structured["items"].as_array().unwrap();
    (items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect(), answer.text)
}

fn lab(id: &str, name: &str, found: Measurement) -> Entry {
    entry(id, name, "2025-03-02", Detail::Measurement(Box::new(found)))
}

fn words(value: &str) -> Measurement {
    Measurement { value: Some(Value::Text(value.into())), ..Measurement::default() }
}

fn coded(mut entry: Entry, system: System, code: &str) -> Entry {
    let display = entry.concept.text.clone();
    entry.concept.codes.push(Code { system, code: code.into(), display });
    entry
}

fn note(id: &str, title: &str, text: &str) -> Entry {
    let document = Document { text: Some(text.into()), ..Document::default() };
    entry(id, title, "2024-05-06", Detail::Document(Box::new(document)))
}

fn vaccine(id: &str, name: &str, cvx: &str) -> Entry {
    let told =
        Immunization { lot: Some("AB12".into()), manufacturer: Some("Seqirus".into()), ..Default::default() };
    coded(entry(id, name, "2025-10-01", Detail::Immunization(Box::new(told))), System::Cvx, cvx)
}

fn medicine(id: &str, name: &str, ingredient: &str) -> Entry {
    let told = Medication { ingredients: vec![ingredient.into()], ..Medication::default() };
    entry(id, name, "2025-02-01", Detail::Medication(Box::new(told)))
}

fn everything() -> Vec<Entry> {
    let culture = lab("L000001", "Urine culture", words("E. coli"));
    let flag = Flag { meaning: FlagMeaning::Resistant, text: "R".into() };
    let drug = Component {
        concept: Concept::named("Ampicillin"),
        value: Some(Value::Concept(Concept::named("MIC above 16"))),
        flags: vec![flag],
        ..Component::default()
    };
    let drugs =
        lab("L000002", "Susceptibility", Measurement { components: vec![drug], ..Measurement::default() });
    let group = lab("L000003", "Blood group", words("O positive"));
    let stay = Visit { discharge: Some("Left against advice".into()), ..Visit::default() };
    let member =
        Member { name: Some("Ana Alvarez".into()), role: Some("Daughter".into()), ..Member::default() };
    let goal = Goal { targets: vec!["HbA1c < 7 %".into()], ..Goal::default() };
    vec![
        culture,
        drugs,
        group,
        entry("V000001", "Hospital stay", "2025-01-02", Detail::Visit(Box::new(stay))),
        entry("G000001", "Care team", "2025-01-02", Detail::Team(vec![member])),
        entry("G000002", "Sugar under control", "2025-01-02", Detail::Goal(Box::new(goal))),
        vaccine("I000001", "Influenza, split virus", "141"),
        with(entry("C000001", "Lupus", "2019-01-01", Detail::Plain), |entry| {
            entry.standing = Standing::EnteredInError;
        }),
        medicine("M000001", "Metformin 500 MG", "metformin"),
    ]
}

#[test]
fn what_get_record_shows_is_found() {
    for (query, id) in [
        ("\"E. coli\"", "L000001"),
        ("E. coli", "L000001"),
        ("resistant", "L000002"),
        ("mic", "L000002"),
        ("O positive", "L000003"),
        ("against advice", "V000001"),
        ("daughter", "G000001"),
        ("care team", "G000001"),
        ("hba1c", "G000002"),
        ("AB12", "I000001"),
        ("seqirus", "I000001"),
    ] {
        let (ids, text) = found(everything(), query);
        assert_eq!(ids.first().map(String::as_str), Some(id), "{query}: {text}");
    }
    let (_, text) = found(everything(), "against advice");
    assert!(text.contains("\"Left against advice\""), "the words that were found are shown: {text}");
}

#[test]
fn what_was_withdrawn_is_found_last_and_told_as_that() {
    let mut entries = everything();
    entries.push(entry("C000002", "Lupus nephritis", "2001-01-01", Detail::Plain));
    let (ids, text) = found(entries, "lupus");
    assert_eq!(ids, ["C000002", "C000001"]);
    assert!(text.contains("ENTERED IN ERROR, withdrawn by its source: Lupus"), "{text}");
}

#[test]
fn a_misspelt_word_finds_what_it_means_and_the_answer_says_so() {
    let mut entries = everything();
    entries.push(medicine("M000002", "Losarten", "losartan"));
    let (ids, text) = found(entries.clone(), "metforman");
    assert_eq!(ids, ["M000001"]);
    assert!(text.contains("not found as spelt, so looked for \"metforman\" as \"metformin\""), "{text}");
    // The record may be the one that is misspelt.
    let (ids, text) = found(entries.clone(), "losarten");
    assert_eq!(ids, ["M000002"]);
    assert!(!text.contains("as spelt"), "{text}");
    assert_eq!(found(entries, "losartan").0, ["M000002"]);
}

#[test]
fn what_is_not_found_is_not_called_absent() {
    let (ids, text) = found(everything(), "psoriasis");
    assert!(ids.is_empty());
    assert!(text.contains("Not found by these words: \"psoriasis\""), "{text}");
    assert!(!text.contains("has sent"), "{text}");
}

#[test]
fn another_name_of_a_word_does_not_mean_how_something_was_measured() {
    let bmi = coded(lab("R000001", "Body mass index (BMI) [Ratio]", words("27")), System::Loinc, "39156-5");
    let sodium =
        coded(lab("L000004", "Sodium [Mass/volume] in Serum", words("140")), System::Loinc, "2947-0");
    let glucose = lab("L000005", "Glucose [Mass/volume] in Blood", words("90"));
    let entries = vec![
        bmi,
        coded(glucose, System::Loinc, "2339-0"),
        sodium,
        note("D000001", "CT chest", "FINDINGS: a 5 mm nodule in the right upper lobe."),
    ];
    assert_eq!(found(entries.clone(), "nodule").0, ["D000001"]);
    assert_eq!(found(entries.clone(), "lump").0, ["D000001"]);
    assert_eq!(found(entries.clone(), "body mass index").0, ["R000001"]);
    assert_eq!(found(entries.clone(), "bmi").0, ["R000001"]);
    assert_eq!(found(entries, "sugar").0, ["L000005"]);
}

#[test]
fn lay_words_find_the_kind_the_vaccine_and_the_class() {
    let allergy = |id, name| entry(id, name, "2020-01-01", Detail::Allergy(Box::default()));
    let entries = || {
        vec![
            vaccine("I000001", "Influenza, split virus", "141"),
            vaccine("I000002", "Tdap", "115"),
            allergy("A000001", "Penicillin"),
            medicine("M000001", "Glucophage", "metformin"),
            medicine("M000002", "Lisinopril", "lisinopril"),
            note("D000001", "Progress note", "We spoke about the winter."),
        ]
    };
    for (query, ids) in [
        ("flu shot", &["I000001"][..]),
        ("tetanus shot", &["I000002"]),
        ("vaccine", &["I000002", "I000001"]),
        ("shots", &["I000002", "I000001"]),
        ("allergy", &["A000001"]),
        ("penicillin allergy", &["A000001"]),
        ("diabetes medicine", &["M000001"]),
        ("medicines", &["M000002", "M000001"]),
    ] {
        let (found, text) = found(entries(), query);
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found, ids.iter().copied().collect(), "{query}: {text}");
    }
}

#[test]
fn a_type_without_a_list_is_found_by_its_words_and_its_name() {
    let event = with(entry("O000001", "Bleeding on warfarin", "2024-01-01", Detail::Plain), |entry| {
        entry.categories = vec!["AdverseEvent".into(), "adverse event".into()];
        entry.more = vec![("detail".into(), "after a tooth was pulled".into())];
    });
    for query in ["bleeding", "tooth", "AdverseEvent", "adverse event"] {
        assert_eq!(found(vec![event.clone()], query).0, ["O000001"], "{query}");
    }
}
