//! Dispenses and doses given at home stand beneath the order that they fill.

use std::collections::{HashMap, HashSet};

use super::confirmed::confirms;
use super::drug::{Drug, role};
use super::part::Part;
use super::same::{SameDrug, words};
use super::told::told_on;
use crate::insight::rows::Shown;
use crate::insight::{Context, Refusal};
use crate::record::{Entry, EntryId, MedicationRole, When};

/// Moves dispenses and doses given at home beneath the order that they fill, as far as it is listed here.
pub(super) fn beneath_orders<'a>(
    context: &Context<'a>,
    all: &SameDrug<'a>,
    drugs: &mut Vec<Drug<'a>>,
) -> Result<(), Refusal> {
    let place_of = filled(context, all, drugs)?;
    let mut moved: Vec<(usize, Shown<'a>)> = Vec::new();
    for drug in drugs.iter_mut().filter(|drug| drug.part == Part::Past) {
        for one in std::mem::take(&mut drug.orders) {
            match place_of.get(&one.face.id) {
                Some(place) => moved.push((*place, one)),
                None => drug.orders.push(one),
            }
        }
    }
    for (place, one) in moved {
        if let Some(drug) = drugs.get_mut(place) {
            drug.dispensed.push(one);
            drug.dispensed.sort_by_key(|one| one.order);
        }
    }
    drugs.retain(|drug| !drug.orders.is_empty());
    Ok(())
}

/// Which dispense fills an order of which drug: the order it names, else an order of the same drug before
/// it, and of these an active one first.
fn filled(
    context: &Context<'_>,
    all: &SameDrug<'_>,
    drugs: &[Drug<'_>],
) -> Result<HashMap<EntryId, usize>, Refusal> {
    let is_filling =
        |entry: &Entry| role(entry) != Some(MedicationRole::Statement) && confirms(entry, context).is_some();
    let mut named: HashSet<EntryId> = HashSet::new();
    let mut place_of: HashMap<EntryId, usize> = HashMap::new();
    let home = drugs.iter().enumerate().filter(|(_, drug)| drug.part.is_home());
    let past = drugs.iter().enumerate().filter(|(_, drug)| drug.part == Part::Past);
    for (place, drug) in home.chain(past) {
        context.check()?;
        let orders = || {
            let entries = drug.orders.iter().map(|one| one.face);
            entries.filter(|entry| role(entry) == Some(MedicationRole::Order))
        };
        let since = orders().filter_map(told_on).min_by_key(|when| when.order());
        // Orders of one name are mostly coded alike: each way is looked up once.
        let mut looked_up = HashSet::new();
        for order in orders() {
            context.check()?;
            for (_, other) in all.linked(order).filter(|(_, other)| is_filling(other)) {
                if named.insert(other.id) {
                    place_of.insert(other.id, place);
                }
            }
            if !looked_up.insert(words(order)) {
                continue;
            }
            for (_, other) in all.others(order).filter(|(_, other)| is_filling(other)) {
                let is_later = |when: When| since.is_none_or(|since| when.latest() >= since.earliest());
                if told_on(other).is_some_and(is_later) {
                    place_of.entry(other.id).or_insert(place);
                }
            }
        }
    }
    Ok(place_of)
}
