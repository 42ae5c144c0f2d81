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

/// The factors against values worked out by hand from published tables: the
/// traditional value, its unit, and the same in the other unit.
#[test]
fn factors_give_the_published_values() {
    // Traditional unit to SI by the factors of labunits 0.2.1 (read 2026), each worked
    // out by hand: 100 mg/dL glucose x 0.05551 = 5.551 mmol/L, and so on.
    let published: &[(&str, &str, &str, f64, &str)] = &[
        ("glucose-serum", "5.551", "mmol/L", 100.0, "mg/dL"),
        ("bun", "3.57", "mmol/L", 10.0, "mg/dL"),
        ("creatinine", "88.4", "umol/L", 1.0, "mg/dL"),
        ("creatinine-urine", "8.84", "mmol/L", 100.0, "mg/dL"),
        ("calcium-ionized", "4", "mg/dL", 1.0, "mmol/L"),
        ("magnesium", "0.8228", "mmol/L", 2.0, "mg/dL"),
        ("magnesium", "2", "meq/L", 2.431, "mg/dL"),
        ("triglycerides", "1.129", "mmol/L", 100.0, "mg/dL"),
        ("tibc", "53.7", "umol/L", 300.0, "ug/dL"),
        ("zinc", "15.3", "umol/L", 100.0, "ug/dL"),
        ("copper", "15.74", "umol/L", 100.0, "ug/dL"),
        ("c-peptide", "0.333", "nmol/L", 1.0, "ng/mL"),
        ("lamotrigine-level", "39.1", "umol/L", 10.0, "ug/mL"),
        ("levetiracetam-level", "58.8", "umol/L", 10.0, "ug/mL"),
        ("tacrolimus-level", "12.4", "nmol/L", 10.0, "ng/mL"),
        ("sirolimus-level", "11", "nmol/L", 10.0, "ng/mL"),
        // SI factors of the AMA Manual of Style, as reprinted by Chung Shan Medical University
        // (Int_unit_conversion.htm, read 2026) and others: cholesterol 0.0259,
        // urate 59.48, bilirubin 17.1, iron 0.179, cortisol 27.59, vitamin D 2.496,
        // B12 0.738, thyroxine 12.87, testosterone 0.0347, estradiol 3.671,
        // progesterone 3.18, digoxin 1.281, phenytoin 3.964, valproate 6.934,
        // carbamazepine 4.233, lead 0.0483, folate 2.266, ammonia 0.587, ethanol 0.2171.
        ("cholesterol-total", "5.18", "mmol/L", 200.0, "mg/dL"),
        ("uric-acid", "356.9", "umol/L", 6.0, "mg/dL"),
        ("bilirubin-total", "17.1", "umol/L", 1.0, "mg/dL"),
        ("iron", "17.9", "umol/L", 100.0, "ug/dL"),
        ("cortisol", "275.9", "nmol/L", 10.0, "ug/dL"),
        ("vitamin-d", "74.88", "nmol/L", 30.0, "ng/mL"),
        ("vitamin-b12", "295.2", "pmol/L", 400.0, "pg/mL"),
        ("free-t4", "12.87", "pmol/L", 1.0, "ng/dL"),
        ("t4-total", "102.96", "nmol/L", 8.0, "ug/dL"),
        ("testosterone-total", "17.35", "nmol/L", 500.0, "ng/dL"),
        ("estradiol", "367.1", "pmol/L", 100.0, "pg/mL"),
        ("progesterone", "31.8", "nmol/L", 10.0, "ng/mL"),
        ("digoxin-level", "1.281", "nmol/L", 1.0, "ng/mL"),
        ("phenytoin-level", "39.64", "umol/L", 10.0, "ug/mL"),
        ("valproate-level", "346.7", "umol/L", 50.0, "ug/mL"),
        ("carbamazepine-level", "42.33", "umol/L", 10.0, "ug/mL"),
        ("lead", "0.483", "umol/L", 10.0, "ug/dL"),
        ("folate", "22.66", "nmol/L", 10.0, "ng/mL"),
        ("ammonia", "100", "ug/dL", 58.7, "umol/L"),
        ("alcohol-blood", "17.37", "mmol/L", 80.0, "mg/dL"),
        ("a1c", "53", "mmol/mol", 7.0, "%"),
        ("lactate", "18.02", "mg/dL", 2.0, "mmol/L"),
    ];
    for (key, value, unit, usual, usual_unit) in published {
        let found = units::in_unit(value, unit, usual_unit, analyte_by_key(key));
        let found: f64 = found.unwrap_or_else(|| panic!("{key}")).to_string().parse().unwrap();
        // Published factors have two to four digits: half a percent is their own rounding.
        assert!((found / usual - 1.0).abs() < 0.006, "{key}: {value} {unit} is {found} {usual_unit}");
    }
}
