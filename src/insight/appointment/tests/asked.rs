//! What was begun and is open: it is asked once, with what bears on it, and what is overdue first.

use super::*;

fn potassium() -> Vec<Entry> {
    vec![
        asked_for("G000001", "Repeat potassium", "2026-02-10", "2026-02-17"),
        note(
            "D000001",
            "2026-02-10",
            "Plan:\n- Potassium 5.6: repeat within one week.\n- Return in three months, sooner for the potassium.",
        ),
        lab("L000001", "Potassium", POTASSIUM, "2026-02-10", "5.6 mmol/L", Some(FlagMeaning::High)),
        visit("E000001", "2026-02-10", "Imani Brook, MD"),
    ]
}

#[test]
fn an_overdue_follow_up_stands_above_newly_flagged_results() {
    // Advised on 2024-08-01 for twelve months later: due 2025-08-01, seven months ago.
    let mut entries = vec![
        report("R000001", "CT of the chest", "2024-08-01", "Nodule of 5 mm: follow-up CT in 12 months."),
        visit("E000001", "2026-02-01", "Imani Brook, MD"),
    ];
    let names = [("Hemoglobin A1c", A1C, "8.1 %"), ("Creatinine", CREATININE, "1.5 mg/dL")];
    for (place, (name, loinc, value)) in names.into_iter().enumerate() {
        let id = format!("L00000{place}");
        entries.push(lab(&id, name, loinc, "2026-02-10", value, Some(FlagMeaning::High)));
    }
    let text = told(entries, json!({}));
    assert_eq!(place(&text, "follow-up CT in 12 months"), 0, "{text}");
    assert!(place(&text, "8.1%") > 0 && place(&text, "1.5 mg/dL") > 0, "{text}");
}

#[test]
fn what_is_to_come_is_not_overdue() {
    // Due 2026-08-01, in five months.
    let entries = vec![
        report("R000001", "CT of the chest", "2025-08-01", "Nodule of 5 mm: follow-up CT in 12 months."),
        lab("L000001", "Hemoglobin A1c", A1C, "2026-02-10", "8.1 %", Some(FlagMeaning::High)),
    ];
    let text = told(entries, json!({}));
    assert!(place(&text, "8.1%") < place(&text, "follow-up CT"), "{text}");
}

#[test]
fn potassium_that_is_ordered_advised_and_flagged_is_one_question() {
    let text = told(potassium(), json!({}));
    let about: Vec<String> = questions(&text)
        .into_iter()
        .filter(|one| one.contains("otassium") && !one.contains("Return in"))
        .collect();
    let [one] = about.as_slice() else { panic!("{text}") };
    for cited in ["[G000001]", "[D000001]", "[L000001]", "5.6 mmol/L", "Was the sample hemolyzed"] {
        assert!(one.contains(cited), "{cited}: {one}");
    }
}

#[test]
fn a_critical_result_of_a_test_that_is_open_leads_with_its_question() {
    let mut entries = potassium();
    entries.push(asked_for("G000002", "Repeat creatinine", "2026-02-20", "2026-02-27"));
    assert!(questions(&told(entries.clone(), json!({})))[0].contains("creatinine"), "the newest first");
    entries[2] =
        lab("L000001", "K", POTASSIUM, "2026-02-10", "6.0 mmol/L", Some(FlagMeaning::CriticallyHigh));
    let text = told(entries, json!({"limit": 1}));
    assert!(questions(&text)[0].contains("6.0 mmol/L"), "{text}");
}

#[test]
fn a_return_is_a_visit_and_a_booked_or_later_visit_answers_it() {
    let advised = || note("D000001", "2025-11-10", "Plan: Return in three months, sooner for the potassium.");
    let is_asked = |entries: Vec<Entry>| told(entries, json!({})).contains("Advised on 2025-11-10");
    // Due 2026-02-10. A potassium is not what was asked for.
    let result = lab("L000001", "Potassium", POTASSIUM, "2026-02-01", "4.4 mmol/L", None);
    assert!(is_asked(vec![advised()]) && is_asked(vec![advised(), result]));
    assert!(told(vec![advised()], json!({})).contains("no later visit stands in these records"));
    assert!(!is_asked(vec![advised(), visit("E000001", "2026-02-05", "Imani Brook, MD")]));
    assert!(!is_asked(vec![advised(), visit("E000001", "2026-03-10", "Imani Brook, MD")]));
    // A year later is not what was meant.
    assert!(is_asked(vec![advised(), visit("E000001", "2027-03-10", "Imani Brook, MD")]));
    for words in
        ["RTC 3 months", "Follow up in clinic in 3 months, A1c was 8.1", "Return to clinic in 3 months"]
    {
        let advised = note("D000001", "2025-11-10", &format!("Plan: {words}."));
        assert!(!is_asked(vec![advised, visit("E000001", "2026-02-05", "Imani Brook, MD")]), "{words}");
    }
    let soon = || visit("E000001", "2026-03-10", "Imani Brook, MD");
    assert!(!is_asked(vec![note("D000001", "2025-11-10", "Plan: Follow up in 3 months."), soon()]));
    // What is to be repeated is not said, and a day that is booked does not do it.
    assert!(is_asked(vec![note("D000001", "2025-11-10", "Plan: Repeat in 3 months."), soon()]));
    // Who is to come for a test has not had it by coming.
    let test = note("D000001", "2025-11-10", "Plan: Return in 3 months to repeat potassium.");
    assert!(is_asked(vec![test, visit("E000001", "2026-02-05", "Imani Brook, MD")]));
}

#[test]
fn quoted_advice_has_no_list_mark_and_one_full_stop() {
    let text =
        told(vec![note("D000001", "2026-02-10", "Plan:\n- Recheck potassium in one week.")], json!({}));
    assert!(text.contains("Advised on 2026-02-10: \"Recheck potassium in one week\". Who sees"), "{text}");
    let text = told(
        vec![report("R000001", "CT", "2025-02-20", "1. No clot. 2. Follow-up CT in 6 months.")],
        json!({}),
    );
    assert!(text.contains("\"Follow-up CT in 6 months\". Who"), "{text}");
    assert!(!text.contains(".. ") && !text.contains(".\"."), "{text}");
}

#[test]
fn a_scan_without_its_place_is_the_one_of_the_same_day_and_no_other() {
    let of_place = || asked_for("G000001", "Follow-up CT of the chest", "2025-02-20", "2026-02-20");
    let without = |date: &str| note("D000001", date, "Plan: follow-up CT in 12 months");
    let count = |entries| questions(&told(entries, json!({}))).len();
    assert_eq!(count(vec![of_place(), without("2025-02-20")]), 1);
    assert_eq!(count(vec![of_place(), without("2024-11-01")]), 2);
}

#[test]
fn of_many_orders_for_one_test_each_is_cited() {
    let ids = ["G000001", "G000002", "G000003", "G000004", "G000005"];
    let orders = ids.map(|id| asked_for(id, "Potassium", "2026-02-10", ""));
    let text = told(orders.to_vec(), json!({}));
    let [one] = questions(&text).try_into().unwrap();
    assert!(ids.iter().all(|id| one.contains(&format!("[{id}]"))) && one.contains("and 2 more"), "{one}");
}

#[test]
fn an_old_order_does_not_bury_a_new_one_for_the_same_test() {
    let entries = vec![
        asked_for("G000001", "Repeat potassium", "2015-02-10", "2015-02-17"),
        asked_for("G000002", "Potassium", "2026-02-10", "2026-02-17"),
        lab("L000001", "Hemoglobin A1c", A1C, "2026-02-12", "8.1 %", Some(FlagMeaning::High)),
    ];
    let text = told(entries, json!({}));
    assert!(questions(&text)[0].contains("[G000002]"), "{text}");
}

#[test]
fn a_goal_tells_the_latest_value_of_what_it_names() {
    let goals = || vec![goal("G000001", "A1c below 7 %"), goal("G000002", "Walk every day")];
    let mut entries = goals();
    entries.push(lab("L000001", "Hemoglobin A1c", A1C, "2025-06-10", "7.9 %", None));
    entries.push(lab("L000002", "Hemoglobin A1c", A1C, "2025-12-10", "7.4 %", None));
    let text = told(entries, json!({}));
    let one = &questions(&text)[place(&text, "A1c below 7")];
    assert!(one.contains("latest: Hemoglobin A1c 7.4%, 2025-12-10 [L000002]"), "{one}");
    assert!(!one.contains("L000001"), "{one}");
    assert!(!questions(&text)[place(&text, "Walk every day")].contains("latest"), "{text}");
    let with_target = with(goal("G000001", "Better sugar"), |entry| {
        entry.detail =
            Detail::Goal(Box::new(Goal { targets: vec!["HbA1c < 7 %".into()], ..Goal::default() }));
    });
    let result = lab("L000002", "Hemoglobin A1c", A1C, "2025-12-10", "7.4 %", None);
    assert!(told(vec![with_target, result], json!({})).contains("latest: Hemoglobin A1c 7.4%"));
    assert!(!told(goals(), json!({})).contains("latest"));
}

#[test]
fn what_a_note_lists_beneath_its_plan_is_read_up_to_the_next_heading() {
    let of = |text: &str| questions(&told(vec![note("D000001", "2025-02-10", text)], json!({}))).len();
    assert_eq!(of("Plan:\n\n1. Nodule of 5 mm: CT should be repeated in 6 months."), 1);
    assert_eq!(of("Plan:\n- Walk more.\nFamily history:\n- Her sister should repeat a CT in 6 months."), 0);
}

#[test]
fn a_question_about_a_medicine_takes_no_question_about_its_result_away() {
    let entries = vec![
        medicine("M000001", "ibuprofen 400 mg", "2026-01-05", |_| {}),
        problem("C000001", "Chronic kidney disease, stage 3a", "2020-01-01"),
        visit("E000001", "2026-02-01", "Imani Brook, MD"),
        lab("L000001", "eGFR", EGFR, "2026-02-10", "50 mL/min/1.73 m2", Some(FlagMeaning::Low)),
    ];
    let text = told(entries, json!({}));
    assert!(text.contains("A medicine and the kidneys (ibuprofen)"), "{text}");
    assert!(text.contains("mean for me"), "{text}");
}

#[test]
fn a_return_that_a_report_on_a_mammogram_advises_is_a_mammogram() {
    let report = || report("R000001", "Mammogram", "2025-06-10", "Return in 6 months.");
    let text = told(vec![report(), visit("E000001", "2025-12-10", "Imani Brook, MD")], json!({}));
    assert!(text.contains("Advised on 2025-06-10 (mammogram): \"Return in 6 months\""), "{text}");
    let later = entry("R000002", "Mammogram", "2025-12-10", Detail::Document(Box::default()));
    assert!(questions(&told(vec![report(), later], json!({}))).is_empty());
}

#[test]
fn what_is_overdue_stays_near_the_top_whatever_the_visit_is_for() {
    let entries = vec![
        asked_for("G000001", "Follow-up CT of the chest", "2025-02-01", "2026-02-01"),
        problem("C000001", "Type 2 diabetes mellitus", "2026-02-15"),
        lab("L000001", "Hemoglobin A1c", A1C, "2026-02-10", "8.1 %", Some(FlagMeaning::High)),
    ];
    let text = told(entries, json!({"reason": "diabetes"}));
    let places = ["8.1%", "[G000001]", "the new entry"].map(|words| place(&text, words));
    assert!(places.is_sorted(), "{text}");
}
