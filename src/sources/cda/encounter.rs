//! Visits: in the section of encounters, and the one that a document is about.

use super::json::{list, named, object, text};
use super::procedure::place;
use super::reading::{Made, Reading};
use super::statement::tell_refining;
use super::times;
use super::xml::Element;
use crate::sources::json::Json;

/// HL7 v3 ActCode, whose ActEncounterCode are the classes of visits; the OID as in HL7's C-CDA examples.
const ACT_CODE: &str = "2.16.840.1.113883.5.4";

/// Reads a visit.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "Encounter", "subject");
    let status = match element.child("statusCode").and_then(Element::code) {
        _ if element.flag("negationInd") => "cancelled",
        Some("active") => "in-progress",
        Some("aborted" | "cancelled") => "cancelled",
        Some("nullified") => "entered-in-error",
        _ => "finished",
    };
    made.put("status", Some(text(status)));
    put_kind(reading, element, &mut made);
    made.put("period", element.child("effectiveTime").and_then(times::period));
    let performers =
        element.all("performer").filter_map(|performer| participant(reading, performer, "assignedEntity"));
    made.put("participant", list(performers));
    let place = place(reading, element).and_then(|place| object([("location", Some(place))]));
    made.put("location", list(place));
    made.put("reasonCode", reading.reasons(element));
    let discharge = reading.concept_at(element, &["dischargeDispositionCode"]);
    made.put("hospitalization", object([("dischargeDisposition", discharge)]));
    made.put("note", reading.notes(element));
    tell_refining(reading, element, &["19"], &mut made);
    made
}

/// Reads the visit that a document is about.
pub fn read_encompassing<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "Encounter", "subject");
    made.put("status", Some(text("finished")));
    put_kind(reading, element, &mut made);
    made.put("period", element.child("effectiveTime").and_then(times::period));
    let named = element.all("encounterParticipant").chain(element.all("responsibleParty"));
    made.put("participant", list(named.filter_map(|part| participant(reading, part, "assignedEntity"))));
    let facility = element.at(&["location", "healthCareFacility"]);
    let place = facility.and_then(|facility| reading.place(facility));
    made.put("location", list(place.and_then(|place| object([("location", Some(place))]))));
    let provider = facility.and_then(|facility| facility.child("serviceProviderOrganization"));
    made.put("serviceProvider", provider.and_then(|provider| reading.organization(provider)));
    let discharge = reading.concept_at(element, &["dischargeDispositionCode"]);
    made.put("hospitalization", object([("dischargeDisposition", discharge)]));
    made
}

fn participant<'a>(reading: &Reading<'a>, part: Element<'a>, assigned: &str) -> Option<Json<'a>> {
    let who = reading.who(part.child(assigned)?)?;
    let role = reading
        .label_at(part, &["functionCode"])
        .or_else(|| part.attribute("typeCode").and_then(role).map(str::to_owned));
    object([("individual", Some(who)), ("type", role.and_then(named).and_then(|role| list([role])))])
}

/// Parts in a visit (HL7 v3 ParticipationType).
fn role(code: &str) -> Option<&'static str> {
    Some(match code {
        "ATND" => "attender",
        "ADM" => "admitter",
        "DIS" => "discharger",
        "REF" => "referrer",
        "CON" => "consultant",
        _ => return None,
    })
}

/// What kind of visit: its code is the type, and what is a class of visits among it is the class.
fn put_kind<'a>(reading: &Reading<'a>, element: Element<'a>, made: &mut Made<'a>) {
    let Some(coded) = element.child("code") else { return };
    let all = std::iter::once(coded).chain(coded.all("translation"));
    let class = all.filter(|code| code.attribute("codeSystem") == Some(ACT_CODE)).find_map(|code| {
        object([("code", code.code().map(text)), ("display", code.attribute("displayName").map(text))])
    });
    made.put("class", class);
    made.put("type", list(reading.concept(coded)));
}
