//! One test explained: in full, or in a few lines where many were asked for.

use super::latest::{self, cited};
use super::scene::{Scene, Test};
use super::{bearing, call_for, kidney, path, published, weeks};
use std::cmp::Ordering;

use crate::insight::measurements::test_name;
use crate::insight::plausible::is_possible;
use crate::insight::sheet::Part;
use crate::insight::{Context, measured};
use crate::knowledge::explained::{Explanation, explanation};
use crate::record::FlagMeaning;

/// A longer name is left to the full answer.
const NAME_BYTES: usize = 60;
/// So many things are named on each side.
const COMMON_MOST: usize = 6;
/// So many related results are told.
const RELATED_MOST: usize = 4;
/// So many questions are told.
const ASK_MOST: usize = 3;
/// Lines that stay behind those about the latest result, as long as another test has more.
const LINES_LEAST: usize = 4;

/// The plain name, and the recorded one beside it where that is another.
pub(super) fn name(test: &Test<'_>) -> String {
    let recorded = test_name(test.latest);
    match test.strand.analyte {
        Some(known) if !known.name.eq_ignore_ascii_case(&recorded) => format!("{} ({recorded})", known.name),
        _ => recorded,
    }
}

/// The name for a list of many tests: the recorded one beside the plain one only where it is short.
pub(super) fn short_name(test: &Test<'_>) -> String {
    let name = name(test);
    let plain = test.strand.analyte.map(|known| known.name).filter(|_| name.len() > NAME_BYTES);
    plain.map_or(name, str::to_owned)
}

/// A test in full: what the record says of it first, what is commonly known of it last.
pub(super) fn full(scene: &Scene<'_, '_>, test: &Test<'_>) -> Part {
    let known = test.key().and_then(explanation);
    let mut lines = latest::lines(scene, test);
    let urgent = lines.len();
    lines.extend(known.map(|known| format!("What it measures: {}", known.measures)));
    lines.extend(path::lines(scene, test));
    lines.extend(weeks::lines(scene, test));
    lines.extend(published::line(scene, test));
    lines.extend(kidney::line(scene, test));
    lines.extend(bearing::facts(scene, test));
    lines.extend(bearing::happened(scene, test));
    lines.extend(known.and_then(|known| related(scene, test, known)));
    lines.extend(known.and_then(|known| questions(scene, known)));
    lines.extend(known.map(|known| common(known, side(scene, test))).unwrap_or_default());
    let least = (urgent + LINES_LEAST).min(lines.len());
    Part::of(name(test), call_for(scene.context, &test_name(test.latest)), usize::MAX, lines).keeping(least)
}

/// A test in a few lines.
pub(super) fn brief(scene: &Scene<'_, '_>, test: &Test<'_>) -> Part {
    Part::of(
        short_name(test),
        call_for(scene.context, &test_name(test.latest)),
        usize::MAX,
        short(scene, test),
    )
    .keeping(1)
}

/// What stands in a list of many tests.
pub(super) fn short(scene: &Scene<'_, '_>, test: &Test<'_>) -> Vec<String> {
    let standing = latest::standing(scene, test.latest, test.found);
    let standing = if standing.is_empty() { standing } else { format!(" — {standing}") };
    let range =
        latest::ranges(scene, test.latest, test.found).map(|range| range.replacen("Report's", "report's", 1));
    let range = range.map_or_else(String::new, |range| format!("; {range}"));
    let mut lines = vec![format!("{}{standing}{range}", latest::cited_now(test))];
    lines.extend(latest::twins(test));
    match latest::possible(test) {
        Some(possible) => lines.push(possible),
        None if !is_possible(test.latest, test.found) => {}
        None => lines.extend(path::direction_if_read(scene, test)),
    }
    lines
}

/// The call that shows one test in full.
pub(super) fn how_to_see_one(context: &Context<'_>) -> Part {
    let call = call_for(context, "name of one test");
    Part::fixed("In full", Vec::new())
        .saying(format!("what each test measures, what bears on it and what to ask: {call}"))
}

/// On which side of its range the report sees a result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Above it.
    High,
    /// Below it.
    Low,
    /// Within it, or nobody says.
    Neither,
}

/// The side on which the report, or its range, sees the latest result.
pub(super) fn side(scene: &Scene<'_, '_>, test: &Test<'_>) -> Side {
    use FlagMeaning::{CriticallyHigh, CriticallyLow, High, Low};
    let is_one_of =
        |meanings: [FlagMeaning; 2]| test.found.flags.iter().any(|flag| meanings.contains(&flag.meaning));
    if !is_possible(test.latest, test.found) {
        return Side::Neither;
    }
    match measured::by_range(test.found, Some((&scene.portrait.who, test.latest))) {
        _ if is_one_of([High, CriticallyHigh]) => Side::High,
        _ if is_one_of([Low, CriticallyLow]) => Side::Low,
        _ if !test.found.flags.is_empty() => Side::Neither,
        Some(Ordering::Greater) => Side::High,
        Some(Ordering::Less) => Side::Low,
        _ => Side::Neither,
    }
}

/// What commonly goes with it, of the side where the report sees it, and what misleads it.
fn common(known: &Explanation, side: Side) -> Vec<String> {
    let list = |says: &str, what: &[&'static str]| {
        let what: Vec<&str> = what.iter().copied().take(COMMON_MOST).collect();
        (!what.is_empty()).then(|| format!("{says}: {}", what.join("; ")))
    };
    let lines = [
        list("What can mislead it", &known.misled_by),
        list("High values commonly go with", &known.high).filter(|_| side != Side::Low),
        list("Low values commonly go with", &known.low).filter(|_| side != Side::High),
    ];
    lines.into_iter().flatten().collect()
}

/// The latest results that are read together with it.
fn related(scene: &Scene<'_, '_>, test: &Test<'_>, known: &Explanation) -> Option<String> {
    let others = known.related.iter().filter(|key| Some(**key) != test.key());
    let told: Vec<String> = others
        .filter_map(|key| scene.test_of_key(key))
        .take(RELATED_MOST)
        .map(|other| {
            let name = other.strand.analyte.map_or("", |known| known.name);
            let standing = latest::standing(scene, other.latest, other.found);
            format!("{name} {} ({standing})", cited(other.latest))
        })
        .collect();
    (!told.is_empty()).then(|| format!("Read together with: {}", told.join("; ")))
}

/// Questions for a clinician; none for a person who has died.
fn questions(scene: &Scene<'_, '_>, known: &Explanation) -> Option<String> {
    let asked: Vec<&str> = known.ask.iter().copied().take(ASK_MOST).collect();
    (!scene.portrait.has_died && !asked.is_empty()).then(|| format!("To ask: {}", asked.join(" ")))
}
