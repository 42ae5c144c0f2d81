//! Procedures, and acts that were done.

use super::json::{list, named, object, text};
use super::reading::{Made, Reading, related};
use super::statement::tell_refining;
use super::times;
use super::values::{denies_any, qualifiers};
use super::xml::Element;
use crate::sources::json::Json;

/// "Failed attempted procedure" (SNOMED CT, as in HL7's C-CDA example "Procedure Unsuccessful"): what was tried and did not
/// succeed is `completed` there, and is no procedure that was done.
const FAILED: &str = "103709008";

/// Reads a procedure, an act or an observation that was done.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "Procedure", "subject");
    let is_none = denies_any(element, element.child("code"));
    let failed = related(element).find(|inner| inner.child("code").and_then(Element::code) == Some(FAILED));
    let status = match element.child("statusCode").and_then(Element::code) {
        _ if is_none => "completed",
        _ if failed.is_some() && !element.flag("negationInd") => "stopped",
        _ if element.flag("negationInd") => "not-done",
        Some("aborted") => "stopped",
        Some("cancelled") => "not-done",
        Some("active" | "new") => "in-progress",
        Some("held" | "suspended") => "on-hold",
        Some("nullified") => "entered-in-error",
        Some("completed") => "completed",
        _ => "unknown",
    };
    made.put("status", Some(text(status)));
    let words = made.words.clone();
    let said = match is_none {
        true => named("No known procedures"),
        false => reading.concept_at(element, &["code"]).or_else(|| named(words?)),
    };
    made.put("code", said);
    if let Some(time) = element.child("effectiveTime") {
        match times::end(time).filter(|end| Some(end) != times::begin(time).as_ref()) {
            Some(_) => made.put("performedPeriod", times::period(time)),
            None => made.put("performedDateTime", times::begin(time).map(text)),
        };
    }
    let sites = element.all("targetSiteCode").filter_map(|site| reading.concept(site));
    made.put("bodySite", list(sites));
    let performers = reading.performers(element).into_iter();
    made.put("performer", list(performers.filter_map(|who| object([("actor", Some(who))]))));
    made.put("location", place(reading, element));
    made.put("reasonCode", reading.reasons(element));
    let found = element.child("value").and_then(|value| super::observation::value_words(reading, value));
    made.put("outcome", found.and_then(named));
    let failure = failed.map(|failed| {
        let why = failed.child("text").and_then(|words| reading.narratives.words(words));
        let why = why.map_or_else(String::new, |why| format!(": {why}"));
        format!("Tried without success{why}")
    });
    let failure = failure.and_then(|words| object([("text", Some(text(words)))]));
    let comments = match reading.notes(element) {
        Some(Json::Array(comments)) => comments,
        _ => Vec::new(),
    };
    made.put("note", list(failure.into_iter().chain(comments)));
    for coded in element.all("code").chain(element.all("targetSiteCode")) {
        for words in qualifiers(coded, &reading.narratives) {
            made.tell("qualifier", Some(words));
        }
    }
    made.tell("method", reading.label_at(element, &["methodCode"]));
    made.tell("approach", reading.label_at(element, &["approachSiteCode"]));
    tell_refining(reading, element, &[], &mut made);
    made
}

/// The place where something was done.
pub fn place<'a>(reading: &Reading<'a>, element: Element<'a>) -> Option<Json<'a>> {
    let part = element.all("participant").find(|part| part.attribute("typeCode") == Some("LOC"))?;
    reading.place(part.child("participantRole")?)
}
