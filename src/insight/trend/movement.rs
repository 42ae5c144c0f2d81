//! Whether a test moved beyond its usual variation, or why no direction can be read.
//!
//! The rule is that of the table (`knowledge::explained`): adults who are not pregnant, results of one
//! laboratory, specimen and method, at least a week apart. That two results lie within the variation says that
//! nothing can be read, and never that all is well.

use jiff::civil::Date;

use super::Strand;
use super::alike::{Difference, difference, in_unit, is_result, is_settled, is_sound, quantity};
use crate::insight::Context;
use crate::insight::portrait::Portrait;
use crate::knowledge::explained::{explanation, moved_beyond_noise};
use crate::record::Entry;

/// Results closer than this are not held against each other: the published variation is that over weeks.
const DAYS_APART: i32 = 7;
/// A slow move is looked for over so many days.
const DRIFT_DAYS: i32 = 731;

/// Which way a test moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The later result is higher.
    Up,
    /// The later result is lower.
    Down,
}

impl Direction {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }
}

/// A move beyond the usual variation.
#[derive(Clone, Copy, Debug)]
pub struct Moved<'a> {
    /// The earlier result.
    pub from: &'a Entry,
    /// The later one: the latest.
    pub to: &'a Entry,
    /// Which way.
    pub direction: Direction,
    /// How many times its usual variation: more than 1. What moved most is told first.
    pub times: f64,
}

/// What can be read of a test over time.
#[derive(Debug)]
pub enum Movement<'a> {
    /// It moved beyond its usual variation.
    Moved(Moved<'a>),
    /// It lies within its usual variation of the earlier result: no direction can be read.
    Within {
        /// The earlier result.
        from: &'a Entry,
    },
    /// Nothing can be read, and why.
    Unread(Why<'a>),
}

/// Why no direction can be read.
#[derive(Debug)]
pub enum Why<'a> {
    /// There is no second result that is a plain number in a unit, finished and possible.
    TooFew,
    /// The latest is not finished.
    Unsettled,
    /// The latest cannot be.
    Implausible,
    /// The latest is no plain number with a unit.
    NoNumber,
    /// Two results of the very moment of the latest contradict each other.
    TwoAtOnce,
    /// Every earlier result lies less than a week before.
    TooClose,
    /// A result of the same week differs from the latest by more than usual: that is no line.
    Swings(&'a Entry),
    /// The earlier results are not of one make.
    Apart(Difference, &'a Entry),
    /// No source says how much the test varies by itself.
    NoVariation,
    /// The variation is that of adults, and the person is not known to be one.
    NotAdult,
    /// The variation does not hold in pregnancy.
    Pregnant,
}

/// What can be read of a test; with `since`, against the last result before that day.
pub fn movement<'a>(
    context: &Context<'_>,
    strand: &Strand<'a>,
    portrait: &Portrait,
    since: Option<Date>,
) -> Movement<'a> {
    read(context, strand, portrait, since).unwrap_or_else(Movement::Unread)
}

fn read<'a>(
    context: &Context<'_>,
    strand: &Strand<'a>,
    portrait: &Portrait,
    since: Option<Date>,
) -> Result<Movement<'a>, Why<'a>> {
    // What was not done, cancelled or refuted is no result.
    let mut stated = strand.placed().filter(|entry| is_result(entry));
    let latest = stated.next().ok_or(Why::TooFew)?;
    let to = latest.date.and_then(|when| when.civil()).ok_or(Why::TooFew)?;
    if !is_settled(latest) {
        return Err(Why::Unsettled);
    }
    let (quantity, unit) = quantity(latest).ok_or(Why::NoNumber)?;
    let key = strand.analyte.map(|known| known.key);
    let has_variation = key.and_then(explanation).is_some_and(|known| !known.variation.is_empty());
    let key = key.filter(|_| has_variation).ok_or(Why::NoVariation)?;
    if portrait.pregnancy.is_current() {
        return Err(Why::Pregnant);
    }
    if !is_sound(latest) {
        return Err(Why::Implausible);
    }
    if is_contradicted(strand, latest) {
        return Err(Why::TwoAtOnce);
    }
    let now = quantity.number.as_written().trim().to_owned();
    let limit = since.filter(|since| strand.placed().any(|entry| is_before(entry, *since)));
    let mut why = Why::TooFew;
    let mut nearest: Option<&'a Entry> = None;
    // Going back in time: the values so far never turned.
    let mut slope = Slope::from(number(&now));
    for earlier in stated {
        let Some(day) = earlier.date.and_then(|when| when.civil()) else { continue };
        let apart = (to - day).get_days();
        // A slow move is looked for no further back than this, once there is something to compare with.
        if nearest.is_some() && apart > DRIFT_DAYS {
            break;
        }
        // What came in since the day that is asked about is no "before".
        if limit.is_some_and(|since| day >= since) {
            continue;
        }
        let Some(before) = in_unit(earlier, unit, strand.analyte) else { continue };
        if !is_sound(earlier) || is_contradicted(strand, earlier) {
            continue;
        }
        if apart < DAYS_APART {
            if moved_beyond_noise(key, &before, &now) == Some(true) {
                return Err(Why::Swings(earlier));
            }
            why = if matches!(why, Why::TooFew) { Why::TooClose } else { why };
            continue;
        }
        if let Some(difference) = difference(context, earlier, latest) {
            why = if matches!(why, Why::TooFew | Why::TooClose) {
                Why::Apart(difference, earlier)
            } else {
                why
            };
            continue;
        }
        if !portrait.age_years_on(day).is_some_and(|age| age >= 18.0) {
            return nearest.map(|from| Movement::Within { from }).ok_or(Why::NotAdult);
        }
        match moved_beyond_noise(key, &before, &now) {
            // Of a slow move every step goes one way; after a turn only the step to the nearest counts.
            _ if !slope.goes_on(number(&before)) => break,
            Some(true) => {
                let is_up = number(&now) > number(&before);
                let direction = if is_up { Direction::Up } else { Direction::Down };
                let times = times_its_variation(key, number(&before), number(&now));
                return Ok(Movement::Moved(Moved { from: earlier, to: latest, direction, times }));
            }
            Some(false) => nearest = nearest.or(Some(earlier)),
            None => return Err(Why::NoVariation),
        }
    }
    nearest.map(|from| Movement::Within { from }).ok_or(why)
}

/// The values of a walk back in time, as long as they go one way.
struct Slope {
    last: f64,
    way: Option<std::cmp::Ordering>,
}

impl Slope {
    fn from(last: f64) -> Slope {
        Slope { last, way: None }
    }

    /// True as long as the next value lies no other way than those before.
    fn goes_on(&mut self, value: f64) -> bool {
        let way = value.total_cmp(&self.last);
        self.last = value;
        if way.is_eq() {
            return true;
        }
        *self.way.get_or_insert(way) == way
    }
}

fn times_its_variation(key: &str, before: f64, now: f64) -> f64 {
    let variation = explanation(key).map_or("", |known| known.variation).trim_end_matches('%');
    let percent: f64 = variation.parse().unwrap_or(f64::INFINITY);
    (before.max(now) / before.min(now) - 1.0) * 100.0 / percent
}

fn is_before(entry: &Entry, since: Date) -> bool {
    entry.date.is_some_and(|when| when.latest() < since)
}

fn number(digits: &str) -> f64 {
    digits.parse().unwrap_or(f64::NAN)
}

/// True where another result of the very moment says something else.
pub fn is_contradicted(strand: &Strand<'_>, entry: &Entry) -> bool {
    let value =
        |entry: &Entry| quantity(entry).map(|(quantity, unit)| (quantity.number.clone(), unit.to_owned()));
    let own = value(entry);
    strand.at_once_with(entry).any(|other| {
        let theirs = value(other);
        let is_same = own.as_ref().zip(theirs.as_ref()).is_some_and(|((_, unit), _)| {
            let digits = |entry: &Entry| in_unit(entry, unit, strand.analyte).map(|digits| number(&digits));
            digits(entry) == digits(other)
        });
        !is_same
    })
}
