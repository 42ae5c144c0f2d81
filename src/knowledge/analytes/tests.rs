//! Tests of the analyte tables.

use std::collections::HashSet;

use super::*;
use crate::knowledge::units;

fn keys(words: &str) -> Vec<&'static str> {
    analytes_matching(words).into_iter().map(|analyte| analyte.key).collect()
}

/// LOINC's check digit: the Luhn sum over the number before the hyphen.
fn has_right_check_digit(code: &str) -> bool {
    let Some((number, check)) = code.split_once('-') else {
        return false;
    };
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            match at % 2 {
                0 if digit > 4 => digit * 2 - 9,
                0 => digit * 2,
                _ => digit,
            }
        })
        .sum();
    ((10 - sum % 10) % 10).to_string() == check
}

#[test]
fn keys_and_codes_are_unique_and_codes_well_formed() {
    let mut seen = HashSet::new();
    for analyte in analytes() {
        assert!(seen.insert(analyte.key), "{} twice", analyte.key);
        assert!(!analyte.codes.is_empty(), "{} has no code", analyte.key);
        for code in &analyte.codes {
            assert!(seen.insert(code), "{code} twice");
            assert!(has_right_check_digit(code), "{code}");
        }
    }
    for panel in panels() {
        for code in &panel.codes {
            assert!(seen.insert(code), "{code} twice");
            assert!(has_right_check_digit(code), "{code}");
        }
    }
    assert!(!has_right_check_digit("2345-8"));
}

#[test]
fn usual_units_and_conversions_are_known_and_panels_exist() {
    for analyte in analytes() {
        if !analyte.unit.is_empty() {
            assert_eq!(units::normalise(analyte.unit), Some(analyte.unit), "{}", analyte.key);
        }
        for conversion in &analyte.conversions {
            assert!(units::normalise(conversion.unit).is_some(), "{}", analyte.key);
        }
        for panel in &analyte.panels {
            assert!(panels().iter().any(|known| known.key == *panel), "{}: {panel}", analyte.key);
        }
    }
    let written: usize = rows::<8>(ANALYTES).map(|row| list(row[4]).count()).sum();
    let read: usize = analytes().iter().map(|analyte| analyte.conversions.len()).sum();
    assert_eq!(read, written, "a conversion is malformed");
}

#[test]
fn specimens_and_methods_are_not_joined() {
    let key = |code| analyte_by_code(code).unwrap().key;
    assert_eq!(key("2345-7"), "glucose-serum");
    assert_eq!(key("2339-0"), "glucose-whole-blood");
    assert_eq!(key("1558-6"), "glucose-fasting");
    assert_eq!(key("4548-4"), key("17856-6"));
    assert_ne!(key("13457-7"), key("18262-6"));
    assert_ne!(key("2160-0"), key("2161-8"));
    assert_ne!(key("48642-3"), key("48643-1"));
}

#[test]
fn lay_words_find_every_group_of_that_name() {
    assert!(keys("sugar").contains(&"glucose-serum"));
    assert!(keys("Blood Sugar").contains(&"glucose-fingerstick"));
    assert_eq!(keys("bad cholesterol"), ["ldl-calculated", "ldl-direct", "ldl"]);
    assert_eq!(keys("A1C")[0], "a1c");
    assert!(keys("how is my potassium doing").contains(&"potassium"));
    assert!(keys("xyzzy").is_empty());
}

#[test]
fn panel_names_give_their_members() {
    assert!(keys("CMP").contains(&"calcium"));
    assert!(keys("complete blood count").contains(&"platelets"));
    assert!(keys("vitals").contains(&"weight"));
    assert_eq!(panel_by_code("24323-8").unwrap().key, "cmp");
}

#[test]
fn there_are_enough_of_them() {
    assert!(analytes().len() > 200, "{}", analytes().len());
    assert!(analyte_by_key("weight").unwrap().is_vital());
    assert!(!analyte_by_key("sodium").unwrap().is_vital());
}
