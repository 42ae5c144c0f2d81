//! The audit: who asked what of a record and which entries were cited, as a chain that only grows.
//!
//! Each line is a sealed row whose hash includes the hash of the line before it; the head row counts the
//! lines and holds the last hash. Line and head are written in one batch with the head's expected version,
//! so that two processes never fork the chain. Contents of the record never stand in it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Error;
use crate::clock::hex;
use crate::store::{self, Change, Kind, RowKey, Sealed};

/// How often a line is tried again when another process was faster. Each try is won by someone.
const TRIES_MAX: usize = 64;
/// Lines that are read in one round trip.
const CHUNK: u64 = 256;
const HASH_BYTES: usize = 32;

type Hash = [u8; HASH_BYTES];
/// What is done with each line of a walk, by its number.
type Look<'a> = dyn FnMut(u64, &[u8]) -> Result<(), Error> + 'a;

/// What became of one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When (seconds since 1970).
    pub at: i64,
    /// Who asked: the caller and, as it named itself, the assistant.
    pub who: String,
    /// Which tool.
    pub tool: String,
    /// The ids that the answer cited.
    pub entries: Vec<String>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With an answer.
    Answered,
    /// Bad arguments, an unknown tool or entry.
    Refused,
    /// Something of ours or of the store failed.
    Failed,
    /// It took too long.
    TimedOut,
    /// The tool panicked.
    Panicked,
}

impl Outcome {
    /// The word for it in a list.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Answered => "answered",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
            Outcome::TimedOut => "timed_out",
            Outcome::Panicked => "panicked",
        }
    }
}

/// A line of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number; the first is 1.
    pub number: u64,
    /// What happened.
    pub event: Event,
    /// Its hash, which the next line begins with: SHA-256 in hexadecimal.
    pub hash: String,
}

/// A chain that was walked from its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// The last lines that hold, oldest first.
    pub lines: Vec<Line>,
    /// How many hold.
    pub count: u64,
    /// The first that does not hold; 0 where the end of the chain is what was changed.
    pub broken_at: Option<u64>,
}

/// The end of the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Head {
    version: Option<u64>,
    count: u64,
    last: Hash,
}

/// Adds a line. It is committed when this returns.
pub fn append(sealed: &Sealed, event: &Event) -> Result<(), Error> {
    append_all(sealed, &[event])
}

/// Adds lines in one commit: all of them, or none.
pub fn append_all(sealed: &Sealed, events: &[&Event]) -> Result<(), Error> {
    for _ in 0..TRIES_MAX {
        match try_append(sealed, events, &[]) {
            Err(Error::Store(store::Error::Conflict)) => {}
            written => return written,
        }
    }
    // Either everyone else is always faster, or the next line is there already without its head.
    Err(store::Error::Conflict.into())
}

/// Adds a line together with the changes that it tells of: all of it is committed, or nothing. It is tried once:
/// `Conflict` means that a changed row or the chain is another by now, and the caller looks again.
pub fn append_with(sealed: &Sealed, event: &Event, changes: &[Change]) -> Result<(), Error> {
    try_append(sealed, &[event], changes)
}

fn try_append(sealed: &Sealed, events: &[&Event], changes: &[Change]) -> Result<(), Error> {
    let Head { version, count, mut last } = head(sealed)?;
    let mut batch = changes.to_vec();
    for (event, number) in events.iter().zip(count + 1..) {
        let event = serde_json::to_vec(event).map_err(|_| Error::BrokenAudit(number))?;
        let line = [last.as_slice(), &event].concat();
        last = Sha256::digest(&line).into();
        batch.push(Change::put(row(number), None, line));
    }
    let count = count + events.len() as u64;
    batch.push(Change::put(head_row(), version, [count.to_le_bytes().as_slice(), &last].concat()));
    Ok(sealed.write(&batch)?)
}

/// The last lines, oldest first.
pub fn read(sealed: &Sealed, most: u64) -> Result<Vec<Line>, Error> {
    let count = head(sealed)?.count;
    let mut lines = Vec::new();
    walk(sealed, count.saturating_sub(most) + 1, count, &mut |number, bytes| {
        let hash = Sha256::digest(bytes);
        lines.push(Line { number, event: parse(number, bytes)?.1, hash: hex(&hash) });
        Ok(())
    })?;
    Ok(lines)
}

/// Walks the whole chain. How many lines it has, or the first that does not hold.
pub fn verify(sealed: &Sealed) -> Result<u64, Error> {
    check(sealed, |_, _, _| ())
}

/// Walks the whole chain and keeps its last lines: of one that does not hold, those before the break.
pub fn walked(sealed: &Sealed, most: usize) -> Result<Walked, Error> {
    let (mut lines, mut held) = (VecDeque::new(), 0);
    let checked = check(sealed, |number, event, hash| {
        held = number;
        if lines.len() == most {
            lines.pop_front();
        }
        lines.push_back(Line { number, event, hash: hex(hash) });
    });
    let (count, broken_at) = match checked {
        Ok(count) => (count, None),
        Err(Error::BrokenAudit(number)) => (held, Some(number)),
        Err(error) => return Err(error),
    };
    Ok(Walked { lines: lines.into(), count, broken_at })
}

fn check(sealed: &Sealed, mut holds: impl FnMut(u64, Event, &Hash)) -> Result<u64, Error> {
    let head = head(sealed)?;
    let mut last = Hash::default();
    walk(sealed, 1, head.count, &mut |number, bytes| {
        let (before, event) = parse(number, bytes)?;
        if before != last {
            return Err(Error::BrokenAudit(number));
        }
        last = Sha256::digest(bytes).into();
        holds(number, event, &last);
        Ok(())
    })?;
    let rows = sealed.list(Kind::Audit)?.len() as u64;
    let is_whole = last == head.last && rows == head.count + u64::from(head.version.is_some());
    // Another process may have added a line since the head was read; that breaks nothing.
    if is_whole || self::head(sealed)? != head { Ok(head.count) } else { Err(Error::BrokenAudit(head.count)) }
}

/// Where the head is.
pub(super) fn head_row() -> RowKey {
    RowKey::new(Kind::Audit, "head")
}

fn row(number: u64) -> RowKey {
    RowKey::new(Kind::Audit, format!("{number:012}"))
}

fn head(sealed: &Sealed) -> Result<Head, Error> {
    let found = sealed.read_one(&head_row()).map_err(|error| broken(error, 0))?;
    let Some(body) = found else { return Ok(Head::default()) };
    let (count, last) = body.bytes.split_first_chunk().ok_or(Error::BrokenAudit(0))?;
    let last = last.try_into().map_err(|_| Error::BrokenAudit(0))?;
    Ok(Head { version: Some(body.version), count: u64::from_le_bytes(*count), last })
}

fn walk(sealed: &Sealed, from: u64, to: u64, line: &mut Look<'_>) -> Result<(), Error> {
    let mut first = from;
    while first <= to {
        let numbers: Vec<u64> = (first..=to.min(first + CHUNK - 1)).collect();
        let keys: Vec<RowKey> = numbers.iter().copied().map(row).collect();
        let bodies = match sealed.read(&keys) {
            // One of them was changed from outside. Which one, is seen when each is read alone.
            Err(store::Error::Damaged(_)) if keys.len() > 1 => {
                numbers.iter().try_for_each(|number| walk(sealed, *number, *number, line))?;
                first += CHUNK;
                continue;
            }
            read => read.map_err(|error| broken(error, first))?,
        };
        for (number, body) in numbers.iter().zip(bodies) {
            let body = body.ok_or(Error::BrokenAudit(*number))?;
            line(*number, &body.bytes)?;
        }
        first += CHUNK;
    }
    Ok(())
}

/// A row whose seal does not hold was changed from outside.
fn broken(error: store::Error, number: u64) -> Error {
    match error {
        store::Error::Damaged(_) => Error::BrokenAudit(number),
        other => other.into(),
    }
}

/// The hash of the line before, and the event.
fn parse(number: u64, bytes: &[u8]) -> Result<(Hash, Event), Error> {
    let (before, event) = bytes.split_first_chunk().ok_or(Error::BrokenAudit(number))?;
    let event = serde_json::from_slice(event).map_err(|_| Error::BrokenAudit(number))?;
    Ok((*before, event))
}
