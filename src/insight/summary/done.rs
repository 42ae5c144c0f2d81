//! What was done: vaccines, procedures, visits.

use std::collections::{HashMap, HashSet};

use super::part::{line, name_of, select};
use crate::insight::rows::{Shown, date_cell};
use crate::insight::sheet::Part;
use crate::insight::telling::in_few_words;
use crate::insight::visits::{self, Took};
use crate::insight::{Asked, Context, Coverage, Refusal, Whose, plain, shortened};
use crate::knowledge::vaccines;
use crate::record::{Entry, Kind, System};

/// Each vaccine once, by what it protects from where the code says it: the latest dose and how many.
pub(super) fn vaccines_given(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Immunization, asked, coverage)?;
    let given: Vec<(String, &Entry)> = shown
        .iter()
        .filter(|shown| shown.face.standing.is_fact())
        .map(|shown| (vaccine_name(shown.face), shown.face))
        .collect();
    let mut named = HashSet::new();
    let mut doses: HashMap<String, usize> = HashMap::new();
    given.iter().for_each(|(name, _)| *doses.entry(name.to_lowercase()).or_default() += 1);
    let latest = given.iter().filter(|(name, _)| named.insert(name.to_lowercase()));
    let lines = latest.map(|(name, entry)| {
        let doses = doses.get(&name.to_lowercase()).copied().unwrap_or_default();
        let doses = if doses > 1 { format!(" ({doses} recorded)") } else { String::new() };
        line(&format!("{name}{doses}"), entry.date, entry)
    });
    Ok(Part::of("Vaccines", "get_immunizations", 8, lines.collect()))
}

fn vaccine_name(entry: &Entry) -> String {
    let groups = entry.concept.codes_in(&System::Cvx).map(vaccines::groups).find(|groups| !groups.is_empty());
    groups.map_or_else(|| name_of(entry), |groups| groups.join(", "))
}

pub(super) fn procedures(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Procedure, asked, coverage)?;
    let mut named = HashSet::new();
    let done = shown.iter().map(|shown| shown.face).filter(|entry| entry.standing.is_fact());
    let lines = done.filter(|entry| named.insert(entry.concept.label())).map(|entry| {
        // What was only prepared, has begun or was broken off must not read like what was done.
        let status = entry.status.as_deref().filter(|status| *status != "completed");
        let status = status.map_or_else(String::new, |status| format!(" ({})", plain(status)));
        let words = shortened(&in_few_words(context, entry), WORDS_CHARS);
        line(&format!("{words}{status}"), entry.date, entry)
    });
    Ok(Part::of("Procedures (latest of each)", "get_procedures", 10, lines.collect()))
}

pub(super) fn last_visits(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Visit, asked, coverage)?;
    let took = |shown: &&Shown<'_>| Took::of(shown.face, context.today);
    let past = shown.iter().filter(|shown| took(shown) == Took::Place);
    let lines = past.enumerate().map(|(place, shown)| {
        let entry = shown.face;
        if place >= VISITS_MOST {
            return String::new();
        }
        let reasons = visits::visit(entry).map(|visit| {
            let told = visit.reasons.iter().take(3).map(|why| shortened(why, WORDS_CHARS));
            told.collect::<Vec<_>>()
        });
        let reasons = reasons
            .filter(|reasons| !reasons.is_empty())
            .map_or_else(String::new, |reasons| format!(": {}", reasons.join(", ")));
        let what = shortened(&visits::what(entry), WORDS_CHARS);
        format!("{} {what}{reasons} [{}]", date_cell(entry.date), entry.id)
    });
    // Who has died has no visit to come.
    let is_alive = Whose::of(context.view).died.is_none();
    let planned = shown.iter().rfind(|shown| is_alive && took(shown) == Took::Ahead);
    let says = planned
        .map_or_else(String::new, |shown| format!("next {} [{}]", date_cell(shown.face.date), shown.face.id));
    Ok(Part { says, ..Part::of("Visits", "get_visits", 3, lines.collect()) })
}

/// A page never shows more visits than these; the others are only counted.
const VISITS_MOST: usize = 8;
/// Characters of a name or a reason that a page has room for.
const WORDS_CHARS: usize = 100;
