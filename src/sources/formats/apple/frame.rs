//! What the resource of every roll-up has: its id, its version, its categories, and who measured.

use super::fhir::{Object, concept, exporter};
use super::kinds::Kind;
use super::moment::{day_text, utc_id, utc_text};
use super::rollup::OfDay;
use super::tell::Teller;
use crate::sources::formats::sink::Place;
use crate::sources::json;

/// What every observation has.
pub(super) struct Head<'a> {
    pub id: String,
    pub kind: &'a Kind,
    pub name: String,
    pub loinc: Option<&'static str>,
    /// What it is: told of a day as a whole, or read at home.
    pub mark: &'static str,
    /// The person typed it.
    pub is_typed: bool,
    pub updated: i64,
    pub sources: &'a [u16],
}

impl<'a> Teller<'a, '_> {
    /// The resource with what every observation has.
    pub(super) fn head(&self, head: &Head<'_>) -> Object {
        let mut told = Object::resource("Observation", &head.id);
        let mut meta = Object::new();
        meta.text("lastUpdated", &utc_text(head.updated));
        if let Some(code) = head.kind.sensitivity {
            let mut label = Object::new();
            label.text("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode");
            label.text("code", code);
            meta.list("security", [label]);
        }
        told.object("meta", meta);
        told.text("status", "final");
        let worded = |words: &str| {
            let mut category = Object::new();
            category.text("text", words);
            category
        };
        let typed = head.is_typed.then(|| worded("entered by hand"));
        let categories = [coded_category(head.kind.category), worded(head.mark)];
        told.list("category", categories.into_iter().chain(typed));
        let apple = Some(&*head.kind.apple).filter(|name| !name.is_empty());
        told.object("code", concept(&head.name, head.loinc, apple));
        told.object("subject", exporter());
        let performer = |source: &u16| {
            let mut performer = Object::new();
            performer.text("display", self.export.sources.name(*source));
            performer
        };
        let named = head.sources.iter().filter(|source| !self.export.sources.name(**source).is_empty());
        told.list("performer", named.take(3).map(performer));
        told
    }

    /// Hands a resource over.
    pub(super) fn give(&mut self, resource: Object) {
        let raw = resource.end();
        let Ok(read) = serde_json::from_str::<json::Object<'_>>(&raw) else {
            return self.sink.leave_out("", "a roll-up that cannot be written");
        };
        let place = Place { path: "", full_url: None, references: &self.references };
        self.sink.resource(&raw, &read, &place);
    }

    /// The place of a source in the order in which they are believed.
    pub(super) fn rank(&self, source: u16) -> usize {
        self.ranks.get(usize::from(source)).copied().unwrap_or(usize::MAX)
    }

    /// A unit, as Apple writes it.
    pub(super) fn unit(&self, number: u8) -> &'a str {
        self.export.units.get(usize::from(number)).map_or("", |unit| unit)
    }

    /// The id of a day. Of two units in one day, as where the person changed them at noon, the second says its own.
    pub(super) fn id_of_day(&self, of: &OfDay<'_>) -> String {
        let unit = if of.is_second { format!("-{}", letters(self.unit(of.unit))) } else { String::new() };
        clipped(&format!("{}-{}{unit}", letters(of.kind.short()), day_text(of.day)))
    }

    /// The id of a moment: what, when, who, and the number among those of one moment.
    pub(super) fn id_of_moment(&self, what: &str, utc: i64, source: u16, number: usize) -> String {
        let name = self.export.sources.name(source);
        // FNV-1a: short, and the same in every version.
        let hash = name
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let number = if number == 0 { String::new() } else { format!("-{number}") };
        clipped(&format!("{}-{}-{hash:08x}{number}", letters(what), utc_id(utc)))
    }
}

/// A category of FHIR.
pub(super) fn coded_category(code: &str) -> Object {
    let mut coding = Object::new();
    coding.text("system", "http://terminology.hl7.org/CodeSystem/observation-category");
    coding.text("code", code);
    let mut category = Object::new();
    category.list("coding", [coding]);
    category
}

/// What an id may hold of a name.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// An id has at most 64 letters; the day or moment at its end tells it from others.
fn clipped(id: &str) -> String {
    id.get(id.len().saturating_sub(64)..).unwrap_or(id).to_owned()
}
