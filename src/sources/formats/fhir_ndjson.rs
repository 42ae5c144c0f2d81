//! FHIR in NDJSON: a resource or a bundle on each line, of files of any size.

use std::cell::RefCell;
use std::io::{BufRead, Read};
use std::ops::Range;

use super::bundle::{Seen, read_resource};
use super::parts::{self, Parts};
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

/// Lines that are read together: waking a thread for each of them would cost more than its work.
struct Lines {
    /// The number of the first one.
    first: usize,
    text: Vec<u8>,
    lines: Vec<Line>,
}

/// A line of the file.
struct Line {
    /// Its bytes in the text; `None` for a line that is too long to be held.
    place: Option<Range<usize>>,
    /// How long it is in the file.
    length: u64,
}

/// The lines of one part hold about so many bytes.
const PART_BYTES: usize = 96 << 10;

fn read(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let max = sink.setting.document_bytes_max;
    let mut number = 1;
    let last: RefCell<(usize, Vec<u8>)> = RefCell::default();
    let mut next = || {
        let lines = next_lines(input, max, number)?;
        number += lines.lines.len();
        if !lines.lines.is_empty() {
            lines.note_last(&mut last.borrow_mut());
        }
        Ok((!lines.lines.is_empty()).then_some(lines))
    };
    let Some(first) = next()? else { return Err(Fault::NoResource) };
    // One document whose first line is long, not a broken line.
    if first.text_of(0).is_some_and(is_begun) {
        return (fhir_json::FORMAT.read)(&mut first.text.chain(input), sink);
    }
    let mut first = Some(first);
    let broken = parts::read(&Ndjson::default(), sink, || match first.take() {
        Some(first) => Ok(Some(first)),
        None => next(),
    })?;
    match (sink.resources(), broken) {
        (0, 0) => Err(Fault::NoResource),
        (0, _) => Err(Fault::Syntax(1)),
        _ => {
            let (line, text) = last.take();
            let whole = serde_json::from_slice::<serde::de::IgnoredAny>(&text);
            if !text.trim_ascii().is_empty() && whole.is_err_and(|error| error.is_eof()) {
                sink.flawed(Fault::LastLine(line));
            }
            Ok(())
        }
    }
}

/// Lines stand for themselves: none is the address of another.
#[derive(Default)]
struct Ndjson {
    references: References<'static>,
}

impl Parts for Ndjson {
    type Part = Lines;

    fn read(&self, part: Lines, sink: &mut Sink<'_>) -> usize {
        let mut broken = 0;
        for (at, line) in part.lines.iter().enumerate() {
            let number = part.first + at;
            let path = format!("line {number}");
            match part.text_of(at) {
                None => {
                    let limit = sink.setting.document_bytes_max >> 20;
                    broken += 1;
                    sink.leave_out(&path, &format!("this line is longer than {limit} MB"));
                }
                Some(text) => {
                    let text = if number == 1 { without_mark(text) } else { text };
                    broken += usize::from(self.read_line(text, &path, sink) == Seen::Broken);
                }
            }
            sink.advance(line.length);
        }
        broken
    }
}

impl Ndjson {
    fn read_line(&self, line: &[u8], path: &str, sink: &mut Sink<'_>) -> Seen {
        let Ok(line) = str::from_utf8(line) else {
            sink.leave_out(path, "this line is not valid UTF-8");
            return Seen::Broken;
        };
        if line.trim().is_empty() {
            return Seen::Other;
        }
        let place = Place { path, full_url: None, references: &self.references };
        read_resource(line.trim(), &place, 0, sink)
    }
}

impl Lines {
    fn text_of(&self, at: usize) -> Option<&[u8]> {
        self.text.get(self.lines.get(at)?.place.clone()?)
    }

    /// Remembers the last line with its number, where no line break ends it: so ends a file that is cut off.
    fn note_last(&self, last: &mut (usize, Vec<u8>)) {
        last.1.clear();
        let at = self.lines.len().saturating_sub(1);
        if let Some(text) = self.text_of(at).filter(|text| !text.ends_with(b"\n")) {
            last.0 = self.first + at;
            last.1.extend_from_slice(without_mark(text));
        }
    }
}

/// Reads lines until they are enough for a part; none at the end.
fn next_lines(input: &mut dyn BufRead, max: u64, first: usize) -> Result<Lines, Fault> {
    // Room for the last line too, so that the buffer seldom has to move.
    let text = Vec::with_capacity(PART_BYTES + PART_BYTES / 8);
    let mut lines = Lines { first, text, lines: Vec::new() };
    while lines.text.len() < PART_BYTES {
        let start = lines.text.len();
        let length = next_line(input, max, &mut lines.text)?;
        if length == 0 {
            break;
        }
        let place = (length <= max).then_some(start..lines.text.len());
        lines.lines.push(Line { place, length });
    }
    Ok(lines)
}

/// Reads up to the end of the line, and gives its length. Of a longer one than `max` nothing is held.
fn next_line(input: &mut dyn BufRead, max: u64, text: &mut Vec<u8>) -> Result<u64, Fault> {
    let start = text.len();
    let mut length = 0;
    loop {
        let buffer = input.fill_buf()?;
        let end = memchr::memchr(b'\n', buffer);
        let part = &buffer[..end.map_or(buffer.len(), |end| end + 1)];
        let taken = part.len();
        length += taken as u64;
        if length <= max {
            text.extend_from_slice(part);
        } else {
            text.truncate(start);
        }
        input.consume(taken);
        if end.is_some() || taken == 0 {
            return Ok(length);
        }
    }
}
