//! Devices: supplied, used, implanted.

use super::json::{list, named, object, text};
use super::reading::{Made, Reading};
use super::statement::tell_refining;
use super::xml::Element;
use super::{times, values};

/// HL7's identifier of the FDA as the root of a device's identifier: its extension is the UDI, as in HL7's C-CDA
/// examples.
const UDI: &str = "2.16.840.1.113883.3.3719";

/// Reads the supply of a device.
pub fn read_supply<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "Device", "patient");
    let role = element.all("participant").find_map(|part| part.child("participantRole"));
    put_device(reading, role, element, &mut made);
    made.tell("supplied on", times::first(element));
    made.tell("until", times::last(element));
    let quantity = element.child("quantity").and_then(Element::value);
    made.tell("quantity", quantity.map(str::to_owned));
    made
}

/// True for a procedure that denies any device.
pub fn denies_any(procedure: Element<'_>) -> bool {
    let roles =
        procedure.all("participant").filter_map(|part| part.at(&["participantRole", "playingDevice"]));
    let mut devices = roles.map(|device| device.child("code")).peekable();
    devices.peek().is_some()
        && values::denies_any(procedure, procedure.child("code"))
        && devices.all(|coded| values::denies_any(procedure, coded))
}

/// True for a procedure by which a device can have come into somebody.
pub fn was_done(procedure: Element<'_>) -> bool {
    let status = procedure.child("statusCode").and_then(Element::code);
    !procedure.flag("negationInd")
        && !matches!(status, Some("cancelled" | "aborted" | "nullified" | "held" | "suspended"))
}

/// Adds the devices that a procedure has put into the person.
pub fn add_implants<'a>(reading: &Reading<'a>, procedure: Element<'a>, made: &mut Vec<Made<'a>>) {
    let devices = procedure.all("participant").filter(|part| part.attribute("typeCode") == Some("DEV"));
    for role in devices.filter_map(|part| part.child("participantRole")) {
        let mut device = reading.start(role, "Device", "patient");
        put_device(reading, Some(role), procedure, &mut device);
        device.tell("used in", reading.label_at(procedure, &["code"]));
        device.tell("on", times::first(procedure));
        made.push(device);
    }
}

fn put_device<'a>(
    reading: &Reading<'a>,
    role: Option<Element<'a>>,
    element: Element<'a>,
    made: &mut Made<'a>,
) {
    let status = match element.child("statusCode").and_then(Element::code) {
        _ if element.flag("negationInd") => "inactive",
        Some("nullified") => "entered-in-error",
        Some("aborted" | "cancelled") => "inactive",
        _ => "active",
    };
    made.put("status", Some(text(status)));
    let playing = role.and_then(|role| role.child("playingDevice").or_else(|| role.child("playingEntity")));
    let coded = playing.and_then(|device| reading.concept_at(device, &["code"]));
    let words = made.words.clone();
    let coded =
        coded.or_else(|| reading.concept_at(element, &["code"]).filter(|_| element.name() == "supply"));
    let is_none = values::denies_any(element, playing.and_then(|device| device.child("code")))
        && (coded.is_none() || denies_any(element));
    let said = coded.or_else(|| named(words?)).filter(|_| !is_none);
    let not = element.flag("negationInd") && !is_none;
    made.tell("stated", not.then(|| "the source states that this device is not there".to_owned()));
    made.put("type", said.or_else(|| named("No known devices").filter(|_| is_none)));
    let udi = role.into_iter().flat_map(|role| role.all("id")).find(|id| id.attribute("root") == Some(UDI));
    let udi = udi.and_then(|id| id.attribute("extension"));
    made.put("udiCarrier", list(object([("carrierHRF", udi.map(text))])));
    let model = playing.and_then(|device| device.child("manufacturerModelName")).map(Element::words);
    made.put("modelNumber", model.filter(|model| !model.is_empty()).map(text));
    let maker = role.and_then(|role| role.at(&["scopingEntity", "desc"])).map(Element::words);
    made.put("manufacturer", maker.filter(|maker| !maker.is_empty()).map(text));
    tell_refining(reading, element, &[], made);
}
