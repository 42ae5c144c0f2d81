//! Home series: averages by week, how they were measured, and the published class of several days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::published::tokens;
use super::scene::{Scene, Test};
use crate::insight::measured::{self, DIASTOLIC, SYSTOLIC};
use crate::insight::measurements::measurement;
use crate::insight::plain;
use crate::insight::trend::alike::{at_home, in_unit, is_sound, quantity};
use crate::knowledge::thresholds::{Known, classes};
use crate::knowledge::units;
use crate::record::{Entry, EntryId, Kind};

/// So many weeks are told.
const WEEKS_MOST: usize = 8;
/// A week with fewer readings has no average.
const READINGS_LEAST: usize = 2;
/// The readings of so many days are one class.
const CLASS_DAYS: i32 = 90;
/// Weeks longer ago than this before the latest reading are left to the list.
const WEEKS_DAYS: i32 = 366;

/// One reading: one number, or both of a blood pressure, in one unit.
struct Reading<'a> {
    entry: &'a Entry,
    on: Date,
    numbers: Vec<f64>,
    is_home: bool,
}

/// Averages by week, how it was measured, and the class of a blood pressure.
pub(super) fn lines(scene: &Scene<'_, '_>, test: &Test<'_>) -> Vec<String> {
    if test.latest.kind() != Kind::Vital && test.key() != Some("glucose-fingerstick") {
        return Vec::new();
    }
    let (readings, unit) = readings(scene, test);
    let mut lines = Vec::new();
    lines.extend(weekly(&readings, &unit));
    lines.extend(how(scene, test));
    if test.key() == Some("blood-pressure") {
        lines.extend(class(scene, test, &readings));
    }
    lines
}

/// Every sound reading that contradicts no other of its moment.
fn readings<'a>(scene: &Scene<'_, '_>, test: &Test<'a>) -> (Vec<Reading<'a>>, String) {
    let mut unit = String::new();
    let mut readings: Vec<Reading<'a>> = Vec::new();
    let mut left_out: BTreeSet<EntryId> = BTreeSet::new();
    for entry in test.strand.placed().filter(|entry| is_sound(entry)) {
        let Some(on) = entry.date.and_then(|when| when.civil()) else { continue };
        let Some(numbers) = numbers(test, entry, &mut unit) else { continue };
        let is_home = at_home(scene.context, entry).is_some();
        let reading = Reading { entry, on, numbers, is_home };
        // Two numbers of one moment: nothing is made of either, unless they say the same.
        let twin = readings.last().filter(|last| last.entry.date == entry.date);
        match twin.map(|twin| (twin.numbers == reading.numbers, twin.entry.id)) {
            Some((true, _)) => {}
            Some((false, twin)) => {
                left_out.insert(twin);
                left_out.insert(entry.id);
                readings.push(reading);
            }
            None => readings.push(reading),
        }
    }
    readings.retain(|reading| !left_out.contains(&reading.entry.id));
    (readings, unit)
}

/// The numbers in the unit of the first that has one.
fn numbers(test: &Test<'_>, entry: &Entry, unit: &mut String) -> Option<Vec<f64>> {
    let found = measurement(entry)?;
    let pair = measured::component(found, SYSTOLIC).zip(measured::component(found, DIASTOLIC));
    if let Some((upper, lower)) = pair {
        let own = upper.unit().and_then(units::normalise)?;
        let is_same = lower.unit().and_then(units::normalise) == Some(own) && own == "mm[Hg]";
        let is_plain = upper.comparator.is_none() && lower.comparator.is_none();
        *unit = units::printed(own).into_owned();
        return (is_same && is_plain).then(|| vec![upper.number.value(), lower.number.value()]);
    }
    let (_, own) = quantity(entry)?;
    if unit.is_empty() {
        *unit = own.to_owned();
    }
    Some(vec![in_unit(entry, unit, test.strand.analyte)?.parse().ok()?])
}

fn weekly(readings: &[Reading<'_>], unit: &str) -> Option<String> {
    let mut weeks: BTreeMap<(Date, bool), Vec<&Reading<'_>>> = BTreeMap::new();
    let last = readings.first().map(|reading| reading.on);
    let is_late = |on: Date| last.is_some_and(|last| (last - on).get_days() <= WEEKS_DAYS);
    for reading in readings.iter().filter(|reading| is_late(reading.on)) {
        let monday =
            reading.on.saturating_sub(i64::from(reading.on.weekday().to_monday_zero_offset()).days());
        weeks.entry((monday, reading.is_home)).or_default().push(reading);
    }
    let full: Vec<_> = weeks.into_iter().rev().filter(|(_, week)| week.len() >= READINGS_LEAST).collect();
    let more = full.len().saturating_sub(WEEKS_MOST);
    let told = full.into_iter().take(WEEKS_MOST).map(|((monday, is_home), week)| {
        let place = if is_home { ", at home" } else { "" };
        format!("week of {monday} {} ({} readings{place})", average(&week), week.len())
    });
    let told: Vec<String> = told.collect();
    let more = if more > 0 { format!("; {more} earlier weeks") } else { String::new() };
    let unit = units::normalise(unit).map_or_else(|| plain(unit), |ucum| units::printed(ucum).into_owned());
    (!told.is_empty()).then(|| format!("Averages by week in {unit}: {}{more}", told.join("; ")))
}

/// The average of each number: whole for a blood pressure, with one digit for what is one number.
fn average(readings: &[&Reading<'_>]) -> String {
    let [first, ..] = readings else { return String::new() };
    let digits = if first.numbers.len() > 1 { 0 } else { 1 };
    let means = means(readings);
    means.iter().map(|mean| format!("{mean:.digits$}")).collect::<Vec<_>>().join("/")
}

fn means(readings: &[&Reading<'_>]) -> Vec<f64> {
    let count = readings.len() as f64;
    let places = readings.first().map_or(0, |first| first.numbers.len());
    (0..places)
        .map(|place| readings.iter().filter_map(|reading| reading.numbers.get(place)).sum::<f64>() / count)
        .collect()
}

/// How the readings were taken, as far as the record says.
fn how(scene: &Scene<'_, '_>, test: &Test<'_>) -> Option<String> {
    let mut ways: BTreeMap<String, usize> = BTreeMap::new();
    for entry in test.strand.placed() {
        let place = at_home(scene.context, entry).map(str::to_owned);
        let method = measurement(entry).and_then(|found| found.method.as_deref()).map(plain);
        let site = measurement(entry).and_then(|found| found.body_site.as_deref()).map(plain);
        let device = entry.actor("device").map(plain);
        let said: Vec<String> = [place, method, site, device].into_iter().flatten().collect();
        let said = if said.is_empty() { "not recorded how".to_owned() } else { said.join(", ") };
        *ways.entry(said).or_default() += 1;
    }
    let told: Vec<String> = ways.iter().map(|(way, count)| format!("{way} ({count})")).collect();
    Some(format!("How it was measured: {}", told.join("; ")))
}

/// The published class of two or more readings on two or more days.
fn class(scene: &Scene<'_, '_>, test: &Test<'_>, readings: &[Reading<'_>]) -> Option<String> {
    let last = readings.first()?;
    let near: Vec<&Reading<'_>> = readings
        .iter()
        .filter(|reading| (last.on - reading.on).get_days() < CLASS_DAYS && reading.is_home == last.is_home)
        .collect();
    let days: BTreeSet<Date> = near.iter().map(|reading| reading.on).collect();
    let means = means(&near);
    let (upper, lower) = (means.first()?, means.get(1)?);
    let mut tokens = tokens(scene, test.latest, last.on);
    let is_in_pregnancy = tokens.contains(&"pregnant-or-six-weeks-after");
    if days.len() < 2 && !is_in_pregnancy {
        return Some(
            "Published cut-offs are left out: one reading is no class; it takes two or more, on two or more days of the last 90".into(),
        );
    }
    tokens.extend(["two-days", "pair"]);
    let age_years = scene.portrait.age_years_on(last.on);
    let known = Known { tokens: &tokens, sex: scene.portrait.sex, age_years };
    let says = |key, mean: f64| {
        let told = classes(key, &format!("{mean:.0}"), "mm[Hg]", &known);
        told.into_iter().map(|row| format!("{} ({})", row.says, row.source)).collect::<Vec<_>>()
    };
    let told: Vec<String> = says("blood-pressure-systolic", *upper)
        .into_iter()
        .chain(says("blood-pressure-diastolic", *lower))
        .collect();
    if told.is_empty() {
        return Some(
            "Published cut-offs are left out: they hold for adults outside of pregnancy, which the record does not settle for that time".into(),
        );
    }
    let place = if last.is_home { " at home" } else { "" };
    Some(format!(
        "Average of {} readings{place} on {} days up to {}: {}. Published cut-offs: {}. Not a diagnosis",
        near.len(),
        days.len(),
        last.on,
        average(&near),
        told.join("; ")
    ))
}
