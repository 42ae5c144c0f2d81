//! How a test moved: its numbers in one unit, and a direction only where one can be read.

use std::collections::BTreeSet;

use super::latest::{cited, cited_among};
use super::scene::{Scene, Test};
use crate::insight::measurements::measurement;
use crate::insight::rows::date_cell;
use crate::insight::trend::alike::{in_unit, is_result, is_sound, laboratory, quantity};
use crate::insight::trend::movement::is_contradicted;
use crate::insight::trend::{Movement, Why};
use crate::insight::{measured, plain};
use crate::knowledge::explained::explanation;
use crate::knowledge::units;
use crate::record::{Entry, Number};

/// So many of the last results are listed.
const LAST_MOST: usize = 5;

/// The sentence about the direction.
pub(super) fn direction(scene: &Scene<'_, '_>, test: &Test<'_>) -> Option<String> {
    let variation = test.key().and_then(explanation).map_or("", |known| known.variation);
    let read = scene.movement(test);
    Some(match read {
        Movement::Moved(moved) => format!(
            "Moved {} from {}: more than its usual variation of about {variation}",
            moved.direction.word(),
            cited(moved.from)
        ),
        Movement::Within { from } => format!(
            "Within its usual variation (about {variation}) of {}: no direction can be read",
            cited(from)
        ),
        Movement::Unread(why) => format!("No direction is read: {}", unread(&why)?),
    })
}

/// The same for a list of many tests: that no source gives a variation is left to the full answer.
pub(super) fn direction_if_read(scene: &Scene<'_, '_>, test: &Test<'_>) -> Option<String> {
    let is_known_only = matches!(
        scene.movement(test),
        Movement::Unread(Why::NoVariation | Why::NotAdult | Why::Pregnant | Why::TooClose)
    );
    direction(scene, test).filter(|_| !is_known_only)
}

/// Why nothing can be read; nothing where there is only one result to begin with.
fn unread(why: &Why<'_>) -> Option<String> {
    Some(match why {
        Why::TooFew | Why::NoNumber => return None,
        Why::Unsettled => "the latest result is preliminary".into(),
        Why::Implausible => "the latest value is not plausible".into(),
        Why::TwoAtOnce => "two results of the same time differ".into(),
        Why::TooClose => "the results lie less than a week apart".into(),
        Why::Swings(entry) => format!("results of one week differ by more than usual; see {}", cited(entry)),
        Why::Apart(difference, entry) => format!("{}, compared with {}", difference.words(), cited(entry)),
        Why::NoVariation => "no source says how much it varies by itself".into(),
        Why::NotAdult => "the usual variation is known for adults only".into(),
        Why::Pregnant => "the usual variation does not hold in pregnancy".into(),
    })
}

/// One comparable number of a test.
struct Point<'a> {
    entry: &'a Entry,
    digits: String,
    value: f64,
}

/// First, last, least, greatest and count, and the last results as written.
pub(super) fn lines(scene: &Scene<'_, '_>, test: &Test<'_>) -> Vec<String> {
    let results: Vec<&Entry> = test.strand.placed().filter(|entry| is_result(entry)).collect();
    if results.len() < 2 {
        return vec!["This is the only result of it in these records".into()];
    }
    let mut lines: Vec<String> = direction(scene, test).into_iter().collect();
    lines.extend(numbers(test, &results));
    lines.extend(listed(&results));
    lines.extend(makes(scene, &results));
    lines
}

fn numbers(test: &Test<'_>, results: &[&Entry]) -> Option<String> {
    let (quantity, reported) = results.iter().find_map(|entry| quantity(entry))?;
    // The unit of the latest result, or the usual one of the test where more results can be brought into it.
    let usual = test.strand.analyte.map(|analyte| analyte.unit).filter(|usual| !usual.is_empty());
    let (mut unit, mut points) = (reported, points_in(test, results, reported));
    if let Some(usual) = usual.filter(|_| points.len() < results.len()) {
        let others = points_in(test, results, usual);
        if others.len() > points.len() {
            (unit, points) = (usual, others);
        }
    }
    let is_other_unit = unit != reported;
    let left = results.len() - points.len();
    let left = match left {
        0 => String::new(),
        _ => format!(
            "; {left} more kept out: no plain number in a unit that fits, preliminary, not plausible, or two at one time"
        ),
    };
    let (last, first) = (points.first()?, points.last()?);
    if points.len() < 3 && !is_other_unit {
        return (!left.is_empty()).then(|| format!("{} comparable results{left}", points.len()));
    }
    let least = points.iter().min_by(|one, other| one.value.total_cmp(&other.value))?;
    let greatest = points.iter().max_by(|one, other| one.value.total_cmp(&other.value))?;
    let shown = |point: &Point<'_>| {
        let digits =
            Number::parse(&point.digits).map_or_else(|| point.digits.clone(), |number| number.shown());
        format!("{digits} ({}) [{}]", date_cell(point.entry.date), point.entry.id)
    };
    let unit = if is_other_unit { units::printed(unit).into_owned() } else { measured::unit(quantity) };
    let unit = if unit.is_empty() { unit } else { format!(" in {unit}") };
    Some(format!(
        "{} comparable results{unit}: first {}, last {}, least {}, greatest {}{left}",
        points.len(),
        shown(first),
        shown(last),
        shown(least),
        shown(greatest)
    ))
}

/// The results that can be compared, as numbers in one unit.
fn points_in<'a>(test: &Test<'_>, results: &[&'a Entry], unit: &str) -> Vec<Point<'a>> {
    let sound =
        results.iter().copied().filter(|entry| is_sound(entry) && !is_contradicted(&test.strand, entry));
    sound
        .filter_map(|entry| {
            let digits = in_unit(entry, unit, test.strand.analyte)?;
            let value = digits.parse().ok()?;
            Some(Point { entry, digits, value })
        })
        .collect()
}

/// The last results as they were written.
fn listed(results: &[&Entry]) -> Option<String> {
    let before = results.iter().skip(1).take(LAST_MOST);
    let before: Vec<String> = before.map(|entry| cited_among(entry, results)).collect();
    let more = results.len().saturating_sub(LAST_MOST + 1);
    let more = if more > 0 { format!("; {more} more in get_labs or get_vitals") } else { String::new() };
    (!before.is_empty()).then(|| format!("Before: {}{more}", before.join("; ")))
}

/// That laboratory, method, specimen or unit changed.
fn makes(scene: &Scene<'_, '_>, results: &[&Entry]) -> Option<String> {
    let mut said = Vec::new();
    let texts = |of: &dyn Fn(&Entry) -> Option<String>| {
        let texts: BTreeSet<String> = results.iter().filter_map(|entry| of(entry)).collect();
        (texts.len() > 1).then(|| texts.into_iter().collect::<Vec<_>>().join(", "))
    };
    let unit = |entry: &Entry| {
        let (_, unit) = quantity(entry)?;
        Some(units::normalise(unit).map_or_else(|| plain(unit), |ucum| units::printed(ucum).into_owned()))
    };
    if let Some(units) = texts(&unit) {
        said.push(format!("units: {units}, brought into one exactly where that can be done"));
    }
    for (what, of) in [
        (
            "laboratories",
            &(|entry: &Entry| laboratory(entry).map(plain)) as &dyn Fn(&Entry) -> Option<String>,
        ),
        ("sources", &|entry| Some(plain(&scene.context.view.source(entry).name))),
        ("methods", &|entry| measurement(entry)?.method.as_deref().map(plain)),
        ("specimens", &|entry| measurement(entry)?.specimen.as_deref().map(plain)),
        ("names of the test", &|entry| Some(plain(&entry.concept.label()))),
    ] {
        said.extend(texts(of).map(|texts| format!("{what}: {texts}")));
    }
    (!said.is_empty()).then(|| format!("The results differ in {}", said.join("; ")))
}
