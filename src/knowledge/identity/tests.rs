//! Stories of what is the same fact, and what must never be.

use super::*;
use crate::record::{
    Component, ConditionList, Dosage, EntryId, Measurement, Medication, Number, Quantity, Value, When, group,
};

fn entry(kind: Kind, detail: Detail) -> Entry {
    Entry {
        key: "X/1".into(),
        date: When::parse("2024-03-02T08:30:00Z"),
        ..Entry::new(EntryId::new(kind, 0), detail)
    }
}

fn coded(system: System, code: &str, name: &str) -> Concept {
    Concept { text: Some(name.into()), codes: vec![Code { system, code: code.into(), display: None }] }
}

fn quantity(number: &str, unit: &str) -> Option<Value> {
    let number = Number::parse(number).unwrap();
    Some(Value::Quantity(Quantity { comparator: None, number, unit: Some(unit.into()), ucum: None }))
}

fn lab(loinc: &str, number: &str, unit: &str) -> Entry {
    let found = Measurement { value: quantity(number, unit), ..Measurement::default() };
    let mut lab = entry(Kind::Lab, Detail::Measurement(Box::new(found)));
    lab.concept = coded(System::Loinc, loinc, "a test");
    lab
}

fn with(mut entry: Entry, change: impl FnOnce(&mut Entry)) -> Entry {
    change(&mut entry);
    entry
}

fn condition(system: System, code: &str, list: ConditionList) -> Entry {
    let detail = Condition { list, ..Condition::default() };
    let mut condition = entry(Kind::Condition, Detail::Condition(Box::new(detail)));
    condition.concept = coded(system, code, "an illness");
    condition
}

fn order(name: &str, rxnorm: Option<&str>) -> Entry {
    let mut order = entry(Kind::Medication, Detail::Medication(Box::default()));
    order.concept = match rxnorm {
        Some(code) => coded(System::RxNorm, code, name),
        None => Concept::named(name),
    };
    order
}

/// True where the record would show the two as one fact.
fn are_one(one: &Entry, other: &Entry) -> bool {
    let mut entries = [one.clone(), other.clone()];
    for (number, entry) in entries.iter_mut().enumerate() {
        entry.id = EntryId::new(entry.kind(), number as u32);
        entry.keys = keys(entry);
    }
    group(&entries, &[0, 1]).len() == 1
}

#[test]
fn one_result_under_two_codes_of_a_group_and_two_spellings_of_its_unit_is_one_fact() {
    // A1c by two methods: one row of the table of analytes.
    assert!(are_one(&lab("4548-4", "6.80", "%"), &lab("17856-6", "6.8", "percent")));
    assert!(are_one(&lab("718-7", "14.1", "g/dL"), &lab("718-7", "141", "g/L")));
    assert!(are_one(&lab("99999-1", "5", "K/uL"), &lab("99999-1", "5.0", "x10e3/uL")));
}

#[test]
fn different_values_minutes_codes_and_specimens_are_different_facts() {
    let a1c = lab("4548-4", "6.8", "%");
    assert!(!are_one(&a1c, &lab("4548-4", "6.9", "%")));
    assert!(!are_one(&a1c, &lab("718-7", "6.8", "%")));
    let later = with(a1c.clone(), |lab| lab.date = When::parse("2024-03-02T08:31:00Z"));
    assert!(!are_one(&a1c, &later));
    let elsewhere = with(a1c.clone(), |lab| lab.date = When::parse("2024-03-02T03:30:59-05:00"));
    assert!(are_one(&a1c, &elsewhere), "the same minute in another zone");
    let of_urine = with(a1c.clone(), |lab| {
        let Detail::Measurement(found) = &mut lab.detail else { panic!() };
        found.specimen = Some("Urine, clean catch".into());
    });
    assert!(!are_one(&a1c, &of_urine));
    let below = with(a1c.clone(), |lab| {
        let Detail::Measurement(found) = &mut lab.detail else { panic!() };
        let Some(Value::Quantity(quantity)) = &mut found.value else { panic!() };
        quantity.comparator = Some("<".into());
    });
    assert!(!are_one(&a1c, &below));
}

#[test]
fn two_values_that_only_rounding_makes_equal_stay_two() {
    // Both are 198 mg/dL to three digits.
    assert!(!are_one(&lab("2093-3", "5.12", "mmol/L"), &lab("2093-3", "5.13", "mmol/L")));
}

#[test]
fn blood_pressure_is_compared_as_a_pair() {
    let pressure = |systolic: &str, diastolic: &str| {
        let part = |loinc: &str, number: &str| Component {
            concept: coded(System::Loinc, loinc, "part"),
            value: quantity(number, "mmHg"),
            ..Component::default()
        };
        let components = vec![part("8480-6", systolic), part("8462-4", diastolic)];
        let found = Measurement { components, ..Measurement::default() };
        let vital = entry(Kind::Vital, Detail::Measurement(Box::new(found)));
        with(vital, |vital| vital.concept = coded(System::Loinc, "85354-9", "BP"))
    };
    assert!(are_one(&pressure("120", "80"), &pressure("120.0", "80")));
    assert!(!are_one(&pressure("120", "80"), &pressure("120", "82")));
}

#[test]
fn conditions_join_by_one_shared_code_within_their_list() {
    let problem = condition(System::Icd10, "E11.9", ConditionList::Problem);
    let both = with(condition(System::Snomed, "44054006", ConditionList::Problem), |other| {
        other.concept.codes.push(Code { system: System::Icd10, code: "e119".into(), display: None });
        other.date = When::parse("2024-03-03");
    });
    assert!(are_one(&problem, &both));
    assert!(!are_one(&problem, &condition(System::Icd10, "E11.9", ConditionList::Visit)));
    let refuted = with(both.clone(), |other| other.standing = Standing::Refuted);
    assert!(!are_one(&problem, &refuted));
    let undated = with(both, |other| other.date = None);
    assert!(are_one(&problem, &undated));
    let words = |name: &str| with(problem.clone(), |entry| entry.concept = Concept::named(name));
    assert!(are_one(&words("Crohn's disease"), &words("Crohns  Disease")));
    assert!(!are_one(&words("an illness"), &problem), "a name never stands for a code");
}

#[test]
fn an_entry_in_error_joins_nothing_not_even_its_equal() {
    let wrong = with(lab("4548-4", "6.8", "%"), |lab| {
        lab.standing = Standing::EnteredInError;
        lab.original.hash = [7; 16];
    });
    assert!(keys(&wrong).is_empty());
    assert!(!are_one(&wrong, &wrong.clone()));
}

#[test]
fn orders_join_by_drug_strength_and_day() {
    let coded = order("Lisinopril 10 MG Oral Tablet", Some("314076"));
    let named = order("lisinopril 10 mg tablet", None);
    assert!(are_one(&coded, &named));
    assert!(!are_one(&coded, &order("lisinopril 20 mg tablet", None)));
    let later = with(named.clone(), |order| order.date = When::parse("2024-06-02"));
    assert!(!are_one(&coded, &later));
    let given = with(named, |order| {
        let Detail::Medication(medicine) = &mut order.detail else { panic!() };
        medicine.role = crate::record::MedicationRole::Administration;
    });
    assert!(!are_one(&coded, &given), "a dose given is no order");
}

#[test]
fn no_known_allergies_never_joins_an_allergy() {
    let allergy = |name: &str| {
        let allergy = entry(Kind::Allergy, Detail::Allergy(Box::default()));
        with(allergy, |allergy| allergy.concept = Concept::named(name))
    };
    let none = with(allergy("Penicillin"), |none| none.standing = Standing::NoneKnown);
    assert!(are_one(&allergy("Penicillin"), &allergy("PENICILLIN")));
    assert!(!are_one(&allergy("Penicillin"), &none));
}

#[test]
fn vaccines_join_by_cvx_and_day_and_not_done_stays_apart() {
    let vaccine = |cvx: &str| {
        let vaccine = entry(Kind::Immunization, Detail::Immunization(Box::default()));
        with(vaccine, |vaccine| vaccine.concept = coded(System::Cvx, cvx, "a vaccine"))
    };
    assert!(are_one(&vaccine("03"), &vaccine("3")));
    let refused = with(vaccine("03"), |vaccine| vaccine.standing = Standing::NotDone);
    assert!(!are_one(&vaccine("03"), &refused));
}

#[test]
fn an_identifier_joins_only_the_same_thing_with_the_same_value() {
    let numbered = |lab: Entry, identifier: &str| {
        with(lab, |lab| {
            lab.date = When::parse("2024-03-02");
            lab.more.push(("identifier".into(), identifier.into()));
        })
    };
    let local =
        |number: &str| with(lab("4548-4", number, "%"), |lab| lab.concept = Concept::named("A1c in house"));
    let accession = "https://lab.example|A-2024-17";
    assert!(are_one(&numbered(local("6.8"), accession), &numbered(local("6.8"), accession)));
    assert!(!are_one(&numbered(local("6.8"), accession), &numbered(local("6.9"), accession)));
    for placeholder in ["https://lab.example|0", "|17", "https://lab.example|unknown", "https://x|1111"] {
        assert!(!are_one(&numbered(local("6.8"), placeholder), &numbered(local("6.8"), placeholder)));
    }
}

#[test]
fn the_same_bytes_are_the_same_fact_but_results_inside_one_report_are_not() {
    let plain = |key: &str| {
        with(entry(Kind::Other, Detail::Plain), |entry| {
            entry.original.hash = [9; 16];
            entry.key = key.into();
        })
    };
    assert!(are_one(&plain("X/1"), &plain("Y/2")));
    assert!(!are_one(&plain("R/1#a"), &plain("R/1#b")));
}

#[test]
fn reports_with_the_same_results_are_one_report() {
    let report = |id: u32| {
        let mut report = entry(Kind::Document, Detail::Document(Box::default()));
        report.id = EntryId::new(Kind::Document, id);
        report
    };
    let (sodium, a1c) = (lab("2951-2", "140", "mmol/L"), lab("4548-4", "6.8", "%"));
    let one = key_of_results(&report(1), &[&sodium, &a1c]);
    assert!(one.is_some());
    assert_eq!(one, key_of_results(&report(2), &[&a1c, &sodium]));
    assert_ne!(one, key_of_results(&report(2), &[&a1c]));
    assert_eq!(key_of_results(&report(1), &[]), None);
}

#[test]
fn a_dose_told_by_two_sources_is_one_and_two_products_of_one_source_stay_two() {
    let dose = |source: u16, cvx: &str, date: &str| {
        let dose = entry(Kind::Immunization, Detail::Immunization(Box::default()));
        let mut dose = with(dose, |dose| dose.concept = coded(System::Cvx, cvx, "a vaccine"));
        (dose.source, dose.date) = (source, When::parse(date));
        dose.keys = keys(&dose);
        dose
    };
    let groups = |mut doses: Vec<Entry>| {
        for (number, dose) in (0..).zip(&mut doses) {
            dose.id = EntryId::new(Kind::Immunization, number);
        }
        let indices: Vec<u32> = (0..doses.len() as u32).collect();
        let mut sizes: Vec<usize> = group(&doses, &indices).iter().map(|group| group.members.len()).collect();
        sizes.sort_unstable();
        sizes
    };
    // One instant in two time zones; the kind at one source, the product at the other.
    assert_eq!(groups(vec![dose(0, "208", "2021-03-01"), dose(1, "208", "2021-03-02T01:00:00Z")]), [2]);
    assert_eq!(groups(vec![dose(0, "140", "2024-10-01"), dose(1, "141", "2024-10-02")]), [2]);
    // Other diseases, another day, and what one source tells as two.
    assert_eq!(groups(vec![dose(0, "140", "2024-10-01"), dose(1, "208", "2024-10-01")]), [1, 1]);
    assert_eq!(groups(vec![dose(0, "140", "2024-10-01"), dose(1, "141", "2024-10-03")]), [1, 1]);
    assert_eq!(groups(vec![dose(0, "140", "2024-10-01"), dose(0, "141", "2024-10-01")]), [1, 1]);
    let of_two =
        vec![dose(0, "140", "2024-10-01"), dose(0, "141", "2024-10-01"), dose(1, "141", "2024-10-01")];
    assert_eq!(groups(of_two), [1, 2], "the other source's is the one of the same code");
}

#[test]
fn the_one_that_is_shown_is_the_same_whatever_their_ids_are() {
    let told = |number: u32, dosage: &str, hash: u8| {
        let dosage = Dosage { text: Some(dosage.into()), ..Dosage::default() };
        let medicine = Medication { dosage: vec![dosage], ..Medication::default() };
        with(order("metformin 1,000 mg tablet", Some("861004")), |order| {
            order.id = EntryId::new(Kind::Medication, number);
            order.detail = Detail::Medication(Box::new(medicine));
            order.original.hash = [hash; 16];
            order.source = hash.into();
        })
    };
    let short = "Take 1 tablet twice a day";
    let long = "Take 1 tablet twice a day with meals";
    for (one, other) in [(1, 2), (2, 1)] {
        let mut entries = vec![told(one, short, 1), told(other, long, 2), told(3, long, 3)];
        entries.iter_mut().for_each(|entry| entry.keys = keys(entry));
        let groups = group(&entries, &[0, 1, 2]);
        assert_eq!(groups.iter().map(|group| group.face).collect::<Vec<_>>(), [2]);
    }
}
