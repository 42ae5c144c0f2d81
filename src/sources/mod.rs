//! Ways into a record. A source reads what it is given and hands over drafts; it never stores.

mod base64url;
pub mod cards;
pub mod cda;
mod content;
pub mod directory;
pub mod document_text;
pub mod draft;
pub mod error;
pub mod fhir;
pub mod files;
pub mod formats;
mod json;
pub mod limits;
pub mod links;
pub mod references;
pub mod resolve;
pub mod smart;
#[cfg(test)]
mod taken;

pub use draft::{Draft, EXPORTER, LeftOut, Receiver, Subject};
pub use error::{Error, FileFailure};
pub use limits::Limits;
