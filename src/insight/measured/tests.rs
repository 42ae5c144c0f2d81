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
    let abnormality = |value: &str, high: &str| abnormality(&result_of(value, "", high), None);
    assert_eq!(abnormality(">100 mg/L", "7.9 mg/L"), Abnormality::Abnormal);
    assert_eq!(abnormality(">5 mg/L", "7.9 mg/L"), Abnormality::Unknown);
    assert_eq!(abnormality("<9 mg/L", "7.9 mg/L"), Abnormality::Unknown);
    assert_eq!(abnormality("<5 mg/L", "7.9 mg/L"), Abnormality::Normal, "all below 5 lies below 7.9");
    let between = |value: &str| super::abnormality(&result_of(value, "3 mg/L", "7.9 mg/L"), None);
    assert_eq!(between("<5 mg/L"), Abnormality::Unknown, "it may lie below 3");
    let lab = entry("L000001", "CRP", "", Detail::Plain);
    assert_eq!(flag(&lab, &result_of(">100 mg/L", "", "7.9 mg/L"), None), "above range");
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
    assert_eq!(flag(&coded("4548-4"), &found, None), "NOT PLAUSIBLE as written");
    assert_eq!(flag(&coded("4548-4"), &result_of("3.9 %", "4.0 %", "5.6 %"), None), "below range");
}

fn in_words(value: &str, text: &str) -> Measurement {
    let range = Range { text: Some(text.into()), ..Range::default() };
    let value = Some(Value::Quantity(quantity(value)));
    Measurement { value, ranges: vec![range], ..Measurement::default() }
}

#[test]
fn a_range_in_words_decides_only_where_it_is_numbers_in_the_unit_of_the_value() {
    let decided = |value, text| abnormality(&in_words(value, text), None);
    assert_eq!(decided("112 mg/dL", "70-99"), Abnormality::Abnormal);
    assert_eq!(decided("99 mg/dL", "70 – 99 MG/DL"), Abnormality::Normal);
    assert_eq!(decided("99 mg/dL", "70-99 mmol/L"), Abnormality::Unknown);
    assert_eq!(decided("5.0 %", "<5.0"), Abnormality::Abnormal, "the number itself lies outside");
    assert_eq!(decided("60 mL/min/1.73m2", ">=60"), Abnormality::Normal);
    assert_eq!(decided("112 mg/dL", "see comment"), Abnormality::Unknown);
    assert_eq!(decided("1 {titer}", "Negative"), Abnormality::Unknown);
    let lab = entry("L000001", "Glucose", "", Detail::Plain);
    assert_eq!(flag(&lab, &in_words("112 mg/dL", "70-99"), None), "above range");
}

#[test]
fn of_several_ranges_the_normal_one_that_fits_age_and_sex_decides() {
    use crate::insight::testing::{person, run, view};
    let range = |low: &str, high: &str, sex: &str, ages: &str| Range {
        low: Some(quantity(low)),
        high: Some(quantity(high)),
        applies_to: (!sex.is_empty()).then(|| sex.into()).into_iter().collect(),
        ages: (!ages.is_empty()).then(|| ages.into()),
        ..Range::default()
    };
    let hemoglobin = |ranges: Vec<Range>| Measurement { ranges, ..result_of("12.8 g/dL", "", "") };
    let lab = entry("L000001", "Hemoglobin", "2026-01-05", Detail::Plain);
    let decided = |sex: &str, found: &Measurement| {
        let view = view(vec![person(|person| person.sex = Some(sex.into()))]);
        run(&view, serde_json::json!({}), |context| {
            let who = Who::of(context);
            abnormality(found, Some((&who, &lab)))
        })
    };
    let both = hemoglobin(vec![range("13.5", "17.5", "male", ""), range("12.0", "15.5", "female", "")]);
    assert_eq!(decided("female", &both), Abnormality::Normal);
    assert_eq!(decided("male", &both), Abnormality::Abnormal);
    assert_eq!(decided("unknown", &both), Abnormality::Unknown, "nothing is guessed");
    assert_eq!(abnormality(&both, None), Abnormality::Unknown);
    let ages = hemoglobin(vec![
        range("11.5", "15.5", "", "age 6 years to 12 years"),
        range("13.5", "17.5", "", "from age 18 years"),
    ]);
    assert_eq!(decided("female", &ages), Abnormality::Abnormal, "64 years old on that day");
    // A goal of treatment beside the normal range does not hide it.
    let goal = Range { purpose: Some("treatment".into()), ..range("10.0", "12.0", "", "") };
    let with_goal = hemoglobin(vec![range("13.5", "17.5", "", ""), goal]);
    assert_eq!(abnormality(&with_goal, None), Abnormality::Abnormal);
}
