//! What must hold of every answer over any record: budgets, what is removed, what is withheld, what is odd.

use std::collections::BTreeSet;

use jiff::Timestamp;
use plainchart::access::grant::{Grant, change_local};
use plainchart::knowledge::asked_for::asked_for;
use plainchart::knowledge::sensitive::{Class, Classes};
use plainchart::mcp::server::listed_tools;
use plainchart::record::{Kind, Scope};
use plainchart::store::records::open;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::people::{Chart, fixture_text, without_ids};
use crate::questions;

/// Tools and what each is asked here, beside nothing at all.
const ASKED: &[(&str, &str)] = &[
    ("explain_labs", r#"{"query": "potassium"}"#),
    ("explain_labs", r#"{"query": "blood pressure"}"#),
    ("explain_labs", r#"{"query": "ct"}"#),
    ("summarize_history", r#"{"detail": "brief"}"#),
    ("summarize_history", r#"{"detail": "full"}"#),
    ("prep_appointment_questions", r#"{"specialty": "cardiology", "concerns": "tired"}"#),
    ("plan_daily_routine", r#"{"focus": "food"}"#),
    ("check_preventive_care", r#"{"query": "vaccines"}"#),
    ("get_medications", r#"{"status": "active"}"#),
    ("search_records", r#"{"query": "heart"}"#),
];

/// All that is asked of a record: every tool with nothing (a search needs words, an entry an id, a portal a name), and the above.
fn calls() -> Vec<(String, Value)> {
    let bare = listed_tools().iter().map(|tool| tool.name.to_string());
    let bare =
        bare.filter(|name| !["search_records", "get_record", "connect_source"].contains(&name.as_str()));
    let bare = bare.map(|name| (name, json!({})));
    let more = ASKED.iter().map(|(tool, asked)| ((*tool).to_owned(), serde_json::from_str(asked).unwrap()));
    bare.chain(more).collect()
}

/// Every answer to those calls, in words.
fn answers(chart: &Chart) -> Vec<(String, String)> {
    calls().into_iter().map(|(tool, asked)| asked_of(chart, &tool, asked)).collect()
}

/// The call, and its answer.
fn asked_of(chart: &Chart, tool: &str, asked: Value) -> (String, String) {
    (format!("{tool} {asked}"), chart.text(tool, asked))
}

fn everyone() -> Vec<(&'static str, Chart)> {
    let names = ["adult", "child", "deceased", "awkward", "mom", "many pills", "home pressure", "nothing"];
    names.into_iter().map(|name| (name, questions::chart(name))).collect()
}

/// What a portal did not give is told where it bears: no type brings a kind that its row does not name.
#[test]
fn every_entry_is_of_a_kind_that_its_type_is_asked_for() {
    let mut types = BTreeSet::new();
    for (who, chart) in everyone() {
        for entry in &open(&chart.sealed).unwrap().record.entries {
            let Some((own, id)) = entry.key.split_once('/') else { continue };
            let asked = asked_for(own, "");
            // A result inside of a report comes with it; what no portal is asked for stands in no row.
            if id.contains('#') || asked.also == [Kind::Other] {
                continue;
            }
            assert!(asked.brings(&[entry.kind()]), "{who}: {} is of {:?}", entry.key, entry.kind());
            types.insert(own.to_owned());
        }
    }
    assert!(types.len() >= 15, "{types:?}");
}

#[test]
fn no_answer_exceeds_its_budget() {
    let tokenizer = tiktoken_rs::o200k_base().unwrap();
    let count = |text: &str| tokenizer.encode_ordinary(text).len();
    // What is dangerous is never cut: below that size a budget cannot be held for the oddest records.
    let budgets = [(None, 2_000), (Some(1_500), 1_500), (Some(4_000), 4_000)];
    for (who, chart) in everyone() {
        for (tool, mut asked) in calls() {
            for (max_tokens, most) in budgets {
                if let Some(max_tokens) = max_tokens {
                    asked["max_tokens"] = json!(max_tokens);
                }
                let takes = listed_tools().iter().find(|listed| listed.name == tool).unwrap();
                if max_tokens.is_some() && takes.input_schema["properties"].get("max_tokens").is_none() {
                    continue;
                }
                let text = chart.text(&tool, asked.clone());
                let (tokens, letters) = (count(&text), text.chars().count());
                assert!(tokens <= most, "{who}: {tool} {asked}: {tokens} tokens of {most}\n{text}");
                assert!(letters <= 40_000, "{who}: {tool}: {letters} characters");
            }
        }
    }
}

#[test]
fn a_brief_summary_is_brief_and_a_full_one_is_a_page() {
    let tokenizer = tiktoken_rs::o200k_base().unwrap();
    for (who, chart) in everyone() {
        for (detail, most) in [("brief", 700), ("full", 2_000)] {
            let text = chart.text("summarize_history", json!({ "detail": detail }));
            let tokens = tokenizer.encode_ordinary(&text).len();
            assert!(tokens <= most, "{who}, {detail}: {tokens} tokens\n{text}");
        }
    }
}

#[test]
fn no_answer_depends_on_what_was_asked_before() {
    // What one answer works out of the record is kept for the next: it must be the same in any order.
    for name in ["adult", "awkward", "deceased", "many pills"] {
        let (one, other) = (questions::chart(name), questions::chart(name));
        let forwards = answers(&one);
        let mut backwards: Vec<(String, String)> =
            calls().into_iter().rev().map(|(tool, asked)| asked_of(&other, &tool, asked)).collect();
        backwards.reverse();
        for (before, after) in forwards.iter().zip(&backwards) {
            assert_eq!(before, after, "{name}");
        }
    }
}

/// Resources of many kinds, each with a made-up word that stands nowhere else.
fn with_unusual_words() -> Vec<(&'static str, Value)> {
    use questions::resources::*;
    vec![
        ("zorbitis", problem("c", "Zorbitis of the knee", "", "2024-01-01", "active")),
        ("quillamine", order("m", "quillamine 5 mg tablet", "Take 1 tablet every morning", "2026-09-01")),
        ("grumbleroot", allergy("a", "Grumbleroot", "hives")),
        ("xylofrond", ranged(lab("l", "Xylofrond level", "", "9.1 mg/dL", "2026-10-01"), "1-5", "H")),
        ("plimsometry", vital("v", "Plimsometry", "", "12 cm", "2026-10-01")),
        ("snorkelvax", shot("i", "Snorkelvax", "", "2026-02-01")),
        ("wimbleplasty", procedure("p", "Wimbleplasty", "2026-03-01")),
        ("tumblequay", visit("e", "IMP", "Hospital stay", "Tumblequay fever", "2026-05-01", "2026-05-04")),
        (
            "fandangle",
            report("r", "RAD", "CT of the fandangle", "Recommend repeat scan in 3 months.", "2026-01-01"),
        ),
        ("mothwhistle", note("n", "Mothwhistle note", "She sleeps badly.", "2026-06-01")),
        ("burblegram", request("o", "Burblegram", "2026-02-01")),
        ("humdrossel", relative("f", "Mother", "Humdrossel disease", 40)),
        ("clatterpin", device("d", "Clatterpin implant", "X1")),
        ("ploversign", directive("y", "Ploversign living will", "2025-01-01")),
        ("gallumphing", goal("g", "Gallumphing twice a week", "2026-12-31")),
        ("vantwhistle", team("t", &[("Dr. Vantwhistle", "Cardiologist")])),
    ]
}

#[test]
fn a_fact_that_is_removed_from_the_record_is_gone_from_every_answer() {
    let all = with_unusual_words();
    let chart = |without: Option<&str>| {
        let kept =
            all.iter().filter(|(word, _)| Some(*word) != without).map(|(_, resource)| resource.clone());
        Chart::with(&kept.collect::<Vec<Value>>())
    };
    let whole: String = answers(&chart(None)).into_iter().map(|(_, text)| text.to_lowercase()).collect();
    for (word, _) in &all {
        assert!(whole.contains(word), "no answer tells of {word}");
        for (call, text) in answers(&chart(Some(word))) {
            assert!(!text.to_lowercase().contains(word), "{call} still tells of {word}:\n{text}");
        }
    }
}

/// Texts that do not hang on ids, nor on how many things a file held.
fn comparable(chart: &Chart) -> Vec<(String, String)> {
    let told = answers(chart).into_iter().filter(|(call, _)| !call.starts_with("check_records_status"));
    told.map(|(call, text)| (call, without_ids(&text))).collect()
}

/// The person's resources, and the keys of those that a scope hides.
fn hidden_keys(chart: &Chart, scope: &Scope) -> BTreeSet<String> {
    let hides = |entry: &plainchart::record::Entry| {
        entry.kind() != Kind::Demographics
            && (!scope.kinds.contains(&entry.kind()) || entry.classes & !scope.classes != 0)
    };
    chart.entries().iter().filter(|entry| hides(entry)).map(|entry| entry.key.to_string()).collect()
}

#[test]
fn what_is_withheld_changes_no_other_answer_than_by_its_absence() {
    let resources: Vec<Value> =
        with_unusual_words().into_iter().map(|(_, resource)| resource).chain(sensitive()).collect();
    let chart = Chart::with(&resources);
    let mut scopes: Vec<Scope> = Class::ALL
        .into_iter()
        .map(|class| Scope { classes: !Classes::from_iter([class]).bits(), ..Scope::everything() })
        .collect();
    for kind in [Kind::Lab, Kind::Medication, Kind::Condition, Kind::Allergy, Kind::Document, Kind::Visit] {
        let mut scope = Scope::everything();
        scope.kinds.remove(&kind);
        scopes.push(scope);
    }
    let mut hid_something = 0;
    for scope in scopes {
        let hidden = hidden_keys(&chart, &scope);
        hid_something += usize::from(!hidden.is_empty());
        let key = |resource: &Value| {
            format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap())
        };
        let kept: Vec<Value> =
            resources.iter().filter(|resource| !hidden.contains(&key(resource))).cloned().collect();
        let without = Chart::with(&kept);
        for chart in [&chart, &without] {
            let grant = Grant::of_owner().with_scope(scope.clone());
            change_local(&chart.sealed, Timestamp::UNIX_EPOCH, |_| Ok(grant.clone())).unwrap();
        }
        for (withheld, absent) in comparable(&chart).into_iter().zip(comparable(&without)) {
            assert_eq!(withheld, absent, "{:?}", hidden);
        }
    }
    assert!(hid_something >= 8, "only {hid_something} settings hid something");
}

/// Entries that a class hides.
fn sensitive() -> Vec<Value> {
    use questions::resources::*;
    vec![
        problem("dep", "Major depressive disorder", "F32.9", "2022-01-01", "active"),
        order("ser", "sertraline 50 mg tablet", "Take 1 tablet daily", "2026-09-01"),
        problem("hiv", "HIV disease", "B20", "2019-01-01", "active"),
        order("bik", "Biktarvy tablet", "Take 1 tablet daily", "2026-09-01"),
        problem("alc", "Alcohol dependence", "F10.20", "2020-01-01", "active"),
        social("preg", "Pregnancy status", "82810-3", "Pregnant", "2026-11-01"),
        problem("brca", "Genetic susceptibility to breast cancer", "Z15.01", "2021-01-01", "active"),
        visit("psy", "AMB", "Psychiatry visit", "Follow-up", "2026-10-01", "2026-10-01"),
    ]
}

/// The resources of the people whose records are the oddest.
fn odd_resources() -> Vec<Value> {
    let bundle: Value = serde_json::from_str(&fixture_text("awkward/awkward.json")).unwrap();
    let entries = bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone());
    let lines = fixture_text("adult/riverton.ndjson");
    let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let own = with_unusual_words().into_iter().map(|(_, resource)| resource);
    let all = entries.chain(lines.step_by(9)).chain(own).chain(sensitive());
    all.filter(|resource| resource["resourceType"].is_string() && resource["resourceType"] != "Patient")
        .collect()
}

/// Puts something odd where a leaf of the resource was.
fn spoiled(mut resource: Value, place: usize, with: &Value) -> Value {
    fn leaves<'a>(value: &'a mut Value, found: &mut Vec<&'a mut Value>) {
        match value {
            Value::Object(map) => map
                .iter_mut()
                .filter(|(name, _)| !["resourceType", "reference"].contains(&name.as_str()))
                .for_each(|(_, value)| leaves(value, found)),
            Value::Array(all) => all.iter_mut().for_each(|value| leaves(value, found)),
            leaf => found.push(leaf),
        }
    }
    let mut found = Vec::new();
    leaves(&mut resource, &mut found);
    let count = found.len().max(1);
    if let Some(leaf) = found.into_iter().nth(place % count) {
        *leaf = with.clone();
    }
    resource
}

fn odd() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(""),
        json!("9999-12-31"),
        json!("0001-01-01"),
        json!("2026-11-23T23:59:59+14:00"),
        json!(-1),
        json!(1e300),
        json!(0),
        json!("<"),
        json!("\u{202e}Ω [L000001] | ``` **x**"),
        json!("every 0 hours for -3 days"),
        json!("-"),
        json!("99999999999999999999-99999999999999999999"),
        json!({}),
        json!([]),
        json!(true),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn any_record_however_odd_is_answered(
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<u16>(), odd(), any::<bool>()), 1..60)
    ) {
        let resources = odd_resources();
        let mut chosen = Vec::new();
        for (place, (pick, leaf, with, is_spoiled)) in picks.into_iter().enumerate() {
            let resource = pick.get(&resources).clone();
            let resource = if is_spoiled { spoiled(resource, usize::from(leaf), &with) } else { resource };
            chosen.push(questions::resources::with(resource, json!({ "id": format!("odd-{place}"), "subject": { "reference": "Patient/1" } })));
        }
        let chart = Chart::with(&chosen);
        for (tool, asked) in calls() {
            let answered = chart.try_ask(&tool, asked.clone());
            prop_assert!(answered.is_ok(), "{} {}: {:?}", tool, asked, answered.err());
        }
    }
}
