//! Family history: one relative, and what they had.

use super::json::{list, named, object, text};
use super::reading::{Made, Reading, related};
use super::times;
use super::values::quantity;
use super::xml::Element;
use crate::sources::json::Json;

/// The observation of an age: SNOMED CT 445518008, as in HL7's C-CDA examples (template 10.20.22.4.31), or LOINC
/// 30525-0, whose name is "Age" in public files, or SNOMED CT 397659008, by which the CCD before C-CDA codes it (template
/// 10.20.1.38); HL7's examples do not have these two.
const AGES: [&str; 3] = ["445518008", "30525-0", "397659008"];

/// Reads the organizer of a relative.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = start(reading, element);
    let observations = related(element).filter(|it| it.name() == "observation");
    made.put("condition", list(observations.filter_map(|it| condition(reading, it))));
    made
}

/// Reads an observation that stands without an organizer.
pub fn read_alone<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = start(reading, element);
    made.put("condition", list(condition(reading, element)));
    made
}

fn start<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "FamilyMemberHistory", "patient");
    let is_error = element.child("statusCode").and_then(Element::code) == Some("nullified");
    made.put("status", Some(text(if is_error { "entered-in-error" } else { "completed" })));
    let relative = element.at(&["subject", "relatedSubject"]);
    let relation = relative.and_then(|relative| reading.concept_at(relative, &["code"]));
    made.put("relationship", relation);
    let subject = relative.and_then(|relative| relative.child("subject"));
    made.put("sex", subject.and_then(|subject| reading.concept_at(subject, &["administrativeGenderCode"])));
    made.put("bornDate", subject.and_then(|subject| times::at(subject, &["birthTime"])).map(text));
    made.put("name", subject.and_then(|subject| subject.child("name")).map(|name| text(name.words())));
    let died = subject.and_then(|subject| times::at(subject, &["deceasedTime"]));
    let is_dead = subject.and_then(|subject| subject.child("deceasedInd")).and_then(Element::value);
    match died {
        Some(died) => made.put("deceasedDate", Some(text(died))),
        None => made.put("deceasedBoolean", is_dead.map(|dead| Json::Bool(dead == "true"))),
    };
    made
}

fn condition<'a>(reading: &Reading<'a>, observation: Element<'a>) -> Option<Json<'a>> {
    let words = || observation.child("text").and_then(|words| reading.narratives.words(words));
    let found = observation.child("value").and_then(|found| reading.concept(found));
    let coded = found.or_else(|| named(words()?)).or_else(|| reading.concept_at(observation, &["code"]))?;
    let denied = || object([("text", Some(text(format!("not so: {}", words_of(&coded)))))]);
    let code = if observation.flag("negationInd") { denied()? } else { coded.clone() };
    let age = related(observation)
        .find(|it| it.child("code").and_then(Element::code).is_some_and(|code| AGES.contains(&code)));
    let age = age.and_then(|age| age.child("value")).and_then(quantity);
    let died = related(observation).any(|it| it.follows("2.16.840.1.113883.10.20.22.4.47"));
    let date = times::first(observation).filter(|_| age.is_none());
    let (on_age, on_date) = (("onsetAge", age), ("onsetString", date.map(text)));
    let fatal = died.then_some(Json::Bool(true));
    object([("code", Some(code)), on_age, on_date, ("contributedToDeath", fatal)])
}

fn words_of(concept: &Json<'_>) -> String {
    let display = || concept.get("coding")?.as_array()?.first()?.get("display")?.as_str();
    concept.get("text").and_then(Json::as_str).or_else(display).unwrap_or("what is coded").to_owned()
}
