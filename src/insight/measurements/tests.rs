use serde_json::json;

use super::*;
use crate::insight::testing::{ask, entry, person, text, view, with};
use crate::record::{Flag, FlagMeaning, Number, Quantity, Range};

/// A potassium in mmol/L with what the report says of it: `N`, `H`, `3.5` for a range from there on.
fn potassium(id: &str, at: &str, digits: &str, says: &str) -> Entry {
    let quantity = |digits: &str| Quantity {
        comparator: None,
        number: Number::parse(digits).unwrap(),
        unit: Some("mmol/L".into()),
        ucum: None,
    };
    let flag = |meaning| vec![Flag { meaning, text: says.into() }];
    let mut found = Measurement { value: Some(Value::Quantity(quantity(digits))), ..Measurement::default() };
    match says {
        "" => {}
        "N" => found.flags = flag(FlagMeaning::Normal),
        "H" => found.flags = flag(FlagMeaning::High),
        low => found.ranges = vec![Range { low: Some(quantity(low)), ..Range::default() }],
    }
    entry(id, "Potassium", at, Detail::Measurement(Box::new(found)))
}

#[test]
fn an_empty_cell_is_never_read_as_normal() {
    let unknown = potassium("L000003", "2026-01-03", "5.9", "");
    let known =
        vec![potassium("L000001", "2026-01-01", "4.1", "N"), potassium("L000002", "2026-01-02", "6.8", "H")];
    let told = text(&view(known.clone()), labs, json!({}));
    assert!(told.contains("4.1 mmol/L||[L000001]"), "all are flagged: {told}");
    let told = text(&view([known, vec![unknown]].concat()), labs, json!({}));
    assert!(told.contains("4.1 mmol/L|N|[L000001]") && told.contains("5.9 mmol/L||[L000003]"), "{told}");
}

#[test]
fn what_is_out_of_range_ends_with_what_nobody_can_know() {
    let view = view(vec![
        potassium("L000001", "2026-01-01", "4.1", "N"),
        potassium("L000002", "2026-01-02", "6.8", "H"),
        potassium("L000003", "2026-01-03", "5.9", ""),
        potassium("L000004", "2026-01-04", "5.8", ""),
    ]);
    let told = text(&view, labs, json!({"status": "abnormal"}));
    assert!(told.contains("[L000002]") && !told.contains("[L000003]"), "{told}");
    assert!(told.contains("; 2 other results carry no range and no flag."), "{told}");
    let none = text(&view, labs, json!({"status": "abnormal", "since": "2026-01-04"}));
    assert!(none.contains("1 other result carries no range and no flag"), "{none}");
    assert!(!text(&view, labs, json!({})).contains("carry no range"));
}

#[test]
fn of_several_ranges_hers_decides_what_is_out_of_range() {
    let range = |low: &str, sex: &str| {
        let Detail::Measurement(found) = potassium("L000009", "2026-01-01", "1", low).detail else {
            panic!("a measurement")
        };
        Range { applies_to: vec![sex.into()], ..found.ranges[0].clone() }
    };
    let result = with(potassium("L000001", "2026-01-01", "4.1", ""), |entry| {
        let Detail::Measurement(found) = &mut entry.detail else { panic!("a measurement") };
        found.ranges = vec![range("3.5", "male"), range("4.5", "female")];
    });
    let of = |sex: &str| {
        let who = person(|person| person.sex = Some(sex.into()));
        text(&view(vec![who, result.clone()]), labs, json!({"status": "abnormal"}))
    };
    assert!(of("female").contains("|below range|[L000001]"), "{}", of("female"));
    assert!(!of("male").contains("[L000001]") && !of("male").contains("does not decide"), "{}", of("male"));
    assert!(of("unknown").contains("1 other result carries no flag and a range that does not decide"));
}

#[test]
fn of_two_results_on_one_day_the_time_says_which_came_first() {
    let view = view(vec![
        potassium("L000001", "2026-01-02T08:00:00Z", "6.8", "H"),
        potassium("L000002", "2026-01-02T14:30:00Z", "4.6", "N"),
        potassium("L000003", "2026-01-01T14:30:00Z", "4.5", "N"),
    ]);
    let answer = ask(&view, labs, json!({})).unwrap();
    assert!(answer.text.contains("2026-01-02 14:30Z|Potassium|4.6"), "{}", answer.text);
    assert!(answer.text.contains("2026-01-02 08:00Z|Potassium|6.8"), "{}", answer.text);
    assert!(answer.text.contains("2026-01-01|Potassium|4.5"), "{}", answer.text);
    assert!(text(&view, labs, json!({"query": "potassium"})).contains("2026-01-02 08:00Z|6.8"));
}
