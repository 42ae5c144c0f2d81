//! The one way into a record: read, tell people apart, compare, group, save.
//!
//! [`import()`] is the path of files: `gather` takes what a source reads, `people` and `choose` find the
//! one person that is meant, `origin` and `sources` say where it came from, `mark` asks `knowledge`,
//! `compare` plans, and `store::records` saves. [`note()`] adds the person's own words.

mod choose;
mod compare;
mod counts;
pub mod directory;
mod drop_source;
mod error;
mod export;
mod gather;
mod gone;
mod import;
mod keyed;
mod linked;
mod mark;
mod names;
mod note;
mod origin;
mod people;
pub mod portal;
mod repack;
mod report;
mod save;
mod sources;
mod versions;

pub use crate::sources::Limits;
pub use counts::Count;
pub use drop_source::drop_source;
pub use error::{Doubt, Error};
pub use export::{export, export_zip};
pub use import::{FromPortal, Request, import, import_from, import_held, import_link};
pub use names::Difference;
pub use note::note;
pub use people::PersonFound;
pub use report::{Failure, Left, Report};

#[cfg(test)]
mod tests;
