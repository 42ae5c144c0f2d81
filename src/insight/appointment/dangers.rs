//! When not to wait for the visit: signs that belong to the recorded illnesses and medicines, and to the
//! reason of the visit.

use super::super::alarm;
use super::super::allergies::{allergy, is_present};
use super::super::medications::HomeMedicine;
use super::super::problems::{Problem, present_keys};
use super::wish::Wish;
use crate::insight::rows::name_cell;
use crate::insight::{Context, Refusal};
use crate::knowledge::conditions::condition;
use crate::knowledge::danger::danger;
use crate::knowledge::guidance::{Topic, guidance};
use crate::knowledge::medicine_facts::class_of;
use crate::record::{Allergy, Entry, Kind};

/// Classes of medicines with which a danger is near, and its kind in the table of danger words.
const BY_CLASS: [(&str, &str); 8] = [
    ("anticoagulant", "bleeding"),
    ("anticoagulant", "head-injury"),
    ("insulin-long", "blood-sugar"),
    ("insulin-intermediate", "blood-sugar"),
    ("insulin-short", "blood-sugar"),
    ("insulin-rapid", "blood-sugar"),
    ("insulin-unspecified", "blood-sugar"),
    ("sulfonylurea", "blood-sugar"),
];

/// Words of a line of guidance by which it cannot wait for a visit.
const NOW: [&str; 8] = [
    "911",
    "988",
    "same day",
    "at once",
    "right away",
    "emergency room",
    "call the transplant team",
    "go in at",
];

/// The lines, what the record itself calls urgent first.
pub(super) fn dangers(
    context: &Context<'_>,
    wish: &Wish,
    problems: &[Problem<'_>],
    home: &[HomeMedicine<'_>],
) -> Result<Vec<String>, Refusal> {
    let mut lines = alarm::urgent_of_all(context)?;
    let mut keys = present_keys(problems);
    keys.extend(wish.topic.conditions.iter().filter(|key| !keys.contains(key)).collect::<Vec<_>>());
    let cannot_wait = |says: &str| NOW.iter().any(|word| says.contains(word));
    for row in guidance(&keys).into_iter().filter(|row| row.topic == Topic::Safety && cannot_wait(row.says)) {
        let about = row.conditions.iter().find(|key| keys.contains(key)).and_then(|key| condition(key));
        let cited = problems.iter().find(|one| {
            one.is_present_illness() && one.known.is_some_and(|known| row.conditions.contains(&known.key))
        });
        let cited = cited.map_or_else(String::new, |problem| format!(" [{}]", problem.entry.id));
        let about = about.map_or("", |known| known.name);
        lines.push(format!("{about}{cited}: {} ({}, {})", row.says, row.source, row.year));
    }
    for (class, kind) in BY_CLASS {
        let medicine = home
            .iter()
            .find(|one| one.names().any(|name| class_of(name).is_some_and(|known| known.key == class)));
        let (Some(medicine), Some(danger)) = (medicine, danger(kind)) else { continue };
        let name = name_cell(medicine.entry);
        let line = format!("{name} [{}]: {}", medicine.entry.id, danger.says);
        if !lines.iter().any(|told| told.contains(danger.says)) {
            lines.push(line);
        }
    }
    lines.extend(severe_allergy(context));
    Ok(lines)
}

/// A recorded severe allergy: what to do when it comes again.
fn severe_allergy(context: &Context<'_>) -> Option<String> {
    let faces = context.view.groups(Kind::Allergy).iter().map(|group| context.view.face(group));
    let is_severe = |entry: &&Entry| {
        let is_severe = |told: &Allergy| {
            let is_critical = told.criticality.as_deref() == Some("high");
            is_critical || told.reactions.iter().any(|one| one.severity.as_deref() == Some("severe"))
        };
        is_present(entry) && allergy(entry).is_some_and(is_severe)
    };
    let severe = faces.filter(is_severe).max_by_key(|entry| (entry.date, entry.id))?;
    let says = danger("anaphylaxis")?.says;
    Some(format!("{} [{}]: {says}", name_cell(severe), severe.id))
}
