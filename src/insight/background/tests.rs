use serde_json::{Value, json};

use super::*;
use crate::insight::testing::{entry, run, view, view_without, walk, with};
use crate::record::{
    Code, Concept, Document, Family, Measurement, Number, Person, Quantity, RelativeCondition, System, View,
    When,
};

fn ask(view: &View, arguments: Value) -> Result<Answer, Refusal> {
    let ask: BackgroundAsk = serde_json::from_value(arguments.clone()).unwrap();
    run(view, arguments, |context| background(context, &ask))
}

fn text(view: &View, arguments: Value) -> String {
    ask(view, arguments).unwrap().text
}

fn observed(id: &str, name: &str, date: &str, value: &str, category: &str) -> Entry {
    let found =
        Measurement { value: Some(crate::record::Value::Text(value.into())), ..Measurement::default() };
    with(entry(id, name, date, Detail::Measurement(Box::new(found))), |entry| {
        entry.categories = vec![category.into()];
        entry.status = Some("final".into());
    })
}

#[test]
fn recorded_sex_birth_sex_and_gender_identity_are_told_apart() {
    let person = Person {
        birth: When::parse("1961-05-04"),
        sex: Some("male".into()),
        birth_sex: Some("F".into()),
        facts: vec![("preferred language".into(), "Spanish".into())],
        ..Person::default()
    };
    let view = view(vec![entry("S000002", "", "", Detail::Person(Box::new(person)))]);
    let text = text(&view, json!({"kind": "demographics"}));
    assert!(
        text.contains("born 1961-05-04; recorded sex: male; sex at birth: F; gender identity: not recorded"),
        "{text}"
    );
    assert!(text.contains("↳ preferred language: Spanish"), "{text}");
}

#[test]
fn a_relatives_illness_is_told_as_the_relatives() {
    let condition = RelativeCondition {
        concept: Concept::named("Breast cancer"),
        onset: Some("age 52".into()),
        was_fatal: Some(true),
        outcome: None,
    };
    let family = Family { relation: Some("mother".into()), death: None, conditions: vec![condition] };
    let view = view(vec![entry("F000001", "mother", "", Detail::Family(Box::new(family)))]);
    let text = text(&view, json!({"kind": "family history", "query": "cancer"}));
    assert!(text.contains("mother|Breast cancer (age 52, cause of death)|[F000001]"), "{text}");
}

#[test]
fn the_newest_answer_leads_and_the_earlier_stand_beneath() {
    let view = view(vec![
        observed("B000001", "Tobacco smoking status", "2015-01-01", "current smoker", "social-history"),
        observed("B000002", "Tobacco smoking status", "2024-01-01", "former smoker", "social-history"),
    ]);
    let answer = ask(&view, json!({"kind": "social_history"})).unwrap();
    assert_eq!(answer.structured["total"], 1);
    let rows = "2024-01-01|Tobacco smoking status|former smoker|[B000002]\n↳ earlier: 2015-01-01 current smoker [B000001]";
    assert!(answer.text.contains(rows), "{}", answer.text);
}

#[test]
fn a_directive_is_a_copy_and_an_order_not_to_do_is_told_as_one() {
    let document = Document { text: Some("I, Maria, …".into()), ..Document::default() };
    let will =
        with(entry("W000001", "Living will", "2020-01-01", Detail::Document(Box::new(document))), |entry| {
            entry.status = Some("current".into());
        });
    let order =
        with(entry("W000002", "Resuscitation", "2021-01-01", Detail::Order(Box::default())), |entry| {
            entry.standing = Standing::NotDone;
            entry.status = Some("active".into());
        });
    let text = text(&view(vec![will, order]), json!({"kind": "directives"}));
    assert!(text.contains("a copy; the signed paper counts"), "{text}");
    assert!(
        text.contains("2020-01-01|Living will|current|text: get_documents {\"id\":\"W000001\"}|"),
        "{text}"
    );
    assert!(text.contains("Resuscitation|order NOT to do|"), "{text}");
}

#[test]
fn a_device_is_told_with_what_identifies_it() {
    let pacemaker = with(entry("X000001", "Pacemaker", "", Detail::Plain), |entry| {
        entry.more = vec![("model".into(), "P-100".into()), ("identifier".into(), "sys|1".into())];
    });
    let text = text(&view(vec![pacemaker]), json!({"kind": "devices"}));
    assert!(text.contains("Pacemaker|model: P-100|[X000001]"), "{text}");
    assert!(!text.contains("sys"), "{text}");
}

#[test]
fn answers_of_one_day_stand_side_by_side() {
    let mut no = observed("B000003", "Advance directive", "2024-05-16", "No", "adi");
    no.source = 1;
    let yes = observed("B000002", "Advance directive", "2024-05-16T09:00:00Z", "Yes", "adi");
    let before = observed("B000001", "Advance directive", "2020-01-01", "No", "adi");
    let text = text(&view(vec![before, yes, no]), json!({}));
    assert!(text.contains("↳ earlier: 2020-01-01 No [B000001]"), "{text}");
    let shows = |line: &str| text.contains(line);
    assert!(
        shows("↳ also 2024-05-16: No (Lakeside Hospital) [B000003]")
            || shows("↳ also 2024-05-16: Yes (Riverton Clinic) [B000002]"),
        "{text}"
    );
}

#[test]
fn a_recent_self_harm_answer_stands_first_and_an_old_or_zero_one_does_not() {
    let answer = |date: &str, score: &str| {
        let quantity =
            Quantity { comparator: None, number: Number::parse(score).unwrap(), unit: None, ucum: None };
        let found =
            Measurement { value: Some(crate::record::Value::Quantity(quantity)), ..Measurement::default() };
        let entry = entry("B000001", "Item 9", date, Detail::Measurement(Box::new(found)));
        let entry = with(entry, |entry| {
            entry.concept.codes = vec![Code { system: System::Loinc, code: "44260-8".into(), display: None }];
        });
        text(&view(vec![entry]), json!({}))
    };
    assert!(answer("2026-02-20", "2").lines().nth(1).unwrap().contains("988"));
    assert!(!answer("2026-02-20", "0").contains("988"));
    assert!(!answer("2025-02-20", "2").contains("988"));
}

#[test]
fn a_questionnaire_keeps_the_self_harm_answer_under_its_code() {
    let answer = |given: &str| {
        let said = vec![("Thoughts that you would be better off dead?".into(), given.into())];
        let entry = with(entry("B000001", "PHQ-9", "2026-02-20", Detail::Answers(said)), |entry| {
            entry.more.push(("LOINC 44260-8".into(), given.into()));
        });
        text(&view(vec![entry]), json!({}))
    };
    assert!(answer("Several days").lines().nth(1).unwrap().contains("988"));
    assert!(!answer("Not at all").contains("988"));
}

#[test]
fn what_nobody_has_sent_is_named_and_withheld_is_told_otherwise() {
    let text_of = |view: &View| text(view, json!({"kind": "directives"}));
    assert!(
        text(&view(vec![]), json!({})).contains("no source has sent anything about: directives, devices")
    );
    assert!(text_of(&view(vec![])).contains("no source has sent one"));
    let hidden = view_without(vec![], |scope| {
        scope.kinds.retain(|kind| !matches!(kind, Kind::Directive | Kind::Background));
    });
    assert!(text_of(&hidden).contains("Withheld by the person's settings"));
    assert!(ask(&hidden, json!({"kind": "hobbies"})).is_err());
}

#[test]
fn a_withdrawn_answer_is_shown_only_to_those_who_ask() {
    let wrong = with(observed("B000001", "Alcohol use", "2024-01-01", "daily", "social-history"), |entry| {
        entry.standing = Standing::EnteredInError;
    });
    let view = view(vec![wrong]);
    assert!(!text(&view, json!({})).contains("daily"));
    let asked = text(&view, json!({"status": "entered-in-error"}));
    assert!(asked.contains("daily|ENTERED IN ERROR"), "{asked}");
}

#[test]
fn a_walk_by_cursor_gives_every_row_once() {
    let answers = (0..40).map(|n| {
        let questions = vec![("How are you, and why?".into(), "well".into())];
        entry(&format!("B{n:06}"), &format!("Form {n}"), "2024-01-01", Detail::Answers(questions))
    });
    let view = view(answers.collect());
    assert_eq!(walk(&view, |arguments| ask(&view, arguments)).len(), 41, "and the person");
}
