//! The latest result of each test that words name.

use std::collections::HashMap;

use super::super::measurements::measurement;
use crate::insight::lifetime::Lifetime;
use crate::insight::plausible::is_possible;
use crate::insight::{Context, Refusal};
use crate::knowledge::analytes::{analyte_by_code, analytes_matching};
use crate::record::{Entry, EntryId, Kind, Standing, System};

/// So many are told.
const MOST: usize = 2;

/// The latest result of each, the newest first; nothing that was not measured, and nothing that cannot be.
pub(super) fn latest_by_words<'a>(context: &Context<'a>, words: &str) -> Result<Vec<&'a Entry>, Refusal> {
    let wanted = analytes_matching(words);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let all = context.derived(|| Ok(Latest(of_all(context)?)))?;
    let ids = wanted.into_iter().filter_map(|known| all.0.get(known.key));
    let mut latest: Vec<&Entry> = ids.filter_map(|id| context.view.entry(*id)).collect();
    latest.sort_by_key(|entry| std::cmp::Reverse((entry.date, entry.id)));
    latest.truncate(MOST);
    Ok(latest)
}

/// The latest result of each test: every goal and concern asks for some, and the record is walked once.
struct Latest(HashMap<&'static str, EntryId>);

fn of_all(context: &Context<'_>) -> Result<HashMap<&'static str, EntryId>, Refusal> {
    let lifetime = Lifetime::of(context.view, context.today);
    let mut latest: HashMap<&'static str, &Entry> = HashMap::new();
    for kind in [Kind::Lab, Kind::Vital] {
        for group in context.view.groups(kind) {
            context.check()?;
            let entry = context.view.face(group);
            let Some(known) = entry.concept.codes_in(&System::Loinc).find_map(analyte_by_code) else {
                continue;
            };
            if latest.get(known.key).is_some_and(|kept| (kept.date, kept.id) > (entry.date, entry.id)) {
                continue;
            }
            let is_result = measurement(entry).is_some_and(|found| {
                (found.value.is_some() || !found.components.is_empty()) && is_possible(entry, found)
            });
            if is_result && entry.standing == Standing::Stated && lifetime.objection(entry).is_none() {
                latest.insert(known.key, entry);
            }
        }
    }
    Ok(latest.into_iter().map(|(key, entry)| (key, entry.id)).collect())
}
