//! When: by codes, by words, and never by anything else.

use super::*;

fn times(entries: Vec<Entry>) -> String {
    told(entries, json!({"focus": "medicines", "max_tokens": 13_000}))
}

#[test]
fn medicines_stand_by_the_words_of_the_label_in_quotes() {
    let text = times(vec![
        medicine("M000001", "Levothyroxine 50 mcg", "2026-01-02", "Take 1 tablet before breakfast"),
        medicine("M000002", "Atorvastatin 40 mg", "2026-01-02", "1 tab PO QHS"),
        medicine("M000003", "Metformin 500 mg", "2026-01-02", "Take 1 tablet twice daily with meals"),
        medicine("M000004", "Carvedilol 6.25 mg", "2026-01-02", "1 tab BID"),
        medicine("M000005", "Amlodipine 5 mg", "2026-01-02", "1 tablet once a day"),
        medicine("M000006", "Losartan 50 mg", "2026-01-02", "Use as directed"),
        medicine("M000007", "Sertraline 50 mg", "2026-01-02", ""),
        medicine("M000008", "Omeprazol 20 mg", "2026-01-02", "Tome 1 tableta cada mañana"),
        medicine("M000009", "Gabapentin 300 mg", "2026-01-02", "1 capsule in the morning and 2 at bedtime"),
    ]);
    for (id, heading) in [
        ("M000001", "Morning"),
        ("M000002", "Bedtime and night"),
        ("M000003", "With meals or food, time not recorded"),
        ("M000004", "Several times a day, times not recorded"),
        ("M000005", "Once a day, time not recorded"),
        ("M000006", "Time not recorded, or read the words as written"),
        ("M000007", "Time not recorded, or read the words as written"),
        ("M000008", "Time not recorded, or read the words as written"),
    ] {
        assert_eq!(headings(&text, id).first(), Some(&heading), "{id}: {text}");
    }
    assert_eq!(headings(&text, "M000009")[..2], ["Morning", "Bedtime and night"], "{text}");
    assert!(text.contains("Omeprazol 20 mg: \"Tome 1 tableta cada mañana\""), "{text}");
    assert!(
        text.contains("how to take it is not recorded")
            && text.contains("A missed dose: ask the pharmacist."),
        "{text}"
    );
}

#[test]
fn recorded_codes_and_times_place_a_medicine_and_a_contradiction_is_told() {
    let coded = |id: &str, label: &str, code: &str| {
        changed(medicine(id, "Lisinopril 10 mg", "2026-01-02", label), |medicine| {
            medicine.dosage = vec![Dosage {
                text: (!label.is_empty()).then(|| label.into()),
                structured: Some("10 mg, oral, once a day".into()),
                times: vec![code.into()],
                ..Dosage::default()
            }];
        })
    };
    let text = times(vec![coded("M000001", "", "HS")]);
    assert_eq!(headings(&text, "M000001")[0], "Bedtime and night", "{text}");
    assert!(text.contains("recorded: 10 mg, oral, once a day"), "our own words stand in no quotes: {text}");
    let text = times(vec![coded("M000001", "1 tablet daily", "08:00:00")]);
    assert_eq!(headings(&text, "M000001")[0], "Morning", "{text}");
    assert!(text.contains("recorded time: 08:00:00") && !text.contains("DIFFER"), "{text}");
    let text = times(vec![coded("M000001", "1 tablet at bedtime", "MORN")]);
    assert_eq!(headings(&text, "M000001")[..2], ["Morning", "Bedtime and night"], "{text}");
    assert!(text.contains("THE WORDS AND THE RECORDED TIMES DIFFER: ask the pharmacist"), "{text}");
}

#[test]
fn what_is_not_for_every_day_stands_apart_and_first() {
    let text = times(vec![
        medicine(
            "M000001",
            "Methotrexate 2.5 mg",
            "2026-01-02",
            "Take 6 tablets once a week on Monday morning",
        ),
        medicine("M000002", "Fentanyl 25 mcg/hr patch", "2026-01-02", "Apply 1 patch every 72 hours"),
        medicine("M000003", "Warfarin 5 mg", "2026-01-02", "5 mg daily except 2.5 mg on Sunday"),
    ]);
    for id in ["M000001", "M000002", "M000003"] {
        assert_eq!(headings(&text, id)[0], "NOT EVERY DAY", "{text}");
    }
    assert!(
        text.find("NOT EVERY DAY") < text.find("[M000001]") && under(&text, "Morning").is_empty(),
        "{text}"
    );
    assert!(!text.contains("do not say once a week"), "{text}");
    let text = whole(vec![medicine("M000001", "Methotrexate 2.5 mg", "2026-01-02", "Take 6 tablets daily")]);
    assert!(
        under(&text, "Ask first")
            .contains("The recorded words do not say once a week: ask the pharmacist before the next dose"),
        "{text}"
    );
    let small = told(
        vec![medicine("M000001", "Methotrexate 2.5 mg", "2026-01-02", "6 tablets weekly")],
        json!({"max_tokens": 200}),
    );
    assert!(
        small.contains("NOT EVERY DAY") && small.contains("\"6 tablets weekly\""),
        "no budget cuts it: {small}"
    );
}

#[test]
fn as_needed_stands_apart_with_its_reason() {
    let flagged = changed(
        medicine("M000001", "Albuterol inhaler", "2026-01-02", "2 puffs every 4 hours"),
        |medicine| {
            medicine.dosage[0].as_needed = Some("wheezing".into());
        },
    );
    let text = times(vec![
        flagged,
        medicine(
            "M000002",
            "Ropinirole 1 mg",
            "2026-01-02",
            "1 tablet once daily at bedtime as needed for restless legs",
        ),
        medicine(
            "M000003",
            "Tramadol 50 mg",
            "2026-01-02",
            "1 tablet daily, may take an extra one as needed",
        ),
    ]);
    assert_eq!(headings(&text, "M000001")[0], "Only as needed", "{text}");
    assert!(text.contains("\"2 puffs every 4 hours\", as needed for wheezing"), "{text}");
    assert_eq!(headings(&text, "M000002")[0], "Only as needed", "{text}");
    assert_eq!(
        headings(&text, "M000003")[..2],
        ["Once a day, time not recorded", "Only as needed"],
        "{text}"
    );
}

#[test]
fn a_plan_that_changes_over_time_is_not_read_for_a_time() {
    let text = times(vec![medicine(
        "M000001",
        "Prednisone 10 mg",
        "2026-02-27",
        "4 tablets every morning for 3 days, then 2 tablets at bedtime",
    )]);
    assert_eq!(headings(&text, "M000001")[0], "Time not recorded, or read the words as written", "{text}");
}

#[test]
fn what_nobody_confirms_or_somebody_denies_stands_apart() {
    let apart = "Recorded as active, not sure: ask before putting it in the day";
    let held = with(medicine("M000002", "Lisinopril 10 mg", "2026-01-02", "1 every morning"), |entry| {
        entry.status = Some("on-hold".into());
    });
    let later = medicine("M000003", "Apixaban 5 mg", "2026-03-20", "1 tablet every morning");
    let course =
        medicine("M000004", "Amoxicillin 500 mg", "2026-01-02", "1 capsule every morning for 10 days");
    let noted = medicine("M000005", "Furosemide 40 mg", "2026-01-02", "1 tablet every morning");
    let note = Detail::Note { text: "She stopped the water pill".into(), about: Some(noted.id) };
    let stated = |id: &str, name: &str| {
        let statement = changed(medicine(id, name, "2026-02-10", ""), |medicine| {
            medicine.role = MedicationRole::Statement;
        });
        with(statement, |entry| entry.status = Some("stopped".into()))
    };
    let text = times(vec![
        medicine("M000001", "Simvastatin 10 mg", "2019-01-02", "1 every morning"),
        held,
        later,
        course,
        noted,
        entry("Y000001", "", "2026-02-01", note),
        medicine("M000006", "Metoprolol 25 mg", "2026-01-02", "1 every morning"),
        stated("M000007", "Metoprolol 25 mg"),
        medicine("M000008", "Amlodipine 5 mg", "2026-01-02", "1 every morning"),
    ]);
    assert!(!text.contains("M000004"), "a course that its label ended is no medicine of the day: {text}");
    for id in ["M000001", "M000002", "M000003", "M000005", "M000006"] {
        assert_eq!(headings(&text, id)[0], apart, "{id}: {text}");
    }
    assert_eq!(headings(&text, "M000008")[0], "Morning", "{text}");
    for words in [
        "NOT CONFIRMED since",
        "recorded as on hold",
        "it begins on a later day",
        "the person's own note says otherwise; the person's own note: \"She stopped the water pill\" [Y000001]",
        "another entry says otherwise",
    ] {
        assert!(under(&text, apart).contains(words), "{words}: {text}");
    }
}

#[test]
fn what_is_given_in_a_hospital_is_never_in_the_day() {
    let inpatient = changed(medicine("M000001", "Heparin", "2026-02-20", "every hour"), |medicine| {
        medicine.setting = Setting::Inpatient;
    });
    let given = changed(medicine("M000002", "Ceftriaxone", "2026-02-20", "daily"), |medicine| {
        medicine.role = MedicationRole::Administration;
    });
    let text = whole(vec![inpatient, given]);
    assert!(!text.contains("Heparin") && !text.contains("Ceftriaxone"), "{text}");
}
