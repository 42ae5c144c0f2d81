//! Reads a bundle as a stream: one entry at a time is held, cut out of the text as it comes.

use std::fmt;
use std::io::{BufRead, BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::about::{Counts, Skipped};
use super::building::Building;
use super::error::Error;
use super::keys::Address;
use super::limited::{Limited, Limits, Meter};
use super::tables::Tables;
use super::{endpoint, linking, organization};
use crate::sources::json::{Json, Object};

const BUFFER_BYTES: usize = 1 << 16;
/// Some vendors begin their file with the mark of Windows editors.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What was read of a bundle.
#[derive(Debug)]
pub struct Reading {
    /// Its tables.
    pub tables: Tables,
    /// When its publisher last changed it, as written.
    pub published_at: Option<String>,
    /// How many of what it holds.
    pub counts: Counts,
    /// What was not taken, and why.
    pub skipped: Vec<Skipped>,
}

/// Reads a bundle to its end.
///
/// # Errors
/// When it is no bundle, is cut off, names nobody or is larger than the limits allow. Then nothing is taken.
pub fn read(reader: impl Read, limits: &Limits) -> Result<Reading, Error> {
    let meter = Meter::new(*limits);
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, Limited::new(reader, &meter));
    if reader.fill_buf().map_err(Error::Unreadable)?.starts_with(BYTE_ORDER_MARK) {
        reader.consume(BYTE_ORDER_MARK.len());
    }
    let mut walk =
        Walk { building: Building::default(), meter: &meter, limits, refused: None, head: Head::default() };
    let mut json = serde_json::Deserializer::from_reader(reader);
    let read = json.deserialize_any(&mut walk).and_then(|()| json.end());
    let Walk { building, refused, head, .. } = walk;
    match (read, refused, meter.over()) {
        (_, Some(refused), _) => return Err(refused),
        (_, None, Some(over)) => return Err(Error::TooLarge(over)),
        (Err(error), None, None) => return Err(Error::of_json(error)),
        (Ok(()), None, None) => {}
    }
    if head.kind.as_deref() != Some("Bundle") {
        return Err(Error::NotABundle);
    }
    finish(building, head)
}

fn finish(building: Building, head: Head) -> Result<Reading, Error> {
    let (tables, mut building) = linking::link(building);
    if head.has_next {
        building.skip("a further page that the bundle names and that was not fetched");
    }
    if tables.brands.is_empty() {
        return Err(Error::Empty);
    }
    let counts = Counts {
        brands: tables.brands.len(),
        portals: tables.portals.len(),
        endpoints: tables.endpoints.len(),
        reachable: tables.reachable_count(),
    };
    Ok(Reading {
        tables,
        published_at: head.timestamp.or(head.last_updated),
        counts,
        skipped: building.skipped(),
    })
}

/// What stands beside the entries.
#[derive(Default)]
struct Head {
    kind: Option<String>,
    timestamp: Option<String>,
    last_updated: Option<String>,
    has_next: bool,
}

/// A bundle being walked through.
struct Walk<'a> {
    building: Building,
    meter: &'a Meter,
    limits: &'a Limits,
    refused: Option<Error>,
    head: Head,
}

impl Walk<'_> {
    fn member(&mut self, name: &str, raw: &RawValue) {
        let Ok(json) = serde_json::from_str::<Json<'_>>(raw.get()) else { return };
        // An instant has 35 characters at the most; it is shown as it is written.
        let text = |json: &Json<'_>| json.as_str().filter(|text| text.len() <= 40).map(str::to_owned);
        match name {
            "resourceType" => self.head.kind = text(&json),
            "timestamp" => self.head.timestamp = text(&json),
            "meta" => self.head.last_updated = json.get("lastUpdated").and_then(text),
            "link" => {
                let links = json.as_array().unwrap_or_default();
                let is_next = |link: &Json<'_>| link.get("relation").and_then(Json::as_str) == Some("next");
                self.head.has_next = links.iter().any(is_next);
            }
            _ => {}
        }
    }

    fn entry(&mut self, raw: &RawValue) {
        let Ok(entry) = serde_json::from_str::<Object<'_>>(raw.get()) else {
            return self.building.skip("an entry that is no object, or nested too deep");
        };
        let Some(resource) = entry.get("resource").and_then(Json::as_object) else {
            return self.building.skip("an entry without a resource");
        };
        let text = |name: &str| resource.get(name).and_then(Json::as_str);
        let kind = text("resourceType").unwrap_or_default();
        let full_url = entry.get("fullUrl").and_then(Json::as_str).map(str::trim);
        let address = Address { full_url: full_url.filter(|url| !url.is_empty()), kind, id: text("id") };
        match kind {
            "Organization" => organization::read(resource, address, &mut self.building),
            "Endpoint" => endpoint::read(resource, address, &mut self.building),
            _ => self.building.skip("neither an organization nor an endpoint"),
        }
    }
}

impl<'de> Visitor<'de> for &mut Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a bundle")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "entry" => map.next_value_seed(Entries(self))?,
                "resourceType" | "timestamp" | "meta" | "link" => {
                    let raw: Box<RawValue> = map.next_value()?;
                    self.member(&name, &raw);
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// `Bundle.entry`.
struct Entries<'w, 'a>(&'w mut Walk<'a>);

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Entries(walk) = self;
        while let Some(raw) = entries.next_element::<Box<RawValue>>()? {
            walk.meter.next_entry();
            walk.entry(&raw);
            walk.building.entry += 1;
            if let Err(refused) = walk.building.check(walk.limits) {
                walk.refused = Some(refused);
                return Err(A::Error::custom("more than a directory may have"));
            }
        }
        Ok(())
    }
}
