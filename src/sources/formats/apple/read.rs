//! Reads `export.xml` from end to end.

use std::io::{self, BufRead};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::export::Export;
use super::input;
use crate::sources::error::Fault;

/// How deep elements lie in each other at the most; Apple's lie four deep.
const DEPTH_MAX: usize = 32;
/// So many bytes are read before it is told.
const TOLD_BYTES: u64 = 1 << 18;

/// Reads an export. Nothing of it is given away by an error.
pub fn read(input: &mut dyn BufRead, advance: &mut dyn FnMut(u64)) -> Result<Export, Fault> {
    let mut reader = Reader::from_reader(input::begin(input)?);
    let (mut export, mut buffer) = (Export::default(), Vec::new());
    let (mut depth, mut bytes) = (0, 0);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(fault)? {
            Event::Start(element) => {
                match depth {
                    1 => export.take(&element),
                    2.. => export.take_inner(&element),
                    _ => {}
                }
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(Fault::Xml);
                }
            }
            Event::Empty(element) => match depth {
                1 => {
                    export.take(&element);
                    export.end();
                }
                2.. => export.take_inner(&element),
                _ => {}
            },
            Event::End(_) => {
                depth -= 1;
                if depth == 1 {
                    export.end();
                }
            }
            Event::Eof => break,
            _ => {}
        }
        bytes += input::next(reader.get_mut());
        if bytes >= TOLD_BYTES {
            advance(std::mem::take(&mut bytes));
        }
    }
    // What ends in the middle is the half of a record.
    if depth == 0 { Ok(export) } else { Err(Fault::Broken) }
}

fn fault(error: quick_xml::Error) -> Fault {
    match error {
        quick_xml::Error::Io(error) if error.kind() != io::ErrorKind::Other => {
            io::Error::new(error.kind(), error).into()
        }
        quick_xml::Error::Syntax(_) => Fault::Broken,
        _ => Fault::Xml,
    }
}
