//! Care teams.

use super::json::{list, object, text};
use super::reading::{Made, Reading, related};
use super::times;
use super::xml::Element;
use crate::sources::json::Json;

/// Reads the organizer of a team.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "CareTeam", "subject");
    let status = element.child("statusCode").and_then(Element::code);
    let status = match status {
        Some("active") => "active",
        Some("nullified") => "entered-in-error",
        _ => "inactive",
    };
    made.put("status", Some(text(status)));
    let words = reading.label_at(element, &["code"]).or_else(|| made.words.clone());
    made.put("name", words.map(text));
    made.put("period", element.child("effectiveTime").and_then(times::period));
    let members = related(element).filter(|it| it.name() == "act").flat_map(|act| act.all("performer"));
    made.put("participant", list(members.filter_map(|member| participant(reading, member))));
    made.put("note", reading.notes(element));
    made
}

/// Reads a member whose team is not told.
pub fn read_member<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "CareTeam", "subject");
    made.put("status", Some(text("active")));
    made.put("name", Some(text("Care team")));
    made.put("participant", list(element.all("performer").filter_map(|member| participant(reading, member))));
    made
}

/// Those whom the header of a document names as performers of the care that it documents.
pub fn of_header<'a>(reading: &Reading<'a>, event: Element<'a>) -> Option<Made<'a>> {
    let members: Vec<Json<'a>> =
        event.all("performer").filter_map(|member| participant(reading, member)).collect();
    if members.is_empty() {
        return None;
    }
    let mut made = reading.start(event, "CareTeam", "subject");
    made.put("status", Some(text("active")));
    made.put("name", Some(text("Care team, as the document names it")));
    made.put("period", event.child("effectiveTime").and_then(times::period));
    made.put("participant", list(members));
    Some(made)
}

fn participant<'a>(reading: &Reading<'a>, member: Element<'a>) -> Option<Json<'a>> {
    let who = reading.who(member.child("assignedEntity")?)?;
    let function = member.children().find(|child| child.name() == "functionCode");
    let role = function.and_then(|function| reading.concept(function));
    let role = role.or_else(|| reading.concept_at(member, &["assignedEntity", "code"]));
    object([("role", list(role)), ("member", Some(who))])
}
