//! All results of one test: of one code or of equivalent codes, in one specimen.

mod kept;

use std::collections::HashMap;

use jiff::civil::Date;

use crate::insight::measurements::measurement;
use crate::insight::rows::{self, Shown};
use crate::insight::series::Tests;
use crate::insight::{Asked, Context, Coverage, Period, Refusal};
use crate::knowledge::analytes::{Analyte, analyte_by_code};
use crate::record::{Entry, Kind, Standing, System};

/// The results of one test, the newest first; what cannot be by its date comes last.
pub struct Strand<'a> {
    /// What the tables know the test as.
    pub analyte: Option<&'static Analyte>,
    /// The results.
    pub readings: Vec<Shown<'a>>,
    /// How many of the readings, from the first on, have a date that can be.
    pub dated: usize,
}

impl<'a> Strand<'a> {
    /// The newest result with a date that can be; else the newest there is.
    pub fn latest(&self) -> Option<&'a Entry> {
        self.readings.first().map(|shown| shown.face)
    }

    /// The oldest result with a date that can be.
    pub fn first(&self) -> Option<&'a Entry> {
        self.placed().last()
    }

    /// The results with a date that can be, the newest first.
    pub fn placed(&self) -> impl Iterator<Item = &'a Entry> {
        self.readings.iter().take(self.dated).map(|shown| shown.face)
    }

    /// The results of the last so many days, the newest first.
    pub fn of_last_days(&self, days: i32, today: Date) -> impl Iterator<Item = &'a Entry> {
        let is_late =
            move |entry: &&Entry| entry.date.is_some_and(|when| (today - when.latest()).get_days() <= days);
        self.placed().take_while(is_late)
    }

    /// Joins the results of the same test that another kind holds.
    fn join(&mut self, other: Strand<'a>) {
        self.analyte = self.analyte.or(other.analyte);
        self.readings.extend(other.readings);
        self.sort();
    }

    fn sort(&mut self) {
        rows::newest_first(&mut self.readings);
        self.dated = self.readings.iter().take_while(|shown| is_placed(shown)).count();
    }

    /// The other results of the very moment of one.
    pub fn at_once_with(&self, entry: &Entry) -> impl Iterator<Item = &'a Entry> {
        let (id, date) = (entry.id, entry.date);
        // They lie beside each other, for the results are sorted by their dates.
        let placed = &self.readings[..self.dated];
        let from = placed.partition_point(|shown| shown.face.date > date);
        let same = placed[from..].iter().map(|shown| shown.face);
        same.take_while(move |other| other.date == date).filter(move |other| other.id != id)
    }
}

/// True for a date that can be.
fn is_placed(shown: &Shown<'_>) -> bool {
    shown.face.date.is_some() && !shown.is_impossible()
}

/// Which results are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What was not withdrawn.
    Recorded,
    /// What was stated as done.
    Stated,
    /// Whatever has a place for a value and was not withdrawn.
    Measured,
}

impl Keep {
    fn keeps(self, standing: Standing, is_measured: bool) -> bool {
        match self {
            Keep::Recorded => standing != Standing::EnteredInError,
            Keep::Stated => standing == Standing::Stated,
            Keep::Measured => standing != Standing::EnteredInError && is_measured,
        }
    }
}

/// The results of these kinds by test, of equivalent codes as one; the test with the newest result first. What
/// a device tells of a day as a whole is no result.
pub fn strands<'a>(
    context: &Context<'a>,
    kinds: &[Kind],
    asked: &Asked,
    coverage: &mut Coverage,
    keep: Keep,
) -> Result<Vec<Strand<'a>>, Refusal> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut strands: Vec<Strand<'a>> = Vec::new();
    for kind in kinds {
        let of_kind = match asked.period == Period::default() {
            true => kept::strands(context, *kind, coverage, keep)?,
            false => by_test(context, in_period(context, *kind, asked, coverage, keep)?)?,
        };
        for (name, strand) in of_kind {
            let place = *places.entry(name).or_insert(strands.len());
            match strands.get_mut(place) {
                Some(same) => same.join(strand),
                None => strands.push(strand),
            }
        }
    }
    strands.sort_by_key(|strand| strand.readings.first().map(|shown| shown.order));
    Ok(strands)
}

/// What was stated as done, of these kinds, by test, whatever its date.
pub fn stated<'a>(context: &Context<'a>, kinds: &[Kind]) -> Result<Vec<Strand<'a>>, Refusal> {
    strands(context, kinds, &Asked::default(), &mut Coverage::default(), Keep::Stated)
}

fn in_period<'a>(
    context: &Context<'a>,
    kind: Kind,
    asked: &Asked,
    coverage: &mut Coverage,
    keep: Keep,
) -> Result<Vec<Shown<'a>>, Refusal> {
    let is_kept =
        |entry: &Entry| !entry.is_logged() && keep.keeps(entry.standing, measurement(entry).is_some());
    rows::in_any_order(context, kind, asked, coverage, is_kept)
}

/// Results by the name of their test.
fn by_test<'a>(context: &Context<'a>, shown: Vec<Shown<'a>>) -> Result<Vec<(String, Strand<'a>)>, Refusal> {
    let mut tests = Tests::grouped();
    let mut strands: Vec<Strand<'a>> = Vec::new();
    for one in shown {
        context.check()?;
        let place = tests.place(one.face);
        match strands.get_mut(place) {
            Some(strand) => strand.readings.push(one),
            None => {
                let analyte = one.face.concept.codes_in(&System::Loinc).find_map(analyte_by_code);
                strands.push(Strand { analyte, readings: vec![one], dated: 0 });
            }
        }
    }
    strands.iter_mut().for_each(Strand::sort);
    Ok(tests.names().into_iter().zip(strands).collect())
}
