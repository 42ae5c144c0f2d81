//! Versions of one resource: which of them stands, when an input holds several.

use std::cmp::Reverse;

use crate::knowledge::folding::fold;
use crate::knowledge::identity::content_of;
use crate::record::{Entry, Kind, Text};

/// What an input says about one resource of one source.
#[derive(Debug, Default)]
pub struct Versions {
    /// The version that stands.
    pub standing: Option<Entry>,
    /// Versions that it has replaced.
    pub replaced: Vec<Entry>,
    /// Versions of which nobody can say whether they are older: they stand too, under keys of their own.
    pub unclear: Vec<Entry>,
    /// How many more times the same content came.
    pub repeated: usize,
}

/// Sorts the versions of one key. `holds` is what the record has under that key now.
pub fn sort(first: Entry, others: Vec<Entry>, holds: Option<&Entry>) -> Versions {
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
        match all.iter().any(|other| is_same(other, &entry)) {
            true => versions.repeated += 1,
            false => all.push(entry),
        }
    }
    let mut all = all.into_iter();
    versions.standing = all.next();
    let newest = versions.standing.as_ref().and_then(|entry| entry.told_at());
    for mut entry in all {
        let is_older = newest.is_some() && entry.told_at().is_some() && entry.told_at() < newest;
        let is_another = versions.standing.as_ref().is_some_and(|standing| is_another(standing, &entry));
        if is_older && !is_another {
            versions.replaced.push(entry);
        } else {
            entry.key = key_of_version(&entry);
            versions.unclear.push(entry);
        }
    }
    versions
}

/// The newest first; of equally new ones the one that the record holds, then by their bytes.
fn rank(entry: &Entry, holds: Option<&Entry>) -> impl Ord + use<> {
    let is_held = holds.is_some_and(|held| is_same(held, entry));
    (Reverse(entry.told_at()), !is_held, entry.original.hash, entry.file.clone())
}

/// The same bytes, or the same content in another layout.
pub fn is_same(one: &Entry, other: &Entry) -> bool {
    let content = content_of(one);
    one.original.hash == other.original.hash || content.is_some() && content == content_of(other)
}

/// True for two statements of documents that are not about the same thing at all: some systems number the entries of
/// each document anew, and then the number says nothing.
pub fn is_another(one: &Entry, other: &Entry) -> bool {
    use Kind::{Allergy, Condition, Immunization, Lab, Medication, Procedure, Vital};
    let kinds = [Allergy, Condition, Immunization, Lab, Medication, Procedure, Vital];
    let are_told = one.document_date().is_some() && other.document_date().is_some();
    let name = |entry: &Entry| entry.concept.name().map(fold);
    let shares_code = || {
        one.concept.codes.iter().any(|code| {
            other.concept.codes.iter().any(|its| (&its.system, &its.code) == (&code.system, &code.code))
        })
    };
    let is_empty = one.concept.is_empty() || other.concept.is_empty();
    are_told && kinds.contains(&one.kind()) && !is_empty && name(one) != name(other) && !shares_code()
}

/// The key of the resource whose version may have a key of its own.
pub fn key_without_version(key: &str) -> &str {
    let is_mark = |mark: &str| mark.len() == 8 && mark.bytes().all(|byte| byte.is_ascii_hexdigit());
    key.rsplit_once('#').filter(|(_, mark)| is_mark(mark)).map_or(key, |(key, _)| key)
}

/// A key of its own for a version that cannot be told older or newer.
pub fn key_of_version(entry: &Entry) -> Text {
    format!("{}#{}", entry.key, &crate::clock::hex(&entry.original.hash)[..8]).into()
}
