//! Ids from a keyed hash: stable for the same person, and saying nothing about what they stand for.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::gather::Hash;
use crate::clock::hex;
use crate::record::{EntryId, Kind, Text};
use crate::secret::Secret;

/// The key of a person's ids.
#[derive(Clone, Debug)]
pub struct IdKey(Secret<[u8; 32]>);

impl IdKey {
    /// A key of these bytes, derived from the person's key.
    pub fn new(bytes: Secret<[u8; 32]>) -> IdKey {
        IdKey(bytes)
    }

    /// Where the id of a source's entry lies on the circle of its kind.
    pub fn entry(&self, kind: Kind, source: &str, key: &str) -> EntryId {
        place(kind, self.hash("entry", &[source.as_bytes(), key.as_bytes()]))
    }

    /// The same for a version of it that another has replaced.
    pub fn version(&self, kind: Kind, source: &str, key: &str, original: &Hash) -> EntryId {
        place(kind, self.hash("version", &[source.as_bytes(), key.as_bytes(), original]))
    }

    /// A short text that stands for these words.
    pub fn text(&self, what: &str, words: &[&str]) -> Text {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        hex(&self.hash(what, &words)[..8]).into()
    }

    /// Every part has its length before it, so that no two lists of parts read alike.
    fn hash(&self, what: &str, parts: &[&[u8]]) -> [u8; 32] {
        // RFC 2104, 2: a key shorter than a block is filled up with zeros.
        let mut block = Secret::new([0; 64]);
        block.expose_mut()[..32].copy_from_slice(self.0.expose());
        let mut mac = Hmac::<Sha256>::new(block.expose().into());
        for part in [b"plainchart id 1", what.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

fn place(kind: Kind, hash: [u8; 32]) -> EntryId {
    EntryId::new(kind, u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]]))
}
