//! Buckets: a hash of all that must be equal for two entries to be the same fact.

use sha2::{Digest, Sha256};

use crate::knowledge::decimal::Decimal;
use crate::record::{Dates, Entry, Key, Standing};

/// The version of the encoding. Keys are stored: a changed rule gets another number, and records are
/// grouped anew from their entries.
const VERSION: &[u8] = b"plainchart group 1";

/// A bucket in the making.
#[derive(Clone, Default)]
pub struct Bucket(Sha256);

impl Bucket {
    /// A bucket for entries of this kind and standing.
    pub fn of(entry: &Entry, what: &str) -> Bucket {
        let letter = [entry.kind().letter() as u8];
        Bucket::default().and(VERSION).and(&letter).and(&[standing(entry.standing)]).and(what.as_bytes())
    }

    /// One part more. Its length comes first, so that no two lists of parts read alike.
    pub fn and(mut self, part: &[u8]) -> Bucket {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    /// The key.
    pub fn key(self, dates: Dates) -> Key {
        let hash = self.0.finalize();
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash[..8]);
        Key { bucket: u64::from_le_bytes(bytes), dates }
    }
}

/// What is suspected and what is stated may be one fact, told differently; nothing else mixes.
fn standing(standing: Standing) -> u8 {
    match standing {
        Standing::Stated | Standing::Unconfirmed => b'f',
        Standing::Refuted => b'r',
        Standing::EnteredInError => b'e',
        Standing::NotDone => b'n',
        Standing::NoneKnown => b'0',
        Standing::NotAsked => b'?',
    }
}

/// Sorted and without repetition, with a mark between.
pub fn join(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.collect();
    words.sort_unstable();
    words.dedup();
    words.join("\u{1f}")
}

/// The shortest exact digits of a number; as written where it is none.
pub fn digits(number: &str) -> String {
    Decimal::parse(number).map_or_else(|| number.to_owned(), |number| number.to_string())
}

/// True for an identifier (`system|value`) that many things share: without a system unless it is long,
/// or with a value that stands for none.
pub fn is_placeholder(identifier: &str) -> bool {
    const NONE: [&str; 12] =
        ["", "0", "-", "na", "n/a", "nil", "none", "null", "unknown", "unk", "test", "tbd"];
    let (system, value) = identifier.rsplit_once('|').unwrap_or(("system", identifier));
    let value = value.trim().to_ascii_lowercase();
    let repeats = value.bytes().all(|byte| Some(byte) == value.bytes().next());
    let is_global = !system.trim().is_empty() || value.len() >= 12;
    NONE.contains(&value.as_str()) || repeats || !is_global
}
