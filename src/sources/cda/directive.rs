//! Directives: what somebody wants done, or not, when they cannot say it.

use super::json::{code, list};
use super::observation;
use super::reading::{Made, Reading};
use super::values::name_line;
use super::xml::Element;

/// Reads a directive.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = observation::read(reading, element, None);
    // US Core's category of observations about advance directive information.
    made.put("category", code("observation-adi-documentation").and_then(|category| list([category])));
    for part in element.all("participant") {
        let name = part.at(&["participantRole", "playingEntity", "name"]).and_then(name_line);
        let label = match part.attribute("typeCode") {
            Some("VRF") => "verified by",
            Some("CST") => "kept by",
            _ => "named in it",
        };
        made.tell(label, name);
    }
    let document = element.at(&["reference", "externalDocument"]);
    made.tell(
        "document",
        document.and_then(|document| document.child("text")).and_then(|it| reading.narratives.words(it)),
    );
    made
}
