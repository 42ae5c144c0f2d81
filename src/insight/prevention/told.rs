//! How a check is told: short, with who says so, what is on record, and what to ask.

use jiff::civil::Date;

use super::check::Check;
use super::evidence::Done;
use super::shown::Because;
use super::state::{DIAGNOSTIC, Judged, MARKED, State};
use crate::insight::shortened;
use crate::knowledge::prevention::Rule;

/// The check for other answers.
pub(super) fn check(judged: &Judged, today: Date) -> Check {
    let Judged { rule, state, .. } = judged;
    let body = body(rule, today);
    let (applies, read) = (applies(judged), read(rule, today));
    let says = format!("{}: {}. {body}: {}{applies}{read}", rule.name, standing(state), rule.says);
    let (key, name, ask) = (rule.key.to_owned(), rule.name.to_owned(), ask(rule.name, state));
    Check { key, name, body, state: state.clone(), says, ask }
}

/// The body with its grade and the day of release; a rule that may have been replaced says so.
pub(super) fn body(rule: &Rule, today: Date) -> String {
    let grade = if rule.grade.is_empty() { String::new() } else { format!(" {}", rule.grade) };
    let stale = if rule.is_stale_on(today) { "; may have been replaced" } else { "" };
    format!("{}{grade} ({}{stale})", rule.body, rule.released)
}

/// When a rule was read that may have been replaced.
fn read(rule: &Rule, today: Date) -> String {
    let day = rule.as_of.filter(|_| rule.is_stale_on(today));
    day.map_or_else(String::new, |day| format!(" Rule read {day}."))
}

/// What on record makes it a rule for this person, where it asks for something.
pub(super) fn applies(judged: &Judged) -> String {
    let because: Vec<String> = judged.because.iter().map(shown).collect();
    if because.is_empty() { String::new() } else { format!(" Here for {}.", because.join(" and ")) }
}

/// Where the person stands, with the entry that shows it.
pub(super) fn standing(state: &State) -> String {
    match state {
        State::Overdue { last, until } => {
            format!("overdue: last {}, which counted to {}", done(last), until.date_text())
        }
        State::Due { last, on } => format!("due {}: last {}", on.date_text(), done(last)),
        State::FollowUp { because, last } => follow_up(because, last.as_ref()),
        State::NoRecordHere => "no record here".into(),
        State::Counted { recorded: 1, .. } => "1 dose recorded".into(),
        State::Counted { recorded, .. } => format!("{recorded} doses recorded"),
        State::UpToDate { by, again: Some(again) } => {
            format!("up to date: {}, due again {}", done(by), again.date_text())
        }
        State::UpToDate { by, again: None } => format!("on record: {}", done(by)),
        State::NotKnown { depends_on } => format!("depends on {}, not in these records", words(depends_on)),
        State::LeftOut { because } => format!("not by this rule: on record {}", shown(because)),
    }
}

fn follow_up(because: &Because, last: Option<&Done>) -> String {
    let is_last = last.is_some_and(|last| last.id == because.id);
    let found = || last.map(done).unwrap_or_default();
    let later = || last.map_or_else(String::new, |last| format!("; last {}", done(last)));
    let why = match because.token {
        MARKED if is_last => format!("its report marks the last one, {}", found()),
        MARKED => format!("its report marks {}{}", shown(because), later()),
        DIAGNOSTIC => format!("the last one was taken to look into something, {}", found()),
        _ => format!("on record {}{}", shown(because), later()),
    };
    format!("follow-up rather than screening: {why}")
}

/// What shows a token, with its citation.
pub(super) fn shown(because: &Because) -> String {
    let on = because.on.map_or_else(String::new, |on| format!(" {}", on.date_text()));
    format!("\"{}\"{on} [{}]", shortened(&because.name, 80), because.id)
}

/// What was done, with its citation.
pub(super) fn done(done: &Done) -> String {
    format!("{} {} [{}]", done.on.date_text(), shortened(&done.name, 60), done.id)
}

/// What to ask; the name of the check stands before it.
pub(super) fn ask(name: &str, state: &State) -> String {
    let question = match state {
        State::Overdue { .. } | State::Due { .. } => "is it time for the next one?",
        State::NoRecordHere => "was it done elsewhere, and if not, is it for me?",
        State::FollowUp { .. } => "at which times should I be checked from now on?",
        State::Counted { .. } => "does this count agree with yours, and is one to come?",
        State::UpToDate { .. } => "when is the next one?",
        State::NotKnown { .. } => "is it for me?",
        State::LeftOut { .. } => "do I still need it?",
    };
    format!("{name}: {question}")
}

/// The tokens of a rule in words, for what is not on record.
pub(super) fn words(tokens: &[&str]) -> String {
    let word = |token: &&str| {
        let known = WORDS.iter().find(|(key, _)| key == token);
        known.map_or_else(|| token.replace('-', " "), |(_, words)| (*words).to_owned())
    };
    tokens.iter().map(word).collect::<Vec<_>>().join(" and ")
}

const WORDS: [(&str, &str); 10] = [
    ("smoking-history", "having ever smoked"),
    ("high-risk-lung", "20 pack-years, and smoking now or until less than 15 years ago"),
    ("hepatitis-b-risk", "a raised risk (hepatitis B)"),
    ("tb-risk", "a raised risk (tuberculosis)"),
    ("falls-risk", "a raised risk (falls)"),
    ("fracture-risk", "a raised risk (broken bones)"),
    ("overweight", "a BMI of 25 or more"),
    ("bmi-30", "a BMI of 30 or more"),
    ("bmi-18-30", "a BMI from 18.5 to 29.9"),
    ("bmi-95th-percentile", "a BMI at or above the 95th percentile"),
];
