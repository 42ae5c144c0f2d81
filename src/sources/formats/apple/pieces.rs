//! Reads an export in pieces on all cores. Apple writes each element below the first one on a line of its own,
//! one space in, and what lies in it further in: there the document is cut.
//!
//! No piece is judged here. One that is not whole and well-formed by itself was cut where it must not be, or is
//! wrong, or is the end of the document: from there on all is read again event by event, as a document that is
//! laid out otherwise is from its beginning. So the cuts change nothing of what is read or refused.

use std::io::{self, BufRead, Read};
use std::thread;

use memchr::memmem::rfind_iter;

use super::export::Export;
use super::read::read_piece;
use crate::sources::formats::in_order::InOrder;

/// Bytes of a piece.
const PIECE_BYTES: usize = 256 << 10;

/// How a line begins on which an element below the first one begins or ends.
const LINE: &[u8] = b"\n <";

/// Reads what can be read in pieces. What was taken from the input and not read is given back.
pub fn read(
    export: &mut Export,
    input: &mut dyn BufRead,
    advance: &mut dyn FnMut(u64),
) -> io::Result<Vec<u8>> {
    thread::scope(|scope| {
        let mut under_way = InOrder::start(scope, |piece: Vec<u8>| (read_piece(&piece), piece));
        let (mut unread, mut rest, mut spare) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            let mut piece: Vec<u8> = std::mem::take(&mut spare);
            piece.clear();
            piece.append(&mut rest);
            (&mut *input).take((PIECE_BYTES - piece.len()) as u64).read_to_end(&mut piece)?;
            let at = place(&piece).filter(|_| unread.is_empty());
            rest = piece.split_off(at.unwrap_or_default());
            if at.is_some() {
                under_way.give(piece);
            }
            while at.is_none() || under_way.is_full() {
                let Some((read, piece)) = under_way.take() else { break };
                if unread.is_empty() && read.is_some_and(|read| export.absorb(read)) {
                    advance(piece.len() as u64);
                    spare = piece;
                } else {
                    unread.extend(piece);
                }
            }
            if at.is_none() {
                unread.append(&mut rest);
                return Ok(unread);
            }
        }
    })
}

/// Where the last line begins on which an element begins; `None` where that is no end of a piece.
fn place(piece: &[u8]) -> Option<usize> {
    let begins_element = |at: &usize| piece.get(at + LINE.len()).is_some_and(u8::is_ascii_alphabetic);
    rfind_iter(piece, LINE).find(begins_element).filter(|at| *at > 0)
}
