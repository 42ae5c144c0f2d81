//! The export of Apple Health: `export.xml` with the records of clinics, recordings of the heart and routes beside it.
//!
//! Millions of samples come to some thousand roll-ups: totals and means of a *local* day, nights by their
//! stages, workouts, and what a person measures by hand as it is. How a type is rolled up is a row of
//! `tables/types.tsv`; that devices are not counted twice is in `sums` and `sleep`. Each roll-up becomes a FHIR
//! Observation, so that the rest of the program knows nothing of Apple. What is of a day as a whole is marked
//! as a daily log: no answer takes it for a measurement in a clinic.

mod absorb;
mod amount;
pub mod beside;
pub mod ecg;
mod export;
mod fhir;
mod frame;
mod input;
mod kinds;
mod means;
mod moment;
mod pieces;
mod pressure;
mod read;
mod rollup;
mod sample;
mod sleep;
mod sources;
mod sums;
mod tell;
mod times;
mod workout;

use std::io::BufRead;

use super::sink::Sink;
use super::{Format, without_mark};
use crate::sources::error::Fault;

pub use export::Export;
pub use read::read;

/// What the export itself is called among the sources.
pub const APPLE_HEALTH: &str = "Apple Health";

/// The export without the folder it lies in.
pub const FORMAT: Format = Format { name: "Apple Health export", begins, read: read_alone };

/// Whether a file that begins so is `export.xml`, under whatever name: it has one in every language.
pub fn begins(beginning: &[u8]) -> bool {
    let text = without_mark(beginning).trim_ascii_start();
    let has = |word: &[u8]| memchr::memmem::find(text, word).is_some();
    text.starts_with(b"<") && (has(b"<!DOCTYPE HealthData") || has(b"<HealthData"))
}

fn read_alone(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let export = read(input, &mut |bytes| sink.advance(bytes))?;
    sink.of_system(APPLE_HEALTH);
    export.hand_over(sink);
    Ok(())
}

#[cfg(test)]
mod tests;
