use serde_json::json;

use super::*;
use crate::insight::testing::{ask, entry, same, text, view, view_without, walk, with};

fn dose(id: &str, name: &str, date: &str) -> Entry {
    with(entry(id, name, date, Detail::Immunization(Box::default())), |entry| {
        entry.status = Some("completed".into());
    })
}

#[test]
fn doses_are_listed_newest_first_with_their_place_in_the_series() {
    let second = with(dose("I000002", "Hep B, adult", "2021-02-01"), |entry| {
        let vaccine =
            Immunization { dose: Some("2 of 3".into()), lot: Some("X77".into()), ..Immunization::default() };
        entry.detail = Detail::Immunization(Box::new(vaccine));
    });
    let view = view(vec![dose("I000001", "Tdap", "2015-06-07"), second]);
    let answer = ask(&view, immunizations, json!({})).unwrap();
    let rows = "2021-02-01|Hep B, adult (dose 2 of 3)|[I000002]\n2015-06-07|Tdap|[I000001]";
    assert!(answer.text.contains(rows), "{}", answer.text);
    assert_eq!(answer.structured["items"][0]["lot"], "X77");
}

#[test]
fn what_was_not_given_stands_apart_with_its_reason() {
    let refused = with(dose("I000001", "Influenza", "2023-10-01"), |entry| {
        entry.standing = Standing::NotDone;
        entry.status = Some("not-done".into());
        let vaccine = Immunization { reason: Some("patient objection".into()), ..Immunization::default() };
        entry.detail = Detail::Immunization(Box::new(vaccine));
    });
    let view = view(vec![refused]);
    let shown = text(&view, immunizations, json!({}));
    assert!(shown.contains("**Not given**"), "{shown}");
    assert!(shown.contains("2023-10-01|Influenza|patient objection|[I000001]"), "{shown}");
    let given = ask(&view, immunizations, json!({"status": "given"})).unwrap();
    assert_eq!(given.structured["total"], 0);
}

#[test]
fn the_same_dose_from_two_sources_is_one_row_and_a_withdrawn_one_none() {
    let told = same(dose("I000001", "MMR", "1995-01-01"), dose("I000002", "MMR", "1995-01-01"));
    let withdrawn = with(dose("I000003", "Zoster", "2020-01-01"), |entry| {
        entry.standing = Standing::EnteredInError;
    });
    let view = view(told.into_iter().chain([withdrawn]).collect());
    let shown = text(&view, immunizations, json!({}));
    assert_eq!(shown.matches("MMR").count(), 1, "{shown}");
    let typed = ask(&view, immunizations, json!({})).unwrap().structured;
    assert_eq!(typed["items"][0]["sources"], json!(["Lakeside Hospital", "Riverton Clinic"]), "{typed}");
    assert!(!shown.contains("Zoster"), "{shown}");
    assert!(text(&view, immunizations, json!({"status": "all"})).contains("Zoster"));
}

#[test]
fn a_subpotent_dose_is_marked() {
    let weak = with(dose("I000001", "MMR", "1995-01-01"), |entry| {
        entry.more.push(("subpotent".into(), "true".into()));
    });
    assert!(text(&view(vec![weak]), immunizations, json!({})).contains("|SUBPOTENT|"));
}

#[test]
fn nothing_sent_is_not_never_had() {
    let nothing = text(&view(vec![]), immunizations, json!({"query": "tetanus"}));
    assert!(nothing.contains("That does not mean there was none"), "{nothing}");
    let hidden = view_without(vec![], |scope| scope.kinds.retain(|kind| *kind != Kind::Immunization));
    assert!(text(&hidden, immunizations, json!({})).contains("Withheld by the person's settings"));
}

#[test]
fn a_walk_by_cursor_gives_every_row_once() {
    let name = "Influenza, seasonal, injectable, preservative free";
    let view = view((0..60).map(|n| dose(&format!("I{n:06}"), name, "2020-01-01")).collect());
    assert_eq!(walk(&view, |arguments| ask(&view, immunizations, arguments)).len(), 60);
}

#[test]
fn a_disease_finds_the_products_against_it() {
    // CVX 115 and 150 as in `knowledge`'s table of CVX: tetanus, diphtheria, pertussis; influenza.
    let coded = |id: &str, name: &str, cvx: &str| {
        with(dose(id, name, "2020-01-01"), |entry| {
            let code = crate::record::Code { system: System::Cvx, code: cvx.into(), display: None };
            entry.concept.codes = vec![code];
        })
    };
    let view = view(vec![
        coded("I000001", "Boostrix", "115"),
        coded("I000002", "Fluarix", "150"),
        dose("I000003", "Influenza, by name only", "2019-01-01"),
    ]);
    let found =
        |query: &str| ask(&view, immunizations, json!({"query": query})).unwrap().structured["total"].clone();
    assert_eq!(found("tetanus"), 1);
    assert_eq!(found("flu"), 2);
    assert_eq!(found("boostrix"), 1);
    assert_eq!(found("MMR"), 0);
}
