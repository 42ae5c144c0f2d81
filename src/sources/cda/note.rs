//! Notes: activities that say who wrote what in the narrative of a section.

use super::json::{list, object, text};
use super::reading::{Made, Reading};
use super::times;
use super::xml::Element;
use crate::sources::json::Json;

/// Reads a note.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "DocumentReference", "subject");
    let is_error = element.child("statusCode").and_then(Element::code) == Some("nullified");
    made.put("status", Some(text(if is_error { "entered-in-error" } else { "current" })));
    made.put("type", reading.concept_at(element, &["code"]));
    let category = object([("text", Some(text("clinical-note")))]);
    made.put("category", list(category));
    let (author, time) = reading.author(element);
    made.put("author", list(author));
    made.put("date", time.map(text));
    let period = object([("start", times::first(element).map(text))]);
    made.put("context", object([("period", period)]));
    let attachment = attached(element).or_else(|| of_words(made.words.clone()?));
    made.put("content", list(object([("attachment", attachment)])));
    made
}

/// What is carried inside the note: encoded, of whatever type.
pub fn attached<'a>(element: Element<'a>) -> Option<Json<'a>> {
    let carrier =
        element.child("text").filter(|carrier| carrier.attribute("representation") == Some("B64"))?;
    let kind = carrier.attribute("mediaType").map(text);
    object([("contentType", kind), ("data", Some(text(carrier.words().replace(' ', ""))))])
}

/// Words as an attachment.
pub fn of_words<'a>(words: String) -> Option<Json<'a>> {
    use base64::Engine as _;
    let data = base64::prelude::BASE64_STANDARD.encode(words);
    object([("contentType", Some(text("text/plain; charset=utf-8"))), ("data", Some(text(data)))])
}
