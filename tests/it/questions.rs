//! A bank of questions as people ask them: each with the facts that the answer must hold, worked out by hand
//! in `questions/bank.txt`, and with what it must never claim.

mod people;
pub mod resources;

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::people::{Chart, cited};
pub use people::chart;

const BANK: &str = include_str!("questions/bank.txt");

/// One question of the bank.
#[derive(Default)]
struct Question {
    /// What is asked, as a person would.
    asked: String,
    /// Whose record.
    who: String,
    /// The calls that answer it: tool and arguments.
    calls: Vec<(String, Value)>,
    /// Each must stand in the answer; `||` parts wordings of which one is enough.
    facts: Vec<String>,
    /// Entries that must be cited, by their identity at the source.
    cites: Vec<String>,
    /// What must not stand in the answer, in any case.
    forbidden: Vec<String>,
    /// What must stand before everything else.
    first: Vec<String>,
}

/// Reads the bank: `# question`, then lines of `key: value`; `why:` is for the reader.
fn bank() -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for line in BANK.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("//")) {
        if let Some(asked) = line.strip_prefix("# ") {
            questions.push(Question { asked: asked.into(), ..Question::default() });
            continue;
        }
        let (key, value) = line.split_once(": ").unwrap_or_else(|| panic!("no key: {line}"));
        let question = questions.last_mut().unwrap_or_else(|| panic!("no question before: {line}"));
        match key {
            "who" => question.who = value.into(),
            "ask" => {
                let (tool, arguments) = value.split_once(' ').unwrap_or((value, "{}"));
                let arguments = serde_json::from_str(arguments).unwrap_or_else(|_| panic!("no JSON: {line}"));
                question.calls.push((tool.into(), arguments));
            }
            "fact" => question.facts.push(value.into()),
            "cite" => question.cites.push(value.into()),
            "not" => question.forbidden.push(value.to_lowercase()),
            "first" => question.first.push(value.into()),
            "why" => {}
            _ => panic!("no such key: {line}"),
        }
    }
    questions
}

/// What is wrong with the answer to a question.
fn faults(question: &Question, chart: &Chart) -> Vec<String> {
    let mut faults = Vec::new();
    let mut whole = String::new();
    for (tool, arguments) in &question.calls {
        match chart.try_ask(tool, arguments.clone()) {
            Ok(answer) => whole.push_str(&answer.text),
            Err(refused) => whole.push_str(&refused),
        }
        whole.push('\n');
    }
    let folded = whole.to_lowercase();
    let holds = |wordings: &str| wordings.split(" || ").any(|words| folded.contains(&words.to_lowercase()));
    faults.extend(question.facts.iter().filter(|fact| !holds(fact)).map(|fact| format!("misses: {fact}")));
    let has = |words: &&String| folded.contains(words.as_str());
    faults.extend(question.forbidden.iter().filter(has).map(|words| format!("claims: {words}")));
    let cites = cited(&whole);
    let is_cited = |key: &&String| cites.contains(&chart.id(key));
    faults.extend(question.cites.iter().filter(|key| !is_cited(key)).map(|key| format!("cites not: {key}")));
    let head: String = whole.lines().take(4).collect::<Vec<_>>().join("\n").to_lowercase();
    let leads = |words: &&String| head.contains(&words.to_lowercase());
    faults.extend(
        question.first.iter().filter(|words| !leads(words)).map(|words| format!("is not first: {words}")),
    );
    if !faults.is_empty() {
        faults.push(whole);
    }
    faults
}

#[test]
fn every_question_gets_its_facts_and_no_forbidden_claim() {
    let bank = bank();
    assert!(bank.len() >= 150, "{} questions", bank.len());
    let mut charts: HashMap<String, Chart> = HashMap::new();
    let (mut wrong, mut told) = (0, String::new());
    for question in &bank {
        assert!(!question.calls.is_empty(), "nothing is asked: {}", question.asked);
        let checks = question.facts.len() + question.cites.len() + question.first.len();
        assert!(checks > 0, "nothing is expected: {}", question.asked);
        let chart = charts.entry(question.who.clone()).or_insert_with(|| chart(&question.who));
        let faults = faults(question, chart);
        if !faults.is_empty() {
            wrong += 1;
            writeln!(told, "\n==== {} ({})\n{}", question.asked, question.who, faults.join("\n")).unwrap();
        }
    }
    assert!(wrong == 0, "{wrong} of {} questions are wrong:\n{told}", bank.len());
}

#[test]
fn the_thirty_questions_of_a_first_week_are_in_the_bank() {
    for number in 1..=30 {
        let mark = format!("[week {number}]");
        assert!(bank().iter().any(|question| question.asked.contains(&mark)), "{mark}");
    }
}
