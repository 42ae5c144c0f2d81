//! Observations: results, vital signs, social history, function, mental status, assessments.

use super::json::{code, list, named, object, text};
use super::reading::{Made, Reading, said};
use super::statement::tell_refining;
use super::values::{absence, label, qualifiers, range, value};
use super::xml::Element;
use super::{differs, times};
use crate::sources::json::Json;

/// Systolic and diastolic pressure (LOINC, as in HL7's C-CDA examples), which belong together.
const SYSTOLIC: &str = "8480-6";
const DIASTOLIC: &str = "8462-4";

/// Reads an observation of this category.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>, category: Option<&'static str>) -> Made<'a> {
    let mut made = reading.start(element, "Observation", "subject");
    made.put("status", Some(text(status(element))));
    made.put("category", category.and_then(code).and_then(|category| list([category])));
    made.put("code", reading.concept_at(element, &["code"]).or_else(|| named(words(reading, element)?)));
    put_moment(element, &mut made);
    put_value(reading, element, &mut made);
    let flags = element.all("interpretationCode").filter_map(|flag| reading.concept(flag));
    made.put("interpretation", list(flags));
    let ranges = element.all("referenceRange").filter_map(|range| range.child("observationRange"));
    made.put("referenceRange", list(ranges.filter_map(|own| range(own, &reading.narratives))));
    made.put("method", reading.concept_at(element, &["methodCode"]));
    made.put("bodySite", reading.concept_at(element, &["targetSiteCode"]));
    made.put("specimen", specimen(reading, element));
    put_notes(reading, element, &mut made);
    put_people(reading, element, &mut made);
    tell_more(reading, element, &mut made);
    made
}

/// Comments; and where the text of the document has other numbers than the coded value, that text.
fn put_notes<'a>(reading: &Reading<'a>, element: Element<'a>, made: &mut Made<'a>) {
    let mut notes: Vec<Json<'a>> = match reading.notes(element) {
        Some(Json::Array(notes)) => notes,
        _ => Vec::new(),
    };
    let coded = element.child("value").and_then(Element::value);
    if let Some((words, coded)) = made.words.as_deref().zip(coded)
        && differs::is_another_number(coded, words)
    {
        let told = format!("The text of the document tells it otherwise than its coded value: {words}");
        notes.extend(object([("text", Some(text(told)))]));
    }
    made.put("note", list(notes));
}

/// What every finding may say beside itself.
fn tell_more<'a>(reading: &Reading<'a>, element: Element<'a>, made: &mut Made<'a>) {
    for coded in element.children().filter(|child| matches!(child.name(), "code" | "value")) {
        qualifiers(coded, &reading.narratives).into_iter().for_each(|words| {
            made.tell("qualifier", Some(words));
        });
    }
    for other in element.all("value").skip(1) {
        made.tell("further value", value_words(reading, other));
    }
    made.tell("priority", reading.label_at(element, &["priorityCode"]));
    tell_refining(reading, element, &[], made);
}

/// The words of the document for a statement that has no code.
fn words<'a>(reading: &Reading<'a>, element: Element<'a>) -> Option<String> {
    element.child("text").and_then(|words| reading.narratives.words(words))
}

/// Systolic and diastolic pressure of one reading become one observation of two parts, as FHIR has them.
pub fn read_pressure<'a>(reading: &Reading<'a>, systolic: Element<'a>, diastolic: Element<'a>) -> Made<'a> {
    let mut made = read(reading, systolic, Some("vital-signs"));
    let part = |element: Element<'a>| {
        let found = element.child("value").and_then(|found| value(found, &reading.narratives));
        let flags = element.all("interpretationCode").filter_map(|flag| reading.concept(flag));
        let ranges = element.all("referenceRange").filter_map(|own| own.child("observationRange"));
        let members = [
            ("code", reading.concept_at(element, &["code"])),
            ("interpretation", list(flags)),
            ("referenceRange", list(ranges.filter_map(|own| range(own, &reading.narratives)))),
        ];
        object(members.into_iter().chain(found.map(|(name, found)| (name, Some(found)))))
    };
    // LOINC 85354-9, the panel of both; as in the examples of blood pressure in HL7's US Core.
    made.object.remove(&[
        "code",
        "valueQuantity",
        "valueInteger",
        "valueString",
        "interpretation",
        "referenceRange",
        "note",
    ]);
    made.put("note", reading.notes_of([Some(systolic), Some(diastolic)]));
    let coding = object([("system", Some(text("http://loinc.org"))), ("code", Some(text("85354-9")))]);
    made.put("code", object([("coding", list(coding)), ("text", Some(text("Blood pressure")))]));
    made.put("component", list([systolic, diastolic].into_iter().filter_map(part)));
    made
}

/// True for one of the two.
pub fn is_pressure(element: Element<'_>) -> (bool, bool) {
    let has = |wanted: &str| {
        let code = element.child("code");
        code.is_some_and(|code| code.descendants().any(|code| code.code() == Some(wanted)))
    };
    (has(SYSTOLIC), has(DIASTOLIC))
}

/// `final`, or what stands against it.
pub fn status(element: Element<'_>) -> &'static str {
    match element.child("statusCode").and_then(Element::code) {
        Some("active" | "held" | "new" | "suspended") => "preliminary",
        Some("aborted" | "cancelled") => "cancelled",
        Some("nullified") => "entered-in-error",
        _ => "final",
    }
}

fn put_moment<'a>(element: Element<'a>, made: &mut Made<'a>) {
    let Some(time) = element.child("effectiveTime") else { return };
    let (begin, end) = (times::begin(time), times::end(time));
    if end.is_some() && end != begin {
        made.put("effectivePeriod", times::period(time));
    } else {
        made.put("effectiveDateTime", begin.map(text));
    }
    let low = time.child("low").and_then(absence).or_else(|| absence(time));
    made.tell("time", low.map(str::to_owned));
}

fn put_value<'a>(reading: &Reading<'a>, element: Element<'a>, made: &mut Made<'a>) {
    let found = element.child("value");
    // An observation of FHIR cannot be negated; its value must not stand there as if it were true.
    if let Some(not) = not_so(element) {
        let what = found.and_then(|found| value_words(reading, found));
        let what = match what {
            Some(what) => format!("{not}: {what}"),
            None if element.flag("negationInd") => "no (the source states that this is not so)".to_owned(),
            None => not.to_owned(),
        };
        made.put("valueString", Some(text(what)));
        return;
    }
    let Some(found) = found else {
        let words = words(reading, element)
            .filter(|_| element.child("code").is_some_and(|code| code.code().is_some()));
        made.put(
            "valueString",
            words.filter(|words| Some(words) != reading.label_at(element, &["code"]).as_ref()).map(text),
        );
        return;
    };
    match value(found, &reading.narratives) {
        Some((name, told)) => {
            made.put(name, Some(told));
        }
        None => {
            made.put("dataAbsentReason", named(absence(found).unwrap_or("no information")));
        }
    }
}

/// What stands before the value of a statement that is denied, or that the source does not know.
fn not_so(element: Element<'_>) -> Option<&'static str> {
    absence(element).or_else(|| element.flag("negationInd").then_some("not so"))
}

/// A value in words.
pub fn value_words<'a>(reading: &Reading<'a>, found: Element<'a>) -> Option<String> {
    let numbered = |element: Element<'a>| {
        let unit = element.attribute("unit").filter(|unit| *unit != "1").map(|unit| format!(" {unit}"));
        Some(format!("{}{}", element.value()?, unit.unwrap_or_default()))
    };
    let date =
        || times::of(found).filter(|_| found.attribute("type").is_some_and(|kind| kind.ends_with("TS")));
    let coded = || {
        label(found, &reading.narratives)
            .filter(|_| found.code().is_some() || found.child("originalText").is_some())
    };
    let range = || match (found.child("low").and_then(numbered), found.child("high").and_then(numbered)) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}")),
        (Some(low), None) => Some(format!("from {low}")),
        (None, high) => Some(format!("to {}", high?)),
    };
    coded()
        .or_else(date)
        .or_else(range)
        .or_else(|| numbered(found))
        .or_else(|| reading.narratives.words(found))
        .or_else(|| label(found, &reading.narratives))
}

/// A statement in one line: what it is and what was found.
pub fn line<'a>(reading: &Reading<'a>, element: Element<'a>) -> Option<String> {
    let name = reading.label_at(element, &["code"]).filter(|name| name != "ASSERTION" && name != "Assertion");
    let found = element.child("value").and_then(|found| value_words(reading, found));
    let told = element.child("text").and_then(|words| reading.narratives.words(words));
    let when = times::first(element);
    let what = match (name, found.or(told)) {
        (Some(name), Some(found)) if name != found => format!("{name}: {found}"),
        (name, found) => name.or(found)?,
    };
    let not = not_so(element).map(|not| format!("{not}: ")).unwrap_or_default();
    Some(match when {
        Some(when) => format!("{not}{what} ({when})"),
        None => format!("{not}{what}"),
    })
}

/// The specimen, by its name.
pub fn specimen<'a>(reading: &Reading<'a>, element: Element<'a>) -> Option<Json<'a>> {
    let named = reading.label_at(element, &["specimen", "specimenRole", "specimenPlayingEntity", "code"]);
    named.and_then(super::json::display)
}

fn put_people<'a>(reading: &Reading<'a>, element: Element<'a>, made: &mut Made<'a>) {
    let mut performers = reading.performers(element);
    let (author, time) = reading.author(element);
    if performers.is_empty() {
        performers.extend(author);
    }
    made.put("performer", list(performers));
    made.put("issued", said(time));
}
