//! Conditions: plain names for what stands on problem lists, by code or by wording,
//! with the results, checks and specialty that commonly go with each.

use foldhash::HashMap;
use std::sync::LazyLock;

use super::folding::fold;
use super::phrases::Phrases;
use super::table::{list, rows};

pub(super) const CONDITIONS: &str = include_str!("tables/conditions_icd10.tsv");

/// Rows that say that what follows them in a text is no illness of the person.
const GUARDS: [&str; 9] = [
    "family-history",
    "family-history-cancer",
    "history-other",
    "at-risk",
    "screening",
    "suspected",
    "exposure",
    "not-found",
    "carrier",
];

/// A plain name for an entry as recorded; never a finding of this project.
#[derive(Debug)]
pub struct Condition {
    /// Stable name.
    pub key: &'static str,
    /// Plain name.
    pub name: &'static str,
    /// What kind of entry it is.
    pub kind: Kind,
    /// Whether it stays.
    pub course: Course,
    /// Keys of the rows that supersede this one when recorded on the same day or later.
    pub stages: Vec<&'static str>,
    /// Keys of the analytes that commonly go with it.
    pub results: Vec<&'static str>,
    /// Checks that commonly go with it, in plain words.
    pub checks: Vec<&'static str>,
    /// Key of the specialty that commonly treats it.
    pub specialty: &'static str,
    /// Wordings by which records and people name it.
    pub words: Vec<&'static str>,
    /// ICD-10-CM codes that stand for themselves and all below them.
    pub icd10: Vec<&'static str>,
    /// Sources with their years.
    pub source: &'static str,
}

/// What kind of entry a condition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Something one has.
    Illness,
    /// Something that happened once.
    Event,
    /// A sign, a circumstance or a result on the problem list.
    Finding,
    /// Something past, or in the family.
    History,
}

/// Whether a condition stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Course {
    /// It commonly stays.
    Chronic,
    /// It commonly passes.
    Passing,
    /// It does either.
    Either,
}

impl Condition {
    /// Whether this says that something is no illness of the person: family
    /// history, a screening test, a suspicion and the like.
    pub fn is_guard(&self) -> bool {
        GUARDS.contains(&self.key)
    }
}

struct Index {
    conditions: Vec<Condition>,
    by_key: HashMap<&'static str, usize>,
    /// By code without its point.
    by_prefix: HashMap<String, usize>,
    by_words: Phrases<usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let conditions: Vec<_> = rows::<11>(CONDITIONS).filter_map(read_condition).collect();
    let numbered = || conditions.iter().enumerate();
    let by_key = numbered().map(|(at, condition)| (condition.key, at)).collect();
    let by_prefix = numbered()
        .flat_map(|(at, condition)| condition.icd10.iter().map(move |code| (bare(code), at)))
        .collect();
    let by_words = Phrases::new(
        numbered().flat_map(|(at, condition)| condition.words.iter().map(move |words| (*words, at))),
    );
    Index { by_key, by_prefix, by_words, conditions }
});

fn read_condition(
    [key, name, words, icd10, kind, course, stages, results, checks, specialty, source]: [&'static str; 11],
) -> Option<Condition> {
    Some(Condition {
        key,
        name,
        kind: match kind {
            "illness" => Kind::Illness,
            "event" => Kind::Event,
            "finding" => Kind::Finding,
            "history" => Kind::History,
            _ => return None,
        },
        course: match course {
            "chronic" => Course::Chronic,
            "passing" => Course::Passing,
            "either" => Course::Either,
            _ => return None,
        },
        stages: list(stages).collect(),
        results: list(results).collect(),
        checks: list(checks).collect(),
        specialty,
        words: list(words).collect(),
        icd10: icd10.split_whitespace().collect(),
        source,
    })
}

/// Claims leave the point out of codes: `E1122` is `E11.22`.
fn bare(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// All rows, in the order of the table.
pub fn conditions() -> &'static [Condition] {
    &INDEX.conditions
}

/// The row with that key.
pub fn condition(key: &str) -> Option<&'static Condition> {
    INDEX.by_key.get(key).map(|at| &INDEX.conditions[*at])
}

/// The row for an entry: by its ICD-10-CM codes, the longest prefix first; only
/// when none is known, by its wording.
pub fn condition_of(icd10: &[&str], wording: &str) -> Option<&'static Condition> {
    condition_by_code(icd10).or_else(|| condition_by_words(wording))
}

/// The row with the longest prefix of any of these ICD-10-CM codes.
pub fn condition_by_code(icd10: &[&str]) -> Option<&'static Condition> {
    let codes: Vec<String> = icd10.iter().map(|code| bare(code)).collect();
    let longest = codes.iter().map(String::len).max()?;
    (1..=longest)
        .rev()
        .find_map(|length| {
            codes.iter().filter_map(|code| code.get(..length)).find_map(|stem| INDEX.by_prefix.get(stem))
        })
        .map(|at| &INDEX.conditions[*at])
}

/// The row with the longest wording in a text. A guard goes before all that
/// follows it: `family history of breast cancer` is family history.
pub fn condition_by_words(text: &str) -> Option<&'static Condition> {
    let folded = fold(text);
    let mut best: Option<(usize, &'static Condition)> = None;
    let starts = std::iter::once(0).chain(folded.match_indices(' ').map(|(at, _)| at + 1));
    for rest in starts.map(|at| &folded[at..]) {
        let Some((phrase, [at, ..])) = INDEX.by_words.longest_at(rest) else { continue };
        let found = &INDEX.conditions[*at];
        if found.is_guard() {
            return Some(best.map_or(found, |(_, before)| before));
        }
        if best.is_none_or(|(length, _)| phrase.len() > length) {
            best = Some((phrase.len(), found));
        }
    }
    best.map(|(_, condition)| condition)
}

#[cfg(test)]
mod tests;
