//! Insurance, as a clinic has recorded it.

use super::json::{list, named, object, text};
use super::reading::{Made, Reading, related};
use super::times;
use super::values::{identifier, name_line};
use super::xml::Element;

/// Reads a coverage: each policy in it.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>, made: &mut Vec<Made<'a>>) {
    let before = made.len();
    let policies = related(element).filter(|it| it.name() == "act" && performer(*it, "PAYOR").is_some());
    made.extend(policies.map(|policy| read_policy(reading, policy)));
    if made.len() == before {
        made.push(read_policy(reading, element));
    }
}

/// Reads a policy.
pub fn read_policy<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "Coverage", "beneficiary");
    let is_over =
        matches!(element.child("statusCode").and_then(Element::code), Some("aborted" | "cancelled"));
    let is_error = element.child("statusCode").and_then(Element::code) == Some("nullified");
    let status = if is_over { "cancelled" } else { "active" };
    made.put("status", Some(text(if is_error { "entered-in-error" } else { status })));
    made.put("type", reading.concept_at(element, &["code"]));
    let payer = performer(element, "PAYOR").and_then(|payer| payer.child("assignedEntity"));
    let organization = payer.and_then(|payer| payer.child("representedOrganization"));
    made.put(
        "payor",
        list(organization.and_then(|it| reading.organization(it)).or_else(|| reading.who(payer?))),
    );
    let covered = element.all("participant").find(|part| part.attribute("typeCode") == Some("COV"));
    let role = covered.and_then(|covered| covered.child("participantRole"));
    let member = role.and_then(|role| role.all("id").find_map(|id| id.attribute("extension")));
    made.put("subscriberId", member.map(text));
    made.put("relationship", role.and_then(|role| reading.concept_at(role, &["code"])));
    let time = covered.and_then(|covered| covered.child("time")).or_else(|| element.child("effectiveTime"));
    made.put("period", time.and_then(times::period));
    let holder = element.all("participant").find(|part| part.attribute("typeCode") == Some("HLD"));
    let holder = holder
        .and_then(|holder| holder.at(&["participantRole", "playingEntity", "name"]))
        .and_then(name_line);
    made.tell("subscriber", holder);
    let guarantor =
        performer(element, "GUAR").and_then(|it| it.at(&["assignedEntity", "assignedPerson", "name"]));
    made.tell("guarantor", guarantor.and_then(name_line));
    let plan = related(element)
        .find(|it| it.attribute("classCode") == Some("ACT") && it.attribute("moodCode") == Some("DEF"));
    let plan = plan.and_then(|plan| plan.child("text")).and_then(|words| reading.narratives.words(words));
    let class = plan.and_then(|plan| object([("type", named("plan")), ("value", Some(text(plan)))]));
    made.put("class", list(class));
    let group = payer.and_then(|payer| payer.child("id")).and_then(identifier);
    made.tell("payer's number", group.and_then(|group| Some(group.get("value")?.as_str()?.to_owned())));
    made
}

/// The performer in this function (HL7 v3 RoleClass and ParticipationFunction).
fn performer<'a>(element: Element<'a>, function: &str) -> Option<Element<'a>> {
    element.all("performer").find(|performer| {
        performer.at(&["assignedEntity", "code"]).and_then(Element::code) == Some(function)
            || performer.follows(match function {
                "PAYOR" => "2.16.840.1.113883.10.20.22.4.87",
                _ => "2.16.840.1.113883.10.20.22.4.88",
            })
    })
}
