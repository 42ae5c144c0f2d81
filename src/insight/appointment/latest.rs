//! The latest result of each test that words name.

use std::collections::HashMap;

use super::super::measurements::measurement;
use crate::insight::lifetime::Lifetime;
use crate::insight::plausible::is_possible;
use crate::insight::{Context, Refusal};
use crate::knowledge::analytes::{analyte_by_code, analytes_matching};
use crate::record::{Entry, Kind, Standing, System};

/// So many are told.
const MOST: usize = 2;

/// The latest result of each, the newest first; nothing that was not measured, and nothing that cannot be.
pub(super) fn latest_by_words<'a>(context: &Context<'a>, words: &str) -> Result<Vec<&'a Entry>, Refusal> {
    let wanted: Vec<&str> = analytes_matching(words).into_iter().map(|known| known.key).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let lifetime = Lifetime::of(context.view, context.today);
    let mut latest: HashMap<&str, &Entry> = HashMap::new();
    for kind in [Kind::Lab, Kind::Vital] {
        for group in context.view.groups(kind) {
            context.check()?;
            let entry = context.view.face(group);
            let known = entry.concept.codes_in(&System::Loinc).find_map(analyte_by_code);
            let Some(known) = known.filter(|known| wanted.contains(&known.key)) else { continue };
            let is_result = measurement(entry).is_some_and(|found| {
                (found.value.is_some() || !found.components.is_empty()) && is_possible(entry, found)
            });
            if !is_result || entry.standing != Standing::Stated || lifetime.objection(entry).is_some() {
                continue;
            }
            let kept = latest.entry(known.key).or_insert(entry);
            if (entry.date, entry.id) > (kept.date, kept.id) {
                *kept = entry;
            }
        }
    }
    let mut latest: Vec<&Entry> = latest.into_values().collect();
    latest.sort_by_key(|entry| std::cmp::Reverse((entry.date, entry.id)));
    latest.truncate(MOST);
    Ok(latest)
}
