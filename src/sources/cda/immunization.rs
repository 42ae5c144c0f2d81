//! Vaccines that were given, or not.

use super::json::{display, list, named, object, text};
use super::reading::{Made, Reading, related};
use super::statement::tell_refining;
use super::times;
use super::values::{denies_any, quantity};
use super::xml::Element;

/// The code system CVX, as an OID, as in HL7's C-CDA examples.
const CVX: &str = "2.16.840.1.113883.12.292";

/// True where the product is a vaccine by its code.
pub fn has_vaccine_code(element: Element<'_>) -> bool {
    let code = element.at(&["consumable", "manufacturedProduct", "manufacturedMaterial", "code"]);
    code.is_some_and(|code| code.attribute("codeSystem") == Some(CVX))
}

/// Reads a vaccine.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "Immunization", "patient");
    // As HL7's C-CDA on FHIR maps it (ConceptMap CF-ImmunizationStatus).
    let product = element.at(&["consumable", "manufacturedProduct"]);
    let material = product.and_then(|product| product.child("manufacturedMaterial"));
    let is_none = denies_any(element, material.and_then(|material| material.child("code")));
    let status = match element.child("statusCode").and_then(Element::code) {
        Some("nullified") => "entered-in-error",
        _ if is_none => "completed",
        _ if element.flag("negationInd") => "not-done",
        Some("aborted" | "cancelled" | "held" | "new" | "obsolete" | "suspended") => "not-done",
        _ => "completed",
    };
    made.put("status", Some(text(status)));
    let words = made.words.clone();
    let coded = material.and_then(|material| reading.concept_at(material, &["code"]));
    let said = match is_none {
        true => named("No known immunizations"),
        false => coded.or_else(|| named(words?)),
    };
    made.put("vaccineCode", said);
    made.put("occurrenceDateTime", times::first(element).map(text));
    made.put(
        "lotNumber",
        material.and_then(|material| material.child("lotNumberText")).map(|lot| text(lot.words())),
    );
    let maker =
        product.and_then(|product| product.at(&["manufacturerOrganization", "name"])).map(Element::words);
    made.put("manufacturer", maker.and_then(display));
    made.put(
        "doseQuantity",
        element.child("doseQuantity").filter(|dose| dose.value().is_some()).and_then(quantity),
    );
    made.put("route", reading.concept_at(element, &["routeCode"]));
    made.put("site", reading.concept_at(element, &["approachSiteCode"]));
    let number = dose_number(element);
    made.put("protocolApplied", list(object([("doseNumberString", number.map(text))])));
    let refused = related(element).find(|it| it.follows("2.16.840.1.113883.10.20.22.4.53"));
    made.put("statusReason", refused.and_then(|reason| reading.concept_at(reason, &["code"])));
    made.put("reasonCode", reading.reasons(element));
    let performers = reading.performers(element).into_iter();
    made.put("performer", list(performers.filter_map(|who| object([("actor", Some(who))]))));
    let (_, time) = reading.author(element);
    made.put("recorded", time.map(text));
    made.put("note", reading.notes(element));
    tell_refining(reading, element, &["53"], &mut made);
    made
}

/// The number of the dose: as the repetition (C-CDA R2.1) or as an observation of it (LOINC 30973-2, in the CCD before
/// it: template 2.16.840.1.113883.10.20.1.46).
fn dose_number(element: Element<'_>) -> Option<&str> {
    let observed = related(element).find(|it| it.child("code").and_then(Element::code) == Some("30973-2"));
    let observed = observed.and_then(|it| it.child("value")).and_then(Element::value);
    observed.or_else(|| element.child("repeatNumber").and_then(Element::value))
}
