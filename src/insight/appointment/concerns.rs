//! The person's own concerns, in their words, with what the record holds about them by the words they used.

use std::collections::HashMap;

use super::super::matching::{Term, begins_words, terms};
use super::super::medications::HomeMedicine;
use super::super::problems::Problem;
use super::Question;
use super::latest::latest_by_words;
use super::wish::{CONCERNS_MAX, Wish};
use crate::insight::answer::cited_in;
use crate::insight::lifetime::Lifetime;
use crate::insight::open_loops::open_loops;
use crate::insight::rows::name_cell;
use crate::insight::telling::dated_line;
use crate::insight::{Context, Refusal, shortened};
use crate::knowledge::conditions::condition_by_words;
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry, EntryId, Kind};

/// Facts that stand beneath a concern.
const FACTS_MAX: usize = 4;
/// Characters of a concern that is repeated.
const CONCERN_CHARS: usize = 400;
/// Open things among them.
const OPEN_MAX: usize = 2;
/// Characters of a concern that stands with others in one line.
const JOINED_CHARS: usize = 100;

/// Words of a worry that name nothing in a record.
const IDLE: [&str; 64] = [
    "did",
    "anyone",
    "anybody",
    "follow",
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
        told.push(question(format!("\"{}\"", shortened(concern, CONCERN_CHARS)), why));
    }
    // Nothing that worries somebody is lost; of many, the record is looked through for the first.
    let others = wish.concerns.get(CONCERNS_MAX..).unwrap_or_default();
    let others: Vec<String> =
        others.iter().map(|one| format!("\"{}\"", shortened(one, JOINED_CHARS))).collect();
    if !others.is_empty() {
        told.push(question(others.join(" · "), vec!["said by the person as well".into()]));
    }
    Ok(told)
}

fn question(words: String, why: Vec<String>) -> Question {
    let about = cited_in(&why.join(" ")).iter().map(EntryId::to_string).collect();
    let useful = "what it may go with, what will be checked, and which signs mean to call sooner";
    Question { part: "own concern", question: words, why, useful_answer: useful.into(), about }
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
    let mut lines: Vec<String> = open(context, &bears)?;
    for problem in problems.iter().filter(|problem| problem.is_active) {
        let plainly = problem.known.map_or("", |known| known.name);
        let is_named = problem.known.is_some_and(|known| Some(known.key) == named);
        if is_named || bears(&[problem.entry.concept.name().unwrap_or_default(), plainly]) {
            lines.push(dated_line(context, problem.entry));
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
    let latest = latest_by_words(context, concern)?;
    lines.extend(latest.into_iter().map(|entry| dated_line(context, entry)));
    lines.extend(others(context, &bears)?);
    lines.truncate(FACTS_MAX);
    Ok(lines)
}

/// What was begun and is open that bears the words: a worry is often about just that.
fn open(context: &Context<'_>, bears: &impl Fn(&[&str]) -> bool) -> Result<Vec<String>, Refusal> {
    let mut lines = Vec::new();
    for open in open_loops(context)? {
        context.check()?;
        let facts = open.says.split("; no later ").next().unwrap_or_default();
        if lines.len() < OPEN_MAX && bears(&[facts]) {
            // Each clause ends with its citation: of a long fact the first clause is told.
            lines.push(format!("open: {}", facts.split("; ").next().unwrap_or_default()));
        }
    }
    Ok(lines)
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
    Ok(found.into_iter().take(FACTS_MAX).map(|entry| dated_line(context, entry)).collect())
}
