//! What a list of medicines says beside its rows: what is worth asking a doctor or pharmacist, what a medicine is
//! that is asked about, and what is known in general of the medicines asked for.

use super::home::ingredients;
use super::review::{self, Review};
use crate::insight::{Asked, Context, Refusal};
use crate::knowledge::medicine_classes::MedicineClass;
use crate::knowledge::medicine_facts::{class_of, facts};
use crate::knowledge::medicines::ingredients_of;
use crate::record::Entry;

/// So many questions stand above the whole list.
const WHOLE_MOST: usize = 8;
/// So many stand above the list of active ones: those with the most harm.
const ACTIVE_MOST: usize = 1;
/// So many stand above a list by words.
const NAMED_MOST: usize = 6;
/// Medicines of which more is told in general.
const EXPLAINED_MOST: usize = 4;

/// The questions above a list, the most harmful first, and how many there are beside them.
pub(super) fn questions(
    context: &Context<'_>,
    asked: &Asked,
    listed: &[&Entry],
) -> Result<Vec<String>, Refusal> {
    let Some(query) = &asked.query else {
        let most = if asked.status.is_some() { ACTIVE_MOST } else { WHOLE_MOST };
        let is_about_past =
            asked.status.as_deref().is_some_and(|status| status != "active" && status != "current");
        let found = if is_about_past { Vec::new() } else { review::reviews(context)? };
        let rest = if asked.status.is_some() { "get_medications {}" } else { "\"query\": a medicine's name" };
        return Ok(told(&found, most, rest));
    };
    let mut found = review::reviews(context)?;
    found.retain(|review| review.about.iter().any(|id| listed.iter().any(|entry| entry.id == *id)));
    if listed.is_empty() {
        found = review::reviews_of_named(context, query)?;
    }
    Ok(told(&found, NAMED_MOST, "\"query\": one medicine's name"))
}

/// So many of them, and the call that brings the rest.
fn told(found: &[Review], most: usize, rest: &str) -> Vec<String> {
    if found.is_empty() {
        return Vec::new();
    }
    let more = match found.len().saturating_sub(most) {
        0 => String::new(),
        more => format!(" ({more} more: {rest})"),
    };
    let head = format!("**To ask the doctor or pharmacist**{more}");
    let lines = found.iter().take(most).map(|review| format!("- {}", review.line()));
    std::iter::once(head).chain(lines).collect()
}

/// What a medicine is that is asked about by name and does not stand on the list.
pub(super) fn not_listed(query: &str) -> Option<String> {
    let known: Vec<String> = ingredients_of(&[], query).iter().map(|known| what_it_is(known.name)).collect();
    (!known.is_empty()).then(|| format!("Known in general: {}.", known.join("; ")))
}

fn what_it_is(name: &str) -> String {
    let class = class_of(name).map_or("", |class: &MedicineClass| class.name);
    let uses = facts(name).map(|facts| facts.used_for.join(", ")).unwrap_or_default();
    format!("{name} is a {class}; commonly for {uses}")
}

/// What is known in general of the medicines of a list: kind, uses, how it is usually taken, foods, tests,
/// cautions. It stands apart from what the record says, with its sources.
pub(super) fn explained(listed: &[&Entry]) -> Vec<String> {
    let mut names: Vec<&'static str> = Vec::new();
    for known in listed.iter().flat_map(|entry| ingredients(entry)) {
        if !names.contains(&known.name) {
            names.push(known.name);
        }
    }
    let more = names.len().saturating_sub(EXPLAINED_MOST);
    let mut lines: Vec<String> = names.iter().take(EXPLAINED_MOST).filter_map(|name| explain(name)).collect();
    if lines.is_empty() {
        return lines;
    }
    lines.insert(0, "**Known in general (not from this record)**".into());
    if more > 0 {
        lines.push(format!("{more} more: ask for each by its name with \"query\"."));
    }
    lines
}

fn explain(name: &'static str) -> Option<String> {
    let facts = facts(name)?;
    let mut parts = vec![what_it_is(name)];
    let mut add = |label: &str, words: String| {
        if !words.is_empty() {
            parts.push(format!("{label}: {}", words.trim_end_matches('.')));
        }
    };
    add("usually taken", facts.taken.to_owned());
    add("food and drink", facts.foods.join(", "));
    let tests = facts.labs.iter().filter_map(|key| crate::knowledge::analytes::analyte_by_key(key));
    add("tests often followed", tests.map(|known| known.name).collect::<Vec<_>>().join(", "));
    add("kidneys", facts.kidney.to_owned());
    add("pregnancy", facts.pregnancy.to_owned());
    add("65 and over", facts.older.to_owned());
    Some(format!("- {} ({}).", parts.join(". "), facts.sources.join("; ")))
}
