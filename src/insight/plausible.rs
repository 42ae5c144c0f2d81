//! Values that cannot be in a living person: shown as written, marked, and nothing is made of them.

use crate::knowledge::analytes::analyte_by_code;
use crate::knowledge::explained::is_plausible;
use crate::knowledge::units;
use crate::record::{Concept, Entry, Measurement, System, Value};

/// The mark that stands beside such a value.
pub const MARK: &str = "NOT PLAUSIBLE as written";

/// False where the table knows that the value, or a part of it, cannot be. What it does not know may be.
pub fn is_possible(entry: &Entry, found: &Measurement) -> bool {
    let own = found.value.as_ref().and_then(|value| possible(&entry.concept, value));
    let mut parts = found.components.iter().filter_map(|part| possible(&part.concept, part.value.as_ref()?));
    own != Some(false) && parts.all(|is_possible| is_possible)
}

fn possible(concept: &Concept, value: &Value) -> Option<bool> {
    let Value::Quantity(quantity) = value else { return None };
    let ucum = units::normalise(quantity.unit()?)?;
    let known = concept.codes_in(&System::Loinc).find_map(analyte_by_code)?;
    is_plausible(known.key, quantity.number.as_written(), ucum)
}
