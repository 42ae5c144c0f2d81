//! How each test moved: its results over time, gathered in one pass, and a direction only where one can be read.

pub mod alike;
pub mod movement;
mod strand;

use jiff::civil::Date;

use super::measurements::test_name;
use super::portrait::Portrait;
use super::{Context, Refusal};
use crate::record::{Entry, Kind};

pub use movement::{Direction, Moved, Movement, Why, movement};
pub use strand::{Keep, Strand, stated, strands};

/// One test over time.
pub struct Trend<'a> {
    /// The plain name where the tables know the test, else the recorded one.
    pub name: String,
    /// The key of the table of analytes, where it is known there.
    pub key: Option<&'static str>,
    /// The latest result.
    pub latest: &'a Entry,
    /// The first one.
    pub first: &'a Entry,
    /// How many there are.
    pub count: usize,
    /// Where it moved beyond its usual variation, and only where that can be read.
    pub moved: Option<Moved<'a>>,
}

/// Every lab and vital sign over time, the one with the newest result first. With `since`, only tests with a
/// result since then, and what moved is read against the last result before.
pub fn trends<'a>(context: &Context<'a>, since: Option<Date>) -> Result<Vec<Trend<'a>>, Refusal> {
    let strands = stated(context, &[Kind::Lab, Kind::Vital])?;
    let portrait = Portrait::of(context)?;
    let mut trends = Vec::new();
    for strand in &strands {
        context.check()?;
        let Some(latest) = strand.latest() else { continue };
        let is_since = |since| latest.date.is_some_and(|when| when.latest() >= since);
        if !since.is_none_or(is_since) {
            continue;
        }
        let moved = match movement(context, strand, &portrait, since) {
            Movement::Moved(moved) => Some(moved),
            _ => None,
        };
        let name = strand.analyte.map_or_else(|| test_name(latest), |known| known.name.to_owned());
        let key = strand.analyte.map(|known| known.key);
        let first = strand.first().unwrap_or(latest);
        trends.push(Trend { name, key, latest, first, count: strand.readings.len(), moved });
    }
    Ok(trends)
}

#[cfg(test)]
mod tests;
