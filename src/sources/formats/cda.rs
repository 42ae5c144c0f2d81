//! C-CDA in XML: a document, or a piece of one.

use std::io::{BufRead, Read as _};

use super::sink::{Converted, Place, Sink};
use super::{Format, without_mark};
use crate::record::{Actor, Entry, Text, When};
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

fn begins(beginning: &[u8]) -> bool {
    let start = without_mark(beginning).trim_ascii_start();
    if !start.starts_with(b"<") {
        return false;
    }
    let text = String::from_utf8_lossy(start);
    let Some(at) = repair::root(&text) else { return false };
    let name =
        text[at + 1..].split(|letter: char| letter.is_whitespace() || letter == '>' || letter == '/').next();
    let name = name.unwrap_or_default();
    ROOTS.contains(&name.rsplit(':').next().unwrap_or(name))
}

fn read(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let most = sink.setting.document_bytes_max.min(BYTES_MAX);
    let mut bytes = Vec::new();
    input.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Fault::TooLarge(most >> 20));
    }
    let text =
        charset::decode(&bytes, None).map_err(|_| Fault::Xml("is in a character set that is not read"))?;
    let size = bytes.len() as u64;
    drop(bytes);
    let read = repair::with_tree(&text, |tree, text| {
        let told = cda::read(tree);
        let is_empty = told.made.is_empty() && told.left_out.is_empty();
        hand_over(&told, text, sink);
        is_empty
    });
    match read {
        Ok(true) => Err(Fault::NoStatement),
        Ok(false) => {
            sink.advance(size);
            Ok(())
        }
        Err(Refused::DocumentType) => Err(Fault::Xml("declares a document type, from which harm can come")),
        Err(Refused::TooMuch) => Err(Fault::Xml("nests deeper, or has more parts, than any document")),
        Err(Refused::Syntax(line)) => Err(Fault::XmlSyntax(line)),
    }
}

fn hand_over(told: &Told<'_>, text: &str, sink: &mut Sink<'_>) {
    let references = References::default();
    let updated = told.updated.as_deref().and_then(When::parse);
    for made in &told.made {
        let place = Place { path: "", full_url: None, references: &references };
        let content = content_hash(&cda::with_beside(&made.object, &made.more));
        let beside = |entry: &mut Entry| add_beside(entry, made, told, updated);
        let raw = &text[made.element.range()];
        sink.converted(Converted { raw, resource: &made.object, content, beside: &beside }, &place);
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
    entry.updated = entry.updated.or(updated);
    let is_person = matches!(entry.detail, crate::record::Detail::Person(_));
    if let Some(name) = told.custodian.as_deref().filter(|_| is_person) {
        entry.actors.push(Actor { role: "custodian".into(), name: Some(name.into()), key: None });
    }
}
