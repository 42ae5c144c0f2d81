//! C-CDA in XML: a document, or a piece of one.

use std::borrow::Cow;
use std::io::{BufRead, Read as _};

use super::attached::Carrier;
use super::sink::{Converted, Place, Sink};
use super::{Format, without_mark};
use crate::record::{Actor, CARRIED_BY, CUSTODIAN, DOCUMENT_DATE, Detail, Entry, Text, When};
use crate::sources::cda::repair::{self, Refused};
use crate::sources::cda::{self, Made, Told};
use crate::sources::content::content_hash;
use crate::sources::document_text::charset;
use crate::sources::error::Fault;
use crate::sources::references::References;

/// C-CDA.
pub const FORMAT: Format = Format { name: "C-CDA (XML)", begins, read };

/// Bytes of one document: the tree of one takes about ten times as many.
const BYTES_MAX: u64 = 64 << 20;

/// Elements that a document, or a piece of one as HL7 publishes them, begins with.
const ROOTS: [&str; 33] = [
    "ClinicalDocument",
    "act",
    "addr",
    "assignedAuthor",
    "authenticator",
    "author",
    "authorization",
    "component",
    "criterion",
    "custodian",
    "dataEnterer",
    "documentationOf",
    "encounter",
    "encounterParticipant",
    "entry",
    "entryRelationship",
    "externalDocument",
    "inFulfillmentOf",
    "informant",
    "informationRecipient",
    "legalAuthenticator",
    "manufacturedProduct",
    "observation",
    "organizer",
    "participant",
    "participantRole",
    "performer",
    "procedure",
    "recordTarget",
    "relatedDocument",
    "section",
    "substanceAdministration",
    "supply",
];

pub(super) fn begins(beginning: &[u8]) -> bool {
    let is_wide = beginning.starts_with(b"\xff\xfe") || beginning.starts_with(b"\xfe\xff");
    let text = match is_wide {
        true => charset::decode(&beginning[..beginning.len() & !1], None).map(Cow::Owned).unwrap_or_default(),
        false => String::from_utf8_lossy(without_mark(beginning)),
    };
    if !text.trim_start().starts_with('<') {
        return false;
    }
    let Some(at) = repair::root(&text) else { return false };
    let name =
        text[at + 1..].split(|letter: char| letter.is_whitespace() || letter == '>' || letter == '/').next();
    let name = name.unwrap_or_default();
    if name.eq_ignore_ascii_case("!DOCTYPE") {
        return text.contains("ClinicalDocument"); // so that it can be refused by name
    }
    ROOTS.contains(&name.rsplit(':').next().unwrap_or(name))
}

fn read(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let most = sink.setting.document_bytes_max.min(BYTES_MAX);
    let mut bytes = Vec::new();
    input.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Fault::TooLarge(most >> 20));
    }
    let text = charset::decode(&bytes, None)
        .map_err(|_| Fault::XmlRefused("is in a character set that is not read"))?;
    let size = bytes.len() as u64;
    drop(bytes);
    let references = References::default();
    let at = Place { path: "", full_url: None, references: &references };
    let read = repair::with_tree(&text, |tree, text| {
        let told = cda::read(tree);
        let is_empty = told.made.is_empty() && told.left_out.is_empty();
        let every = told.made.iter();
        hand_over(every, &told, &Around { text, at: &at, carrier: None }, sink);
        is_empty
    });
    match read.map_err(fault)? {
        true => Err(Fault::NoStatement),
        false => {
            sink.advance(size);
            Ok(())
        }
    }
}

/// Reads a document that another carries: its statements are about whom the other is about, and the document itself
/// is the other one.
pub(super) fn read_attached(bytes: &[u8], carrier: &Carrier, at: &Place<'_>, sink: &mut Sink<'_>) {
    let Ok(text) = charset::decode(bytes, None) else { return };
    let read = repair::with_tree(&text, |tree, text| {
        let told = cda::read(tree);
        let statements = told.made.iter().filter(|made| !made.is_document());
        hand_over(statements, &told, &Around { text, at, carrier: Some(carrier) }, sink);
    });
    if let Err(refused) = read {
        sink.leave_out(at.path, &format!("the C-CDA document in it {}", fault(refused)));
    }
}

fn fault(refused: Refused) -> Fault {
    match refused {
        Refused::DocumentType => Fault::XmlRefused("declares a document type, from which harm can come"),
        Refused::TooMuch => Fault::XmlRefused("nests deeper, or has more parts, than any document"),
        Refused::Syntax(line) => Fault::XmlSyntax(line),
    }
}

/// What statements stand in.
struct Around<'a> {
    text: &'a str,
    at: &'a Place<'a>,
    /// What carries it, where something does.
    carrier: Option<&'a Carrier>,
}

fn hand_over<'a>(
    every: impl Iterator<Item = &'a Made<'a>>,
    told: &Told<'a>,
    around: &Around<'_>,
    sink: &mut Sink<'_>,
) {
    let updated = told.updated.as_deref().and_then(When::parse);
    for made in every {
        let content = content_hash(&cda::with_beside(&made.object, &made.more));
        let beside = |entry: &mut Entry| {
            add_beside(entry, made, told, updated);
            if let Some(carrier) = around.carrier {
                entry.security.extend_from_slice(&carrier.marks);
                entry.more.push((CARRIED_BY.into(), carrier.key.clone()));
            }
        };
        let raw = &around.text.as_bytes()[made.element.range()];
        let subject = around.carrier.map(|carrier| &carrier.subject);
        sink.converted(
            Converted { raw, resource: &made.object, content, subject, beside: &beside },
            around.at,
        );
    }
    if !told.left_out.is_empty() {
        sink.found_resource();
    }
    for (path, reason) in &told.left_out {
        sink.leave_out(path, reason);
    }
}

/// What FHIR has no place for: words under labels, the document's own text, marks that withhold, and who keeps it.
fn add_beside(entry: &mut Entry, made: &Made<'_>, told: &Told<'_>, updated: Option<When>) {
    let more = made.more.iter().map(|(label, words)| (Text::from(*label), Text::from(words.as_str())));
    entry.more.extend(more);
    if let Some(words) = made.words.as_deref().and_then(Text::trimmed) {
        entry.more.push(("in the words of the document".into(), words));
    }
    entry.security.extend(made.security.iter().map(|mark| Text::from(mark.as_str())));
    if let Some(updated) = updated {
        entry.more.push((DOCUMENT_DATE.into(), updated.to_string().into()));
    }
    let is_person = matches!(entry.detail, Detail::Person(_));
    if let Some(name) = told.custodian.as_deref().filter(|_| is_person) {
        entry.actors.push(Actor { role: CUSTODIAN.into(), name: Some(name.into()), key: None });
    }
}
