use super::*;
use crate::insight::testing::{entry, with};
use crate::record::{Code, Detail, Number, System};

fn quantity(text: &str) -> Quantity {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let comparator = number.starts_with(['<', '>']).then(|| number[..1].into());
    Quantity {
        comparator,
        number: Number::parse(number.trim_start_matches(['<', '>'])).unwrap(),
        unit: (!unit.is_empty()).then(|| unit.into()),
        ucum: None,
    }
}

fn result_of(value: &str, low: &str, high: &str) -> Measurement {
    let bound = |text: &str| (!text.is_empty()).then(|| quantity(text));
    let range = Range { low: bound(low), high: bound(high), ..Range::default() };
    Measurement {
        value: Some(Value::Quantity(quantity(value))),
        ranges: vec![range],
        ..Measurement::default()
    }
}

#[test]
fn a_range_in_another_unit_than_the_value_is_told_with_its_unit() {
    assert_eq!(ranges(&result_of("13.0 g/dL", "120 g/L", "160 g/L")), "120–160 g/L");
    assert_eq!(ranges(&result_of("13.0 g/dL", "12 g/dl", "16 g/dL")), "12–16");
    assert_eq!(ranges(&result_of("13.0", "", "16 g/dL")), "≤16 g/dL");
    assert_eq!(ranges(&result_of("13.0 g/dL", "120 g/L", "16 g/dL")), "120 g/L–16 g/dL");
    assert_eq!(ranges(&result_of("13.0 g/dL", "12", "16")), "12–16");
}

#[test]
fn more_than_a_hundred_lies_above_a_range_that_ends_before_and_says_nothing_to_another() {
    let abnormality = |value: &str, high: &str| abnormality(&result_of(value, "", high));
    assert_eq!(abnormality(">100 mg/L", "7.9 mg/L"), Abnormality::Abnormal);
    assert_eq!(abnormality(">5 mg/L", "7.9 mg/L"), Abnormality::Unknown);
    assert_eq!(abnormality("<5 mg/L", "7.9 mg/L"), Abnormality::Unknown);
    let lab = entry("L000001", "CRP", "", Detail::Plain);
    assert_eq!(flag(&lab, &result_of(">100 mg/L", "", "7.9 mg/L")), "above range");
}

#[test]
fn a_value_that_cannot_be_is_marked_and_not_called_low() {
    // A living person's A1c is never 2.6 % (LOINC 4548-4; limits of `analytes_explained.tsv`).
    let coded = |code: &str| {
        with(entry("L000001", "", "", Detail::Plain), |entry| {
            entry.concept.codes = vec![Code { system: System::Loinc, code: code.into(), display: None }];
        })
    };
    let found = result_of("2.6 %", "4.0 %", "5.6 %");
    assert_eq!(flag(&coded("4548-4"), &found), "NOT PLAUSIBLE as written");
    assert_eq!(flag(&coded("4548-4"), &result_of("3.9 %", "4.0 %", "5.6 %")), "below range");
}
