//! How entries refer to each other, and which row is meant.

use std::hash::BuildHasher;

use foldhash::HashMap;
use foldhash::quality::RandomState;

use crate::sources::references::identity;

/// A written address or `Type/id`, by its hash: the texts themselves would take as much room as all names.
/// The hash is seeded anew each time, so that no bundle can be made whose addresses fall together.
type Key = u64;

/// A reference, by the addresses that may be meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    url: Option<Key>,
    identity: Option<Key>,
    is_relative: bool,
}

/// Where an entry can be referred to.
#[derive(Clone, Copy)]
pub(super) struct Address<'a> {
    pub full_url: Option<&'a str>,
    pub kind: &'a str,
    pub id: Option<&'a str>,
}

/// Rows by the addresses at which they can be referred to.
#[derive(Default)]
pub(super) struct Keys {
    by_url: HashMap<Key, u32>,
    /// By `Type/id`, and whether the entry had no address besides; `None` where two share it.
    by_identity: HashMap<Key, Option<(u32, bool)>>,
}

impl Keys {
    /// The row that a reference means.
    pub fn find(&self, reference: Reference) -> Option<u32> {
        let by_url = reference.url.and_then(|url| self.by_url.get(&url).copied());
        by_url.or_else(|| {
            let (row, is_bare) = (*self.by_identity.get(&reference.identity?)?)?;
            // The same id at another server is somebody else.
            (reference.is_relative || is_bare).then_some(row)
        })
    }
}

/// Makes keys out of what is written.
#[derive(Default)]
pub(super) struct Written(RandomState);

impl Written {
    /// A reference as it is written in the entry at `base`.
    pub fn reference(&self, written: &str, base: Option<&str>) -> Option<Reference> {
        let is_relative = !written.contains("://") && !written.starts_with("urn:");
        let url = match (is_relative, base) {
            (false, _) => Some(self.key(&canonical(written))),
            // Relative references are those of the server that the entry came from.
            (true, Some(base)) => base_of(base).map(|base| self.key(&format!("{base}{written}"))),
            (true, None) => None,
        };
        let identity = identity(written).map(|(kind, id)| self.key(&format!("{kind}/{id}")));
        (url.is_some() || identity.is_some()).then_some(Reference { url, identity, is_relative })
    }

    /// Notes where a row can be referred to; false where that place is taken.
    pub fn note(&self, keys: &mut Keys, address: Address<'_>, row: u32) -> bool {
        let from_url = address.full_url.and_then(identity).map(|(_, id)| id);
        if let Some(url) = address.full_url {
            let key = self.key(&canonical(url));
            if keys.by_url.contains_key(&key) {
                return false;
            }
            keys.by_url.insert(key, row);
        }
        let Some(id) = address.id.or(from_url) else { return true };
        let key = self.key(&format!("{}/{id}", address.kind));
        let is_bare = address.full_url.is_none();
        match keys.by_identity.get(&key) {
            Some(Some((_, true))) if is_bare => return false,
            Some(_) => drop(keys.by_identity.insert(key, None)),
            None => drop(keys.by_identity.insert(key, Some((row, is_bare)))),
        }
        true
    }

    fn key(&self, text: &str) -> Key {
        self.0.hash_one(text)
    }
}

/// The address of a server, with a slash at its end, out of that of one of its resources.
fn base_of(full_url: &str) -> Option<&str> {
    let (kind, id) = identity(full_url)?;
    full_url.find(&format!("{kind}/{id}")).map(|at| &full_url[..at])
}

/// A uuid is the same in capitals.
fn canonical(url: &str) -> String {
    if url.starts_with("urn:") { url.to_ascii_lowercase() } else { url.trim_end_matches('/').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_id_at_another_server_is_somebody_else() {
        let (written, mut keys) = (Written::default(), Keys::default());
        let at = |url| Address { full_url: Some(url), kind: "Endpoint", id: Some("1") };
        assert!(written.note(&mut keys, at("https://a.example/Endpoint/1"), 0));
        assert!(!written.note(&mut keys, at("https://a.example/Endpoint/1"), 1));
        let find = |written: &Written, keys: &Keys, reference, base| {
            keys.find(written.reference(reference, base).unwrap())
        };
        assert_eq!(find(&written, &keys, "Endpoint/1", None), Some(0));
        assert_eq!(find(&written, &keys, "Endpoint/1", Some("https://a.example/Organization/7")), Some(0));
        assert_eq!(find(&written, &keys, "https://b.example/Endpoint/1", None), None);
        written.note(&mut keys, at("https://b.example/Endpoint/1"), 1);
        assert_eq!(find(&written, &keys, "Endpoint/1", None), None, "two share it");
        assert_eq!(find(&written, &keys, "Endpoint/1", Some("https://b.example/Organization/7")), Some(1));
    }
}
