//! All results of one test: of one code or of equivalent codes, in one specimen.

use crate::insight::rows::{self, Shown};
use crate::insight::series::Tests;
use crate::insight::{Asked, Context, Coverage, Refusal};
use crate::knowledge::analytes::{Analyte, analyte_by_code};
use crate::record::{Entry, Kind, System};

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

/// The results of these kinds by test, of equivalent codes as one; the test with the newest result first.
pub fn strands<'a>(
    context: &Context<'a>,
    kinds: &[Kind],
    asked: &Asked,
    coverage: &mut Coverage,
    keep: impl Fn(&Entry) -> bool,
) -> Result<Vec<Strand<'a>>, Refusal> {
    let mut tests = Tests::grouped();
    let mut strands: Vec<Strand<'a>> = Vec::new();
    for kind in kinds {
        for one in rows::in_any_order(context, *kind, asked, coverage, &keep)? {
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
    }
    for strand in &mut strands {
        rows::newest_first(&mut strand.readings);
        let is_placed = |shown: &&Shown<'_>| shown.face.date.is_some() && !shown.is_impossible();
        strand.dated = strand.readings.iter().take_while(is_placed).count();
    }
    strands.sort_by_key(|strand| strand.readings.first().map(|shown| shown.order));
    Ok(strands)
}
