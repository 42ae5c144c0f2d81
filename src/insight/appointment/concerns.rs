//! The person's own concerns, in their words, with what the record holds about them by the words they used.

use std::collections::HashMap;

use super::super::matching::{Term, begins_words, terms};
use super::super::medications::HomeMedicine;
use super::super::problems::Problem;
use super::super::telling::in_few_words;
use super::Question;
use super::wish::{CONCERNS_MAX, Wish};
use crate::insight::answer::cited_in;
use crate::insight::lifetime::Lifetime;
use crate::insight::rows::name_cell;
use crate::insight::{Context, Refusal, plain, shortened};
use crate::knowledge::analytes::{analyte_by_code, analytes_matching};
use crate::knowledge::conditions::condition_by_words;
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry, EntryId, Kind, Standing, System};

/// Facts that stand beneath a concern.
const FACTS_MAX: usize = 4;
/// Characters of a concern that is repeated.
const CONCERN_CHARS: usize = 400;
/// Characters of a fact.
const FACT_CHARS: usize = 200;

/// Words of a worry that name nothing in a record.
const IDLE: [&str; 60] = [
    "am",
    "be",
    "worried",
    "worry",
    "afraid",
    "about",
    "because",
    "since",
    "feel",
    "feeling",
    "feels",
    "new",
    "old",
    "pill",
    "pills",
    "medicine",
    "medicines",
    "medication",
    "getting",
    "get",
    "got",
    "keep",
    "keeps",
    "still",
    "should",
    "could",
    "can",
    "will",
    "would",
    "why",
    "whether",
    "which",
    "who",
    "this",
    "that",
    "these",
    "those",
    "it",
    "its",
    "doctor",
    "help",
    "need",
    "want",
    "like",
    "think",
    "know",
    "sometimes",
    "often",
    "always",
    "more",
    "less",
    "much",
    "very",
    "when",
    "go",
    "going",
    "take",
    "taking",
    "test",
    "not",
];

/// Each concern as the first questions.
pub(super) fn concerns(
    context: &Context<'_>,
    wish: &Wish,
    problems: &[Problem<'_>],
    home: &[HomeMedicine<'_>],
) -> Result<Vec<Question>, Refusal> {
    let mut told = Vec::new();
    for concern in wish.concerns.iter().take(CONCERNS_MAX) {
        let mut why = facts(context, concern, problems, home)?;
        if why.is_empty() {
            why.push("said by the person; these records hold nothing by these words".into());
        }
        let about = cited_in(&why.join(" ")).iter().map(EntryId::to_string).collect();
        told.push(Question {
            part: "own concern",
            question: format!("\"{}\"", shortened(concern, CONCERN_CHARS)),
            why,
            useful_answer: "what it may go with, what will be checked, and which signs mean to call sooner"
                .into(),
            about,
        });
    }
    Ok(told)
}

/// The facts that bear the words of a concern: problems, medicines for home, allergies, the latest result of
/// each test it names, what was done, the person's own notes.
fn facts(
    context: &Context<'_>,
    concern: &str,
    problems: &[Problem<'_>],
    home: &[HomeMedicine<'_>],
) -> Result<Vec<String>, Refusal> {
    let is_idle = |term: &Term| term.names[0].len() < 3 || IDLE.contains(&term.names[0].as_str());
    let terms: Vec<Term> = terms(concern).into_iter().filter(|term| !is_idle(term)).collect();
    let bears = |texts: &[&str]| {
        let folded: Vec<String> = texts.iter().map(|text| fold(text)).collect();
        let in_one = |name: &String| folded.iter().any(|text| begins_words(text, name));
        terms.iter().any(|term| term.names.iter().any(in_one))
    };
    let named = condition_by_words(concern).map(|known| known.key);
    let mut lines: Vec<String> = Vec::new();
    for problem in problems.iter().filter(|problem| problem.is_active) {
        let plainly = problem.known.map_or("", |known| known.name);
        let is_named = problem.known.is_some_and(|known| Some(known.key) == named);
        if is_named || bears(&[problem.entry.concept.name().unwrap_or_default(), plainly]) {
            lines.push(line(context, problem.entry));
        }
    }
    for medicine in home {
        let entry = medicine.entry;
        let mut names: Vec<&str> = entry.concept.name().into_iter().collect();
        for known in &medicine.ingredients {
            names.push(known.name);
            names.extend(&known.brands);
        }
        if let Detail::Medication(told) = &entry.detail {
            names.extend(told.reasons.iter().map(|why| why.as_str()));
        }
        if bears(&names) {
            lines.push(format!("{}, {} [{}]", name_cell(medicine.entry), medicine.told, medicine.entry.id));
        }
    }
    lines.extend(latest_results(context, concern)?);
    lines.extend(others(context, &bears)?);
    lines.truncate(FACTS_MAX);
    Ok(lines)
}

/// The latest result of each test that a concern names.
fn latest_results(context: &Context<'_>, concern: &str) -> Result<Vec<String>, Refusal> {
    let wanted: Vec<&str> = analytes_matching(concern).into_iter().map(|known| known.key).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let lifetime = Lifetime::of(context.view, context.today);
    let mut latest: HashMap<&str, &Entry> = HashMap::new();
    for kind in [Kind::Lab, Kind::Vital] {
        for group in context.view.groups(kind) {
            context.check()?;
            let entry = context.view.face(group);
            let known = entry.concept.codes_in(&System::Loinc).find_map(analyte_by_code);
            let Some(known) = known.filter(|known| wanted.contains(&known.key)) else { continue };
            if entry.standing != Standing::Stated || lifetime.objection(entry).is_some() {
                continue;
            }
            let kept = latest.entry(known.key).or_insert(entry);
            if (entry.date, entry.id) > (kept.date, kept.id) {
                *kept = entry;
            }
        }
    }
    let mut latest: Vec<&Entry> = latest.into_values().collect();
    latest.sort_by_key(|entry| std::cmp::Reverse((entry.date, entry.id)));
    Ok(latest.into_iter().take(2).map(|entry| line(context, entry)).collect())
}

/// Own notes, allergies, procedures and images that bear the words, the newest first.
fn others(context: &Context<'_>, bears: &impl Fn(&[&str]) -> bool) -> Result<Vec<String>, Refusal> {
    let lifetime = Lifetime::of(context.view, context.today);
    // Thousands of entries share a few names.
    let mut known: HashMap<&str, bool> = HashMap::new();
    let mut found: Vec<&Entry> = Vec::new();
    for kind in [Kind::Note, Kind::Allergy, Kind::Imaging, Kind::Procedure] {
        for group in context.view.groups(kind) {
            context.check()?;
            let entry = context.view.face(group);
            let words = match &entry.detail {
                Detail::Note { text, .. } => text.as_str(),
                _ => entry.concept.name().unwrap_or_default(),
            };
            let is_fact = entry.standing.is_fact() && lifetime.objection(entry).is_none();
            if is_fact && *known.entry(words).or_insert_with(|| bears(&[words])) {
                found.push(entry);
            }
        }
    }
    found.sort_by_key(|entry| std::cmp::Reverse((entry.date.or(entry.recorded), entry.id)));
    Ok(found.into_iter().take(FACTS_MAX).map(|entry| line(context, entry)).collect())
}

fn line(context: &Context<'_>, entry: &Entry) -> String {
    let date =
        entry.date.or(entry.recorded).map_or_else(String::new, |when| format!(", {}", when.date_text()));
    let words = match &entry.detail {
        Detail::Note { text, .. } => format!("the person's own note: \"{}\"", plain(text)),
        _ => in_few_words(context, entry),
    };
    format!("{}{date} [{}]", shortened(&words, FACT_CHARS), entry.id)
}
