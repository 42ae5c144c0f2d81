//! Small hand-made records with the facts worked out by hand; limits and variations are those of the tables.

use serde_json::{Value as Json, json};

use super::*;
use crate::insight::ListAsk;
use crate::insight::testing::{entry, person, run, view, with};
use crate::knowledge::never_said::NeverSaid;
use crate::record::{
    Actor, Code, Component, Concept, Condition, Detail, Document, DocumentKind, Entry, Flag, FlagMeaning,
    Link, LinkRole, Measurement, Medication, Number, Quantity, Range, System, Value, Visit, VisitClass, When,
};

const CREATININE: (&str, &str) = ("2160-0", "Creatinine");
const A1C: (&str, &str) = ("4548-4", "Hemoglobin A1c");
const POTASSIUM: (&str, &str) = ("2823-3", "Potassium");

fn quantity(digits: &str, unit: &str) -> Quantity {
    let number = Number::parse(digits).unwrap();
    Quantity { comparator: None, number, unit: Some(unit.into()).filter(|_| !unit.is_empty()), ucum: None }
}

fn measured(id: &str, at: &str, (code, name): (&str, &str), found: Measurement) -> Entry {
    with(entry(id, name, at, Detail::Measurement(Box::new(found))), |entry| {
        let code = Code { system: System::Loinc, code: code.into(), display: None };
        entry.concept = Concept { text: Some(name.into()), codes: vec![code] };
        entry.status = Some("final".into());
    })
}

/// A number with its unit, `5.6 mmol/L`.
fn lab(id: &str, at: &str, what: (&str, &str), value: &str) -> Entry {
    let (digits, unit) = value.split_once(' ').unwrap_or((value, ""));
    let value = Some(Value::Quantity(quantity(digits, unit)));
    measured(id, at, what, Measurement { value, ..Measurement::default() })
}

fn change(entry: Entry, change: impl FnOnce(&mut Measurement)) -> Entry {
    with(entry, |entry| {
        if let Detail::Measurement(found) = &mut entry.detail {
            change(found);
        }
    })
}

fn flagged(entry: Entry, meaning: FlagMeaning) -> Entry {
    change(entry, |found| found.flags = vec![Flag { meaning, text: "x".into() }])
}

fn reading(id: &str, at: &str, upper: &str, lower: &str) -> Entry {
    let part = |code: &str, digits: &str| Component {
        concept: Concept {
            text: None,
            codes: vec![Code { system: System::Loinc, code: code.into(), display: None }],
        },
        value: Some(Value::Quantity(quantity(digits, "mm[Hg]"))),
        ..Component::default()
    };
    let components = vec![part("8480-6", upper), part("8462-4", lower)];
    measured(id, at, ("85354-9", "Blood pressure"), Measurement { components, ..Measurement::default() })
}

fn of(sex: &str, born: &str) -> Entry {
    person(|person| {
        person.sex = Some(sex.into());
        person.birth = When::parse(born);
    })
}

fn told(entries: Vec<Entry>, arguments: Json) -> String {
    let view = view(entries);
    let ask: ListAsk = serde_json::from_value(arguments.clone()).unwrap();
    let answer = run(&view, arguments, |context| explain(context, &ask.understood().unwrap()).unwrap());
    let said = NeverSaid::read().lines_in(&answer.text);
    assert!(said.is_empty(), "{said:#?}");
    answer.text
}

fn one(entries: Vec<Entry>, query: &str) -> String {
    told(entries, json!({ "query": query, "max_tokens": 8_000 }))
}

#[test]
fn a_result_without_range_and_flag_is_told_as_that() {
    let text = one(vec![lab("L000001", "2026-02-20", POTASSIUM, "4.4 mmol/L")], "potassium");
    assert!(
        text.contains("Latest: 4.4 mmol/L, 2026-02-20 [L000001] — the report gives no range and no flag"),
        "{text}"
    );
    let text = told(vec![lab("L000001", "2026-02-20", POTASSIUM, "4.4 mmol/L")], json!({}));
    assert!(text.contains("1 other result carries no range and no flag"), "{text}");
    assert!(!text.contains("[L000001]"), "{text}");
}

#[test]
fn of_several_ranges_the_one_that_fits_leads_and_the_others_are_named() {
    let range = |low: &str, high: &str, sex: &str| Range {
        low: Some(quantity(low, "g/dL")),
        high: Some(quantity(high, "g/dL")),
        applies_to: vec![sex.into()],
        ..Range::default()
    };
    let hemoglobin = change(lab("L000001", "2026-02-20", ("718-7", "Hemoglobin"), "12.8 g/dL"), |found| {
        found.ranges = vec![range("13.5", "17.5", "male"), range("12.0", "15.5", "female")];
    });
    let woman = one(vec![of("female", "1961-05-04"), hemoglobin.clone()], "hemoglobin");
    assert!(woman.contains("within the report's range"), "{woman}");
    assert!(woman.contains("Report's range: 12.0–15.5 (female); also in the report, for others or another purpose: 13.5–17.5 (male)"), "{woman}");
    let nobody = one(vec![hemoglobin], "hemoglobin");
    assert!(nobody.contains("the report's range does not decide"), "{nobody}");
    assert!(nobody.contains("which one is meant for this person the record does not say"), "{nobody}");
}

#[test]
fn a_cut_off_is_told_only_when_its_conditions_are_on_record() {
    let a1c = lab("L000001", "2026-02-20", A1C, "6.0 %");
    // ADA 2025: 5.7 to 6.4 percent; a man, 64, with nothing that changes red cells.
    let man = one(vec![of("male", "1961-05-04"), a1c.clone()], "a1c");
    assert!(man.contains("Published cut-off: 6.0% is in the range published for prediabetes (ADA Standards of Care in Diabetes, 2025, section 2). Not a diagnosis"), "{man}");
    // A woman of 35: that she is not pregnant is nowhere on record.
    let young = one(vec![of("female", "1990-05-04"), a1c.clone()], "a1c");
    assert!(young.contains("Published cut-offs are left out: only outside of pregnancy"), "{young}");
    let anemia = entry("C000001", "Anemia", "2025-01-01", Detail::Condition(Box::default()));
    let anemic = one(vec![of("male", "1961-05-04"), anemia, a1c.clone()], "a1c");
    assert!(anemic.contains("Published cut-offs are left out: not with anemia"), "{anemic}");
    let child = one(vec![of("male", "2014-05-04"), a1c.clone()], "a1c");
    assert!(child.contains("the person is under 18") && !child.contains("Published cut-off:"), "{child}");
    for spoiled in [
        lab("L000001", "2026-02-20", A1C, "6.0"),
        lab("L000001", "2026-02-20", A1C, "2.6 %"),
        with(a1c.clone(), |entry| entry.status = Some("preliminary".into())),
    ] {
        let text = one(vec![of("male", "1961-05-04"), spoiled], "a1c");
        assert!(!text.contains("Published cut-off:"), "{text}");
    }
    let twin = lab("L000002", "2026-02-20", A1C, "7.9 %");
    let both = one(vec![of("male", "1961-05-04"), a1c, twin], "a1c");
    assert!(!both.contains("Published cut-off:") && both.contains("At the same time also"), "{both}");
    assert!(both.contains("6.0%") && both.contains("7.9%"), "{both}");
}

#[test]
fn kidney_filtering_is_as_reported_else_worked_out_where_that_is_allowed() {
    let creatinine = lab("L000001", "2026-02-20", CREATININE, "1.0 mg/dL");
    let born = "1976-01-10";
    // 1.0 mg/dL at 50: 68.6 for a woman, 91.7 for a man (reference: fhir.md, section 3.4).
    let of_woman = one(vec![of("female", born), creatinine.clone()], "creatinine");
    assert!(
        of_woman.contains(
            "worked out from this creatinine: 69 mL/min/1.73 m² (CKD-EPI creatinine equation, 2021)"
        ),
        "{of_woman}"
    );
    let unknown = one(vec![of("unknown", born), creatinine.clone()], "creatinine");
    assert!(unknown.contains("69 mL/min/1.73 m² for a woman, 92 for a man"), "{unknown}");
    let reported = lab("L000002", "2026-02-20", ("98979-8", "eGFR"), "66 mL/min/1.73m2");
    let text = one(vec![of("female", born), creatinine.clone(), reported], "2160-0");
    assert!(text.contains("as reported that day: 66") && !text.contains("worked out"), "{text}");
    let dialysis = entry("C000001", "On hemodialysis", "2025-01-01", Detail::Condition(Box::default()));
    let refused = [
        (vec![of("female", "2012-01-10"), creatinine.clone()], "the equation is for adults"),
        (vec![of("female", born), dialysis, creatinine.clone()], "dialysis or kidney failure is on record"),
        (
            vec![of("female", born), lab("L000001", "2026-02-20", CREATININE, "1.0")],
            "the unit is not recorded",
        ),
        (vec![of("female", born), lab("L000001", "2026-02-20", CREATININE, "100 mg/dL")], "not plausible"),
        (vec![person(|person| person.birth = None), creatinine.clone()], "date of birth"),
    ];
    for (entries, why) in refused {
        let text = one(entries, "creatinine");
        assert!(text.contains("is not worked out") && text.contains(why), "{why}: {text}");
    }
    // 88.42 umol/L are 1 mg/dL exactly.
    let molar =
        one(vec![of("female", born), lab("L000001", "2026-02-20", CREATININE, "88.42 umol/L")], "creatinine");
    assert!(molar.contains("worked out from this creatinine: 69"), "{molar}");
    let whole_blood = lab("L000001", "2026-02-20", ("38483-4", "Creatinine, whole blood"), "1.0 mg/dL");
    let text = one(vec![of("female", born), whole_blood], "creatinine");
    assert!(!text.contains("worked out from"), "{text}");
}

#[test]
fn one_egfr_is_no_class_and_two_three_months_apart_are() {
    let egfr = |id: &str, at: &str| lab(id, at, ("98979-8", "eGFR"), "50 mL/min/1.73m2");
    let man = || of("male", "1950-01-01");
    let alone = one(vec![man(), egfr("L000001", "2026-02-20")], "egfr");
    assert!(alone.contains("only with two results three months apart"), "{alone}");
    let close = one(vec![man(), egfr("L000001", "2026-02-20"), egfr("L000002", "2026-01-20")], "egfr");
    assert!(close.contains("only with two results three months apart"), "{close}");
    let apart = vec![man(), egfr("L000001", "2026-02-20"), egfr("L000002", "2025-10-20")];
    let text = one(apart.clone(), "egfr");
    assert!(text.contains("is in the range KDIGO calls G3a") && text.contains("2024"), "{text}");
    let stay = Visit { class: VisitClass::Inpatient, ..Visit::default() };
    let stay = entry("E000001", "Pneumonia", "2026-02-10", Detail::Visit(Box::new(stay)));
    let acute = one([apart, vec![stay]].concat(), "egfr");
    assert!(!acute.contains("Published cut-off:"), "{acute}");
}

#[test]
fn what_is_preliminary_corrected_or_cancelled_is_told_as_such() {
    let old = lab("L000001", "2026-01-10", POTASSIUM, "4.4 mmol/L");
    let preliminary = with(lab("L000002", "2026-02-20", POTASSIUM, "6.0 mmol/L"), |entry| {
        entry.status = Some("preliminary".into())
    });
    let text = one(vec![old.clone(), preliminary], "potassium");
    assert!(
        text.contains("6.0 mmol/L (preliminary)")
            && text.contains("Preliminary: the laboratory may still change it"),
        "{text}"
    );
    assert!(text.contains("No direction is read: the latest result is preliminary"), "{text}");
    let corrected = with(old.clone(), |entry| entry.status = Some("corrected".into()));
    assert!(one(vec![corrected], "potassium").contains("Corrected by the laboratory"));
    let cancelled = with(lab("L000003", "2026-02-25", POTASSIUM, "9.0 mmol/L"), |entry| {
        entry.status = Some("cancelled".into())
    });
    let text = one(vec![old, cancelled], "potassium");
    assert!(
        text.contains("Latest: 4.4 mmol/L, 2026-01-10")
            && text.contains("Since then without a result: 9.0 mmol/L (cancelled)"),
        "{text}"
    );
}

#[test]
fn a_comment_and_the_state_of_the_specimen_stand_beside_the_value() {
    let sample = with(lab("L000001", "2026-02-20", POTASSIUM, "6.0 mmol/L"), |entry| {
        entry.notes = vec!["Specimen hemolyzed, suggest repeat".into()];
    });
    let sample = change(sample, |found| found.specimen = Some("Serum (hemolyzed)".into()));
    let text = one(vec![sample], "potassium");
    assert!(
        text.contains("Comment in the report: \"Specimen hemolyzed, suggest repeat\" [L000001]"),
        "{text}"
    );
    assert!(text.contains("specimen: Serum (hemolyzed)"), "{text}");
}

#[test]
fn numbers_of_two_units_are_brought_into_one_and_that_is_said() {
    let glucose = ("2345-7", "Glucose");
    let text = one(
        vec![
            lab("L000001", "2025-01-10", glucose, "5.5 mmol/L"),
            lab("L000002", "2025-06-10", glucose, "90 mg/dL"),
            lab("L000003", "2026-01-10", glucose, "100 mg/dL"),
            lab("L000004", "2025-09-10", glucose, "6.1"),
        ],
        "glucose",
    );
    // 5.5 × 18.016 = 99.088 mg/dL.
    assert!(text.contains("3 comparable results in mg/dL: first 99.088 (2025-01-10) [L000001], last 100 (2026-01-10) [L000003], least 90 (2025-06-10) [L000002], greatest 100"), "{text}");
    assert!(text.contains("1 more kept out"), "{text}");
    assert!(text.contains("units: mg/dL, mmol/L"), "{text}");
    assert!(text.contains("5.5 mmol/L, 2025-01-10 [L000001]"), "as reported: {text}");
}

#[test]
fn an_order_between_two_results_and_a_problem_may_bear_on_it() {
    let order = Medication { ingredients: vec!["spironolactone".into()], ..Medication::default() };
    let order = with(
        entry("M000001", "Spironolactone 25 mg", "2026-01-20", Detail::Medication(Box::new(order))),
        |entry| {
            entry.status = Some("active".into());
        },
    );
    let disease = with(
        entry(
            "C000001",
            "Chronic kidney disease stage 3",
            "2020-01-01",
            Detail::Condition(Box::<Condition>::default()),
        ),
        |entry| {
            entry.status = Some("active".into());
        },
    );
    let text = one(
        vec![
            order,
            disease,
            lab("L000001", "2025-12-01", POTASSIUM, "4.4 mmol/L"),
            flagged(lab("L000002", "2026-02-20", POTASSIUM, "5.6 mmol/L"), FlagMeaning::High),
        ],
        "potassium",
    );
    assert!(text.contains("Moved up from 4.4 mmol/L"), "4.4 with 12 percent added is 4.93: {text}");
    assert!(text.contains("Between 2025-12-01 and 2026-02-20, as recorded: Spironolactone 25 mg ordered 2026-01-20 [M000001]"), "{text}");
    let bearing = text.lines().find(|line| line.starts_with("On record and may bear on it")).unwrap();
    assert!(bearing.contains("[M000001]") && bearing.contains("[C000001]"), "{bearing}");
    assert!(!text.contains("because") && !text.contains("caused"), "{text}");
}

#[test]
fn what_is_known_to_move_a_test_stands_before_what_is_only_followed_by_it() {
    let taken = |id: &str, name: &str, date: &str| {
        let medicine = Medication { ingredients: vec![name.into()], ..Medication::default() };
        with(entry(id, name, date, Detail::Medication(Box::new(medicine))), |entry| {
            entry.status = Some("active".into());
        })
    };
    // Losartan is an ARB, which the table names for high potassium; empagliflozin is only followed by it.
    let record = vec![
        taken("M000001", "empagliflozin", "2026-02-01"),
        taken("M000002", "losartan", "2025-11-18"),
        flagged(lab("L000001", "2026-02-20", POTASSIUM, "5.6 mmol/L"), FlagMeaning::High),
    ];
    let text = one(record, "potassium");
    let bearing = text.lines().find(|line| line.starts_with("On record and may bear on it")).unwrap();
    let place = |id: &str| bearing.find(id).unwrap();
    assert!(place("[M000002]") < place("[M000001]"), "{bearing}");
}

#[test]
fn of_what_changed_that_comes_first_which_changed_most_for_its_kind() {
    // Creatinine 1.0 to 1.5 is 50 percent, 2.8 times its variation of 18 percent; HbA1c 5.0 to 5.5 is 10 percent,
    // 1.4 times its variation of 7 percent, and is the newer one.
    let text = told(
        vec![
            of("female", "1961-05-04"),
            lab("L000001", "2025-12-01", CREATININE, "1.0 mg/dL"),
            lab("L000002", "2026-02-01", CREATININE, "1.5 mg/dL"),
            lab("L000003", "2025-12-01", A1C, "5.0 %"),
            lab("L000004", "2026-02-20", A1C, "5.5 %"),
        ],
        json!({}),
    );
    let place = |id: &str| text.find(id).unwrap_or(usize::MAX);
    assert!(text.contains("**Changed more than usual**"), "{text}");
    assert!(place("[L000002]") < place("[L000004]"), "{text}");
}

#[test]
fn blood_pressures_are_averaged_by_week_and_one_day_is_no_class() {
    let man = || of("male", "1961-05-04");
    // The week of Monday 2026-02-16: (140 + 136 + 144) / 3 = 140 over (88 + 84 + 86) / 3 = 86.
    let week = vec![
        reading("V000001", "2026-02-16T08:00:00Z", "140", "88"),
        reading("V000002", "2026-02-18T08:00:00Z", "136", "84"),
        reading("V000003", "2026-02-20T08:00:00Z", "144", "86"),
    ];
    let text = one([vec![man()], week.clone()].concat(), "blood pressure");
    assert!(text.contains("Averages by week in mmHg: week of 2026-02-16 140/86 (3 readings)"), "{text}");
    assert!(text.contains("Average of 3 readings on 3 days up to 2026-02-20: 140/86"), "{text}");
    assert!(
        text.contains("upper number in the range of stage 2 high blood pressure (2025 AHA/ACC"),
        "{text}"
    );
    assert!(text.contains("lower number in the range of stage 1 high blood pressure"), "{text}");
    let single = one(vec![man(), week[0].clone()], "blood pressure");
    assert!(single.contains("one reading is no class") && !single.contains("stage"), "{single}");
    // Two that contradict each other at one moment are in no average.
    let twin = reading("V000004", "2026-02-20T08:00:00Z", "110", "70");
    let text = one([vec![man()], week.clone(), vec![twin]].concat(), "blood pressure");
    assert!(text.contains("week of 2026-02-16 138/86 (2 readings)"), "{text}");
    let young = one([vec![of("female", "1990-01-01")], week].concat(), "blood pressure");
    assert!(!young.contains("stage") && young.contains("Published cut-offs are left out"), "{young}");
}

#[test]
fn home_readings_are_marked_and_never_averaged_with_others() {
    let home = |id: &str, at: &str, upper: &str| {
        with(reading(id, at, upper, "80"), |entry| {
            let (role, key) = ("performer".into(), Some("Patient/1".into()));
            entry.actors = vec![Actor { role, name: None, key }];
        })
    };
    let text = one(
        vec![
            of("male", "1961-05-04"),
            home("V000001", "2026-02-16", "128"),
            home("V000002", "2026-02-17", "130"),
            reading("V000003", "2026-02-18", "160", "90"),
        ],
        "blood pressure",
    );
    assert!(text.contains("week of 2026-02-16 129/80 (2 readings, at home)"), "{text}");
    assert!(text.contains("How it was measured: by the person (2); not recorded how (1)"), "{text}");
}

#[test]
fn what_cannot_wait_stands_first_and_what_cannot_be_is_kept_out() {
    // Today is 2026-03-01; potassium above 6.2 is a limit for calls (University of Iowa).
    let text = told(
        vec![
            lab("L000001", "2026-02-27", POTASSIUM, "6.9 mmol/L"),
            lab("L000002", "2026-02-27", A1C, "2.6 %"),
            flagged(lab("L000003", "2026-02-20", ("718-7", "Hemoglobin"), "10.1 g/dL"), FlagMeaning::Low),
            lab("L000004", "2025-08-20", CREATININE, "1.0 mg/dL"),
            lab("L000005", "2026-02-20", CREATININE, "1.5 mg/dL"),
        ],
        json!({}),
    );
    let places = [
        "Cannot wait",
        "[L000001]",
        "Not plausible",
        "[L000002]",
        "Flagged by the report",
        "[L000003]",
        "Changed more",
        "[L000005]",
    ];
    let found: Vec<usize> =
        places.iter().map(|words| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"))).collect();
    assert!(found.is_sorted(), "{found:?} {text}");
    assert!(text.contains("Moved up from 1.0 mg/dL, 2025-08-20 [L000004]"), "{text}");
}

#[test]
fn a_person_who_has_died_is_asked_nothing() {
    let died = person(|person| person.death = crate::record::Death::Died(When::parse("2025-12-31")));
    let text = one(
        vec![
            died,
            flagged(lab("L000001", "2025-12-20", POTASSIUM, "6.9 mmol/L"), FlagMeaning::CriticallyHigh),
        ],
        "potassium",
    );
    assert!(
        text.contains("CRITICALLY HIGH") && !text.contains("To ask") && !text.contains("URGENT"),
        "{text}"
    );
}

#[test]
fn words_for_results_as_such_ask_for_what_stands_out_and_a_wrong_name_for_nothing() {
    let entries = || vec![flagged(lab("L000001", "2026-02-20", POTASSIUM, "5.6 mmol/L"), FlagMeaning::High)];
    for query in ["my latest labs", "explain my results", "blood work"] {
        let text = one(entries(), query);
        assert!(text.contains("what stands out") && text.contains("[L000001]"), "{query}: {text}");
    }
    for query in ["laboratory zinc", "potasium pills", "K9"] {
        let text = one(entries(), query);
        assert!(text.contains("Nothing found") && !text.contains("[L000001]"), "{query}: {text}");
    }
    assert!(one(entries(), "potasium").contains("come near: Potassium"));
    assert!(one(entries(), "2823-3").contains("[L000001]"));
    assert!(one(entries(), "basic metabolic panel").contains("[L000001]"));
}

#[test]
fn a_withheld_kind_is_told_as_withheld() {
    let entries = vec![lab("L000001", "2026-02-20", POTASSIUM, "5.6 mmol/L")];
    let view = crate::insight::testing::view_without(entries, |scope| {
        scope.kinds.remove(&crate::record::Kind::Lab);
        scope.kinds.remove(&crate::record::Kind::Vital);
    });
    let asked = Asked { query: Some("potassium".into()), ..Asked::default() };
    let text = run(&view, json!({}), |context| explain(context, &asked).unwrap().text);
    assert!(text.contains("Withheld by the person's settings") && !text.contains("5.6"), "{text}");
}

#[test]
fn drugs_that_a_report_links_to_no_single_organism_are_not_given_to_one() {
    let drug = |id: &str, meaning| {
        flagged(measured(id, "2026-02-20", ("18906-8", "Ciprofloxacin"), Measurement::default()), meaning)
    };
    let organism = |id: &str, name: &str| {
        let value = Some(Value::Text(name.into()));
        measured(
            id,
            "2026-02-20",
            ("630-4", "Urine culture"),
            Measurement { value, ..Measurement::default() },
        )
    };
    let linked = with(drug("L000002", FlagMeaning::Resistant), |entry| {
        let key = "Lab/L000001".into();
        entry.links = vec![Link { role: LinkRole::Related, key }];
    });
    let text = one(vec![organism("L000001", "Escherichia coli"), linked], "urine culture");
    assert!(text.contains("Escherichia coli | Ciprofloxacin | R (resistant) [L000002]"), "{text}");
    // A report that names two organisms and one drug does not say whose drug it is.
    let report = Document { kind: DocumentKind::Microbiology, ..Document::default() };
    let report =
        with(entry("D000001", "Urine culture", "2026-02-20", Detail::Document(Box::new(report))), |entry| {
            let keys = ["Lab/L000001", "Lab/L000002", "Lab/L000003"];
            entry.links = keys.map(|key| Link { role: LinkRole::Result, key: key.into() }).into();
        });
    let one_organism =
        vec![organism("L000001", "Escherichia coli"), drug("L000002", FlagMeaning::Resistant), report];
    let text = one(one_organism.clone(), "urine culture");
    assert!(text.contains("Escherichia coli | Ciprofloxacin | R (resistant) [L000002]"), "{text}");
    let text = one(
        [one_organism, vec![organism("L000003", "Proteus mirabilis")]].concat(),
        "urine culture ciprofloxacin",
    );
    assert!(!text.contains("coli | Ciprofloxacin") && !text.contains("mirabilis | Ciprofloxacin"), "{text}");
    let text = one(
        vec![organism("L000001", "Escherichia coli"), drug("L000002", FlagMeaning::Susceptible)],
        "ciprofloxacin",
    );
    assert!(
        text.contains("The record links this drug to no organism")
            && text.contains("not linked | Ciprofloxacin | S (susceptible)"),
        "{text}"
    );
}
