//! Sleep and movement that were measured: the first, the last, and averages by week. No judgement.

use std::collections::{BTreeMap, HashMap};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::ground::Ground;
use crate::insight::lifetime::Lifetime;
use crate::insight::measured;
use crate::insight::measurements::measurement;
use crate::insight::plausible::is_possible;
use crate::insight::sheet::Part;
use crate::insight::{Refusal, plain};
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::guidance::Topic;
use crate::record::{Entry, Kind, Quantity, Standing, Value};

/// Names under which phones and watches send sleep and movement. By name alone: no table at hand lists codes.
const NAMES: [(&str, Topic); 15] = [
    ("sleep duration", Topic::Sleep),
    ("sleep time", Topic::Sleep),
    ("time asleep", Topic::Sleep),
    ("hours of sleep", Topic::Sleep),
    ("total sleep", Topic::Sleep),
    ("sleep analysis", Topic::Sleep),
    ("steps", Topic::Activity),
    ("step count", Topic::Activity),
    ("number of steps", Topic::Activity),
    ("walking distance", Topic::Activity),
    ("walking running distance", Topic::Activity),
    ("exercise time", Topic::Activity),
    ("exercise duration", Topic::Activity),
    ("exercise minutes", Topic::Activity),
    ("active minutes", Topic::Activity),
];

/// Weeks of which the average is told.
const WEEKS: usize = 4;

/// One reading.
struct Reading<'a> {
    entry: &'a Entry,
    quantity: &'a Quantity,
}

/// A line for each series of two or more readings in one unit.
pub(super) fn trends(ground: &Ground<'_, '_>) -> Result<Part, Refusal> {
    let is_any = ground.wanted.takes_trend(Topic::Sleep) || ground.wanted.takes_trend(Topic::Activity);
    let mut lines = Vec::new();
    if is_any {
        for ((name, unit), readings) in series(ground)? {
            lines.extend(line(&name, &unit, readings));
        }
    }
    Ok(Part::of("Sleep and movement, as measured", "get_vitals", 6, lines))
}

/// By name and unit, in the order of names; the readings of each from the first to the last.
fn series<'a>(ground: &Ground<'a, '_>) -> Result<BTreeMap<(String, String), Vec<Reading<'a>>>, Refusal> {
    let view = ground.context.view;
    let lifetime = Lifetime::of(view, ground.context.today);
    let mut judged: HashMap<(usize, usize), bool> = HashMap::new();
    let mut series: BTreeMap<(String, String), Vec<Reading<'a>>> = BTreeMap::new();
    for kind in [Kind::Vital, Kind::Background] {
        for group in view.groups(kind) {
            ground.context.check()?;
            let entry = view.face(group);
            let Some(name) = entry.concept.name() else { continue };
            let is_named = *judged.entry((name.as_ptr() as usize, name.len())).or_insert_with(|| {
                let folded = fold(name);
                let topic = NAMES.iter().find(|(words, _)| holds_words(&folded, words));
                topic.is_some_and(|(_, topic)| ground.wanted.takes_trend(*topic))
            });
            if !is_named || entry.standing != Standing::Stated || lifetime.objection(entry).is_some() {
                continue;
            }
            let Some(found) = measurement(entry).filter(|found| is_possible(entry, found)) else { continue };
            if let Some(Value::Quantity(quantity)) = &found.value {
                let key = (plain(name), measured::unit(quantity));
                series.entry(key).or_default().push(Reading { entry, quantity });
            }
        }
    }
    for readings in series.values_mut() {
        readings.sort_by_key(|reading| (reading.entry.date, reading.entry.id));
    }
    Ok(series)
}

fn line(name: &str, unit: &str, readings: Vec<Reading<'_>>) -> Option<String> {
    let (first, last) = (readings.first()?, readings.last().filter(|_| readings.len() > 1)?);
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let told = |reading: &Reading<'_>| {
        let date = reading.entry.date.map_or_else(|| "not dated".into(), |when| when.date_text());
        format!("{}{unit} on {date} [{}]", reading.quantity.shown_number(), reading.entry.id)
    };
    let weeks = weeks(&readings);
    let averages = weeks.iter().rev().take(WEEKS).rev().map(|(monday, (sum, count))| {
        format!("week of {monday}: {:.1}{unit} ({count} readings)", sum / f64::from(*count))
    });
    let averages: Vec<String> = averages.collect();
    let averages =
        if averages.is_empty() { String::new() } else { format!("; averages: {}", averages.join(", ")) };
    Some(format!("{name}: first {}, last {}, {} readings{averages}", told(first), told(last), readings.len()))
}

/// Sums and counts by the Monday of the week. A week with two different numbers for one moment has no average,
/// and one with a comparator (`>12`) has none either.
fn weeks(readings: &[Reading<'_>]) -> BTreeMap<Date, (f64, u32)> {
    let mut weeks: BTreeMap<Date, Option<(f64, u32)>> = BTreeMap::new();
    let mut at: HashMap<u128, &str> = HashMap::new();
    for reading in readings {
        let Some((when, day)) = reading.entry.date.and_then(|when| Some((when, when.civil()?))) else {
            continue;
        };
        let back = i64::from(day.weekday().to_monday_zero_offset());
        let Ok(monday) = day.checked_sub(back.days()) else { continue };
        let number = reading.quantity.number.as_written();
        let known = at.insert(when.order(), number);
        let week = weeks.entry(monday).or_insert(Some((0.0, 0)));
        if known.is_some_and(|known| known != number) || reading.quantity.comparator.is_some() {
            *week = None;
        } else if let Some((sum, count)) = week.filter(|_| known.is_none()) {
            *week = Some((sum + reading.quantity.number.value(), count + 1));
        }
    }
    weeks.into_iter().filter_map(|(monday, week)| Some((monday, week?))).collect()
}
