//! Tables under construction: entries come in any order, so what they refer to is looked up at the end.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::about::Skipped;
use super::error::Error;
use super::limited::Limits;
use super::tables::{Brand, Endpoint};
use super::texts::{Interner, TextId};
use crate::sources::references::identity;

/// Longer than any name of an organization.
const NAME_CHARS_MAX: usize = 300;
/// Longer than any address that a browser takes.
const ADDRESS_CHARS_MAX: usize = 2_000;

/// What has been read of a bundle so far.
pub(super) struct Building {
    pub texts: Interner,
    pub brands: Vec<BrandDraft>,
    pub endpoints: Vec<EndpointDraft>,
    pub brand_keys: Keys,
    pub endpoint_keys: Keys,
    written: Interner,
    skipped: BTreeMap<&'static str, (u64, Option<u64>)>,
    /// Which entry is being read.
    pub entry: u64,
    /// Whether all of them have been.
    pub is_read: bool,
}

/// A brand, and what it refers to.
pub(super) struct BrandDraft {
    pub brand: Brand,
    pub part_of: Option<Reference>,
    pub portals: Vec<PortalDraft>,
    /// `Organization.endpoint`: those of its portals again, or those of no portal.
    pub endpoints: Vec<Reference>,
}

/// A portal, and what it refers to.
pub(super) struct PortalDraft {
    pub name: Option<TextId>,
    pub url: Option<TextId>,
    pub description: Option<TextId>,
    pub endpoints: Vec<Reference>,
}

/// An endpoint, and whose it is.
pub(super) struct EndpointDraft {
    pub endpoint: Endpoint,
    pub manager: Manager,
}

/// Whose an endpoint is by its own words: asked where no brand refers to it.
pub(super) enum Manager {
    Nobody,
    Of(Reference),
    /// An organization inside of the endpoint.
    Contained(Box<Brand>),
    /// No more than a name.
    Named(TextId),
}

/// A reference, by the addresses that may be meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    url: Option<TextId>,
    identity: Option<TextId>,
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
    by_url: HashMap<TextId, u32>,
    /// By `Type/id`, and whether the entry had no address besides; `None` where two share it.
    by_identity: HashMap<TextId, Option<(u32, bool)>>,
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

impl Building {
    pub fn new() -> Building {
        Building {
            texts: Interner::with_capacity(1 << 16),
            written: Interner::with_capacity(1 << 16),
            brands: Vec::new(),
            endpoints: Vec::new(),
            brand_keys: Keys::default(),
            endpoint_keys: Keys::default(),
            skipped: BTreeMap::new(),
            entry: 0,
            is_read: false,
        }
    }

    /// Counts something that is not taken.
    pub fn skip(&mut self, reason: &'static str) {
        let first = (!self.is_read).then_some(self.entry);
        self.skipped.entry(reason).or_insert((0, first)).0 += 1;
    }

    /// What was not taken, by reason.
    pub fn skipped(&self) -> Vec<Skipped> {
        let told = |(reason, (count, first)): (&&str, &(u64, Option<u64>))| Skipped {
            reason: (*reason).to_owned(),
            count: *count,
            first: *first,
        };
        self.skipped.iter().map(told).collect()
    }

    /// Refuses more than a directory may hold.
    pub fn check(&self, limits: &Limits) -> Result<(), Error> {
        if self.entry > limits.entries_max {
            return Err(Error::TooLarge("it has too many entries"));
        }
        if self.texts.bytes() + self.written.bytes() > limits.text_bytes_max {
            return Err(Error::TooLarge("its names and addresses have too many bytes"));
        }
        Ok(())
    }

    /// A name, cleaned; `None` where nothing is left of it, or where it is no name any more.
    pub fn name(&mut self, written: Option<&str>) -> Option<TextId> {
        let name = clean(written?);
        if name.chars().count() > NAME_CHARS_MAX {
            self.skip("a name of more than 300 characters");
            return None;
        }
        (!name.is_empty()).then(|| self.texts.id(&name))
    }

    /// An address for a browser or a client; `None` where it is none.
    pub fn web_address(&mut self, written: Option<&str>) -> Option<TextId> {
        let address = written?.trim();
        let has_scheme =
            |scheme: &str| address.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme));
        let is_web = has_scheme("https://") || has_scheme("http://");
        let is_clean = address.len() <= ADDRESS_CHARS_MAX
            && !address.chars().any(|c| c.is_control() || c.is_whitespace());
        if !is_web || !is_clean {
            self.skip("an address that is no web address");
            return None;
        }
        Some(self.texts.id(address))
    }

    /// A reference as it is written in the entry at `base`.
    pub fn reference(&mut self, written: Option<&str>, base: Option<&str>) -> Option<Reference> {
        let written = written?.trim();
        let is_relative = !written.contains("://") && !written.starts_with("urn:");
        let url = match (is_relative, base) {
            (false, _) => Some(self.written.id(&canonical(written))),
            // Relative references are those of the server that the entry came from.
            (true, Some(base)) => base_of(base).map(|base| self.written.id(&format!("{base}{written}"))),
            (true, None) => None,
        };
        let identity = identity(written).map(|(kind, id)| self.written.id(&format!("{kind}/{id}")));
        (url.is_some() || identity.is_some()).then_some(Reference { url, identity, is_relative })
    }

    /// Notes where the next brand can be referred to; false where that place is taken.
    pub fn note_brand(&mut self, address: Address<'_>) -> bool {
        let row = row(self.brands.len());
        note(&mut self.brand_keys, &mut self.written, address, row)
    }

    /// The same for the next endpoint.
    pub fn note_endpoint(&mut self, address: Address<'_>) -> bool {
        let row = row(self.endpoints.len());
        note(&mut self.endpoint_keys, &mut self.written, address, row)
    }
}

/// A row's number; the limit of entries keeps it far below.
pub(super) fn row(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn note(keys: &mut Keys, written: &mut Interner, address: Address<'_>, row: u32) -> bool {
    let from_url = address.full_url.and_then(identity).map(|(_, id)| id);
    if let Some(url) = address.full_url {
        let key = written.id(&canonical(url));
        if keys.by_url.contains_key(&key) {
            return false;
        }
        keys.by_url.insert(key, row);
    }
    let Some(id) = address.id.or(from_url) else { return true };
    let key = written.id(&format!("{}/{id}", address.kind));
    let is_bare = address.full_url.is_none();
    match keys.by_identity.get(&key) {
        Some(Some((_, true))) if is_bare => return false,
        Some(_) => drop(keys.by_identity.insert(key, None)),
        None => drop(keys.by_identity.insert(key, Some((row, is_bare)))),
    }
    true
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

/// One line without what a person could not see: directories are shown to people and to assistants.
fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(NAME_CHARS_MAX * 4));
    for letter in text.chars() {
        if letter.is_whitespace() {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !is_unseen(letter) {
            line.push(letter);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Control characters, zero-width ones, direction marks, tags.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_a_person_sees() {
        assert_eq!(clean("  Lake\u{202e}side\n\t Clinic\u{7} "), "Lakeside Clinic");
        let mut building = Building::new();
        assert_eq!(building.name(Some(&"x".repeat(1 << 20))), None);
        assert_eq!(building.skipped()[0].reason, "a name of more than 300 characters");
    }

    #[test]
    fn what_a_browser_must_not_open_is_no_address() {
        let mut building = Building::new();
        for bad in ["javascript:alert(1)", "data:text/html,x", "file:///etc", "https://a\nb", "ä"] {
            assert_eq!(building.web_address(Some(bad)), None, "{bad}");
        }
        assert!(building.web_address(Some(" HTTPS://a.example/r4 ")).is_some());
    }

    #[test]
    fn the_same_id_at_another_server_is_somebody_else() {
        let mut building = Building::new();
        let at = |url| Address { full_url: Some(url), kind: "Endpoint", id: Some("1") };
        assert!(building.note_endpoint(at("https://a.example/Endpoint/1")));
        assert!(!building.note_endpoint(at("https://a.example/Endpoint/1")));
        let find = |building: &mut Building, written, base| {
            let reference = building.reference(Some(written), base).unwrap();
            building.endpoint_keys.find(reference)
        };
        assert_eq!(find(&mut building, "Endpoint/1", None), Some(0));
        assert_eq!(find(&mut building, "Endpoint/1", Some("https://a.example/Organization/7")), Some(0));
        assert_eq!(find(&mut building, "https://b.example/Endpoint/1", None), None);
        building.note_endpoint(at("https://b.example/Endpoint/1"));
        assert_eq!(find(&mut building, "Endpoint/1", None), None, "two share it");
    }
}
