//! The identities behind references: `Type/id`, however a bundle writes them.

use std::collections::HashMap;

use crate::record::Text;

/// What the addresses of one bundle stand for; a bundle inside another knows its parent's too.
#[derive(Debug, Default)]
pub struct References<'a> {
    by_url: HashMap<String, Text>,
    parent: Option<&'a References<'a>>,
}

impl<'a> References<'a> {
    /// For a bundle inside of another.
    pub fn within(parent: &'a References<'a>) -> References<'a> {
        References { by_url: HashMap::new(), parent: Some(parent) }
    }

    /// Notes that the entry at this address is this resource.
    pub fn insert(&mut self, full_url: &str, kind: &str, id: &str) {
        self.by_url.insert(canonical(full_url), format!("{kind}/{id}").into());
    }

    /// The identity behind a reference. What is not understood stays as it was written: a search
    /// (`Patient?identifier=…`), a contained resource (`#a`), an address of something else.
    pub fn resolve(&self, written: &str) -> Text {
        let written = written.trim();
        if !self.is_empty()
            && let Some(known) = self.known(&canonical(without_version(written)))
        {
            return known;
        }
        match identity(written) {
            Some((kind, id)) if written.len() > kind.len() + 1 + id.len() => format!("{kind}/{id}").into(),
            // Most are written so already.
            _ => written.into(),
        }
    }

    fn is_empty(&self) -> bool {
        self.by_url.is_empty() && self.parent.is_none_or(References::is_empty)
    }

    fn known(&self, url: &str) -> Option<Text> {
        let own = self.by_url.get(url).cloned();
        own.or_else(|| self.parent?.known(url))
    }
}

/// The id that an address gives to a resource that has none itself: `urn:uuid:7777` gives `7777`.
pub fn id_of(full_url: &str) -> Option<&str> {
    let urn = full_url.strip_prefix("urn:uuid:").or_else(|| full_url.strip_prefix("urn:oid:"));
    urn.filter(|id| is_id(id)).or_else(|| identity(full_url).map(|(_, id)| id))
}

/// Type and id at the end of a relative or absolute address; a version after them is cut.
pub fn identity(url: &str) -> Option<(&str, &str)> {
    let url = without_version(url);
    if url.contains(['?', '#', '|']) || url.starts_with("urn:") {
        return None;
    }
    let (rest, id) = url.rsplit_once('/')?;
    let (base, kind) = rest.rsplit_once('/').unwrap_or(("", rest));
    let is_base = base.is_empty() || base.contains("://") || base.starts_with('/');
    let is_kind =
        kind.starts_with(|c: char| c.is_ascii_uppercase()) && kind.bytes().all(|b| b.is_ascii_alphabetic());
    (is_base && is_kind && is_id(id)).then_some((kind, id))
}

fn without_version(url: &str) -> &str {
    url.split_once("/_history").map_or(url, |(url, _)| url)
}

/// Ids are letters, digits, `-` and `.`, at most 64; vendors send underscores and longer ones too.
fn is_id(id: &str) -> bool {
    (1..=256).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:=".contains(&b))
}

/// A uuid is the same in capitals.
fn canonical(url: &str) -> String {
    if url.starts_with("urn:") { url.to_ascii_lowercase() } else { url.trim_end_matches('/').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_reference_gives_one_identity() {
        let mut outer = References::default();
        outer.insert("urn:uuid:AAAA-1", "Patient", "p1");
        outer.insert("http://x.org/fhir/things/9", "Device", "d9");
        let inner = References::within(&outer);
        for (written, expected) in [
            ("urn:uuid:aaaa-1", "Patient/p1"),
            ("http://x.org/fhir/things/9", "Device/d9"),
            ("Patient/7", "Patient/7"),
            ("Patient/7/_history/2", "Patient/7"),
            ("https://x.org/fhir/R4/Patient/7", "Patient/7"),
            ("https://x.org/fhir/R4/Patient/7/_history/2", "Patient/7"),
            ("Patient?identifier=a|b", "Patient?identifier=a|b"),
            ("https://x.org/fhir/Patient?identifier=b", "https://x.org/fhir/Patient?identifier=b"),
            ("urn:uuid:unknown", "urn:uuid:unknown"),
            ("#contained", "#contained"),
            ("https://x.org/about/us", "https://x.org/about/us"),
            ("words only", "words only"),
        ] {
            assert_eq!(inner.resolve(written), expected, "{written}");
        }
    }

    #[test]
    fn an_address_gives_an_id_to_what_has_none() {
        assert_eq!(id_of("urn:uuid:7777-a"), Some("7777-a"));
        assert_eq!(id_of("https://x.org/Patient/7"), Some("7"));
        assert_eq!(id_of("https://x.org/about"), None);
    }
}
