//! What stands before everything else, and what the person has to say to single facts.

use std::collections::HashMap;

use super::part::{line, select};
use crate::insight::answer::cited_in;
use crate::insight::background::self_harm;
use crate::insight::sheet::Part;
use crate::insight::{Asked, Context, Coverage, Refusal, alarm, plain, shortened};
use crate::record::{Detail, Entry, Kind, Standing};

/// What is said before anything else.
pub(super) fn danger(context: &Context<'_>) -> Part {
    let says: Vec<String> = alarm::urgent_of_all(context).into_iter().chain(self_harm(context)).collect();
    Part { says: says.join("\n"), is_fixed: true, ..Part::of("Now", "get_background", 0, Vec::new()) }
}

/// Directives and implants: no budget cuts them, whatever the period asked for.
pub(super) fn directives_and_implants(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Part, Refusal> {
    let always = Asked { period: Default::default(), ..asked.clone() };
    let mut lines = Vec::new();
    for shown in select(context, Kind::Directive, &always, coverage)? {
        let entry = shown.face;
        if matches!(entry.status.as_deref(), Some("superseded" | "inactive" | "rejected" | "revoked")) {
            continue;
        }
        let not = if entry.standing == Standing::NotDone { "order NOT to do: " } else { "" };
        let what = format!("{not}{}{}", plain(&entry.concept.label()), status(entry));
        lines.push(line(&format!("{what} (a copy; the signed paper counts)"), entry.date, entry));
    }
    for shown in select(context, Kind::Device, &always, coverage)? {
        let entry = shown.face;
        let Some(called) = implant(entry) else { continue };
        if entry.standing.is_fact() && entry.status.as_deref() != Some("inactive") {
            let what = format!("{called}: {}{}", plain(&entry.concept.label()), status(entry));
            lines.push(line(&what, entry.date, entry));
        }
    }
    let most = lines.len();
    Ok(Part { is_fixed: true, ..Part::of("Directives and implants", "get_background", most, lines) })
}

/// Names of what is inside the body: whoever plans a scan or an operation must know of it.
const IMPLANTS: [&str; 19] = [
    "pacemaker",
    "defibrillator",
    "stent",
    "valve",
    "implant",
    "prosthe",
    "pump",
    "shunt",
    "port",
    "graft",
    "mesh",
    "intrauterine",
    "cochlear",
    "stimulator",
    "lens",
    "lead",
    "screw",
    "plate",
    "coil",
];

/// Names of what is worn, held or stood on, though it may carry an identifier too.
const OUTSIDE: [&str; 16] = [
    "meter",
    "glucometer",
    "monitor",
    "wheelchair",
    "walker",
    "cane",
    "crutch",
    "cpap",
    "nebulizer",
    "scale",
    "cuff",
    "thermometer",
    "oximeter",
    "hearing",
    "bed",
    "sensor",
];

/// What a device is called on the page; nothing for what is outside the body. An unknown name with the
/// identifier that implants must carry is told as a device.
fn implant(entry: &Entry) -> Option<&'static str> {
    let name = entry.concept.label().to_lowercase();
    let is_one_of = |words: &[&str]| {
        let mut own = name.split(|letter: char| !letter.is_alphanumeric());
        own.any(|own| words.iter().any(|word| own.starts_with(word)))
    };
    let has_identifier =
        ["device identifier (UDI)", "UDI as printed"].iter().any(|label| entry.extra(label).is_some());
    match (is_one_of(&IMPLANTS), is_one_of(&OUTSIDE)) {
        (true, _) => Some("Implant"),
        (false, false) if has_identifier => Some("Device"),
        _ => None,
    }
}

fn status(entry: &Entry) -> String {
    let expected = |status: &&str| matches!(*status, "active" | "current" | "completed");
    let status = entry.status.as_deref().filter(|status| !expected(status));
    status.map_or_else(String::new, |status| format!(" ({})", plain(status)))
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
    for line in parts.iter_mut().flat_map(|part| &mut part.lines) {
        let told =
            cited_in(line).iter().filter_map(|id| beside.get(&id.to_string()).cloned()).collect::<String>();
        line.push_str(&told);
    }
}

/// Characters of a note that a line has room for.
const NOTE_CHARS: usize = 120;
