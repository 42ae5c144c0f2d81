//! What the five questions that people ask first cost, and whether every fact is in the answers.

use plainchart::insight::Answer;
use tiktoken_rs::o200k_base;

use crate::board::Board;
use crate::world;

/// All five answers together. The best open peer needs 8,755.
const TOKENS_MAX: f64 = 4_300.0;

/// What must stand in which answer, read off the person's files by hand.
const FACTS: &str = include_str!("facts.tsv");

/// The questions, and the call that an assistant makes of each.
const QUESTIONS: [(&str, &str, &str); 5] = [
    ("summarise my history", "summarize_history", "{}"),
    ("which medicines am I on", "get_medications", r#"{"status":"active"}"#),
    ("HbA1c and glucose over time", "get_labs", r#"{"query":"HbA1c, glucose"}"#),
    ("which vaccines have I had", "get_immunizations", "{}"),
    ("what happened at my last visit", "get_visits", r#"{"detail":"full","limit":1}"#),
];

/// Asks the five questions about the ordinary adult.
pub fn measure(board: &mut Board) {
    let sealed = world::in_memory(vec![world::fixture("adult")]);
    let tokenizer = o200k_base().unwrap();
    let answers: Vec<Answer> =
        QUESTIONS.iter().map(|(_, tool, arguments)| world::ask(&sealed, tool, arguments)).collect();
    let mut total = 0;
    for ((question, ..), answer) in QUESTIONS.iter().zip(&answers) {
        let tokens = tokenizer.encode_ordinary(&answer.text).len();
        board.notes(&format!("tokens: {question}"), tokens as f64, "");
        total += tokens;
    }
    board.holds("tokens of the five questions", total as f64, TOKENS_MAX, "");
    let facts: Vec<(usize, Vec<&str>)> = FACTS.lines().filter_map(fact).collect();
    let missing: Vec<_> = facts.iter().filter(|(number, words)| !has(&answers[*number], words)).collect();
    for (number, words) in &missing {
        println!("    question {} does not bring: {}", number + 1, words.join(" & "));
    }
    board.holds(&format!("facts missing, of {}", facts.len()), missing.len() as f64, 0.0, "");
    let without: usize = answers.iter().map(rows_without_citation).sum();
    board.holds("rows of tables without exactly one citation", without as f64, 0.0, "");
}

/// A line of the facts: the question's index, and words that stand together.
fn fact(line: &str) -> Option<(usize, Vec<&str>)> {
    let (number, words) = line.split_once('\t')?;
    let number: usize = number.parse().ok()?;
    Some((number - 1, words.split(" & ").collect()))
}

fn has(answer: &Answer, words: &[&str]) -> bool {
    answer.text.lines().any(|line| words.iter().all(|word| line.contains(word)))
}

/// Rows below the head of a table that do not end in one citation, and have no other.
fn rows_without_citation(answer: &Answer) -> usize {
    let is_cited = |row: &&str| row.matches('[').count() == 1 && row.ends_with(']');
    let mut rows = 0;
    let mut is_in_table = false;
    for line in answer.text.lines() {
        let is_rule = line.starts_with("-|");
        is_in_table = is_rule || is_in_table && line.contains('|');
        rows += usize::from(is_in_table && !is_rule && !is_cited(&line));
    }
    rows
}
