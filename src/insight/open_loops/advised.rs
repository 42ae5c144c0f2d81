//! What reports advise: in their conclusion, their impression, their recommendations.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use jiff::civil::Date;

use super::LoopKind;
use super::advice::{Advice, advice};
use super::asked::Asked;
use super::subject::{Subject, look, places};
use crate::insight::lifetime::Lifetime;
use crate::insight::passage::passage;
use crate::insight::rows::name_cell;
use crate::insight::{Context, Refusal, shortened};
use crate::knowledge::folding::{fold, holds_words};
use crate::record::{Detail, Document, Entry, Kind, Standing, When};

/// Beginnings of words without which no sentence advises anything: one pass over a long text finds them.
const STEMS: [&str; 25] = [
    "follow",
    "repeat",
    "recheck",
    "re-check",
    "recommend",
    "advis",
    "suggest",
    "surveillance",
    "next ",
    "return",
    "rtc",
    "should",
    "needs",
    "image",
    "consider",
    "warrant",
    "further ",
    "additional ",
    "indicated",
    "optional",
    "helpful",
    "obtain",
    "annual",
    "interval",
    "tissue",
];

static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasickBuilder::new().ascii_case_insensitive(true).build(STEMS).ok());

/// Characters of a sentence that is quoted.
const QUOTE_CHARS: usize = 220;

/// Everything that a report advises.
pub(super) fn advised<'a>(context: &Context<'a>, lifetime: &Lifetime) -> Result<Vec<Asked<'a>>, Refusal> {
    let mut all = Vec::new();
    for kind in [Kind::Imaging, Kind::Document] {
        for group in context.view.groups(kind) {
            context.check()?;
            let entry = context.view.face(group);
            let Detail::Document(document) = &entry.detail else { continue };
            let Some(on) = entry.date.or(entry.recorded) else { continue };
            if entry.standing != Standing::Stated || lifetime.objection(entry).is_some() {
                continue;
            }
            for text in advising(document) {
                let found = advice(text).into_iter().filter_map(|one| asked(entry, on, &one));
                for one in found {
                    // What the conclusion says, the text of the report often says again.
                    if !all.iter().any(|other: &Asked<'_>| other.about == one.about && other.name == one.name)
                    {
                        all.push(one);
                    }
                }
            }
        }
    }
    Ok(all)
}

/// The parts of a document in which advice is looked for: what was found, and what was recommended.
fn advising(document: &Document) -> Vec<&str> {
    let is_hit = |text: &&str| FINDER.as_ref().is_none_or(|finder| finder.is_match(*text));
    let conclusion = document.conclusion.as_deref().filter(is_hit);
    let Some(text) = document.text.as_deref().filter(is_hit) else { return conclusion.into_iter().collect() };
    let found = passage(text).map(|found| found.text).filter(is_hit);
    let lines = recommending(text).into_iter().filter(|line| found.is_none_or(|found| !found.contains(line)));
    conclusion.into_iter().chain(found).chain(lines).collect()
}

/// The lines that recommend, and those of the list beneath a heading that does (`Plan:`), up to the next heading.
fn recommending(text: &str) -> Vec<&str> {
    let mut is_beneath = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_heading = line.trim_end().ends_with(':');
        let recommends = is_recommendation(line);
        is_beneath = if is_heading { recommends } else { is_beneath };
        if recommends || is_beneath {
            lines.push(line);
        }
    }
    lines
}

/// Headings of lines that recommend.
const RECOMMENDS: [&str; 9] = [
    "recommendation",
    "recommendations",
    "follow-up",
    "follow up",
    "followup",
    "plan",
    "repeat",
    "recheck",
    "disposition",
];

fn is_recommendation(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '#', '*', '-', '•', '_', '=']);
    RECOMMENDS.iter().any(|word| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
}

fn asked<'a>(entry: &'a Entry, on: When, advice: &Advice<'_>) -> Option<Asked<'a>> {
    let own = look(&fold(entry.concept.name().unwrap_or_default()));
    let subject = match (advice.subject.clone(), own) {
        // "CT in 12 months" in a report on the chest means the chest.
        (Some(Subject::Look { how, places: said }), own) if said.is_empty() => {
            let places = match own {
                Some(Subject::Look { places, .. }) => places,
                _ => places(&fold(entry.concept.name().unwrap_or_default())),
            };
            Subject::Look { how, places }
        }
        // "Return in six months" in a report on a mammogram means a mammogram.
        (Some(Subject::Visit(keys)), Some(own)) if keys.is_empty() => own,
        (Some(subject), _) => subject,
        (None, Some(own)) => own,
        (None, None) => Subject::Visit(Vec::new()),
    };
    let folded = fold(advice.sentence);
    let is_open = advice.subject.is_none() && holds_words(&folded, "follow up");
    let is_return = matches!(subject, Subject::Visit(_)) && (advice.subject.is_some() || is_open);
    let due = advice.within.map(|within| within.after(on.latest()));
    let from = advice.within.and_then(|within| within.from(on.latest()));
    let by = by(from, due);
    let only = if advice.is_conditional { " (only on the condition that these words name)" } else { "" };
    let quote = shortened(quoted(advice.sentence), QUOTE_CHARS);
    let name = name_cell(entry);
    Some(Asked {
        kind: LoopKind::FollowUpAdvised,
        on,
        due,
        subject,
        keys: Vec::new(),
        is_again: true,
        is_return,
        says: vec![format!(
            "{} of {}: \"{quote}\"{only}{by} [{}]",
            shortened(&name, 80),
            on.date_text(),
            entry.id
        )],
        name: quote,
        about: vec![entry.id],
    })
}

/// When it would be by the words of the report: to the month, for a report gives no day.
fn by(from: Option<Date>, due: Option<Date>) -> String {
    let month = |day: Date| day.to_string()[..7].to_owned();
    match (from.map(month), due.map(month)) {
        (Some(from), Some(due)) if from != due => format!(", by these words between about {from} and {due}"),
        (_, Some(due)) => format!(", by these words about {due}"),
        _ => String::new(),
    }
}

/// A sentence without the mark of the list that it stands in (`- `, `2. `) and without its full stop: our own
/// sentence goes on behind it.
fn quoted(sentence: &str) -> &str {
    let sentence = sentence.trim_start_matches([' ', '\t', '#', '*', '-', '•', '–', '—']);
    let behind = sentence.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let is_numbered = behind.len() < sentence.len();
    let numbered = behind.strip_prefix(['.', ')']).filter(|rest| is_numbered && rest.starts_with(' '));
    numbered.unwrap_or(sentence).trim().trim_end_matches(['.', ' '])
}
