//! Results since the last visit: new and changed ones singly, those that were known in one question.

use super::*;

#[test]
fn results_that_were_flagged_before_and_have_not_moved_are_one_low_question() {
    // Of A1c 7 percent and of HDL and creatinine 18 percent mean nothing (analytes_explained.tsv).
    let high = Some(FlagMeaning::High);
    let entries = vec![
        visit("E000001", "2026-02-01", "Imani Brook, MD"),
        lab("L000001", "Hemoglobin A1c", A1C, "2025-08-01", "8.0 %", high),
        lab("L000002", "Hemoglobin A1c", A1C, "2026-02-10", "8.1 %", high),
        lab("L000003", "HDL", HDL, "2025-08-01", "38 mg/dL", Some(FlagMeaning::Low)),
        lab("L000004", "HDL", HDL, "2026-02-10", "39 mg/dL", Some(FlagMeaning::Low)),
        lab("L000005", "Creatinine", CREATININE, "2025-08-01", "0.9 mg/dL", None),
        lab("L000006", "Creatinine", CREATININE, "2026-02-10", "1.4 mg/dL", high),
        asked_for("G000001", "Referral letter", "2025-12-01", ""),
    ];
    let text = told(entries.clone(), json!({}));
    let known = place(&text, "2 results that were flagged before the last visit");
    assert!(place(&text, "1.4 mg/dL") < known && place(&text, "Referral letter") < known, "{text}");
    let one = &questions(&text)[known];
    for fact in ["8.1%", "[L000002]", "before: ", "8.0%", "[L000001]", "39 mg/dL", "[L000003]", "[L000004]"] {
        assert!(one.contains(fact), "{fact}: {one}");
    }
    assert_eq!(text.matches("[L000002]").count(), 1, "{text}");
    // What belongs to the reason is moved up by itself.
    let text = told(entries, json!({"reason": "my A1c"}));
    assert!(place(&text, "8.1%") < place(&text, "39 mg/dL"), "{text}");
}

#[test]
fn a_result_that_moved_turned_or_is_critical_is_a_question_of_its_own() {
    let alone = |before: (&str, Option<FlagMeaning>), after: (&str, Option<FlagMeaning>)| {
        let entries = vec![
            visit("E000001", "2026-02-01", "Imani Brook, MD"),
            lab("L000001", "Creatinine", CREATININE, "2025-08-01", before.0, before.1),
            lab("L000002", "Creatinine", CREATININE, "2026-02-10", after.0, after.1),
        ];
        !told(entries, json!({})).contains("flagged before the last visit and again")
    };
    let high = Some(FlagMeaning::High);
    assert!(!alone(("1.40 mg/dL", high), ("1.45 mg/dL", high)), "within 18 percent");
    assert!(alone(("1.40 mg/dL", high), ("1.90 mg/dL", high)), "moved by 36 percent");
    assert!(alone(("1.40 mg/dL", None), ("1.45 mg/dL", high)), "newly flagged");
    assert!(alone(("1.40 mg/dL", high), ("1.45 mg/dL", Some(FlagMeaning::CriticallyHigh))), "critical now");
    assert!(alone(("1.40 mg/dL", high), ("128 umol/L", high)), "in another unit nothing is compared");
}

#[test]
fn new_is_what_came_since_the_last_visit_with_that_specialty() {
    let entries = vec![
        visit("E000001", "2025-06-01", "Riverton Nephrology"),
        visit("E000002", "2026-02-20", "Imani Brook, MD"),
        lab("L000001", "Creatinine", CREATININE, "2025-05-01", "0.9 mg/dL", None),
        lab("L000002", "Creatinine", CREATININE, "2025-12-10", "1.4 mg/dL", Some(FlagMeaning::High)),
        lab("L000003", "HDL", HDL, "2025-12-10", "39 mg/dL", Some(FlagMeaning::Low)),
    ];
    let text = told(entries.clone(), json!({"specialty": "kidney doctor"}));
    assert!(text.contains("Last visit with a kidney doctor (nephrology): 2025-06-01"), "{text}");
    let one = &questions(&text)[place(&text, "1.4 mg/dL")];
    assert!(one.contains("before the last visit: Creatinine 0.9 mg/dL, 2025-05-01 [L000001]"), "{one}");
    // Since the last visit of all there is nothing new.
    let text = told(entries, json!({}));
    assert!(text.contains("Last visit: 2026-02-20") && !text.contains("1.4 mg/dL"), "{text}");
}

#[test]
fn a_change_within_the_usual_variation_is_no_question() {
    let entries = |after: &str| {
        vec![
            visit("E000001", "2026-02-01", "Imani Brook, MD"),
            lab("L000001", "Creatinine", CREATININE, "2025-08-01", "0.90 mg/dL", None),
            lab("L000002", "Creatinine", CREATININE, "2026-02-10", after, None),
        ]
    };
    assert!(questions(&told(entries("0.95 mg/dL"), json!({}))).is_empty());
    let text = told(entries("1.20 mg/dL"), json!({}));
    assert!(text.contains("is now 1.20 mg/dL: what may be behind the change?"), "{text}");
}

#[test]
fn a_specialty_moves_what_belongs_to_it_up() {
    let entries = vec![
        problem("C000001", "Chronic kidney disease, stage 3a", "2020-01-01"),
        visit("E000001", "2026-02-01", "Imani Brook, MD"),
        lab("L000001", "Creatinine", CREATININE, "2026-02-10", "1.5 mg/dL", Some(FlagMeaning::High)),
        lab("L000002", "HDL", HDL, "2026-02-12", "39 mg/dL", Some(FlagMeaning::Low)),
    ];
    let text = told(entries.clone(), json!({}));
    assert!(place(&text, "39 mg/dL") < place(&text, "1.5 mg/dL"), "the newest first: {text}");
    let text = told(entries.clone(), json!({"specialty": "nephrology"}));
    assert!(place(&text, "1.5 mg/dL") < place(&text, "39 mg/dL"), "{text}");
    let text = told(entries, json!({"reason": "kidney disease"}));
    assert!(place(&text, "1.5 mg/dL") < place(&text, "39 mg/dL"), "{text}");
}
