//! The formats of record files that are read.

pub mod apple;
mod attached;
mod bundle;
mod cda;
mod fasten;
mod fhir_json;
mod fhir_ndjson;
mod health_card;
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
pub const FORMATS: [Format; 7] = [
    apple::FORMAT,
    apple::ecg::FORMAT,
    health_card::FORMAT,
    fasten::FORMAT,
    fhir_ndjson::FORMAT,
    fhir_json::FORMAT,
    cda::FORMAT,
];

/// How many bytes of a file are enough to know its format.
pub const BEGINNING_BYTES: usize = 64 << 10;

/// The format of a file that begins so.
pub fn find(beginning: &[u8]) -> Result<&'static Format, Fault> {
    if beginning.starts_with(b"\xff\xfe") || beginning.starts_with(b"\xfe\xff") {
        return Err(Fault::Utf16);
    }
    if str::from_utf8(beginning).is_ok_and(links::is_link) {
        return Err(Fault::Link);
    }
    FORMATS.iter().find(|format| (format.begins)(beginning)).ok_or_else(|| Fault::NotJson(name_of(beginning)))
}

/// The mark that some editors put before UTF-8 is no part of JSON.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// What a file is that is not JSON, by its first bytes.
fn name_of(beginning: &[u8]) -> &'static str {
    let start = without_mark(beginning).trim_ascii_start();
    let is_text = !beginning.contains(&0) && str::from_utf8(&beginning[..beginning.len().min(512)]).is_ok();
    match start {
        [] => "an empty file",
        [b'%', b'P', b'D', b'F', ..] => "a PDF document",
        [b'<', ..] => "XML or HTML",
        [b'{', b'\\', b'r', b't', b'f', ..] => "an RTF document",
        _ if is_text => "text",
        _ => "a file of another type",
    }
}

#[cfg(test)]
mod tests;
