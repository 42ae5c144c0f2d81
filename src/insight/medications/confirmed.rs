//! What was said of a medicine after its order: what confirms that it is taken, and who says otherwise.

use std::collections::HashSet;

use super::drug::{Drug, role};
use super::medication;
use super::part::{Part, has_ended, is_active, part_of};
use super::same::SameDrug;
use super::told::{told, told_on};
use crate::insight::Context;
use crate::record::{Entry, EntryId, LinkRole, MedicationRole, Setting, Standing, When};

/// When it was confirmed, by which entry, and how.
pub(super) type Confirmation = (When, EntryId, &'static str);

/// Entries that say otherwise and are told in the row; the others are counted.
const CONTRADICTIONS_MAX: usize = 2;

/// What has confirmed an active order since: a dispense, a dose given at home, a statement that it is taken.
pub(super) fn confirmation<'a>(
    context: &Context<'_>,
    all: &SameDrug<'a>,
    drug: &Drug<'a>,
) -> Option<Confirmation> {
    let lead = drug.lead();
    if !drug.part.is_home() || role(lead) != Some(MedicationRole::Order) {
        return None;
    }
    let ids: HashSet<EntryId> = drug.orders.iter().map(|order| order.face.id).collect();
    let since = told_on(lead);
    // What names another order, of another dose, confirms that one.
    let is_of_another = |other: &Entry| {
        let named = other.linked(LinkRole::Order).filter_map(|key| context.view.linked(other, key));
        let mut named = named.peekable();
        named.peek().is_some() && named.all(|order| !ids.contains(&order.id))
    };
    let others = all.others(lead).filter(|(_, other)| !ids.contains(&other.id) && !is_of_another(other));
    let confirming = others.filter_map(|(_, other)| {
        let how = confirms(other, context)?;
        let when = told_on(other)?;
        let is_later = since.is_none_or(|since| when.latest() >= since.earliest());
        let is_come = when.earliest() <= context.today;
        (is_later && is_come).then_some((when, other.id, how))
    });
    confirming.max_by_key(|(when, id, _)| (when.order(), std::cmp::Reverse(*id)))
}

pub(super) fn confirms(entry: &Entry, context: &Context<'_>) -> Option<&'static str> {
    let medicine = medication(entry)?;
    let is_done = matches!(entry.status.as_deref(), None | Some("completed"));
    let is_home = matches!(medicine.setting, Setting::Home | Setting::Discharge);
    match medicine.role {
        _ if entry.standing != Standing::Stated => None,
        MedicationRole::Dispense if is_done => Some("last dispensed"),
        MedicationRole::Administration if is_done && is_home => Some("last given at home"),
        MedicationRole::Statement if part_of(entry, context).is_home() => Some("stated to be taken"),
        _ => None,
    }
}

/// Who says otherwise of a medicine that is told as active: another source of the same order, a newer order
/// or statement that it was stopped or is not taken, an order not to give it.
pub(super) fn contradictions(context: &Context<'_>, all: &SameDrug<'_>, drug: &Drug<'_>) -> Vec<String> {
    let lead = drug.lead();
    if !drug.part.is_home() {
        return Vec::new();
    }
    let group = drug.orders[0].group;
    let since = told_on(lead);
    let is_later = |other: &Entry| match (told_on(other), since) {
        (Some(other), Some(since)) => other.latest() >= since.earliest(),
        _ => true,
    };
    let mut found: Vec<&Entry> = all
        .others(lead)
        .filter(|(of, other)| {
            let is_of_group = std::ptr::eq(*of, group);
            let is_forbidden = part_of(other, context) == Part::DoNotGive;
            let is_other_status = is_of_group && other.status != lead.status && is_active(other, context);
            is_other_status || denies(other, context) && (is_of_group || is_forbidden || is_later(other))
        })
        .map(|(_, other)| other)
        .collect();
    found.sort_by_key(|other| std::cmp::Reverse((told_on(other).map(|when| when.order()), other.id)));
    found.dedup_by_key(|other| other.id);
    let told = found.iter().take(CONTRADICTIONS_MAX).map(|other| {
        let who = if other.source == lead.source { "another entry" } else { "another source" };
        format!("{who}: {} [{}]", told(other, context), other.id)
    });
    let mut lines: Vec<String> = told.collect();
    if found.len() > CONTRADICTIONS_MAX {
        lines.push(format!("{} more say so", found.len() - CONTRADICTIONS_MAX));
    }
    lines
}

/// True of an order or statement for home by which it is not taken now.
fn denies(entry: &Entry, context: &Context<'_>) -> bool {
    let Some(medicine) = medication(entry) else { return false };
    let is_proposal =
        matches!(medicine.intent.as_deref(), Some("proposal" | "plan" | "option" | "instance-order"))
            && !medicine.is_reported;
    match (part_of(entry, context), medicine.role) {
        (Part::Past, MedicationRole::Order) => !is_proposal,
        (Part::Past | Part::NotGiven, MedicationRole::Statement) => true,
        (Part::DoNotGive, _) => {
            !has_ended(entry, context)
                && matches!(entry.status.as_deref(), None | Some("active" | "on-hold" | "unknown"))
        }
        _ => false,
    }
}
