//! Tables under construction: entries come in any order, so what they refer to is looked up at the end.

use std::collections::BTreeMap;

use super::about::Skipped;
use super::error::Error;
use super::keys::{Address, Keys, Reference, Written};
use super::limited::Limits;
use super::names::{clean, is_web_address};
use super::tables::{Brand, Endpoint};
use super::texts::{Interner, TextId, Texts};

/// Longer than any name of an organization.
const NAME_CHARS_MAX: usize = 300;
/// Longer than what helps to choose a portal.
const DESCRIPTION_CHARS_MAX: usize = 1_000;

/// What has been read of a bundle so far.
#[derive(Default)]
pub(super) struct Building {
    pub texts: Interner,
    pub brands: Vec<BrandDraft>,
    pub endpoints: Vec<EndpointDraft>,
    pub brand_keys: Keys,
    pub endpoint_keys: Keys,
    written: Written,
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

impl Building {
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
        if self.texts.bytes() > limits.text_bytes_max {
            return Err(Error::TooLarge("its names and addresses have too many bytes"));
        }
        Ok(())
    }

    /// A name that others may have too (a town, a portal), cleaned; `None` where nothing is left of it, or
    /// where it is no name any more.
    pub fn name(&mut self, written: Option<&str>) -> Option<TextId> {
        let name = self.line(written, NAME_CHARS_MAX, "a name of more than 300 characters")?;
        Some(self.texts.id(&name))
    }

    /// A name that is its owner's alone, cleaned.
    pub fn own_name(&mut self, written: Option<&str>) -> Option<TextId> {
        let name = self.line(written, NAME_CHARS_MAX, "a name of more than 300 characters")?;
        Some(self.texts.once(&name))
    }

    /// A description, cleaned.
    pub fn description(&mut self, written: Option<&str>) -> Option<TextId> {
        let reason = "a description of more than 1,000 characters";
        let description = self.line(written, DESCRIPTION_CHARS_MAX, reason)?;
        Some(self.texts.id(&description))
    }

    fn line(&mut self, written: Option<&str>, chars_max: usize, reason: &'static str) -> Option<String> {
        let line = clean(written?);
        if line.chars().count() > chars_max {
            self.skip(reason);
            return None;
        }
        (!line.is_empty()).then_some(line)
    }

    /// All texts, for the tables: nothing more is read.
    pub fn finish_texts(&mut self) -> Texts {
        self.is_read = true;
        std::mem::take(&mut self.texts).finish()
    }

    /// An address for a browser or a client; the reason is counted where it is none.
    pub fn web_address(&mut self, written: Option<&str>, reason: &'static str) -> Option<TextId> {
        let address = written?.trim();
        if !is_web_address(address) {
            self.skip(reason);
            return None;
        }
        Some(self.texts.once(address))
    }

    /// A reference as it is written in the entry at `base`.
    pub fn reference(&mut self, written: Option<&str>, base: Option<&str>) -> Option<Reference> {
        self.written.reference(written?.trim(), base)
    }

    /// Notes where the next brand can be referred to; false where that place is taken.
    pub fn note_brand(&mut self, address: Address<'_>) -> bool {
        let row = row(self.brands.len());
        self.written.note(&mut self.brand_keys, address, row)
    }

    /// The same for the next endpoint.
    pub fn note_endpoint(&mut self, address: Address<'_>) -> bool {
        let row = row(self.endpoints.len());
        self.written.note(&mut self.endpoint_keys, address, row)
    }
}

/// A row's number; the limit of entries keeps it far below.
pub(super) fn row(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_too_long_is_counted_and_not_cut() {
        let mut building = Building::default();
        assert_eq!(building.name(Some(&"x".repeat(301))), None);
        assert!(building.description(Some(&"x".repeat(301))).is_some());
        assert_eq!(building.description(Some(&"x".repeat(1_001))), None);
        let reasons: Vec<_> = building.skipped().into_iter().map(|skipped| skipped.reason).collect();
        assert_eq!(
            reasons,
            ["a description of more than 1,000 characters", "a name of more than 300 characters"]
        );
    }
}
