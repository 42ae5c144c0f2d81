//! C-CDA (and what came before it): a document of HL7's Clinical Document Architecture becomes FHIR resources in
//! memory, which the reader of FHIR gives their meaning. So that what is negated, withdrawn or not known is told by
//! the same rules, whichever way it came.
//!
//! The mapping follows HL7's C-CDA on FHIR where that says something, and keeps what it has no place for as words.

mod allergy;
mod care_team;
mod coverage;
mod device;
mod differs;
mod directive;
mod encounter;
mod family;
mod goal;
mod header;
mod immunization;
mod json;
mod medication;
mod narrative;
mod note;
mod observation;
mod order;
mod problem;
mod procedure;
mod reading;
pub mod repair;
mod result;
mod section;
mod security;
mod statement;
mod times;
mod values;
mod xml;

pub use reading::Made;

use json::{list, object, text};
use reading::{Reading, STATEMENTS};
use section::Section;
use xml::Element;

use crate::sources::document_text;
use crate::sources::fhir::decode_attachment;
use crate::sources::json::{Json, Object};

/// What a document says.
pub struct Told<'a> {
    /// What it says, as FHIR resources, in its order.
    pub made: Vec<Made<'a>>,
    /// Entries that say nothing: where, and why.
    pub left_out: Vec<(String, &'static str)>,
    /// When the document was made.
    pub updated: Option<String>,
    /// The organisation that keeps it.
    pub custodian: Option<String>,
}

const SEVERAL: &str = "this document is about several people, and does not say which statement is about whom";

/// Reads a document, or a piece of one, from its tree.
pub fn read<'a>(tree: &'a roxmltree::Document<'a>) -> Told<'a> {
    let Some(root) = Element::of(tree.root_element()) else { return nothing() };
    if root.descendants().filter(|element| element.name() == "recordTarget").count() > 1 {
        // Nobody can say which of its statements is whose.
        return Told { left_out: vec![(String::new(), SEVERAL)], ..nothing() };
    }
    let reading = Reading::of(root);
    let document = root.descendants().find(|element| element.name() == "ClinicalDocument");
    let updated = document.and_then(|document| times::at(document, &["effectiveTime"]));
    let custodian = document.and_then(header::custodian).and_then(|it| it.child("name")).map(Element::words);
    let mut told = Told { updated, custodian: custodian.filter(|name| !name.is_empty()), ..nothing() };
    if let Some(role) = root.descendants().find(|element| element.name() == "patientRole") {
        told.made.push(header::patient(&reading, root, role));
    }
    if let Some(document) = document {
        let visit = document.at(&["componentOf", "encompassingEncounter"]);
        told.made.extend(visit.map(|visit| encounter::read_encompassing(&reading, visit)));
        let events = document.all("documentationOf").filter_map(|about| about.child("serviceEvent"));
        told.made.extend(events.filter_map(|event| care_team::of_header(&reading, event)));
        told.made.extend(document.all("participant").filter_map(|part| header::related(&reading, part)));
    }
    add_entries(&reading, root, Section::Other, &mut told);
    let marks: Vec<String> = told.made.iter().flat_map(|made| made.security.iter().cloned()).collect();
    if let Some(mut whole) = whole(&reading, document.unwrap_or(root)) {
        // Its text tells what is withheld from the reader, too.
        whole.security.extend(marks);
        whole.security.sort_unstable();
        whole.security.dedup();
        told.made.push(whole);
    }
    told.made.iter_mut().for_each(differs::tell_other_name);
    told.made.extend(reading.contacts());
    told
}

fn nothing<'a>() -> Told<'a> {
    Told { made: Vec::new(), left_out: Vec::new(), updated: None, custodian: None }
}

/// Reads the entries below an element, each in the light of its section.
fn add_entries<'a>(reading: &Reading<'a>, element: Element<'a>, around: Section, told: &mut Told<'a>) {
    match element.name() {
        "section" => {
            let section = Section::of(element, around);
            let code = element.child("code").and_then(Element::code);
            let mut number = 0;
            for child in element.children() {
                let before = told.made.len();
                add_entries(reading, child, section, told);
                if child.name() != "entry" {
                    continue;
                }
                number += 1;
                if told.made.len() == before {
                    told.left_out.push((path(section, code, number), reason(child, section)));
                } else if holds_unknown(child, section) {
                    let why = "a part of this entry is not known to the source";
                    told.left_out.push((path(section, code, number), why));
                }
            }
        }
        "entry" => {
            for statement in element.children().filter(|child| STATEMENTS.contains(&child.name())) {
                statement::read(reading, statement, around, &mut told.made);
            }
        }
        name if STATEMENTS.contains(&name) => statement::read(reading, element, around, &mut told.made),
        // What stands in the header is read there.
        "recordTarget" | "author" | "custodian" | "documentationOf" | "componentOf" | "text" => {}
        _ => element.children().for_each(|child| add_entries(reading, child, around, told)),
    }
}

/// Why nothing came of an entry.
fn reason(entry: Element<'_>, section: Section) -> &'static str {
    let statement = entry.children().find(|child| STATEMENTS.contains(&child.name()));
    match statement {
        None if entry.children().next().is_none() => "this entry is empty",
        None => "this entry holds a picture or a region of one, not a statement",
        Some(statement) if statement.children().all(|child| child.name() == "templateId") => {
            "the statement of this entry is empty"
        }
        Some(_) if holds_unknown(entry, section) => {
            "the source says of this entry that it does not know it, or has no information on it"
        }
        Some(statement) if statement::is_of_somebody_else(statement) => {
            "this entry is about somebody else: a fetus, a relative"
        }
        Some(_) => "this entry only points to another one, or comments on the section",
    }
}

/// True for an entry of which something is left out because the source does not know it.
fn holds_unknown(entry: Element<'_>, section: Section) -> bool {
    entry.descendants().any(|inner| statement::is_not_known(inner, section))
}

/// Where an entry stands, for people: its section and its number there.
fn path(section: Section, code: Option<&str>, number: usize) -> String {
    match (section.plain(), code) {
        (Some(name), Some(code)) => format!("entry {number} of {name} (section {code})"),
        (Some(name), None) => format!("entry {number} of {name}"),
        (None, Some(code)) => format!("entry {number} of section {code}"),
        (None, None) => format!("entry {number}"),
    }
}

/// The document itself: its sections as a person reads them, or the file that it carries.
fn whole<'a>(reading: &Reading<'a>, root: Element<'a>) -> Option<Made<'a>> {
    let body = root.descendants().find(|element| element.name() == "nonXMLBody");
    let is_document = root.name() == "ClinicalDocument";
    let sections: Vec<Json<'a>> =
        top_sections(root).into_iter().filter_map(|section| told_section(reading, section)).collect();
    if let Some(body) = body {
        return Some(unstructured(reading, root, body));
    }
    if sections.is_empty() && !is_document {
        return None;
    }
    let mut made = reading.start(root, "Composition", "subject");
    match is_document {
        true => header::put_document(reading, root, &mut made),
        false => {
            made.put("title", Some(text("A part of a C-CDA document")));
        }
    }
    made.put("section", list(sections));
    Some(made)
}

/// A document that is another file in a header.
fn unstructured<'a>(reading: &Reading<'a>, root: Element<'a>, body: Element<'a>) -> Made<'a> {
    let mut made = reading.start(root, "DocumentReference", "subject");
    let mut header = reading.start(root, "Composition", "subject");
    header::put_document(reading, root, &mut header);
    made.put("status", Some(text("current")));
    for (from, to) in [
        ("type", "type"),
        ("date", "date"),
        ("author", "author"),
        ("custodian", "custodian"),
        ("title", "description"),
    ] {
        made.put(to, header.object.take(from));
    }
    (made.more, made.security) = (header.more, header.security);
    let carrier = body.child("text");
    let address = carrier.and_then(|carrier| carrier.child("reference")).and_then(Element::value);
    let plain = || note::of_words(carrier?.words()).filter(|_| address.is_none());
    let elsewhere =
        || object([("url", address.map(text)), ("contentType", carrier?.attribute("mediaType").map(text))]);
    let attachment = note::attached(body).or_else(elsewhere).or_else(plain);
    made.put("content", list(object([("attachment", attachment)])));
    made
}

/// The text of a document that another carries: its sections as a person reads them, or the file in it. `None` where
/// it is no C-CDA document; the error says why its file is not read.
pub fn readable(xml: &str) -> Option<Result<String, String>> {
    let told = repair::with_tree(xml, |tree, _| {
        let root = Element::of(tree.root_element()).filter(|root| root.name() == "ClinicalDocument")?;
        let body = root.descendants().find(|element| element.name() == "nonXMLBody");
        if let Some(carrier) = body.and_then(|body| body.child("text")) {
            return Some(carried(carrier));
        }
        let mut html = String::new();
        top_sections(root).into_iter().for_each(|section| write_section(section, &mut html));
        Some(document_text::readable(Some("text/html"), html.as_bytes()))
    });
    told.ok().flatten()
}

/// The text of a file that a document carries instead of sections.
fn carried(carrier: Element<'_>) -> Result<String, String> {
    let is_encoded = carrier.attribute("representation") == Some("B64");
    let bytes = is_encoded.then(|| decode_attachment(&carrier.words())).flatten();
    match bytes {
        Some(bytes) => document_text::readable(carrier.attribute("mediaType"), &bytes),
        None => Ok(carrier.words()),
    }
}

fn write_section(section: Element<'_>, html: &mut String) {
    if let Some(title) = section.child("title") {
        html.push_str("<p>");
        narrative::escape(&title.words(), html);
        html.push_str("</p>");
    }
    html.extend(section.child("text").map(narrative::markup));
    let inside = section.all("component").flat_map(|component| component.all("section"));
    inside.for_each(|inner| write_section(inner, html));
}

fn top_sections(root: Element<'_>) -> Vec<Element<'_>> {
    match root.name() {
        "section" => vec![root],
        "entry" | "text" => Vec::new(),
        _ => root.children().flat_map(top_sections).collect(),
    }
}

/// A section with its narrative, as FHIR has it.
fn told_section<'a>(reading: &Reading<'a>, section: Element<'a>) -> Option<Json<'a>> {
    let narrative = section.child("text").map(narrative::markup);
    let inside = section.all("component").flat_map(|component| component.all("section"));
    let nothing = section.null_flavor().map(|flavor| json::named(values::nothing(flavor)));
    let title = section.child("title").map(Element::words).filter(|title| !title.is_empty());
    object([
        ("title", title.map(text)),
        ("code", reading.concept_at(section, &["code"])),
        ("text", narrative.and_then(|div| object([("div", Some(text(div)))]))),
        ("emptyReason", nothing.flatten()),
        ("section", list(inside.filter_map(|inner| told_section(reading, inner)))),
    ])
}

/// The object of a resource, with what is beside it, so that its content can be told apart.
pub fn with_beside<'a>(object: &Object<'a>, more: &[(&'static str, String)]) -> Object<'a> {
    let mut whole = object.clone();
    whole.insert(
        "_beside",
        Json::Array(more.iter().map(|(label, words)| text(format!("{label}: {words}"))).collect()),
    );
    whole
}

#[cfg(test)]
mod tests;
