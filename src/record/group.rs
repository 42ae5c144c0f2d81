//! The same fact from several sources becomes one group with one face; all members are kept.

mod apart;
mod meeting;
mod sets;

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::Entry;
use meeting::meeting;
use sets::Sets;

/// A key under which entries are the same fact. `knowledge` makes it, `ingest` stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// A hash of all that must be equal: kind, code, value, …
    pub bucket: u64,
    /// How the dates must agree.
    pub dates: Dates,
}

/// How the dates of two entries must agree for them to be the same fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Dates {
    /// They need not: the bucket says it all (an accession number, a hash of a document).
    Any,
    /// The same minute; a date without a time joins the only minute of its day.
    SameMinute,
    /// The same day as written; an entry without a day joins the only day there is.
    SameDay,
    /// At most one day apart; an entry without a day joins the only cluster there is.
    WithinOneDay,
    /// At most one day apart, and told by different sources: what one source tells as two things stays two.
    AcrossSources,
    /// They need not: it is the same content, however it is laid out.
    SameContent,
}

/// Entries that are the same fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The member that is shown: an index into the record's entries.
    pub face: u32,
    /// Every member, the face among them, in the order of the record.
    pub members: Members,
}

/// The members of a group, read as a slice. Most entries stand alone, and need no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Members {
    /// The only one.
    One([u32; 1]),
    /// Two or more.
    Several(Vec<u32>),
}

impl Members {
    fn push(&mut self, index: u32) {
        match self {
            Members::One([first]) => *self = Members::Several(vec![*first, index]),
            Members::Several(all) => all.push(index),
        }
    }
}

impl Deref for Members {
    type Target = [u32];
    fn deref(&self) -> &[u32] {
        match self {
            Members::One(only) => only,
            Members::Several(all) => all,
        }
    }
}

/// Groups the entries at `indices`. The result does not depend on the order of `indices`.
pub fn group(entries: &[Entry], indices: &[u32]) -> Vec<Group> {
    joined(entries, indices, meeting(entries, indices))
}

/// Groups by these keys, each with the place of its entry in `indices`.
fn joined(entries: &[Entry], indices: &[u32], mut keyed: Vec<(Key, u32)>) -> Vec<Group> {
    let mut sets = Sets::new(indices.len());
    // Sorted and cut into runs: a map would make a list for each of them.
    keyed.sort_unstable();
    // What is the same by a key of its own is known before sources are compared.
    keyed.sort_by_key(|(key, _)| key.dates == Dates::AcrossSources);
    for bucket in keyed.chunk_by(|left, right| left.0 == right.0).filter(|bucket| bucket.len() > 1) {
        let places: Vec<u32> = bucket.iter().map(|(_, place)| *place).collect();
        join(entries, indices, bucket[0].0.dates, &places, &mut sets);
    }
    sets.groups(entries, indices)
}

fn join(entries: &[Entry], indices: &[u32], dates: Dates, places: &[u32], sets: &mut Sets) {
    let entry = |place: u32| &entries[indices[place as usize] as usize];
    let day = |place: u32| entry(place).date.and_then(|when| when.day_number());
    match dates {
        Dates::Any | Dates::SameContent => join_all(places, sets),
        Dates::SameMinute => {
            let minute = |place: u32| entry(place).date.and_then(|when| when.minute_utc());
            let (timed, dated): (Vec<u32>, Vec<u32>) =
                places.iter().partition(|&&place| minute(place).is_some());
            join_runs(&timed, minute, 0, sets);
            join_runs(&dated, |place| day(place).map(i64::from), 0, sets);
            for &place in &dated {
                join_only_run(place, &timed, minute, |other| day(other) == day(place), sets);
            }
        }
        Dates::SameDay | Dates::WithinOneDay => {
            let tolerance = i64::from(dates == Dates::WithinOneDay);
            let number = |place: u32| day(place).map(i64::from);
            let (dated, undated): (Vec<u32>, Vec<u32>) =
                places.iter().partition(|&&place| number(place).is_some());
            join_runs(&dated, number, tolerance, sets);
            // A date known to the month joins only what it can mean.
            for &place in &undated {
                let fits = |other: u32| could_be(entry(place), entry(other));
                join_only_run(place, &dated, number, fits, sets);
            }
            join_equal_dates(entries, indices, &undated, sets);
        }
        Dates::AcrossSources => {
            let source = |place: u32| entry(place).source;
            join_across_sources(places, |place| day(place).map(i64::from), source, sets);
        }
    }
}

/// Joins days that are at most one apart, where no source tells two of them as two things: then nobody can
/// say which of them another source means.
fn join_across_sources(
    places: &[u32],
    day: impl Fn(u32) -> Option<i64>,
    source: impl Fn(u32) -> u16,
    sets: &mut Sets,
) {
    let mut sorted: Vec<(i64, u32)> = places.iter().filter_map(|&place| Some((day(place)?, place))).collect();
    sorted.sort_unstable();
    for run in sorted.chunk_by(|one, next| next.0 - one.0 <= 1).filter(|run| run.len() > 1) {
        let mut told: Vec<(u16, u32)> =
            run.iter().map(|&(_, place)| (source(place), sets.root(place))).collect();
        told.sort_unstable();
        told.dedup();
        if told.windows(2).all(|pair| pair[0].0 != pair[1].0) {
            let places: Vec<u32> = run.iter().map(|(_, place)| *place).collect();
            join_all(&places, sets);
        }
    }
}

fn join_all(places: &[u32], sets: &mut Sets) {
    for pair in places.windows(2) {
        sets.join(pair[0], pair[1]);
    }
}

/// Joins neighbours on the line of time that are at most `tolerance` apart.
fn join_runs(places: &[u32], at: impl Fn(u32) -> Option<i64>, tolerance: i64, sets: &mut Sets) {
    let mut sorted: Vec<(i64, u32)> = places.iter().filter_map(|&place| Some((at(place)?, place))).collect();
    sorted.sort_unstable();
    for pair in sorted.windows(2) {
        if pair[1].0 - pair[0].0 <= tolerance {
            sets.join(pair[0].1, pair[1].1);
        }
    }
}

/// Joins `place` to the others that fit, if these are all one set: with two, nobody can say which.
fn join_only_run(
    place: u32,
    others: &[u32],
    at: impl Fn(u32) -> Option<i64>,
    fits: impl Fn(u32) -> bool,
    sets: &mut Sets,
) {
    let mut fitting = others.iter().copied().filter(|&other| at(other).is_some() && fits(other));
    let Some(first) = fitting.next() else { return };
    let set = sets.root(first);
    if fitting.all(|other| sets.root(other) == set) {
        sets.join(place, first);
    }
}

fn join_equal_dates(entries: &[Entry], indices: &[u32], places: &[u32], sets: &mut Sets) {
    for (number, &place) in places.iter().enumerate() {
        let date = |place: u32| entries[indices[place as usize] as usize].date;
        if let Some(&other) = places[..number].iter().find(|&&other| date(other) == date(place)) {
            sets.join(place, other);
        }
    }
}

/// True where the less exact date can mean the day of the other.
fn could_be(vague: &Entry, exact: &Entry) -> bool {
    let Some(date) = vague.date else { return true };
    let Some(day) = exact.date.and_then(|when| when.civil()) else { return false };
    (date.earliest()..=date.latest()).contains(&day)
}
