//! Where the record comes from, how fresh it is, what was left out, what is withheld, what nobody has sent.

mod portal;
mod words;

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::Serialize;

use super::coverage::day_of;
use super::portals::{Nothing, Portal, portals};
use super::portrait::Portrait;
use super::{Answer, Context, Coverage, Refusal, Ways, Whose, plain, rows};
use crate::knowledge::sensitive::{Class, Classes};
use crate::record::{Kind, Source, SourceKind, When};

pub use portal::{GapStatus, PortalStatus, TroubleStatus};

/// The state of a record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RecordStatus {
    /// Whose record it is.
    pub whose: Whose,
    /// Every source.
    pub sources: Vec<SourceStatus>,
    /// What there is of each kind, the same fact from several sources counted once.
    pub kinds: Vec<KindStatus>,
    /// Kinds of which no source has sent anything.
    pub missing: Vec<&'static str>,
    /// Kinds of which nothing was sent, and of which a portal that was asked holds none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub none_there: Vec<KindAt>,
    /// Kinds of which nothing was sent, and of which it is not known whether there is any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_known: Vec<KindAt>,
    /// What the person's settings withhold, whether or not anything lies behind it.
    pub withheld: Vec<String>,
    /// How more can be added.
    pub how_to_add: Vec<String>,
    /// What the answer covers.
    pub coverage: Coverage,
}

/// A source, how fresh it is and what it holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SourceStatus {
    /// Its name.
    pub name: String,
    /// What it is.
    pub what: &'static str,
    /// How many imports there were.
    pub imports: usize,
    /// The files, the newest first; at most five are named.
    pub files: Vec<String>,
    /// The day of the last import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_on: Option<String>,
    /// How many things were left out at the last import of each file.
    pub left_out: u64,
    /// Entries of each kind.
    pub entries: BTreeMap<&'static str, usize>,
    /// What became of the fetches, for a portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<PortalStatus>,
}

/// A kind, and the portals that have to do with it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KindAt {
    /// The kind.
    pub kind: &'static str,
    /// The portals.
    pub portals: Vec<String>,
}

/// What there is of a kind.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KindStatus {
    /// The kind.
    pub kind: &'static str,
    /// How many.
    pub total: usize,
    /// The date of the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
}

/// Kinds that a person would look for and whose absence must be said. Contacts, own notes and what is
/// not understood are no gaps.
const EXPECTED: [Kind; 16] = [
    Kind::Condition,
    Kind::Medication,
    Kind::Allergy,
    Kind::Lab,
    Kind::Vital,
    Kind::Immunization,
    Kind::Procedure,
    Kind::Visit,
    Kind::Document,
    Kind::Imaging,
    Kind::CarePlan,
    Kind::FamilyHistory,
    Kind::Background,
    Kind::Device,
    Kind::Directive,
    Kind::Coverage,
];

/// From 12 to 17 years a clinic may hold back parts of a chart from a parent (45 CFR 164.502(g); states differ).
const OF_A_TEEN: &str = "of a person of 12 to 17 a clinic may hold back parts from a parent, by law (45 CFR 164.502(g); states differ): ask the clinic and the young person";

/// Files that are named of a source.
const FILES_MAX: usize = 5;

/// Sources that are told one by one.
const SOURCES_MAX: usize = 40;

/// Tokens for what did not end well at portals; beyond them it is only counted.
const GAPS_TOKENS: usize = 1_000;

/// The state of the record.
pub fn record_status(context: &Context<'_>) -> Result<Answer, Refusal> {
    let scope = context.view.scope();
    let mut entries = entries_by_source(context)?;
    let sources = context.view.sources().take(SOURCES_MAX);
    let sources =
        sources.map(|source| source_status(source, entries.remove(source.id.as_str()).unwrap_or_default()));
    let mut sources: Vec<SourceStatus> = sources.collect();
    tell_portals(context, &mut sources);
    let mut kinds = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| scope.kinds.contains(kind)) {
        context.check()?;
        let total = context.view.groups(kind).len();
        let newest: Option<When> = context.view.entries(kind).filter_map(|entry| entry.date).max();
        if total > 0 {
            let newest = newest.map(|when| when.date_text());
            kinds.push(KindStatus { kind: kind.plural(), total, newest });
        }
    }
    let mut coverage = Coverage::of(context, &[]);
    // Which portals are not up to date is told in full above.
    coverage.notices.clear();
    coverage.notices.extend(without_a_list(context)?);
    let age = Portrait::of(context)?.age_years();
    coverage.notices.extend(age.filter(|age| (12.0..18.0).contains(age)).map(|_| OF_A_TEEN.to_owned()));
    let has = |kind: &Kind| kinds.iter().any(|known| known.kind == kind.plural());
    let (mut missing, mut none_there, mut not_known) = (Vec::new(), Vec::new(), Vec::new());
    for kind in EXPECTED.into_iter().filter(|kind| scope.kinds.contains(kind) && !has(kind)) {
        match Nothing::of(context, &[kind]) {
            Nothing::NotSent => missing.push(kind.plural()),
            Nothing::NoneThere(portals) => none_there.push(KindAt { kind: kind.plural(), portals }),
            Nothing::NotKnown(portals) => not_known.push(KindAt { kind: kind.plural(), portals }),
        }
    }
    let told = RecordStatus {
        whose: Whose::of(context.view),
        missing,
        none_there,
        not_known,
        sources,
        kinds,
        withheld: withheld(context),
        how_to_add: context.ways.to_add(),
        coverage,
    };
    let text = words::in_words(context, &told);
    let structured = serde_json::to_value(&told).unwrap_or_default();
    Ok(Answer { text, structured, cited: Vec::new() })
}

/// Adds what became of the fetches to the sources that are portals.
fn tell_portals(context: &Context<'_>, sources: &mut [SourceStatus]) {
    let withholds = context.view.scope().withholds();
    let all: HashMap<&str, Portal<'_>> =
        portals(context).map(|portal| (portal.source.id.as_str(), portal)).collect();
    let mut room = GAPS_TOKENS;
    for (source, told) in context.view.sources().zip(sources) {
        if let Some(portal) = all.get(source.id.as_str()) {
            let mut status = PortalStatus::of(portal, withholds, context.ways);
            room = status.within(room, &told.name, context.ways);
            told.portal = Some(status);
        }
    }
}

/// Types that no tool lists, with how many there are of each.
fn without_a_list(context: &Context<'_>) -> Result<Option<String>, Refusal> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    // A type is written as one word with a capital: `AdverseEvent`.
    let is_type = |word: &&str| {
        word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.chars().all(|letter| letter.is_ascii_alphabetic())
    };
    for entry in context.view.entries(Kind::Other) {
        context.check()?;
        let kind = entry.categories.iter().map(|word| word.as_str()).rfind(is_type);
        *counts.entry(kind.unwrap_or_default()).or_default() += usize::from(kind.is_some());
    }
    let counts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(kind, count)| format!("{} {count}", plain(kind)))
        .collect();
    let told = format!("in no list, but found by search_records: {}", counts.join(", "));
    Ok((!counts.is_empty()).then_some(told))
}

/// How many entries of each kind each source holds, by the source's id.
fn entries_by_source<'a>(
    context: &Context<'a>,
) -> Result<HashMap<&'a str, BTreeMap<&'static str, usize>>, Refusal> {
    let mut counts: HashMap<&str, BTreeMap<&'static str, usize>> = HashMap::new();
    for kind in Kind::ALL {
        for entry in context.view.entries(kind) {
            context.check()?;
            let of_source = counts.entry(context.view.source(entry).id.as_str()).or_default();
            *of_source.entry(kind.plural()).or_default() += 1;
        }
    }
    Ok(counts)
}

fn source_status(source: &Source, entries: BTreeMap<&'static str, usize>) -> SourceStatus {
    let mut files: Vec<String> = Vec::new();
    for import in source.imports.iter().rev() {
        let file = plain(&import.file);
        // What a portal sent came in no file.
        if !file.is_empty() && !files.contains(&file) && files.len() < FILES_MAX {
            files.push(file);
        }
    }
    SourceStatus {
        name: plain(&source.name),
        what: match source.kind {
            SourceKind::Files => "files",
            SourceKind::Portal => "a connected portal",
            SourceKind::Own => "the person's own entries",
        },
        imports: source.imports.len(),
        files,
        read_on: source.last_at().and_then(day_of),
        left_out: rows::left_out(std::iter::once(source)),
        entries,
        portal: None,
    }
}

/// The settings that are off, by their names alone: what lies behind them is not looked at.
fn withheld(context: &Context<'_>) -> Vec<String> {
    let scope = context.view.scope();
    let kinds = Kind::ALL.into_iter().filter(|kind| !scope.kinds.contains(kind)).map(Kind::plural);
    let kinds: Vec<&str> = kinds.collect();
    let allowed = Classes::from_bits(scope.classes);
    let classes = Class::ALL.into_iter().filter(|class| !allowed.contains(*class)).map(Class::plain);
    let classes: Vec<&str> = classes.collect();
    let mut withheld = Vec::new();
    if !kinds.is_empty() {
        withheld.push(format!("kinds: {}", kinds.join(", ")));
    }
    if !classes.is_empty() {
        withheld.push(match context.ways {
            Ways::Commands => format!("sensitive classes: {}", classes.join(", ")),
            // An assistant that was let in hears that some are off, and never which: one alone would say it.
            Ways::Pages(_) => "sensitive topics".into(),
        });
    }
    if scope.sources.is_some() {
        withheld.push("all sources but those named here".into());
    }
    withheld.extend(scope.since.map(|day| format!("what lies before {day}")));
    withheld.extend(scope.reader.map(|_| "and, by its source, what that marks as not to be told".into()));
    withheld
}

#[cfg(test)]
mod tests;
