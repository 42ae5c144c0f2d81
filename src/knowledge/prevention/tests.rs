//! The table of prevention rules holds together.

use jiff::civil::date;
use std::collections::HashSet;

use super::*;
use crate::knowledge::analytes;
use crate::knowledge::prevention_tokens::{token, tokens};

#[test]
fn rows_are_read_whole() {
    let keys: HashSet<_> = rules().iter().map(|rule| rule.key).collect();
    assert_eq!(keys.len(), rules().len());
    for [key, .., sex, age_from, age_until, _, _, interval, evidence, _, _] in rows::<16>(PREVENTION) {
        let rule = rules().iter().find(|rule| rule.key == key).unwrap();
        assert_eq!(rule.sex.is_some(), !sex.is_empty(), "{key}");
        assert_eq!(rule.ages.from.is_some(), !age_from.is_empty(), "{key}");
        assert_eq!(rule.ages.below.is_some(), !age_until.is_empty(), "{key}");
        assert_eq!(rule.interval_months.is_some(), !interval.is_empty(), "{key}");
        assert_eq!(rule.evidence.len(), list(evidence).count(), "{key}");
    }
    for rule in rules() {
        assert!(!rule.body.is_empty() && !rule.says.is_empty() && !rule.name.is_empty(), "{}", rule.key);
        assert!(!rule.evidence.is_empty(), "{}", rule.key);
        assert!(rule.source.contains("20") || !rule.released.is_empty(), "{}", rule.key);
        assert!(rule.as_of.is_some() && rule.stale_after.is_some(), "{}", rule.key);
        let released =
            if rule.released.len() == 7 { format!("{}-01", rule.released) } else { rule.released.into() };
        let released: Date = released.parse().unwrap();
        assert!(Some(released) <= rule.as_of, "{}", rule.key);
        assert!(rule.ages.from < rule.ages.below || rule.ages.below.is_none(), "{}", rule.key);
    }
}

#[test]
fn tokens_stand_in_their_table_and_each_is_used() {
    let used: HashSet<_> = rules().iter().flat_map(|rule| rule.needs.iter().chain(&rule.not_when)).collect();
    assert!(used.iter().all(|key| token(key).is_some()));
    assert!(tokens().iter().all(|token| used.contains(&token.key)));
    for rule in rules() {
        assert!(rule.needs.iter().all(|key| !rule.not_when.contains(key)), "{}", rule.key);
    }
}

/// The last digit of a LOINC code checks the others (Luhn, modulus ten).
fn has_its_check_digit(code: &str) -> bool {
    let digits = code.bytes().rev().filter(u8::is_ascii_digit).map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum();
    sum.is_multiple_of(10)
}

#[test]
fn codes_are_well_formed_and_known() {
    let mut codes = 0;
    for evidence in rules().iter().flat_map(|rule| &rule.evidence) {
        if let Sought::Loinc(code) = evidence.sought {
            assert!(has_its_check_digit(code), "{code}");
            assert!(analytes::analyte_by_code(code).is_some(), "{code}");
            codes += 1;
        }
    }
    assert!(codes > 40 && !has_its_check_digit("29771-4"));
    assert!(PREVENTION.contains("LOINC is copyright © Regenstrief Institute, Inc."));
}

#[test]
fn a_rule_is_for_an_age_and_a_sex() {
    let keys = |age, sex| -> Vec<_> {
        rules().iter().filter(|rule| rule.is_for(Some(age), sex)).map(|rule| rule.key).collect()
    };
    assert!(keys(49.9, Some(Sex::Male)).contains(&"colon-cancer-45"));
    assert!(!keys(50.0, Some(Sex::Male)).contains(&"colon-cancer-45"));
    assert!(keys(50.0, None).contains(&"colon-cancer-50"));
    assert!(keys(50.0, Some(Sex::Female)).contains(&"breast-cancer"));
    assert!(!keys(50.0, Some(Sex::Male)).contains(&"breast-cancer"));
    assert!(!keys(50.0, None).contains(&"breast-cancer"));
}

#[test]
fn a_rule_grows_stale() {
    let colon = rules().iter().find(|rule| rule.key == "colon-cancer-45").unwrap();
    assert!(!colon.is_stale_on(date(2026, 5, 18)) && colon.is_stale_on(date(2026, 5, 19)));
    let stool = Evidence::read("lab:29771-3:12").unwrap();
    assert_eq!((stool.counts_months, stool.is_of_its_ages), (Some(12), false));
    assert!(colon.evidence.contains(&stool));
}

#[test]
fn a_check_of_one_age_does_not_count_for_another() {
    let once = Evidence::read("questionnaire:m-chat:once").unwrap();
    assert_eq!((once.counts_months, once.is_of_its_ages), (None, true));
    for rule in rules() {
        let is_once = rule.evidence.iter().any(|evidence| evidence.is_of_its_ages);
        assert!(!is_once || rule.ages.from.is_some() && rule.interval_months.is_none(), "{}", rule.key);
    }
}

/// "Overdue" needs a time that the body itself has set (clinical reference, section 2).
#[test]
fn a_rule_that_sets_no_time_lets_nothing_lapse() {
    let sets_none: Vec<_> =
        rules().iter().filter(|rule| rule.says.contains("How often is not set")).collect();
    assert!(sets_none.len() > 10);
    for rule in sets_none {
        assert!(rule.interval_months.is_none(), "{}", rule.key);
        assert!(rule.evidence.iter().all(|evidence| evidence.counts_months.is_none()), "{}", rule.key);
    }
}
