//! Problems and diagnoses.

use super::json::{code, list, named, object, text};
use super::reading::{Made, Reading, related};
use super::section::Section;
use super::statement::tell_refining;
use super::times;
use super::values::{absence, qualifiers, says_none, says_what};
use super::xml::Element;
use crate::record::{Concept, Kind};
use crate::sources::fhir::states_absence;
use crate::sources::json::Json;

/// SNOMED CT codes for a problem as such: denied, they say that there is none. From HL7's C-CDA examples
/// (HL7/C-CDA-Examples, CC0): "No Known Problems", whose value is 55607006, and the types of problems in others
/// (404684003, 64572001, 282291009).
const ANY_PROBLEM: [&str; 4] = ["55607006", "404684003", "64572001", "282291009"];

/// True for an observation that asserts a problem: by its template or, where C-CDA does not know its template, by
/// a value that is a concept.
pub fn is_one(element: Element<'_>) -> bool {
    if let Some(template) = super::statement::template(element) {
        return template == "4";
    }
    let value = element.child("value").filter(|_| element.attribute("moodCode") != Some("GOL"));
    value.is_some_and(|value| value.code().is_some() || value.child("originalText").is_some())
}

/// Reads a problem, with the concern that tracks it.
pub fn read<'a>(
    reading: &Reading<'a>,
    element: Element<'a>,
    concern: Option<Element<'a>>,
    section: Section,
) -> Made<'a> {
    let mut made = reading.start(element, "Condition", "subject");
    let list_of = match section {
        Section::Diagnoses | Section::Encounters => "encounter-diagnosis",
        Section::Concerns => "health-concern",
        _ => "problem-list-item",
    };
    made.put("category", code(list_of).and_then(|category| list([category])));
    made.put("clinicalStatus", clinical_status(element, concern).and_then(code));
    let value = element.child("value");
    let is_any = value.and_then(Element::code).is_some_and(|code| ANY_PROBLEM.contains(&code));
    let says = value.is_some_and(says_what);
    let is_none = value.is_some_and(|value| says_none(Kind::Condition, value, &reading.narratives));
    let is_denied = element.flag("negationInd") && !is_none;
    let coded = value.filter(|_| says).and_then(|value| reading.concept(value));
    let words = made.words.clone();
    let (about, is_refuted) = match (is_denied, coded, words) {
        (true, _, _) if is_any => (named("No known problems"), false),
        (true, None, words) => denied(Kind::Condition, words, "No known problems"),
        (is_denied, coded, words) => (coded.or_else(|| named(words?)), is_denied),
    };
    made.put("code", about);
    // Whoever has put it into a list of problems has not said how certain they are.
    let is_suspected = value.is_some_and(is_suspected).then_some("provisional");
    let verification = match is_error(element, concern) {
        true => Some("entered-in-error"),
        false => is_refuted.then_some("refuted").or(is_suspected),
    };
    made.put("verificationStatus", verification.and_then(code));
    if let Some(time) = element.child("effectiveTime") {
        made.put("onsetDateTime", times::begin(time).map(text));
        made.put("abatementDateTime", times::end(time).map(text));
        let has_ended = time.child("high").is_some_and(|high| high.null_flavor() == Some("UNK"));
        made.put("abatementString", has_ended.then(|| text("has ended, on an unknown date")));
        made.tell("began", time.child("low").and_then(absence).map(str::to_owned));
    }
    let site = element.child("targetSiteCode").or_else(|| value?.child("targetSiteCode"));
    made.put("bodySite", site.and_then(|site| reading.concept(site)).and_then(|site| list([site])));
    made.put("severity", severity(reading, element));
    made.put("note", reading.notes_of([Some(element), concern]));
    let (author, time) = reading.author(element);
    let (of_concern, tracked) = concern.map(|concern| reading.author(concern)).unwrap_or_default();
    made.put("recorder", author.or(of_concern));
    made.put("recordedDate", time.or(tracked).map(text));
    made.tell(
        "kind of problem",
        reading.label_at(element, &["code"]).filter(|_| element.at(&["code", "qualifier"]).is_some()),
    );
    // On which side it is stands beside the problem or beside its place.
    for words in value.into_iter().chain(site).flat_map(|coded| qualifiers(coded, &reading.narratives)) {
        made.tell("qualifier", Some(words));
    }
    if let Some(concern) = concern {
        made.tell("tracked as", concern.child("statusCode").and_then(Element::code).map(str::to_owned));
        made.tell("priority", reading.label_at(concern, &["priorityCode"]));
        made.words = made.words.take().or_else(|| reading.narratives.words(concern.child("text")?));
    }
    tell_refining(reading, element, &["6", "8"], &mut made);
    made
}

/// What a denial of nothing in particular says: its words, where they say that there is none, else that they are denied.
pub fn denied<'a>(kind: Kind, words: Option<String>, none: &'static str) -> (Option<Json<'a>>, bool) {
    match words {
        None => (named(none), false),
        Some(words) if states_absence(kind, &Concept::named(&words)).is_some() => (named(words), false),
        Some(words) => (named(format!("denied: {words}")), true),
    }
}

/// SNOMED CT 415684004, as the qualifier of a problem that is only suspected.
fn is_suspected(value: Element<'_>) -> bool {
    let qualifiers = value.all("qualifier").filter_map(|qualifier| qualifier.child("value"));
    qualifiers.into_iter().any(|qualifier| qualifier.code() == Some("415684004"))
}

fn is_error(element: Element<'_>, concern: Option<Element<'_>>) -> bool {
    let is_nullified = |it: Element<'_>| it.child("statusCode").and_then(Element::code) == Some("nullified");
    is_nullified(element) || concern.is_some_and(is_nullified)
}

/// By the observation of its status, else by its end, else by how it is tracked.
fn clinical_status(element: Element<'_>, concern: Option<Element<'_>>) -> Option<&'static str> {
    // LOINC 33999-4, status, as in HL7's C-CDA examples. The SNOMED CT codes: value set "Problem Status"
    // (2.16.840.1.113883.3.88.12.80.68), as HL7's C-CDA on FHIR 2.0.0 maps it (ConceptMap CF-ProblemStatus).
    let status = related(element).find(|it| it.child("code").and_then(Element::code) == Some("33999-4"));
    match status.and_then(|status| status.child("value")).and_then(Element::code) {
        Some("55561003") => return Some("active"),
        Some("73425007") => return Some("inactive"),
        Some("413322009") => return Some("resolved"),
        Some("246455001") => return Some("recurrence"),
        Some("263855007") => return Some("relapse"),
        Some("277022003") => return Some("remission"),
        _ => {}
    }
    let high = element.at(&["effectiveTime", "high"]);
    if high.is_some_and(|high| high.value().is_some() || high.null_flavor() == Some("UNK")) {
        return Some("resolved");
    }
    // That nobody tracks a problem any more does not mean that it has passed.
    let tracked = concern.and_then(|concern| concern.child("statusCode")).and_then(Element::code);
    (tracked == Some("active")).then_some("active")
}

/// The observation of severity (code SEV of HL7 v3 ActCode, as in HL7's C-CDA examples).
pub fn severity<'a>(reading: &Reading<'a>, element: Element<'a>) -> Option<Json<'a>> {
    let severity = related(element).find(|it| {
        it.child("code").and_then(Element::code) == Some("SEV")
            || it.follows("2.16.840.1.113883.10.20.22.4.8")
    })?;
    object([("text", reading.label_at(severity, &["value"]).map(text))])
}
