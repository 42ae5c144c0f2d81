//! The formats of record files that are read.

pub mod apple;
mod attached;
mod bundle;
mod cda;
pub mod documents;
mod fasten;
mod fhir_json;
mod fhir_ndjson;
mod health_card;
mod in_order;
pub mod lookalike;
mod outcome;
pub mod packed;
mod parts;
mod sink;

use std::io::BufRead;

use super::error::Fault;
use super::links;
pub use sink::{Share, Sink};

/// A format: how it is known by its first bytes, and how it is read.
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// Whether a file that begins so is of this format.
    pub begins: fn(&[u8]) -> bool,
    /// Reads a file. What it returns an error for has handed nothing over.
    pub read: fn(&mut dyn BufRead, &mut Sink<'_>) -> Result<(), Fault>,
}

/// Every format that is read; the first that knows a file by its beginning reads it.
pub const FORMATS: [Format; 11] = [
    apple::FORMAT,
    apple::ecg::FORMAT,
    health_card::FORMAT,
    fasten::FORMAT,
    fhir_ndjson::FORMAT,
    fhir_json::FORMAT,
    cda::FORMAT,
    documents::PDF,
    documents::RTF,
    documents::HTML,
    documents::TEXT, // knows nearly everything, so it stands last
];

/// How many bytes of a file are enough to know its format.
pub const BEGINNING_BYTES: usize = 64 << 10;

/// The format of a file that begins so.
pub fn find(beginning: &[u8]) -> Result<&'static Format, Fault> {
    if is_utf16_json(beginning) {
        return Err(Fault::Utf16);
    }
    if str::from_utf8(beginning).is_ok_and(links::is_link) {
        return Err(Fault::Link);
    }
    FORMATS
        .iter()
        .find(|format| (format.begins)(beginning))
        .ok_or_else(|| lookalike::unknown(beginning, None))
}

/// JSON in UTF-16, which nobody but an editor writes.
fn is_utf16_json(beginning: &[u8]) -> bool {
    matches!(beginning, [0xff, 0xfe, b'{' | b'[', 0, ..] | [0xfe, 0xff, 0, b'{' | b'[', ..])
}

/// The mark that some editors put before UTF-8 is no part of JSON.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

#[cfg(test)]
mod tests;
