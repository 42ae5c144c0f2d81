//! What of this record may bear on a result, and what happened before it. Never a cause.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::scene::{Scene, Test};
use crate::insight::medications::{ActiveMedicine, medication};
use crate::insight::rows::{date_cell, name_cell};
use crate::insight::visits;
use crate::insight::visits::Took;
use crate::knowledge::explained::explanation;
use crate::knowledge::medicine_facts::{facts as facts_of, is_spoken_of};
use crate::knowledge::medicines::{Ingredient, ingredients_named};
use crate::record::{Entry, Kind, MedicationRole, Standing, VisitClass};

/// So many medicines and problems are named.
const BEARING_MOST: usize = 6;
/// So many events are told.
const EVENTS_MOST: usize = 6;
/// Without an earlier result, what happened is looked for over so many days before the latest.
const DAYS_BEFORE: i32 = 30;
/// An order older than this is told as that: whether it is still followed nobody knows.
const OLD_DAYS: i32 = 365;
/// However long ago the earlier result was.
const DAYS_MOST: i32 = 400;

/// Medicines and problems on record with which the test is commonly followed.
pub(super) fn facts(scene: &Scene<'_, '_>, test: &Test<'_>) -> Option<String> {
    let named = named(scene, test);
    let more = named.len().saturating_sub(BEARING_MOST);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let told: Vec<String> = named.into_iter().take(BEARING_MOST).collect();
    (!told.is_empty()).then(|| format!("On record and may bear on it: {}{more}", told.join("; ")))
}

/// Each with its citation.
pub(super) fn named(scene: &Scene<'_, '_>, test: &Test<'_>) -> Vec<String> {
    let Some(key) = test.key() else { return Vec::new() };
    let followed = scene.home.iter().filter(|medicine| medicine.names().any(|name| follows(name, key)));
    let mut followed: Vec<&ActiveMedicine<'_>> = followed.collect();
    // Those that the table names with the test come first: they are known to move it.
    let phrases = phrases(key);
    followed.sort_by_cached_key(|medicine| !medicine.names().any(|name| is_spoken_of(name, &phrases)));
    let medicines = followed.into_iter().map(|medicine| {
        let entry = medicine.entry;
        let is_old =
            entry.date.is_none_or(|when| (scene.context.today - when.latest()).get_days() > OLD_DAYS);
        let unconfirmed = if is_old { ", over a year ago or not dated" } else { "" };
        let is_statement =
            medication(entry).is_some_and(|medicine| medicine.role == MedicationRole::Statement);
        let act = if is_statement { "statement" } else { "order" };
        let (name, date) = (name_cell(entry), date_cell(entry.date));
        format!("{name} ({act} of {date}{unconfirmed}) [{}]", entry.id)
    });
    let problems = scene.problems.iter().filter(|problem| {
        problem.is_present_illness() && problem.known.is_some_and(|known| known.results.contains(&key))
    });
    let problems = problems.map(|problem| {
        // Of what came with a code alone the plain name is told.
        let plain = problem.known.filter(|_| problem.entry.concept.name().is_none()).map(|known| known.name);
        let name = plain.map_or_else(|| name_cell(problem.entry), str::to_owned);
        format!("{name} [{}]", problem.entry.id)
    });
    // One of each in turn, so that a short list names both.
    let (medicines, problems): (Vec<String>, Vec<String>) = (medicines.collect(), problems.collect());
    let longest = medicines.len().max(problems.len());
    let turns = (0..longest).flat_map(|at| [medicines.get(at), problems.get(at)]);
    turns.flatten().cloned().collect()
}

/// What is commonly said to raise, lower or mislead a test.
fn phrases(key: &str) -> Vec<&'static str> {
    let known = explanation(key).into_iter();
    known.flat_map(|known| known.high.iter().chain(&known.low).chain(&known.misled_by).copied()).collect()
}

/// True where the medicine is commonly followed by this test.
fn follows(ingredient: &str, key: &str) -> bool {
    facts_of(ingredient).is_some_and(|known| known.labs.contains(&key))
}

/// What began, ended or was done between the last two results, or in the month before the only one.
pub(super) fn happened(scene: &Scene<'_, '_>, test: &Test<'_>) -> Option<String> {
    let to = test.latest.date?.civil()?;
    let before = test.strand.placed().filter(|entry| entry.standing == Standing::Stated);
    let from = before.filter_map(|entry| entry.date?.civil()).find(|day| *day < to);
    let from = from.filter(|from| (to - *from).get_days() <= DAYS_MOST);
    let (from, when) = match from {
        Some(from) => (from, format!("Between {from} and {to}")),
        None => (to.saturating_sub(DAYS_BEFORE.days()), format!("In the {DAYS_BEFORE} days before")),
    };
    let mut events = events(scene, test.key().unwrap_or(""), from, to);
    events.sort_by_key(|event| (event.weight, std::cmp::Reverse(event.on)));
    let more = events.len().saturating_sub(EVENTS_MOST);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let told: Vec<String> = events.into_iter().take(EVENTS_MOST).map(|event| event.told).collect();
    (!told.is_empty()).then(|| format!("{when}, as recorded: {}{more}", told.join("; ")))
}

struct Event {
    /// What is commonly followed by the test first, then stays, then procedures, then other medicines.
    weight: u8,
    on: Date,
    told: String,
}

fn events(scene: &Scene<'_, '_>, key: &str, from: Date, to: Date) -> Vec<Event> {
    let view = scene.context.view;
    let within = |when: Option<crate::record::When>| {
        when.and_then(|when| when.civil()).filter(|day| *day > from && *day <= to)
    };
    let faces = |kind| {
        view.groups(kind).iter().map(|group| view.face(group)).filter(|entry| entry.standing.is_fact())
    };
    let mut events = Vec::new();
    for entry in faces(Kind::Medication) {
        let Some(medicine) = medication(entry) else { continue };
        if matches!(medicine.role, MedicationRole::Administration | MedicationRole::Dispense) {
            continue;
        }
        let Some((on, what)) = within(entry.date)
            .map(|on| (on, "ordered"))
            .or_else(|| within(entry.end).map(|on| (on, "order ended")))
        else {
            continue;
        };
        let mut ingredients = medicine.ingredients.iter().flat_map(|name| ingredients_named(name));
        let is_followed = ingredients.any(|known: &Ingredient| follows(known.name, key));
        let weight = if is_followed { 0 } else { 3 };
        events.push(Event { weight, on, told: format!("{} {what} {on} [{}]", name_cell(entry), entry.id) });
    }
    for entry in faces(Kind::Visit).filter(|entry| Took::of(entry, scene.context.today) == Took::Place) {
        let class = visits::visit(entry).map(|visit| visit.class);
        let is_stay =
            matches!(class, Some(VisitClass::Inpatient | VisitClass::Emergency | VisitClass::Observation));
        if let Some(on) = within(entry.date).filter(|_| is_stay) {
            events.push(Event { weight: 1, on, told: told_of(entry, &visits::what(entry), on) });
        }
    }
    for entry in faces(Kind::Procedure) {
        if let Some(on) = within(entry.date) {
            events.push(Event { weight: 2, on, told: told_of(entry, &name_cell(entry), on) });
        }
    }
    events
}

fn told_of(entry: &Entry, what: &str, on: Date) -> String {
    format!("{what} {on} [{}]", entry.id)
}
