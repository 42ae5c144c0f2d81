//! What cannot wait comes first, and nothing else is called urgent.

use serde_json::json;

use super::*;
use crate::insight::summary::{SummaryAsk, summary};
use crate::insight::testing::{entry, person, run, view, with};
use crate::record::{Code, Component, Death, Detail, Flag, Number, Quantity, View, When};

fn quantity(value: &str, unit: &str) -> Value {
    let number = Number::parse(value).unwrap();
    Value::Quantity(Quantity { comparator: None, number, unit: Some(unit.into()), ucum: Some(unit.into()) })
}

fn coded(name: &str, code: &str) -> Concept {
    Concept {
        text: Some(name.into()),
        codes: vec![Code { system: System::Loinc, code: code.into(), display: None }],
    }
}

/// LOINC 2823-3, 2951-2, 2345-7: potassium, sodium, glucose in serum or plasma (`analytes_loinc.tsv`).
fn lab(id: &str, code: &str, date: &str, value: &str, unit: &str) -> Entry {
    let found = Measurement { value: Some(quantity(value, unit)), ..Measurement::default() };
    with(entry(id, "", date, Detail::Measurement(Box::new(found))), |entry| {
        entry.concept = coded("Potassium", code);
    })
}

fn flagged(entry: Entry, meaning: FlagMeaning) -> Entry {
    with(entry, |entry| {
        let Detail::Measurement(found) = &mut entry.detail else { return };
        found.flags.push(Flag { meaning, text: "flag".into() });
    })
}

/// The page of 2026-03-01.
fn page(view: &View) -> Answer {
    run(view, json!({}), |context| {
        let answer = summary(context, &SummaryAsk::default()).unwrap();
        lead(context, answer)
    })
}

fn alarms(view: &View) -> usize {
    page(view).text.matches("**URGENT").count()
}

#[test]
fn a_potassium_of_6_9_two_days_ago_stands_before_everything_with_its_limit_and_source() {
    // University of Iowa list: an adult's potassium above 6.2 mmol/L.
    let answer = page(&view(vec![lab("L000001", "2823-3", "2026-02-27", "6.9", "mmol/L")]));
    let second = answer.text.lines().nth(2).unwrap();
    assert!(second.contains("**URGENT: Potassium 6.9 mmol/L on 2026-02-27 [L000001].**"), "{}", answer.text);
    assert!(second.contains("above 6.2 mmol/L") && second.contains("University of Iowa"), "{second}");
    assert!(second.contains("911"), "{second}");
}

#[test]
fn the_laboratorys_own_critical_mark_comes_first_and_its_normal_silences_the_list() {
    let low = lab("L000001", "2823-3", "2026-02-27", "3.1", "mmol/L");
    let marked = flagged(low, FlagMeaning::CriticallyLow);
    assert!(page(&view(vec![marked])).text.contains("The laboratory marked it critical"));
    let high = lab("L000001", "2823-3", "2026-02-27", "6.9", "mmol/L");
    assert_eq!(alarms(&view(vec![flagged(high, FlagMeaning::Normal)])), 0);
}

#[test]
fn old_better_impossible_and_post_mortem_values_are_no_alarm() {
    let urgent = || lab("L000001", "2823-3", "2026-02-26", "6.9", "mmol/L");
    assert_eq!(alarms(&view(vec![urgent()])), 1);
    assert_eq!(
        alarms(&view(vec![lab("L000001", "2823-3", "2026-02-01", "6.9", "mmol/L")])),
        0,
        "a month ago"
    );
    let better = lab("L000002", "2823-3", "2026-02-28", "4.6", "mmol/L");
    assert_eq!(alarms(&view(vec![urgent(), better])), 0, "a later one is not urgent");
    assert_eq!(alarms(&view(vec![lab("L000001", "2823-3", "2026-02-27", "69", "mmol/L")])), 0, "cannot be");
    assert_eq!(
        alarms(&view(vec![lab("L000001", "2823-3", "2026-02-27", "5.6", "mmol/L")])),
        0,
        "below the limit"
    );
    let died = person(|person| person.death = Death::Died(When::parse("2026-02-28")));
    assert_eq!(alarms(&view(vec![died, urgent()])), 0, "nobody is alarmed about the dead");
    let unclear = with(urgent(), |entry| entry.standing = Standing::EnteredInError);
    assert_eq!(alarms(&view(vec![unclear])), 0);
}

#[test]
fn a_pressure_above_180_says_when_to_call_911() {
    let part = |code: &str, value: &str| Component {
        concept: coded("pressure", code),
        value: Some(quantity(value, "mm[Hg]")),
        ..Component::default()
    };
    let found = Measurement {
        components: vec![part("8480-6", "210"), part("8462-4", "125")],
        ..Measurement::default()
    };
    let pressure = with(entry("V000001", "", "2026-02-28", Detail::Measurement(Box::new(found))), |entry| {
        entry.concept = coded("Blood pressure", "85354-9");
    });
    let text = page(&view(vec![pressure])).text;
    assert!(
        text.contains("URGENT") && text.contains("With symptoms") && text.contains("above 180"),
        "{text}"
    );
}

#[test]
fn danger_words_are_answered_whatever_the_record_holds() {
    let said = |arguments: Json| danger(arguments.as_object().unwrap());
    assert!(said(json!({"query": "my chest hurts"}))[0].contains("911"));
    assert!(said(json!({"concerns": ["tired", "i want to die"]})).iter().any(|line| line.contains("988")));
    assert!(said(json!({"query": "hba1c over time"})).is_empty());
}
