//! What is told of all results of one test in one row, counted in one pass over the results in the order
//! of the record: there they lie one after another in memory, by date they do not.

use super::super::measurements::measurement;
use super::super::portrait::Who;
use super::super::rows::Shown;
use super::super::{Context, Refusal, measured, plain};
use super::{SeriesRow, Tests, test_name};
use crate::record::{Entry, Value};

/// All results of one test.
pub struct Tally<'a> {
    latest: Shown<'a>,
    first: Shown<'a>,
    count: usize,
    /// The least and the greatest value; `None` once one of them cannot be compared with the others.
    bounds: Option<Bounds<'a>>,
}

/// The least and the greatest of plain numbers in one unit.
struct Bounds<'a> {
    unit: &'a str,
    least: (f64, Shown<'a>),
    greatest: (f64, Shown<'a>),
}

/// The results by test, in whatever order they come; the test with the newest result first.
pub fn tallies<'a>(context: &Context<'_>, shown: &[Shown<'a>]) -> Result<Vec<Tally<'a>>, Refusal> {
    let mut tests = Tests::default();
    let mut tallies: Vec<Tally<'a>> = Vec::new();
    for &one in shown {
        context.check()?;
        let place = tests.place(one.face);
        match tallies.get_mut(place) {
            Some(tally) => tally.add(one),
            None => tallies.push(Tally::of(one)),
        }
    }
    tallies.sort_unstable_by_key(|tally| tally.latest.order);
    Ok(tallies)
}

impl<'a> Tally<'a> {
    fn of(one: Shown<'a>) -> Tally<'a> {
        let value = comparable(one.face);
        let bounds = value.map(|(value, unit)| Bounds { unit, least: (value, one), greatest: (value, one) });
        Tally { latest: one, first: one, count: 1, bounds }
    }

    fn add(&mut self, one: Shown<'a>) {
        self.count += 1;
        if one.order < self.latest.order {
            self.latest = one;
        }
        if one.order > self.first.order {
            self.first = one;
        }
        let Some(bounds) = &mut self.bounds else { return };
        match comparable(one.face).filter(|(_, unit)| *unit == bounds.unit) {
            Some((value, _)) => bounds.add(value, one),
            None => self.bounds = None,
        }
    }

    /// The newest result.
    pub fn latest(&self) -> &'a Entry {
        self.latest.face
    }

    /// How many results there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The row.
    pub fn row(&self, who: &Who) -> SeriesRow {
        let latest = self.latest();
        let found = measurement(latest);
        let first = (self.count > 1).then(|| cited_with_date(self.first.face));
        SeriesRow {
            id: latest.id.to_string(),
            test: test_name(latest),
            count: self.count,
            latest: found.map(|found| measured::result(latest, found)).unwrap_or_default(),
            date: latest.date.map(|when| when.date_text()),
            flag: found.map(|found| measured::flag(latest, found, Some(who))).unwrap_or_default(),
            first: first.unwrap_or_default(),
            least_greatest: self.least_and_greatest().unwrap_or_default(),
            entry: latest.id,
        }
    }

    /// The least and the greatest value, told only where all values are plain numbers in one unit.
    fn least_and_greatest(&self) -> Option<String> {
        let bounds = self.bounds.as_ref().filter(|_| self.count > 2)?;
        let (least, greatest) = (bounds.least.1.face, bounds.greatest.1.face);
        Some(format!("{} [{}] – {} [{}]", number(least)?, least.id, number(greatest)?, greatest.id))
    }
}

impl<'a> Bounds<'a> {
    /// Of equal values the newest is cited as the least, the oldest as the greatest.
    fn add(&mut self, value: f64, one: Shown<'a>) {
        let than =
            |bound: &(f64, Shown<'a>)| value.total_cmp(&bound.0).then_with(|| one.order.cmp(&bound.1.order));
        if than(&self.least).is_lt() {
            self.least = (value, one);
        }
        if than(&self.greatest).is_gt() {
            self.greatest = (value, one);
        }
    }
}

/// A plain number and its unit. Without a unit nothing is compared.
fn comparable(entry: &Entry) -> Option<(f64, &str)> {
    match &measurement(entry)?.value {
        Some(Value::Quantity(quantity)) if quantity.comparator.is_none() => {
            Some((quantity.number.value(), quantity.unit()?))
        }
        _ => None,
    }
}

fn number(entry: &Entry) -> Option<String> {
    match &measurement(entry)?.value {
        Some(Value::Quantity(quantity)) => Some(quantity.shown_number()),
        _ => None,
    }
}

fn cited_with_date(entry: &Entry) -> String {
    let result = measurement(entry).map(|found| measured::result(entry, found)).unwrap_or_default();
    let date = entry.date.map_or_else(|| "not dated".into(), |when| when.date_text());
    format!("{} {date} [{}]", plain(&result), entry.id)
}
