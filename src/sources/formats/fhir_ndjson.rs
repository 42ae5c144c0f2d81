//! FHIR in NDJSON: a resource or a bundle on each line, of files of any size.

use std::io::{BufRead, Read};

use super::bundle::{Seen, read_resource};
use super::sink::{Place, Sink};
use super::{BEGINNING_BYTES, Format, fhir_json, without_mark};
use crate::sources::error::Fault;
use crate::sources::references::References;

/// FHIR NDJSON.
pub const FORMAT: Format = Format { name: "FHIR NDJSON", begins, read };

/// The first line is a whole object, or is longer than what is looked at.
fn begins(beginning: &[u8]) -> bool {
    let start = without_mark(beginning).trim_ascii_start();
    if start.first() != Some(&b'{') || !(fhir_json::FORMAT.begins)(start) {
        return false;
    }
    let Some(end) = memchr::memchr(b'\n', start) else { return beginning.len() >= BEGINNING_BYTES };
    let line = start[..end].trim_ascii_end();
    let whole = serde_json::from_slice::<serde::de::IgnoredAny>(line);
    line.ends_with(b"}") && !whole.is_err_and(|error| error.is_eof())
}

/// True for JSON that goes on. Shorter lines were looked at when the format was chosen.
fn is_begun(line: &[u8]) -> bool {
    let whole = || serde_json::from_slice::<serde::de::IgnoredAny>(without_mark(line));
    line.len() >= BEGINNING_BYTES && whole().is_err_and(|error| error.is_eof())
}

/// A line of the file.
enum Line {
    Text(Vec<u8>),
    TooLong,
    End,
}

fn read(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let references = References::default();
    let mut number = 0;
    let mut broken = 0; // lines that are no JSON
    let mut text = Vec::new();
    loop {
        number += 1;
        let path = format!("line {number}");
        let (line, length) = next_line(input, sink.document_bytes_max, std::mem::take(&mut text))?;
        match line {
            Line::End => break,
            Line::TooLong => {
                let limit = sink.document_bytes_max >> 20;
                broken += 1;
                sink.leave_out(&path, &format!("this line is longer than {limit} MB"));
            }
            // One document whose first line is long, not a broken line.
            Line::Text(bytes) if number == 1 && is_begun(&bytes) => {
                return (fhir_json::FORMAT.read)(&mut bytes.chain(input), sink);
            }
            Line::Text(bytes) => {
                let line = if number == 1 { without_mark(&bytes) } else { &bytes };
                match str::from_utf8(line) {
                    Ok(line) if line.trim().is_empty() => {}
                    Ok(line) => {
                        let place = Place { path: &path, full_url: None, references: &references };
                        let seen = read_resource(line.trim(), &place, 0, sink);
                        broken += usize::from(seen == Seen::Broken);
                    }
                    Err(_) => {
                        broken += 1;
                        sink.leave_out(&path, "this line is not valid UTF-8");
                    }
                }
                text = bytes;
            }
        }
        sink.advance(length);
    }
    match (sink.resources(), broken) {
        (0, 0) => Err(Fault::NoResource),
        (0, _) => Err(Fault::Syntax(1)),
        _ => Ok(()),
    }
}

/// Reads up to the end of the line into `line`. Of a longer one than `max` nothing is held.
fn next_line(input: &mut dyn BufRead, max: u64, mut line: Vec<u8>) -> Result<(Line, u64), Fault> {
    line.clear();
    let mut length = 0;
    loop {
        let buffer = input.fill_buf()?;
        let end = memchr::memchr(b'\n', buffer);
        let part = &buffer[..end.map_or(buffer.len(), |end| end + 1)];
        if part.is_empty() && length == 0 {
            return Ok((Line::End, 0));
        }
        let taken = part.len();
        length += taken as u64;
        if length <= max {
            line.extend_from_slice(part);
        } else {
            line = Vec::new();
        }
        input.consume(taken);
        if end.is_some() || taken == 0 {
            let text = if length > max { Line::TooLong } else { Line::Text(line) };
            return Ok((text, length));
        }
    }
}
