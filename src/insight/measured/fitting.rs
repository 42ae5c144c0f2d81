//! Which of the report's ranges is the normal one for this person: by purpose, sex and age.

use crate::insight::portrait::Who;
use crate::knowledge::folding::fold;
use crate::knowledge::whom::Sex;
use crate::record::{Entry, Measurement, Range};

/// The range that a result is held against.
#[derive(Debug)]
pub enum Fitting<'a> {
    /// The report gives none.
    None,
    /// This one is for everybody, or for such a person.
    This(&'a Range),
    /// Ranges of the report differ and it cannot be told which one is meant.
    Unclear,
}

/// The normal range of a result for a person; without a portrait only one for everybody.
pub fn fitting<'a>(found: &'a Measurement, whom: Option<(&Who, &Entry)>) -> Fitting<'a> {
    let normal: Vec<&Range> = found.ranges.iter().filter(|range| is_normal(range)).collect();
    if normal.is_empty() {
        return Fitting::None;
    }
    let is_special = |range: &Range| !range.applies_to.is_empty() || range.ages.is_some();
    let fits: Vec<&Range> =
        normal.iter().copied().filter(|range| is_special(range) && fits(range, whom)).collect();
    let general: Vec<&Range> = normal.iter().copied().filter(|range| !is_special(range)).collect();
    let is_one = |ranges: &[&'a Range]| ranges.iter().all(|range| is_alike(range, ranges[0]));
    match (fits.as_slice(), general.as_slice()) {
        ([], []) => Fitting::Unclear,
        ([], [one, ..]) if is_one(&general) => {
            // A range for others beside it may be meant for this person too: then nobody can say.
            let may_be_meant = normal.iter().any(|range| is_special(range) && !is_for_others(range, whom));
            if may_be_meant { Fitting::Unclear } else { Fitting::This(one) }
        }
        ([one, ..], _) if is_one(&fits) => Fitting::This(one),
        _ => Fitting::Unclear,
    }
}

/// True where a range says no other purpose than to be the normal one.
pub fn is_normal(range: &Range) -> bool {
    range.purpose.as_deref().is_none_or(|purpose| purpose.to_lowercase().contains("normal"))
}

fn is_alike(one: &Range, other: &Range) -> bool {
    (&one.low, &one.high, &one.text) == (&other.low, &other.high, &other.text)
}

/// True where age and sex are all that the range asks, both are known and both fit.
fn fits(range: &Range, whom: Option<(&Who, &Entry)>) -> bool {
    let Some((who, entry)) = whom else { return false };
    let sex_fits = range.applies_to.iter().all(|word| sex_of(word).is_some_and(|sex| who.sex == Some(sex)));
    sex_fits && age_fits(range, who, entry) == Some(true)
}

/// True where the range is surely meant for other people.
fn is_for_others(range: &Range, whom: Option<(&Who, &Entry)>) -> bool {
    let Some((who, entry)) = whom else { return false };
    let other_sex = |word: &str| sex_of(word).zip(who.sex).is_some_and(|(theirs, own)| theirs != own);
    range.applies_to.iter().any(|word| other_sex(word)) || age_fits(range, who, entry) == Some(false)
}

fn age_fits(range: &Range, who: &Who, entry: &Entry) -> Option<bool> {
    let Some(ages) = range.ages.as_deref() else { return Some(true) };
    let (from, to) = span(ages)?;
    let age = who.age_years_on(entry.date?.civil()?)?;
    // A whole upper age may or may not take in the year that begins with it: at its edge nothing is said.
    let is_edge = to.is_some_and(|to| age >= to && age < to + 1.0);
    let is_in = from.is_none_or(|from| age >= from) && to.is_none_or(|to| age < to);
    if is_edge { None } else { Some(is_in) }
}

fn sex_of(word: &str) -> Option<Sex> {
    match fold(word).as_str() {
        "female" | "f" | "females" | "women" | "woman" => Some(Sex::Female),
        "male" | "m" | "males" | "men" | "man" => Some(Sex::Male),
        _ => None,
    }
}

/// The ages in years of `from age 18 years`, `to age 12 months`, `age 6 to 12 years`; nothing for other words.
fn span(words: &str) -> Option<(Option<f64>, Option<f64>)> {
    let folded = fold(words);
    let years = folded.contains("year") || folded.contains(" yr") || folded.ends_with(" a");
    let other = ["month", "week", "day", "hour", "mo", "min"].iter().any(|unit| folded.contains(unit));
    if !years || other || words.contains(['<', '>', '≤', '≥']) {
        return None;
    }
    let apart = words.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let numbers: Vec<f64> = apart.filter_map(|word| word.parse().ok()).collect();
    match (numbers.as_slice(), folded.starts_with("from"), folded.starts_with("to")) {
        ([from], true, false) => Some((Some(*from), None)),
        ([to], false, true) => Some((None, Some(*to))),
        ([from, to], _, false) => Some((Some(*from), Some(*to))),
        _ => None,
    }
}
