//! Synthetic people as FHIR R4: the same bytes every time, from tables, stories and fixed seeds.
//!
//! A story file a person; builders in between; `codes` with every code and where it was looked up.

mod adult;
mod analytes;
pub mod apple;
mod awkward;
mod bulk;
mod bundle;
mod ccda;
mod child;
mod clinical;
mod codes;
mod deceased;
mod document;
mod json;
mod lab;
mod random;
mod source;
mod when;

pub use bulk::{bulk_ndjson, notes};
pub use bundle::File;

/// Every file below the folder of people.
pub fn people() -> Vec<File> {
    [adult::files(), apple::files(), child::files(), deceased::files(), awkward::files()]
        .into_iter()
        .flatten()
        .collect()
}
