//! What is inside the body and what the person has laid down: no budget cuts it, whatever the period asked for.

use super::part::{cited, line, name_of, select_always};
use crate::insight::background::{is_wish, value};
use crate::insight::problems::Problem;
use crate::insight::rows::Shown;
use crate::insight::sheet::Part;
use crate::insight::{Context, Refusal, plain, shortened};
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry, Kind, Standing};

/// Implants: the devices, and what the problem list says of them.
pub(super) fn implants(context: &Context<'_>, problems: &[Problem<'_>]) -> Result<Part, Refusal> {
    let mut told: Vec<(String, &Entry)> = Vec::new();
    for shown in select_always(context, Kind::Device)? {
        let entry = shown.face;
        let Some(called) = implant(entry) else { continue };
        if entry.standing.is_fact() && entry.status.as_deref() != Some("inactive") {
            let what = format!("{called}: {}{}{}", name_of(entry), status(entry), which(entry));
            told.push((line(&what, entry.date, entry), entry));
        }
    }
    let mut listed = problems.iter().filter(|problem| is_implant(problem)).peekable();
    if listed.peek().is_some() {
        let listed: Vec<&Problem<'_>> = listed.collect();
        told.extend(listed.iter().map(|problem| {
            let entry = problem.entry;
            (line(&format!("On the problem list: {}", name_of(entry)), entry.date, entry), entry)
        }));
    }
    let names = told.iter().map(|(_, entry)| cited(entry)).collect();
    let lines = told.into_iter().map(|(line, _)| line).collect();
    Ok(Part::fixed("Implants", lines).condensing_to(names, "get_background {\"kind\":\"devices\"}"))
}

/// Rows of the table of conditions that name something in the body.
const IMPLANT_KEYS: [&str; 5] =
    ["pacemaker", "heart-stent", "heart-valve-replaced", "joint-replaced", "implant"];

/// True of a problem that says what is inside the body.
pub(super) fn is_implant(problem: &Problem<'_>) -> bool {
    problem.no_illness.is_none() && problem.known.is_some_and(|known| IMPLANT_KEYS.contains(&known.key))
}

/// Which one it is, as the leaflet for a scan asks: maker and model.
fn which(entry: &Entry) -> String {
    const CHARS: usize = 40;
    let labels = ["manufacturer", "model", "model number"];
    let known: Vec<String> =
        labels.iter().filter_map(|label| entry.extra(label)).map(|text| shortened(text, CHARS)).collect();
    if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) }
}

/// Directives, and wherever else it is said that something is not to be done.
pub(super) fn directives(context: &Context<'_>) -> Result<Part, Refusal> {
    let mut told: Vec<(String, &Entry)> = Vec::new();
    for shown in select_always(context, Kind::Directive)? {
        let entry = shown.face;
        if matches!(entry.status.as_deref(), Some("superseded" | "inactive" | "rejected" | "revoked")) {
            continue;
        }
        let not = if entry.standing == Standing::NotDone { "order NOT to do: " } else { "" };
        let what = format!(
            "{not}{}{}{} (a copy; the signed paper counts)",
            name_of(entry),
            found(entry),
            status(entry)
        );
        told.push((line(&what, entry.date.or(entry.recorded), entry), entry));
    }
    let elsewhere = [
        (Kind::Background, "a wish"),
        (Kind::Condition, "on the problem list"),
        (Kind::CarePlan, "an order"),
    ];
    for (kind, said) in elsewhere {
        for shown in select_always(context, kind)?.iter().filter(|shown| is_said_elsewhere(shown)) {
            let entry = shown.face;
            let what = format!(
                "{}{} ({said}{})",
                name_of(entry),
                found(entry),
                status(entry).replace(['(', ')'], "")
            );
            told.push((line(&what, entry.date.or(entry.recorded), entry), entry));
        }
    }
    let names = told.iter().map(|(_, entry)| cited(entry)).collect();
    let lines = told.into_iter().map(|(line, _)| line).collect();
    Ok(Part::fixed("Directives", lines).condensing_to(names, "get_background {\"kind\":\"directives\"}"))
}

/// What was answered: "Resuscitation: not for resuscitation".
fn found(entry: &Entry) -> String {
    let found = matches!(entry.detail, Detail::Measurement(_)).then(|| value(entry));
    let found = found.filter(|found| !found.is_empty());
    found.map_or_else(String::new, |found| format!(": {}", shortened(&found, WISH_CHARS)))
}

/// Characters of a wish that a page has room for.
const WISH_CHARS: usize = 100;

/// Words by which other lists than that of the directives say what is not to be done.
const LIMITS: [&str; 6] =
    [" do not resuscitate ", " dnr ", " do not intubate ", " dni ", " no cpr ", " comfort care only "];

fn is_said_elsewhere(shown: &Shown<'_>) -> bool {
    let entry = shown.face;
    match entry.kind() {
        Kind::Background => is_wish(entry) && entry.standing.is_fact(),
        _ => is_limit(entry),
    }
}

/// True of a present problem or order that limits what is to be done.
pub(super) fn is_limit(entry: &Entry) -> bool {
    let is_over = matches!(entry.status.as_deref(), Some("resolved" | "inactive" | "revoked" | "completed"));
    let name = entry.concept.label();
    let is_named = |folded: &str| {
        let name = format!(" {folded} ");
        LIMITS.iter().any(|words| name.contains(words))
    };
    !is_over && entry.standing != Standing::Refuted && is_named(&fold(&name))
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
