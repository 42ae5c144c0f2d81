//! FHIR in JSON: one resource, a bundle of any type, or a list of resources.

use std::io::BufRead;
use std::io::Read as _;

use serde_json::value::RawValue;

use super::bundle::{Head, read_bundle, read_resource};
use super::sink::{Place, Sink};
use super::{Format, without_mark};
use crate::sources::cards;
use crate::sources::error::Fault;
use crate::sources::references::References;

/// FHIR JSON.
pub const FORMAT: Format = Format { name: "FHIR JSON", begins, read };

fn begins(beginning: &[u8]) -> bool {
    let is_space = |byte: &&u8| !byte.is_ascii_whitespace();
    let mut bytes = without_mark(beginning).iter().filter(is_space);
    matches!(
        (bytes.next(), bytes.next()),
        (Some(b'{'), Some(b'"' | b'}') | None) | (Some(b'['), Some(b'{' | b']') | None)
    )
}

fn read(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let mut bytes = Vec::new();
    input.take(sink.setting.document_bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > sink.setting.document_bytes_max {
        return Err(Fault::TooLarge(sink.setting.document_bytes_max >> 20));
    }
    // Invalid UTF-8 is invalid JSON; the line is the one of the first wrong byte.
    let text = str::from_utf8(without_mark(&bytes)).map_err(|error| {
        Fault::Syntax(1 + memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count())
    })?;
    read_text(text, sink)?;
    if sink.resources() == 0 { Err(Fault::NoResource) } else { Ok(()) }
}

/// Reads a whole document. The error is for a text that is no JSON; then nothing was handed over.
fn read_text(text: &str, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let references = References::default();
    if text.trim_start().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text)?;
        for (at, item) in items.iter().enumerate() {
            let path = format!("[{at}]");
            let place = Place { path: &path, full_url: None, references: &references };
            read_resource(item.get(), &place, 0, sink);
            sink.advance(item.get().len() as u64);
        }
        return Ok(());
    }
    let head: Head<'_> = serde_json::from_str(text)?;
    match head.kind().as_deref() {
        None if text.contains("\"credentialSubject\"") => {
            return Err(cards::Fault::NotACard("it is the inside of one, without its signature").into());
        }
        None => return Err(Fault::NoResource),
        Some("Bundle") => read_bundle(&head, "", &references, 0, sink),
        Some(_) => {
            sink.found_resource(); // it says so, even where it cannot be read
            let place = Place { path: "", full_url: None, references: &references };
            read_resource(text.trim(), &place, 0, sink);
        }
    }
    Ok(())
}
