//! Organizers of results and of vital signs.

use super::json::{list, reference, text};
use super::observation;
use super::reading::{Made, Reading, related};
use super::section::Section;
use super::statement;
use super::times;
use super::xml::Element;

/// Reads an organizer: its results, and the report that holds them together where it is one.
pub fn read_organizer<'a>(
    reading: &Reading<'a>,
    element: Element<'a>,
    section: Section,
    made: &mut Vec<Made<'a>>,
) {
    let before = made.len();
    let mut statements: Vec<Element<'a>> = related(element).collect();
    if section == Section::VitalSigns {
        made.extend(pressure(reading, &mut statements));
    }
    for inside in statements {
        statement::read(reading, inside, section, made);
    }
    // What an organizer is withdrawn with is withdrawn.
    if observation::status(element) == "entered-in-error" {
        for inside in &mut made[before..] {
            inside.object.remove(&["status"]);
            inside.put("status", Some(text("entered-in-error")));
        }
    }
    // What has no time of its own is of the time of the organizer.
    let time = times::first(element);
    for inside in &mut made[before..] {
        let has_time =
            inside.object.get("effectiveDateTime").or(inside.object.get("effectivePeriod")).is_some();
        let is_result = inside.object.get("resourceType").and_then(crate::sources::json::Json::as_str)
            == Some("Observation");
        if !has_time && is_result {
            inside.put("effectiveDateTime", time.clone().map(text));
        }
        if is_result && inside.object.get("specimen").is_none() {
            inside.put("specimen", observation::specimen(reading, element));
        }
    }
    let is_named = element
        .child("code")
        .is_some_and(|code| code.code().is_some() || code.child("originalText").is_some());
    if section == Section::Results && is_named {
        let report = report(reading, element, &made[before..]);
        made.push(report);
    }
}

/// Takes the one systolic and the one diastolic pressure out of the statements.
fn pressure<'a>(reading: &Reading<'a>, statements: &mut Vec<Element<'a>>) -> Option<Made<'a>> {
    let of = |is: fn((bool, bool)) -> bool| {
        let mut found = statements.iter().copied().filter(|element| is(observation::is_pressure(*element)));
        found.next().filter(|_| found.next().is_none())
    };
    let (systolic, diastolic) = (of(|is| is.0)?, of(|is| is.1)?);
    // A half that is denied, withdrawn or without a number does not make a pressure.
    let is_plain = |half: Element<'_>| {
        let has_number = half.child("value").is_some_and(|value| value.value().is_some());
        has_number && !half.flag("negationInd") && observation::status(half) == "final"
    };
    if times::first(systolic) != times::first(diastolic) || !is_plain(systolic) || !is_plain(diastolic) {
        return None;
    }
    statements.retain(|element| *element != systolic && *element != diastolic);
    Some(observation::read_pressure(reading, systolic, diastolic))
}

fn report<'a>(reading: &Reading<'a>, element: Element<'a>, results: &[Made<'a>]) -> Made<'a> {
    let mut made = reading.start(element, "DiagnosticReport", "subject");
    made.put("status", Some(text(observation::status(element))));
    let keys = results.iter().filter_map(|result| {
        let kind = result.object.get("resourceType")?.as_str()?;
        let id = result.object.get("id")?.as_str()?;
        (kind == "Observation").then(|| reference(format!("Observation/{id}"), None)).flatten()
    });
    made.put("result", list(keys));
    made.put("category", super::json::code("LAB").and_then(|category| list([category])));
    made.put("code", reading.concept_at(element, &["code"]));
    made.put("effectiveDateTime", times::first(element).map(text));
    let (author, time) = reading.author(element);
    let mut performers = reading.performers(element);
    performers.extend(author);
    made.put("performer", list(performers));
    made.put("issued", time.map(text));
    made.put("note", reading.notes(element));
    made
}
