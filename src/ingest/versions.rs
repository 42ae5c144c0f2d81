//! Versions of one resource: which of them stands, when an input holds several.

use std::cmp::Reverse;

use super::gather::Hash;
use crate::record::{Entry, Text};

/// What an input says about one resource of one source.
#[derive(Debug, Default)]
pub struct Versions {
    /// The version that stands.
    pub standing: Option<Entry>,
    /// Versions that it has replaced.
    pub replaced: Vec<Entry>,
    /// Versions of which nobody can say whether they are older: they stand too, under keys of their own.
    pub unclear: Vec<Entry>,
    /// How many more times the same bytes came.
    pub repeated: usize,
}

/// Sorts the versions of one key. `holds` tells which bytes the record has under that key now.
pub fn sort(first: Entry, others: Vec<Entry>, holds: Option<Hash>) -> Versions {
    let mut versions = Versions::default();
    if others.is_empty() {
        versions.standing = Some(first);
        return versions;
    }
    let mut found = others;
    found.push(first);
    // The order is by what the versions say, never by how they came in.
    found.sort_by_cached_key(|entry| rank(entry, holds));
    let mut all: Vec<Entry> = Vec::with_capacity(found.len());
    for entry in found {
        match all.iter().any(|other| other.original.hash == entry.original.hash) {
            true => versions.repeated += 1,
            false => all.push(entry),
        }
    }
    let mut all = all.into_iter();
    versions.standing = all.next();
    let newest = versions.standing.as_ref().and_then(|entry| entry.updated);
    for mut entry in all {
        if newest.is_some() && entry.updated.is_some() && entry.updated < newest {
            versions.replaced.push(entry);
        } else {
            entry.key = key_of_version(&entry);
            versions.unclear.push(entry);
        }
    }
    versions
}

/// The newest first; of equally new ones the one that the record holds, then by their bytes.
fn rank(entry: &Entry, holds: Option<Hash>) -> impl Ord + use<> {
    let is_held = Some(entry.original.hash) == holds;
    (Reverse(entry.updated), !is_held, entry.original.hash, entry.file.clone())
}

/// A key of its own for a version that cannot be told older or newer.
fn key_of_version(entry: &Entry) -> Text {
    format!("{}#{}", entry.key, &crate::clock::hex(&entry.original.hash)[..8]).into()
}
