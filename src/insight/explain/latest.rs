//! The latest result of a test as the report tells it: value, range, flag, status, comments, twins.

use std::cmp::Ordering;

use super::scene::{Scene, Test};
use crate::insight::measured::{self, Fitting, expected_word, fitting};
use crate::insight::measurements::measurement;
use crate::insight::plausible::is_possible;
use crate::insight::rows::date_cell;
use crate::insight::trend::alike::is_sound;
use crate::insight::{plain, shortened};
use crate::knowledge::folding::fold;
use crate::record::{Entry, Measurement, Range, Standing, Value};

/// Characters of a comment that an explanation has room for; `get_record` shows all.
const COMMENT_CHARS: usize = 400;
/// Said of a result of which the report says neither.
pub(super) const NEITHER: &str = "the report gives no range and no flag";
/// So many other results of the same moment are shown.
const TWINS_MOST: usize = 4;

/// `5.6 mmol/L (preliminary), 2026-02-20 [L482913]`.
pub(super) fn cited(entry: &Entry) -> String {
    let found = measurement(entry);
    let result = found.map(|found| measured::result(entry, found)).unwrap_or_default();
    format!("{result}{}, {} [{}]", measured::status(entry), date_cell(entry.date), entry.id)
}

/// The same, with the time of day where another of these is of that day.
pub(super) fn cited_among(entry: &Entry, others: &[&Entry]) -> String {
    let day = |entry: &Entry| entry.date.and_then(|when| when.civil());
    let is_alone = !others.iter().any(|other| other.id != entry.id && day(other) == day(entry));
    match entry.date.filter(|when| !is_alone && when.has_time()) {
        Some(when) => cited(entry).replacen(&when.date_text(), &when.minute_text(), 1),
        None => cited(entry),
    }
}

/// Where a result stands by the report itself: flagged, within its range, or nobody says. Without a unit
/// nothing is compared.
pub(super) fn standing(scene: &Scene<'_, '_>, entry: &Entry, found: &Measurement) -> String {
    let stands = stands(scene, entry, found);
    let has_no_unit = matches!(&found.value, Some(Value::Quantity(quantity)) if quantity.unit().is_none());
    if has_no_unit && !stands.is_empty() {
        return format!("{stands}; no unit is recorded, so it is compared with nothing");
    }
    stands
}

fn stands(scene: &Scene<'_, '_>, entry: &Entry, found: &Measurement) -> String {
    if entry.standing == Standing::NotDone {
        return String::new();
    }
    if !is_possible(entry, found) {
        return "NOT PLAUSIBLE as written: ask whoever reported it; nothing else is made of it".into();
    }
    let flagged = measured::flag(entry, found, Some(&scene.portrait.who));
    let is_by_range = found.flags.is_empty() && flagged.ends_with(" range");
    if !flagged.is_empty() && !is_by_range {
        return format!("flagged by the report: {flagged}");
    }
    if measured::is_flagged_normal(found) {
        return "the report's flag is N (not marked)".into();
    }
    match measured::by_range(found, Some((&scene.portrait.who, entry))) {
        Some(Ordering::Less) => return "below the report's range".into(),
        Some(Ordering::Greater) => return "above the report's range".into(),
        Some(Ordering::Equal) => return "within the report's range".into(),
        None => {}
    }
    if let Some(said) = by_word(found) {
        return said;
    }
    let has_range = !found.ranges.is_empty() || found.components.iter().any(|part| !part.ranges.is_empty());
    match has_range {
        true => "no flag, and the report's range does not decide".into(),
        false => NEITHER.into(),
    }
}

/// A word that the report expects, beside the word that was found.
fn by_word(found: &Measurement) -> Option<String> {
    let Fitting::This(range) = fitting(found, None) else { return None };
    let expected = expected_word(range)?;
    let value = match found.value.as_ref()? {
        Value::Text(text) => fold(text),
        Value::Concept(concept) => fold(&concept.label()),
        Value::Quantity(_) => return None,
    };
    let words = plain(range.text.as_deref().unwrap_or_default());
    Some(match value == expected {
        true => format!("as the report expects: \"{words}\""),
        false => format!("the report expects \"{words}\""),
    })
}

/// The report's ranges: the one that fits this person first, the others named.
pub(super) fn ranges(scene: &Scene<'_, '_>, entry: &Entry, found: &Measurement) -> Option<String> {
    if found.ranges.is_empty() {
        return None;
    }
    let own = match &found.value {
        Some(Value::Quantity(quantity)) => measured::unit(quantity),
        _ => String::new(),
    };
    let is_alone = found.ranges.len() == 1;
    let shown = |range: &Range| measured::range_text(range, is_alone, &own);
    let told = match fitting(found, Some((&scene.portrait.who, entry))) {
        Fitting::This(chosen) => {
            let others = found.ranges.iter().filter(|range| !std::ptr::eq(*range, chosen)).map(shown);
            let others: Vec<String> = others.filter(|text| !text.is_empty()).collect();
            let others = if others.is_empty() {
                String::new()
            } else {
                format!("; also in the report, for others or another purpose: {}", others.join("; "))
            };
            format!("{}{others}", shown(chosen))
        }
        Fitting::None => format!("none for health as such; in the report: {}", joined(found, shown)),
        Fitting::Unclear => {
            format!("{}; which one is meant for this person the record does not say", joined(found, shown))
        }
    };
    Some(format!("Report's range: {told}"))
}

fn joined(found: &Measurement, shown: impl Fn(&Range) -> String) -> String {
    found.ranges.iter().map(shown).collect::<Vec<_>>().join("; ")
}

/// The lines about the latest result.
pub(super) fn lines(scene: &Scene<'_, '_>, test: &Test<'_>) -> Vec<String> {
    let (entry, found) = (test.latest, test.found);
    let standing = standing(scene, entry, found);
    let standing = if standing.is_empty() { standing } else { format!(" — {standing}") };
    let mut lines = vec![format!("Latest: {}{standing}", cited_now(test))];
    lines.extend(twins(test));
    lines.extend(possible(test));
    lines.extend(undone(test));
    lines.extend(ranges(scene, entry, found));
    lines.extend(status(scene, entry));
    lines.extend(specimen(found));
    for note in &entry.notes {
        lines.push(format!("Comment in the report: \"{}\" [{}]", shortened(note, COMMENT_CHARS), entry.id));
    }
    lines
}

/// The latest with the time of day where another result is of that day.
pub(super) fn cited_now(test: &Test<'_>) -> String {
    let near: Vec<&Entry> = test.strand.placed().take(6).collect();
    cited_among(test.latest, &near)
}

/// Beside a value that cannot be: the last one that can.
pub(super) fn possible(test: &Test<'_>) -> Option<String> {
    if is_possible(test.latest, test.found) {
        return None;
    }
    let before = test.strand.placed().find(|entry| is_sound(entry) && entry.id != test.latest.id)?;
    Some(format!("The last one that can be: {}", cited(before)))
}

/// Other results of the very moment: of two nobody can say which is the latest.
pub(super) fn twins(test: &Test<'_>) -> Option<String> {
    let result = |entry: &Entry| measurement(entry).map(|found| measured::result(entry, found));
    let own = result(test.latest);
    let twins = test.strand.at_once_with(test.latest).filter(|other| result(other) != own);
    let twins: Vec<String> = twins
        .take(TWINS_MOST)
        .map(|other| format!("{} [{}]", result(other).unwrap_or_default(), other.id))
        .collect();
    (!twins.is_empty())
        .then(|| format!("At the same time also: {}; the record does not say which counts", twins.join("; ")))
}

/// Newer tests that were cancelled or not done.
fn undone(test: &Test<'_>) -> Option<String> {
    let newer = test.strand.placed().take_while(|entry| entry.id != test.latest.id);
    let told: Vec<String> = newer.take(TWINS_MOST).map(cited).collect();
    (!told.is_empty()).then(|| format!("Since then without a result: {}", told.join("; ")))
}

fn status(scene: &Scene<'_, '_>, entry: &Entry) -> Option<String> {
    let view = scene.context.view;
    match entry.status.as_deref()? {
        "preliminary" | "registered" | "partial" => {
            Some("Preliminary: the laboratory may still change it, so nothing is read from it".into())
        }
        "amended" | "corrected" | "appended" => {
            let before: Vec<String> = view.versions(entry).map(cited).collect();
            let before = if before.is_empty() {
                "the earlier one is not in these records".to_owned()
            } else {
                format!("before: {}", before.join("; "))
            };
            Some(format!("Corrected by the laboratory; {before}"))
        }
        _ => None,
    }
}

fn specimen(found: &Measurement) -> Option<String> {
    let specimen = found.specimen.as_deref().map(|text| format!("specimen: {}", plain(text)));
    let method = found.method.as_deref().map(|text| format!("method: {}", plain(text)));
    let site = found.body_site.as_deref().map(|text| format!("site: {}", plain(text)));
    let told: Vec<String> = specimen.into_iter().chain(method).chain(site).collect();
    (!told.is_empty()).then(|| format!("As recorded, {}", told.join("; ")))
}
