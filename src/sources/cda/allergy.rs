//! Allergies, and the statement that there is none.

use super::json::{code, list, named, object, text};
use super::problem::{denied, severity};
use super::reading::{Made, Reading, related};
use super::statement::tell_refining;
use super::times;
use super::values::{absence, says_none, says_what};
use super::xml::Element;
use crate::record::Kind;
use crate::sources::json::Json;

/// Kinds of allergy: the category of FHIR, whether it is an allergy or an intolerance, and the words for having none.
/// SNOMED CT codes of C-CDA's value set "Allergy and Intolerance Type" (2.16.840.1.113883.3.88.12.3221.6.2), as HL7's
/// C-CDA on FHIR maps them (ConceptMaps FC-AllergyIntoleranceType and FC-AllergyIntoleranceCategory). Not in these
/// maps: 426232007, which open converters read as the environment.
const KINDS: [(&str, Option<&str>, Option<&str>, &str); 8] = [
    ("416098002", Some("medication"), Some("allergy"), "No known drug allergies"),
    ("59037007", Some("medication"), Some("intolerance"), "No known drug intolerances"),
    ("419511003", Some("medication"), None, "No known drug allergies"),
    ("414285001", Some("food"), Some("allergy"), "No known food allergies"),
    ("235719002", Some("food"), Some("intolerance"), "No known food intolerances"),
    ("418471000", Some("food"), None, "No known food allergies"),
    ("426232007", Some("environment"), Some("allergy"), "No known environmental allergies"),
    ("419199007", None, Some("allergy"), "No known allergies"),
];

/// True for an observation of an allergy: its template in C-CDA or in the CCD before it (10.20.1.18, there an alert),
/// or a substance that takes part in it.
pub fn is_one(element: Element<'_>) -> bool {
    element.name() == "observation"
        && (element.follows("2.16.840.1.113883.10.20.22.4.7")
            || element.follows("2.16.840.1.113883.10.20.1.18")
            || substance(element).is_some())
}

/// Reads an allergy, with the concern that tracks it.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>, concern: Option<Element<'a>>) -> Made<'a> {
    let mut made = reading.start(element, "AllergyIntolerance", "patient");
    let kind = element.child("value").and_then(Element::code);
    let known = KINDS.iter().find(|(code, ..)| Some(*code) == kind);
    made.put("type", known.and_then(|known| known.2).map(text));
    made.put("category", known.and_then(|known| known.1).and_then(|category| list([text(category)])));
    let about = substance(element);
    let coded = about.and_then(|about| reading.concept(about)).or_else(|| named(name(element)?));
    // A value that is no kind of allergy names what it is about itself.
    let value = element.child("value").filter(|value| known.is_none() && says_what(*value));
    let coded = coded.or_else(|| value.and_then(|value| reading.concept(value)));
    let says_none = about.or(value).is_some_and(|it| says_none(Kind::Allergy, it, &reading.narratives));
    let is_denied = element.flag("negationInd") && !says_none;
    let is_error = [Some(element), concern]
        .into_iter()
        .flatten()
        .any(|it| it.child("statusCode").and_then(Element::code) == Some("nullified"));
    let words = made.words.clone();
    let (about, is_refuted) = match (is_denied, coded, known) {
        // No substance in particular: there is none of this kind.
        (true, None, Some((.., none))) => (named(*none), false),
        (true, None, None) => denied(Kind::Allergy, words, "No known allergies"),
        (is_denied, coded, _) => {
            let kind = || named(reading.label_at(element, &["value"])?);
            (coded.or_else(|| named(words?)).or_else(kind), is_denied)
        }
    };
    made.put("code", about);
    let verification = if is_error { Some("entered-in-error") } else { is_refuted.then_some("refuted") };
    made.put("verificationStatus", verification.and_then(code));
    made.put("clinicalStatus", clinical_status(element, concern).and_then(code));
    let tracked = concern.and_then(|concern| concern.child("statusCode")).and_then(Element::code);
    made.tell("tracked as", tracked.map(str::to_owned));
    if let Some(time) = element.child("effectiveTime") {
        made.put("onsetDateTime", times::begin(time).map(text));
        made.tell("ended", times::end(time));
        let why = time.child("low").and_then(absence).filter(|_| !is_denied);
        made.tell("began", why.map(str::to_owned));
    }
    made.put("reaction", list(reactions(reading, element)));
    made.put("criticality", criticality(element).map(text));
    made.put("note", reading.notes_of([Some(element), concern]));
    let (author, time) = reading.author(element);
    let (of_concern, tracked) = concern.map(|concern| reading.author(concern)).unwrap_or_default();
    made.put("recorder", author.or(of_concern));
    made.put("recordedDate", time.or(tracked).map(text));
    tell_refining(reading, element, &["8", "9", "28", "145"], &mut made);
    made
}

/// The substance: the product that takes part, where it is named.
fn substance(element: Element<'_>) -> Option<Element<'_>> {
    let taking_part = element.all("participant").filter(|part| part.attribute("typeCode") == Some("CSM"));
    let codes = taking_part.filter_map(|part| part.at(&["participantRole", "playingEntity", "code"]));
    let says = |code: &Element<'_>| {
        code.code().is_some() || code.child("originalText").is_some() || code.child("translation").is_some()
    };
    codes.into_iter().find(says)
}

/// The name of the substance, where it has no code.
fn name(element: Element<'_>) -> Option<String> {
    let name = element.at(&["participant", "participantRole", "playingEntity", "name"])?.words();
    Some(name).filter(|name| !name.is_empty())
}

fn clinical_status(element: Element<'_>, concern: Option<Element<'_>>) -> Option<&'static str> {
    // The codes: see the status of a problem.
    let status = related(element).find(|it| it.child("code").and_then(Element::code) == Some("33999-4"));
    match status.and_then(|status| status.child("value")).and_then(Element::code) {
        Some("55561003") => return Some("active"),
        Some("73425007") => return Some("inactive"),
        Some("413322009") => return Some("resolved"),
        _ => {}
    }
    if element.at(&["effectiveTime", "high"]).is_some_and(|high| high.value().is_some()) {
        return Some("resolved");
    }
    // That nobody tracks an allergy any more does not mean that it has passed.
    let tracked = concern.and_then(|concern| concern.child("statusCode")).and_then(Element::code);
    (tracked == Some("active")).then_some("active")
}

/// The reactions: observations that manifest it.
fn reactions<'a>(reading: &Reading<'a>, element: Element<'a>) -> Vec<Json<'a>> {
    let manifest =
        element.all("entryRelationship").filter(|relation| relation.attribute("typeCode") == Some("MFST"));
    let reactions = manifest.flat_map(|relation| relation.all("observation"));
    let reactions = reactions.filter(|reaction| !reaction.flag("negationInd"));
    let of_allergy = own_severity(reading, element);
    let mut told: Vec<Json<'a>> = reactions
        .filter_map(|reaction| {
            let words = || reaction.child("text").and_then(|words| reading.narratives.words(words));
            let seen = reading.concept_at(reaction, &["value"]).or_else(|| named(words()?))?;
            let severity = own_severity(reading, reaction).or_else(|| of_allergy.clone());
            object([
                ("manifestation", list([seen])),
                ("severity", severity.map(text)),
                ("onset", times::first(reaction).map(text)),
            ])
        })
        .collect();
    if told.is_empty() {
        told.extend(of_allergy.and_then(|severity| object([("severity", Some(text(severity)))])));
    }
    told
}

/// `mild`, `moderate` or `severe`, else the recorded word.
fn own_severity<'a>(reading: &Reading<'a>, element: Element<'a>) -> Option<String> {
    severity(reading, element)?.get("text")?.as_str().map(str::to_lowercase)
}

/// The observation of criticality (LOINC 82606-5, as in HL7's C-CDA examples; codes of HL7 v3 ObservationValue, as
/// HL7's C-CDA on FHIR maps them in ConceptMap CF-Criticality).
fn criticality(element: Element<'_>) -> Option<&'static str> {
    let found = related(element).find(|it| {
        it.follows("2.16.840.1.113883.10.20.22.4.145")
            || it.child("code").and_then(Element::code) == Some("82606-5")
    })?;
    match found.child("value").and_then(Element::code)? {
        "CRITH" => Some("high"),
        "CRITL" => Some("low"),
        "CRITU" => Some("unable-to-assess"),
        _ => None,
    }
}
