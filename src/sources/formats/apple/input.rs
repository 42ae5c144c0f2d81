//! The XML as a stream: no element is longer than it may be, and what stands before the first one is skipped.

use std::io::{self, BufRead, Chain, Read};

use crate::sources::error::Fault;

/// Bytes of one element; the longest seen in an export have some hundred.
const ELEMENT_BYTES_MAX: usize = 1 << 20;
/// Bytes of what stands before the first element: the declaration of the document's type.
const PROLOGUE_BYTES_MAX: u64 = 1 << 20;

/// What the first element is called.
const ROOT: &[u8] = b"<HealthData";

/// An input of which only so much is read at once.
pub struct Bounded<'a> {
    input: &'a mut dyn BufRead,
    left: usize,
    read: u64,
}

impl Bounded<'_> {
    /// Allows the next element its bytes, and tells how many were read since.
    fn next(&mut self) -> u64 {
        self.left = ELEMENT_BYTES_MAX;
        std::mem::take(&mut self.read)
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other("an element is too long"));
        }
        let available = self.input.fill_buf()?;
        Ok(&available[..available.len().min(self.left)])
    }

    fn consume(&mut self, count: usize) {
        self.left -= count.min(self.left);
        self.read += count as u64;
        self.input.consume(count);
    }
}

/// The document from its first element on.
pub type Document<'a> = Chain<&'static [u8], Bounded<'a>>;

/// Skips what stands before the first element, and its tag. Nothing that a document's type declares is looked
/// at: Apple's own declarations have been malformed for years, and an entity is the beginning of every attack.
pub fn skip_to_content(input: &mut dyn BufRead) -> Result<(), Fault> {
    let mut prologue = input.take(PROLOGUE_BYTES_MAX);
    let mut tag = Vec::new();
    loop {
        tag.clear();
        if prologue.read_until(b'>', &mut tag)? == 0 {
            return Err(Fault::Xml);
        }
        let is_root = memchr::memmem::rfind(&tag, ROOT).is_some_and(|at| {
            tag.get(at + ROOT.len()).is_some_and(|next| *next == b'>' || next.is_ascii_whitespace())
        });
        if is_root {
            return Ok(());
        }
    }
}

/// The document whose first element has this content.
pub fn document(content: &mut dyn BufRead) -> Document<'_> {
    let bounded = Bounded { input: content, left: ELEMENT_BYTES_MAX, read: 0 };
    Read::chain(&b"<HealthData>"[..], bounded)
}

/// Allows the next element its bytes, and tells how many were read since.
pub fn next(document: &mut Document<'_>) -> u64 {
    document.get_mut().1.next()
}
