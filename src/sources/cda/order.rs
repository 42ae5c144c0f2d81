//! What is planned, ordered or asked for.

use super::json::{code, list, named, text};
use super::procedure::place;
use super::reading::{Made, Reading};
use super::section::Section;
use super::statement::tell_refining;
use super::times;
use super::values::{self, quantity};
use super::xml::Element;
use crate::record::Kind;
use crate::sources::json::Json;

/// Reads a plan or an order, of whatever it is.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section) -> Made<'a> {
    let mut made = reading.start(element, "ServiceRequest", "subject");
    made.put("status", Some(text(status(element))));
    made.put("intent", Some(text(intent(element))));
    let words = made.words.clone();
    let product = ["consumable", "product"].iter().find_map(|part| {
        let product = element.child(part)?.child("manufacturedProduct")?;
        reading.concept_at(product, &["manufacturedMaterial", "code"])
    });
    let coded = reading.concept_at(element, &["code"]).or(product).or_else(|| device(reading, element));
    made.put("code", coded.or_else(|| named(words?)));
    made.put("category", what(element, section).and_then(code).and_then(|category| list([category])));
    // That nothing is planned is no order not to do it.
    let says_none = element
        .child("code")
        .is_some_and(|coded| values::says_none(Kind::CarePlan, coded, &reading.narratives));
    let is_denied = element.flag("negationInd") && !says_none;
    made.put("doNotPerform", is_denied.then_some(Json::Bool(true)));
    if let Some(time) = element.child("effectiveTime") {
        match times::end(time) {
            Some(_) => made.put("occurrencePeriod", times::period(time)),
            None => made.put("occurrenceDateTime", times::begin(time).map(text)),
        };
    }
    let (author, time) = reading.author(element);
    made.put("authoredOn", time.map(text));
    made.put("requester", author);
    made.put("performer", list(reading.performers(element)));
    made.put("priority", reading.label_at(element, &["priorityCode"]).map(text));
    made.put("quantityQuantity", element.child("quantity").and_then(quantity));
    made.put("bodySite", list(element.all("targetSiteCode").filter_map(|site| reading.concept(site))));
    made.put("reasonCode", reading.reasons(element));
    made.put("note", reading.notes(element));
    let place = place(reading, element).and_then(|place| Some(place.get("display")?.as_str()?.to_owned()));
    made.tell("place", place);
    let value = element.child("value").and_then(|value| super::observation::value_words(reading, value));
    made.tell("value", value);
    tell_refining(reading, element, &["19"], &mut made);
    made
}

/// The device that takes part in a supply.
fn device<'a>(reading: &Reading<'a>, element: Element<'a>) -> Option<Json<'a>> {
    let roles = element.all("participant").filter_map(|part| part.child("participantRole"));
    roles.filter_map(|role| reading.concept_at(role, &["playingDevice", "code"])).next()
}

/// What is ordered, as a category.
fn what(element: Element<'_>, section: Section) -> Option<&'static str> {
    match element.name() {
        "encounter" => Some("appointment"),
        "substanceAdministration" => Some("immunization"),
        "supply" => Some("supply"),
        "observation" => Some("test"),
        "act" if element.follows("2.16.840.1.113883.10.20.22.4.140") => Some("referral"),
        "act" if element.follows("2.16.840.1.113883.10.20.22.4.20") => Some("instruction"),
        _ if section == Section::Procedures => Some("procedure"),
        _ => None,
    }
}

fn status(element: Element<'_>) -> &'static str {
    match element.child("statusCode").and_then(Element::code) {
        Some("completed") => "completed",
        Some("aborted" | "cancelled" | "obsolete") => "revoked",
        Some("held" | "suspended") => "on-hold",
        Some("nullified") => "entered-in-error",
        Some("active" | "new" | "normal") => "active",
        _ => "unknown",
    }
}

/// What the mood of HL7 v3 (ActMood) is in FHIR.
fn intent(element: Element<'_>) -> &'static str {
    match element.attribute("moodCode") {
        Some("RQO" | "ARQ") => "order",
        Some("PRP") => "proposal",
        _ => "plan",
    }
}
