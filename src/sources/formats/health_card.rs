//! SMART Health Cards: `.smart-health-card` files, signed texts, the texts of QR codes, and what a server
//! answers when it is asked for cards.
//!
//! What a card says is read as any bundle is. Beside it stands a Provenance that names the issuer, says whether
//! the signature was verified, and keeps the signed text, so that it can be verified again.

use std::io::{BufRead, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::bundle::{self, Head};
use super::sink::{Place, Sink};
use super::{Format, without_mark};
use crate::clock::hex;
use crate::sources::cards::{self, Card, POLICY, Said, Verdict};
use crate::sources::content::content_hash;
use crate::sources::error::Fault;
use crate::sources::json::Object;
use crate::sources::references::{References, id_of};

/// SMART Health Cards.
pub const FORMAT: Format = Format { name: "SMART Health Card", begins, read };

/// The member of a file, and the parameter of an answer, that holds signed texts.
const MEMBER: &str = "verifiableCredential";

/// A signed text begins with `{"` in base64; in a file the list of them is the first member.
fn begins(beginning: &[u8]) -> bool {
    let start = without_mark(beginning).trim_ascii_start();
    if let Some(inside) = start.strip_prefix(b"{") {
        let name = inside.trim_ascii_start().strip_prefix(b"\"");
        return name.is_some_and(|name| name.starts_with(MEMBER.as_bytes()));
    }
    let word = start.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    str::from_utf8(word).is_ok_and(cards::is_text)
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, rename = "verifiableCredential")]
    cards: Vec<&'a RawValue>,
}

fn read(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let mut bytes = Vec::new();
    input.take(sink.setting.document_bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > sink.setting.document_bytes_max {
        return Err(Fault::TooLarge(sink.setting.document_bytes_max >> 20));
    }
    let text = str::from_utf8(without_mark(&bytes)).map_err(|_| Fault::Syntax(1))?.trim();
    if text.starts_with('{') {
        let file: File<'_> = serde_json::from_str(text)?;
        for (at, card) in file.cards.iter().enumerate() {
            read_written(card, &format!("{MEMBER}[{at}]"), sink);
        }
    } else {
        let cards = cards::texts(text)?;
        let is_one = cards.len() == 1;
        for (at, card) in cards.iter().enumerate() {
            read_card(card, &if is_one { String::new() } else { format!("card {}", at + 1) }, sink);
        }
    }
    if sink.resources() == 0 { Err(Fault::NoResource) } else { Ok(()) }
}

/// Reads the cards of a Parameters resource, as `$health-cards-issue` answers; false where it has none.
pub fn read_parameters(text: &str, path: &str, sink: &mut Sink<'_>) -> bool {
    #[derive(Deserialize)]
    struct Parameters<'a> {
        #[serde(borrow, default)]
        parameter: Vec<Parameter<'a>>,
    }
    #[derive(Deserialize)]
    struct Parameter<'a> {
        name: Option<String>,
        #[serde(borrow, rename = "valueString")]
        value: Option<&'a RawValue>,
    }
    let Ok(parameters) = serde_json::from_str::<Parameters<'_>>(text) else { return false };
    let mut has_cards = false;
    for (at, parameter) in parameters.parameter.iter().enumerate() {
        let path = bundle::within(path, &format!("parameter[{at}]"));
        match (parameter.name.as_deref(), parameter.value) {
            (Some(MEMBER), Some(card)) => {
                has_cards = true;
                read_written(card, &path, sink);
            }
            (Some("resourceLink"), _) if has_cards => {
                sink.leave_out(&path, "it only names where the issuer's server has the same");
            }
            _ => {}
        }
    }
    has_cards
}

/// A card as a JSON string.
fn read_written(written: &RawValue, path: &str, sink: &mut Sink<'_>) {
    match serde_json::from_str::<String>(written.get()) {
        Ok(card) => read_card(&card, path, sink),
        Err(_) => {
            sink.found_resource();
            sink.leave_out_unread(path, "this is no health card: it is no text");
        }
    }
}

fn read_card(jws: &str, path: &str, sink: &mut Sink<'_>) {
    sink.found_resource();
    let checked = Card::read(jws).and_then(|card| sink.setting.issuers.check(&card).map(|told| (card, told)));
    match checked {
        Ok((card, told)) => Reading::of(&card).read(&told, path, sink),
        Err(fault) => sink.leave_out_unread(path, &fault.to_string()),
    }
}

#[derive(Deserialize)]
struct Entries<'a> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(rename = "fullUrl")]
    full_url: Option<String>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

/// The resources of a card, each under an address of its own.
struct Reading<'a> {
    card: &'a Card,
    entries: Vec<Entry<'a>>,
    addresses: Vec<String>,
    references: References<'static>,
    /// Their identities (`Immunization/…`).
    keys: Vec<String>,
}

impl<'a> Reading<'a> {
    /// A card numbers its resources (`resource:0`), and so does every other one. What one says gives it an
    /// address that is the same whenever it comes, on this card or on a later one of the same issuer.
    fn of(card: &'a Card) -> Reading<'a> {
        let entries =
            serde_json::from_str::<Entries<'_>>(&card.said.bundle).map(|all| all.entry).unwrap_or_default();
        let contents: Vec<Option<(bool, [u8; 16])>> = entries.iter().map(content).collect();
        let person = contents.iter().flatten().find(|(is_person, _)| *is_person);
        let person = person.map_or([0; 16], |(_, content)| *content);
        let (mut addresses, mut keys, mut references) = (Vec::new(), Vec::new(), References::default());
        for (entry, content) in entries.iter().zip(&contents) {
            let written = entry.full_url.as_deref().unwrap_or_default();
            let address = match content {
                Some((_, content)) if id_of(written).is_none() => {
                    let all = [card.said.issuer.as_str().as_bytes(), &person, content].concat();
                    format!("urn:uuid:{}", short_hash(&all))
                }
                _ => written.to_owned(),
            };
            let head = entry.resource.and_then(|raw| serde_json::from_str::<Head<'_>>(raw.get()).ok());
            if let Some((kind, id)) = head.and_then(|head| head.identity_at(&address)) {
                if !written.is_empty() {
                    references.insert(written, &kind, &id);
                }
                keys.push(format!("{kind}/{id}"));
            }
            addresses.push(address);
        }
        Reading { card, entries, addresses, references, keys }
    }

    fn read(&self, told: &Verdict, path: &str, sink: &mut Sink<'_>) {
        for (at, (entry, address)) in self.entries.iter().zip(&self.addresses).enumerate() {
            let path = bundle::within(path, &format!("entry[{at}]"));
            match entry.resource {
                None => sink.leave_out(&path, "this entry of the bundle has no resource"),
                Some(resource) => {
                    let place = Place { path: &path, full_url: Some(address), references: &self.references };
                    bundle::read_resource(resource.get(), &place, 0, sink);
                }
            }
        }
        if self.entries.is_empty() {
            return sink.leave_out_unread(path, "this health card holds no record");
        }
        let provenance = self.provenance(told);
        if let Ok(object) = serde_json::from_str::<Object<'_>>(&provenance) {
            let place = Place { path, full_url: None, references: &References::default() };
            sink.resource(&provenance, &object, &place);
        }
    }

    fn provenance(&self, told: &Verdict) -> String {
        let Card { jws, flaws, said: Said { from, until, .. }, .. } = self.card;
        let issuer = self.card.said.issuer_name();
        let mut words = format!("health card of {issuer}: {told}");
        if let Some(until) = until {
            words.push_str(&format!(", valid until {}", until.strftime("%Y-%m-%d")));
        }
        if !flaws.is_empty() {
            words.push_str(&format!("; not as specified, but harmless: {}", flaws.join(", ")));
        }
        let targets: Vec<_> = self.keys.iter().map(|key| json!({ "reference": key })).collect();
        let recorded = from.map(|from| from.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        json!({
            "resourceType": "Provenance",
            "id": short_hash(jws.as_bytes()),
            "target": targets,
            "recorded": recorded,
            "policy": [POLICY],
            "activity": { "text": words },
            "agent": [{ "type": { "text": "issuer" }, "who": { "display": issuer } }],
            "signature": [{ "sigFormat": "application/jose", "data": STANDARD.encode(jws) }],
        })
        .to_string()
    }
}

/// Whether it is a Patient, and the hash of what it says.
fn content(entry: &Entry<'_>) -> Option<(bool, [u8; 16])> {
    let object: Object<'_> = serde_json::from_str(entry.resource?.get()).ok()?;
    let kind = object.get("resourceType").and_then(|kind| kind.as_str());
    Some((kind == Some("Patient"), content_hash(&object)))
}

fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..16])
}

#[cfg(test)]
mod tests;
