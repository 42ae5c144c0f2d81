//! Reads `export.xml` from end to end.

use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::export::Export;
use super::{input, pieces};
use crate::sources::error::Fault;

/// How deep elements lie in each other at the most; Apple's lie four deep.
const DEPTH_MAX: usize = 32;
/// So many bytes are read before it is told.
const TOLD_BYTES: u64 = 1 << 18;

/// Reads an export: as much of it as lies as Apple lays it out on all cores, and the rest event by event.
/// Nothing of it is given away by an error.
pub fn read(input: &mut dyn BufRead, advance: &mut dyn FnMut(u64)) -> Result<Export, Fault> {
    input::skip_to_content(input)?;
    let mut export = Export::default();
    let unread = pieces::read(&mut export, input, advance)?;
    read_on(export, &mut unread.as_slice().chain(input), advance)
}

/// Reads what is left of the content of the first element, and its end.
fn read_on(export: Export, content: &mut dyn BufRead, advance: &mut dyn FnMut(u64)) -> Result<Export, Fault> {
    let mut reader = Reader::from_reader(input::document(content));
    let (mut elements, mut buffer) = (Elements { export, depth: 0 }, Vec::new());
    let mut bytes = 0;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(fault)? {
            Event::Eof => break,
            event => elements.take(&event)?,
        }
        bytes += input::next(reader.get_mut());
        if bytes >= TOLD_BYTES {
            advance(std::mem::take(&mut bytes));
        }
    }
    // What ends in the middle is the half of a record.
    if elements.depth == 0 { Ok(elements.export) } else { Err(Fault::Broken) }
}

/// Reads elements that lie below the first one; `None` where they are not all whole, or not well-formed.
pub fn read_piece(piece: &[u8]) -> Option<Export> {
    let mut reader = Reader::from_reader(piece);
    let mut elements = Elements { export: Export::default(), depth: 1 };
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return (elements.depth == 1).then_some(elements.export),
            event => elements.take(&event).ok()?,
        }
    }
}

/// The elements as they come, one in another.
struct Elements {
    export: Export,
    depth: usize,
}

impl Elements {
    fn take(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        let export = &mut self.export;
        match event {
            Event::Start(element) => {
                match self.depth {
                    1 => export.take(element),
                    2.. => export.take_inner(element),
                    _ => {}
                }
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    return Err(Fault::Xml);
                }
            }
            Event::Empty(element) => match self.depth {
                1 => {
                    export.take(element);
                    export.end();
                }
                2.. => export.take_inner(element),
                _ => {}
            },
            Event::End(_) => {
                self.depth -= 1;
                if self.depth == 1 {
                    export.end();
                }
            }
            _ => {}
        }
        Ok(())
    }
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
