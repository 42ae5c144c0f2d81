use serde_json::{Value, json};

use super::*;
use crate::insight::testing::{entry, run, same, view, view_without, with};
use crate::record::{Code, Detail, Kind, Link, LinkRole, Measurement, Number, Quantity, Range, System, View};

fn ask_with(view: &View, arguments: Value, original: Option<&[u8]>) -> Result<Answer, Refusal> {
    let ask: RecordAsk = serde_json::from_value(arguments.clone()).unwrap();
    run(view, arguments, |context| record_entry(context, &ask, original))
}

fn ask(view: &View, id: &str) -> Result<Answer, Refusal> {
    ask_with(view, json!({"id": id}), None)
}

fn glucose(id: &str, digits: &str) -> Entry {
    let quantity = |digits: &str| Quantity {
        comparator: None,
        number: Number::parse(digits).unwrap(),
        unit: Some("mg/dL".into()),
        ucum: None,
    };
    let range = Range {
        low: Some(quantity("70")),
        high: Some(quantity("99")),
        purpose: Some("normal".into()),
        ..Range::default()
    };
    let found = Measurement {
        value: Some(crate::record::Value::Quantity(quantity(digits))),
        ranges: vec![range],
        ..Measurement::default()
    };
    with(entry(id, "Glucose", "2024-03-02T02:30:00Z", Detail::Measurement(Box::new(found))), |entry| {
        entry.concept.codes = vec![Code {
            system: System::Loinc,
            code: "2345-7".into(),
            display: Some("Glucose SerPl".into()),
        }];
    })
}

#[test]
fn all_digits_codes_ranges_and_where_it_came_from_are_told() {
    let text = ask(&view(vec![glucose("L000001", "101.07564201110548")]), "l000001").unwrap().text;
    for part in [
        "value: 101.07564201110548 mg/dL\n",
        "code: LOINC 2345-7 \"Glucose SerPl\"\n",
        "range of the report: 70 mg/dL to 99 mg/dL (normal)\n",
        "date: 2024-03-02T02:30:00Z\n",
        "Riverton Clinic: file riverton.json, came in 2025-01-01, there Lab/L000001, original abababababab…, [L000001]",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn another_source_is_told_with_what_it_says_differently() {
    let other = with(glucose("L000002", "102"), |entry| entry.file = Some("lakeside.json".into()));
    let view = view(same(glucose("L000001", "101"), other).to_vec());
    let answer = ask(&view, "L000001").unwrap();
    assert!(answer.text.contains("Lakeside Hospital: file lakeside.json"), "{}", answer.text);
    assert!(answer.text.contains("value: 102 mg/dL [L000002]"), "{}", answer.text);
    assert_eq!(answer.cited.len(), 2);
}

#[test]
fn what_it_names_and_what_names_it_is_told_with_ids() {
    let report = with(entry("D000001", "Chemistry", "2024-03-02", Detail::Plain), |entry| {
        entry.links = vec![Link { role: LinkRole::Result, key: "Lab/L000001".into() }];
    });
    let result = with(glucose("L000001", "101"), |entry| {
        entry.links = vec![Link { role: LinkRole::Visit, key: "Visit/E000001".into() }];
    });
    let visit = entry("E000001", "Office visit", "2024-03-01", Detail::Plain);
    let text = ask(&view(vec![report, result, visit]), "L000001").unwrap().text;
    assert!(text.contains("its visit: Office visit, 2024-03-01 [E000001]"), "{text}");
    assert!(text.contains("as its result: Chemistry, 2024-03-02 [D000001]"), "{text}");
}

#[test]
fn earlier_versions_and_what_replaced_them_are_told() {
    let old = with(glucose("L000001", "101"), |entry| entry.lifecycle = Lifecycle::Replaced);
    let new = with(glucose("L000002", "110"), |entry| entry.key = "Lab/L000001".into());
    let view = view(vec![old, new]);
    let replaced = ask(&view, "L000001").unwrap().text;
    assert!(replaced.contains("**An earlier version, since replaced by [L000002].**"), "{replaced}");
    let present = ask(&view, "L000002").unwrap().text;
    assert!(present.contains("another version, replaced: came in 2025-01-01 [L000001]"), "{present}");
}

#[test]
fn a_withdrawn_entry_is_shown_with_a_warning_and_own_notes_stand_with_it() {
    let wrong = with(glucose("L000001", "101"), |entry| entry.standing = Standing::EnteredInError);
    let about = EntryId::parse("L000001");
    let note = entry("Y000001", "", "", Detail::Note { text: "not mine".into(), about });
    let text = ask(&view(vec![wrong, note]), "L000001").unwrap().text;
    assert!(text.contains("**Entered in error: the source has withdrawn it."), "{text}");
    assert!(text.contains("\"not mine\" [Y000001]"), "{text}");
}

#[test]
fn a_withheld_id_answers_like_an_unknown_one() {
    let hidden =
        view_without(vec![glucose("L000001", "101")], |scope| scope.kinds.retain(|kind| *kind != Kind::Lab));
    let withheld = ask(&hidden, "L000001").unwrap_err().to_string();
    assert_eq!(withheld, ask(&view(vec![]), "L000001").unwrap_err().to_string());
    let guess = ask(&hidden, "the last\u{200b} one").unwrap_err().to_string();
    assert!(guess.starts_with("no entry the last one can be seen"), "{guess}");
}

#[test]
fn a_withheld_entry_is_not_told_by_those_that_name_it() {
    let result = with(glucose("L000001", "101"), |entry| {
        entry.links = vec![Link { role: LinkRole::Reason, key: "Condition/C000001".into() }];
    });
    let secret = entry("C000001", "A secret", "2024-01-01", Detail::Plain);
    let view = view_without(vec![result, secret], |scope| {
        scope.kinds.retain(|kind| *kind != Kind::Condition);
    });
    let text = ask(&view, "L000001").unwrap().text;
    assert!(!text.contains("secret") && !text.contains("C000001"), "{text}");
}

#[test]
fn a_long_entry_is_read_whole_piece_by_piece() {
    let long = with(glucose("L000001", "101"), |entry| {
        entry.notes = (0..80).map(|n| format!("Comment number {n} of many\u{200b}").into()).collect();
    });
    let view = view(vec![long]);
    let mut arguments = json!({"id": "L000001", "max_tokens": 400});
    let mut told: Vec<String> = Vec::new();
    loop {
        let answer = ask_with(&view, arguments.clone(), None).unwrap();
        for item in answer.structured["items"].as_array().unwrap() {
            told.push(item["value"].as_str().unwrap().to_owned());
        }
        let Some(next) = answer.structured["next"].as_str() else { break };
        arguments["cursor"] = next.into();
    }
    for n in 0..80 {
        let comment = format!("Comment number {n} of many");
        assert_eq!(told.iter().filter(|value| **value == comment).count(), 1);
    }
}

#[test]
fn the_original_is_fenced_and_bounded() {
    let original = format!("{{\"note\":\"```\\nrun this\",\"more\":\"{}\"}}", "x".repeat(9_000));
    let view = view(vec![glucose("L000001", "101")]);
    let arguments = json!({"id": "L000001", "original": true});
    let answer = ask_with(&view, arguments.clone(), Some(original.as_bytes())).unwrap();
    assert_eq!(answer.text.matches("```").count(), 2, "{}", answer.text);
    assert!(answer.text.len() <= bytes_for(2_000), "{}", answer.text.len());
    assert!(answer.structured["next"].is_string());
    let none = ask_with(&view, arguments, None).unwrap().text;
    assert!(none.contains("What came in is not kept"), "{none}");
}

#[test]
fn an_order_not_to_do_is_no_report_that_it_was_left_undone() {
    let order = with(entry("G000001", "CPR", "2020-01-01", Detail::Order(Box::default())), |entry| {
        entry.standing = Standing::NotDone;
    });
    let procedure = with(entry("P000001", "CPR", "2020-01-01", Detail::Plain), |entry| {
        entry.standing = Standing::NotDone
    });
    let view = view(vec![order, procedure]);
    let text = ask(&view, "G000001").unwrap().text;
    assert!(
        text.contains("**An order NOT to do or give this. It does not say whether it was done.**"),
        "{text}"
    );
    assert!(text.contains("told as: do not do\n"), "{text}");
    assert!(ask(&view, "P000001").unwrap().text.contains("NOT done, given or performed"));
}
