//! What stands before everything else, and what the person has to say to single facts.

use std::collections::HashMap;

use super::part::{name_of, row_of_names};
use crate::insight::answer::cited_in;
use crate::insight::background::self_harm;
use crate::insight::medications::HomeMedicine;
use crate::insight::portrait::{Portrait, Pregnancy};
use crate::insight::sheet::Part;
use crate::insight::{Context, Refusal, alarm, shortened};
use crate::record::{Detail, Kind};

/// What is said before anything else.
pub(super) fn danger(context: &Context<'_>) -> Result<Part, Refusal> {
    let says: Vec<String> = alarm::urgent_of_all(context)?.into_iter().chain(self_harm(context)).collect();
    let part = Part { is_fixed: true, ..Part::of("Now", "get_background", 0, Vec::new()) };
    Ok(part.saying(says.join("\n")))
}

/// The medicines with which a slip does harm soonest, each with the reason.
pub(super) fn high_risk(home: &[HomeMedicine<'_>], has_died: bool) -> Part {
    let told = home.iter().filter_map(|medicine| {
        let why = medicine.ingredients.iter().find_map(|known| known.high_risk)?;
        let mark = if medicine.is_unconfirmed && !has_died { ", NOT CONFIRMED lately" } else { "" };
        Some(format!("{} ({}{mark}) [{}]", name_of(medicine.entry), why.plain(), medicine.entry.id))
    });
    let call = "get_medications {\"status\":\"active\"}";
    row_of_names("High-risk medicines", told.collect(), call)
}

/// After a pregnancy some things still count; six weeks (reference: clinical safety, pregnancy).
const AFTER_DAYS: i32 = 42;

/// Pregnancy is a state with a date: the present one, or one that ended within six weeks.
pub(super) fn pregnancy(portrait: &Portrait) -> Part {
    let line = match portrait.pregnancy {
        _ if portrait.has_died => None,
        Pregnancy::Current { by, on, weeks } => {
            let weeks =
                weeks.map_or_else(String::new, |weeks| format!(", {weeks} weeks today by the due date"));
            Some(format!("Recorded as pregnant on {on}{weeks} [{by}]"))
        }
        Pregnancy::Ended { by, on, days_ago, was_lost } if days_ago <= AFTER_DAYS => {
            let how = if was_lost { "with a loss" } else { "with a birth" };
            Some(format!("A pregnancy ended {how} on {on}, {days_ago} days ago [{by}]"))
        }
        _ => None,
    };
    Part::fixed("Pregnancy", line.into_iter().collect())
}

/// Puts the person's notes about an entry beside the line that tells it.
pub(super) fn add_own_notes(context: &Context<'_>, parts: &mut [Part]) {
    let mut beside: HashMap<String, String> = HashMap::new();
    for note in context.view.entries(Kind::Note) {
        let Detail::Note { text, about: Some(about) } = &note.detail else { continue };
        let group = context.view.entry(*about).and_then(|entry| context.view.group_of(entry));
        let id = group.map_or(*about, |group| context.view.face(group).id);
        let told = format!("; the person's own note: \"{}\" [{}]", shortened(text, NOTE_CHARS), note.id);
        beside.entry(id.to_string()).or_default().push_str(&told);
    }
    if beside.is_empty() {
        return;
    }
    for line in parts.iter_mut().flat_map(|part| part.lines.iter_mut().chain(&mut part.names)) {
        let told =
            cited_in(line).iter().filter_map(|id| beside.get(&id.to_string()).cloned()).collect::<String>();
        line.push_str(&told);
    }
}

/// Characters of a note that a line has room for.
const NOTE_CHARS: usize = 120;
