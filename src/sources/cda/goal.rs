//! Goals.

use super::json::{code, list, named, object, text};
use super::reading::{Made, Reading, related};
use super::statement::tell_refining;
use super::times;
use super::values::value;
use super::xml::Element;

/// Reads a goal.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "Goal", "subject");
    let status = match element.child("statusCode").and_then(Element::code) {
        Some("completed") => "completed",
        Some("aborted" | "cancelled") => "cancelled",
        Some("held" | "suspended") => "on-hold",
        Some("nullified") => "entered-in-error",
        _ => "active",
    };
    made.put("lifecycleStatus", Some(text(status)));
    let words = made.words.clone();
    let found = element.child("value");
    // A goal in words says what it is in its value; its code then only says which kind it is.
    let said = found.filter(|found| found.code().is_none()).and_then(|found| reading.narratives.words(found));
    let coded = reading.concept_at(element, &["code"]);
    let description = said.clone().and_then(named).or_else(|| coded.clone()).or_else(|| named(words?));
    made.put("description", description);
    let measure = coded.filter(|_| said.is_none());
    let detail = found.filter(|_| said.is_none()).and_then(|found| value(found, &reading.narratives));
    let due = element.child("effectiveTime").and_then(|time| times::end(time));
    let detail = detail.map(|(name, detail)| (of_target(name), Some(detail)));
    let members = [("measure", measure), ("dueDate", due.map(text))];
    made.put("target", list(object(members.into_iter().chain(detail)).filter(|_| found.is_some())));
    made.put("startDate", times::first(element).map(text));
    let (author, _) = reading.author(element);
    made.put("expressedBy", author);
    let progress = related(element).find(|it| it.follows("2.16.840.1.113883.10.20.22.4.110"));
    let achieved = progress.and_then(|progress| reading.concept_at(progress, &["value"]));
    made.put("achievementStatus", achieved);
    let priority = related(element).find(|it| it.follows("2.16.840.1.113883.10.20.22.4.143"));
    made.put(
        "priority",
        priority
            .and_then(|it| reading.concept_at(it, &["value"]))
            .or_else(|| code(priority?.child("value")?.code()?)),
    );
    made.put("note", reading.notes(element));
    tell_refining(reading, element, &["110", "143"], &mut made);
    made
}

/// The choice of a value as the choice of a target's detail.
fn of_target(name: &str) -> &'static str {
    match name {
        "valueQuantity" => "detailQuantity",
        "valueRange" => "detailRange",
        "valueCodeableConcept" => "detailCodeableConcept",
        "valueBoolean" => "detailBoolean",
        "valueInteger" => "detailInteger",
        "valueRatio" => "detailRatio",
        _ => "detailString",
    }
}
