use serde_json::json;

use super::*;
use crate::insight::testing::{entry, person, run, view, with};
use crate::record::{Code, Concept, Condition, Detail, Entry, Measurement, Standing, System, Value};

fn portrait(entries: Vec<Entry>) -> Portrait {
    run(&view(entries), json!({}), Portrait::of).unwrap()
}

#[test]
fn a_person_is_as_old_as_their_last_birthday_says() {
    // Born 1961-05-04; the tests run on 2026-03-01.
    let maria = portrait(vec![]);
    assert_eq!(maria.age_years().map(f64::floor), Some(64.0));
    let on = |year, month, day| maria.age_years_on(jiff::civil::date(year, month, day));
    assert_eq!(on(2026, 5, 4), Some(65.0));
    assert!(on(2026, 5, 3).unwrap() < 65.0 && on(2026, 5, 3).unwrap() > 64.9);
    assert_eq!(on(1961, 5, 3), None);
    assert!(maria.is_adult() && !maria.is_child());
    let year_only = portrait(vec![person(|person| person.birth = When::parse("1961"))]);
    assert!(!year_only.is_adult() && !year_only.is_child(), "an age that is not known is neither");
}

#[test]
fn a_sex_is_told_only_where_all_that_is_recorded_agrees() {
    let sex = |sex: &str, at_birth: Option<&str>, identity: Option<&str>| {
        let entry = person(|person| {
            person.sex = Some(sex.into());
            person.birth_sex = at_birth.map(Into::into);
            person.gender_identity = identity.map(Into::into);
        });
        portrait(vec![entry]).sex
    };
    assert_eq!(sex("female", Some("F"), Some("Identifies as female gender")), Some(Sex::Female));
    assert_eq!(sex("male", None, Some("asked-declined")), Some(Sex::Male));
    assert_eq!(sex("male", Some("F"), None), None);
    assert_eq!(sex("female", Some("F"), Some("Non-binary")), None);
    assert_eq!(sex("female", Some("F"), Some("Female-to-male transsexual")), None);
    assert_eq!(sex("unknown", None, None), None);
    assert_eq!(portrait(vec![]).sexes(), [Sex::Female, Sex::Male]);
}

fn status(id: &str, says: &str, date: &str) -> Entry {
    let code = Code { system: System::Loinc, code: "82810-3".into(), display: None };
    let value = Some(Value::Concept(Concept::named(says)));
    let found = Measurement { value, ..Measurement::default() };
    with(entry(id, "", date, Detail::Measurement(Box::new(found))), |entry| {
        entry.concept = Concept { text: Some("Pregnancy status".into()), codes: vec![code] };
    })
}

fn problem(id: &str, name: &str, date: &str) -> Entry {
    with(entry(id, name, date, Detail::Condition(Box::<Condition>::default())), |entry| {
        entry.status = Some("active".into());
    })
}

#[test]
fn pregnancy_is_a_state_with_a_date() {
    let now = |entries| portrait(entries).pregnancy;
    assert!(now(vec![status("B000001", "Pregnant", "2026-01-10")]).is_current());
    assert!(!now(vec![status("B000001", "Not pregnant", "2026-01-10")]).is_current());
    assert!(now(vec![problem("C000001", "Pregnancy", "2025-12-01")]).is_current());
    // An entry that nobody closed is past: no pregnancy lasts two years.
    assert_eq!(now(vec![problem("C000001", "Pregnancy", "2024-02-01")]), Pregnancy::NotRecorded);
    assert_eq!(now(vec![]), Pregnancy::NotRecorded);
}

#[test]
fn a_birth_or_a_loss_ends_a_pregnancy_and_an_old_active_loss_is_past() {
    let pregnancy = problem("C000001", "Pregnancy", "2025-07-01");
    let birth = problem("C000002", "Normal delivery", "2026-02-10");
    let ended = portrait(vec![pregnancy.clone(), birth]).pregnancy;
    assert_eq!(ended.ended_days_ago(), Some(19));
    assert!(!ended.is_current() && ended.is_pregnant_or_within_days(42));
    let loss = problem("C000003", "Miscarriage", "2012-03-01");
    let old = portrait(vec![loss]).pregnancy;
    assert!(!old.is_current() && !old.is_pregnant_or_within_days(42));
    let again = problem("C000003", "Miscarriage", "2025-03-01");
    assert!(portrait(vec![pregnancy.clone(), again]).pregnancy.is_current(), "the later pregnancy counts");
    let refuted = with(pregnancy, |entry| entry.standing = Standing::Refuted);
    assert_eq!(portrait(vec![refuted]).pregnancy, Pregnancy::NotRecorded);
}
