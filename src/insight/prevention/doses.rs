//! The doses on record for each disease: given, dated, each day once; counted and never judged.

use std::collections::BTreeMap;

use crate::insight::immunizations::diseases;
use crate::insight::lifetime::Lifetime;
use crate::insight::{Context, Refusal, rows};
use crate::record::{Entry, EntryId, Kind, Standing, System, When};

/// One dose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Dose {
    /// When it was given.
    pub on: When,
    /// The entry.
    pub id: EntryId,
    /// The product as recorded.
    pub product: String,
    /// True of the older live vaccine against shingles, after which two doses of the newer are named all the
    /// same (CDC adult schedule).
    pub is_old_shingles: bool,
}

/// The doses against one disease.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Doses {
    /// The dated ones, the oldest first, of one day only one.
    pub dated: Vec<Dose>,
    /// Those without a day or with one that cannot be.
    pub undated: Vec<EntryId>,
}

/// By the disease, as the table of vaccines names it. What was not given, was withdrawn or is marked as too weak
/// by its source is not counted; the same dose from two sources is one.
pub(super) fn doses(context: &Context<'_>) -> Result<BTreeMap<&'static str, Doses>, Refusal> {
    let lifetime = Lifetime::of(context.view, context.today);
    let mut by_disease: BTreeMap<&'static str, Doses> = BTreeMap::new();
    for group in context.view.groups(Kind::Immunization) {
        context.check()?;
        let entry = context.view.face(group);
        let is_weak = entry.extra("subpotent").is_some_and(|word| word == "true");
        if entry.standing != Standing::Stated || is_weak {
            continue;
        }
        let against = diseases(entry);
        for disease in against {
            let doses = by_disease.entry(disease).or_default();
            match entry.date.filter(|_| lifetime.objection(entry).is_none()) {
                Some(on) => doses.dated.push(Dose {
                    on,
                    id: entry.id,
                    product: rows::name_cell(entry),
                    is_old_shingles: is_old_shingles(entry),
                }),
                None => doses.undated.push(entry.id),
            }
        }
    }
    for doses in by_disease.values_mut() {
        doses.dated.sort();
        // Two products of one day are one visit's dose told twice: more would be counted than were given.
        doses.dated.dedup_by_key(|dose| dose.on.date_text());
    }
    Ok(by_disease)
}

/// CVX 121 (table of vaccines: shingles, live), or its brand.
fn is_old_shingles(entry: &Entry) -> bool {
    let is_named = || entry.concept.words().any(|word| word.to_lowercase().contains("zostavax"));
    entry.concept.codes_in(&System::Cvx).any(|code| code == "121") || is_named()
}
