//! Questions about medicines: what runs out before the visit by the recorded supply, and what nobody has
//! confirmed.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::medications::{self, HomeMedicine};
use super::candidate::{Candidate, Harm, Topic};
use super::visit::Visits;
use crate::insight::rows::name_cell;
use crate::insight::{Context, Refusal};
use crate::knowledge::conditions::{Condition, condition_by_words};
use crate::knowledge::folding::fold;
use crate::knowledge::medicine_facts::facts;
use crate::record::{Detail, Entry, Medication};

/// A refill that ends within so many days of today is asked about where no visit is booked.
const SOON_DAYS: i64 = 60;
/// What ended longer ago than this was filled elsewhere, or is not taken: it is told as not confirmed.
const LONG_OVER_DAYS: i64 = 180;

/// A question about each medicine whose recorded supply ends by the day of the visit.
pub(super) fn candidates(
    context: &Context<'_>,
    visits: &Visits<'_>,
    home: &[HomeMedicine<'_>],
) -> Result<Vec<Candidate>, Refusal> {
    let by = visits.day.filter(|day| *day >= context.today);
    let by = by.unwrap_or_else(|| context.today.saturating_add(SOON_DAYS.days()));
    let from = context.today.saturating_sub(LONG_OVER_DAYS.days());
    let mut all = Vec::new();
    for medicine in home.iter().filter(|medicine| !medicine.is_as_needed) {
        context.check()?;
        let Some(supply) = supply(context, medicine) else { continue };
        if supply.ends > by || supply.ends < from {
            continue;
        }
        let name = name_cell(medicine.entry);
        let ends = supply.ends;
        let is_over = ends < context.today;
        let (runs, before) = match is_over {
            true => ("ran out by the record", "the visit"),
            false => ("runs out by the record", "then"),
        };
        all.push(Candidate {
            harm: Harm::Some,
            question: format!("\"{name}\" {runs} about {ends}: who renews it before {before}?"),
            why: vec![supply.says],
            answer: "who sends the prescription, for how long, and whom to call if it runs out".into(),
            on: medicine.entry.date,
            topic: topic(medicine),
            is_apart: true,
        });
    }
    Ok(all)
}

/// What a medicine belongs to.
pub(super) fn topic(medicine: &HomeMedicine<'_>) -> Topic {
    let reasons =
        told(medicine.entry).map(|told| told.reasons.iter().map(|why| fold(why)).collect::<Vec<_>>());
    let words = format!("{} {}", fold(&name_cell(medicine.entry)), reasons.unwrap_or_default().join(" "));
    // What a medicine is commonly for tells where it belongs, never what the person has.
    let uses = medicine.names().filter_map(facts).flat_map(|facts| &facts.used_for);
    let known: Vec<&Condition> =
        uses.copied().chain([words.as_str()]).filter_map(condition_by_words).collect();
    Topic {
        specialties: known.iter().map(|known| known.specialty).collect(),
        conditions: known.iter().map(|known| known.key).collect(),
        medicines: medicine.names().collect(),
        words,
        ..Topic::default()
    }
}

/// Until when a supply lasts, and by which words.
struct Supply {
    ends: Date,
    says: String,
}

/// From the last dispense, else from the order with its refills; only where the days are recorded.
fn supply(context: &Context<'_>, medicine: &HomeMedicine<'_>) -> Option<Supply> {
    let order = medicine.entry;
    let refills = told(order).and_then(|told| told.refills);
    let filled =
        medicine.confirmed.and_then(|(_, id, _)| context.view.entry(id)).filter(|one| one.id != order.id);
    let filled = filled.and_then(|one| Some((one, told(one)?.supply_days?, one.date?)));
    if let Some((one, days, when)) = filled {
        let ends = when.latest().saturating_add(i64::from(days).days());
        let says = format!("dispensed {} for {days} days [{}]", when.date_text(), one.id);
        let left = refills
            .map_or_else(String::new, |count| format!("; the order has {count} refills [{}]", order.id));
        return Some(Supply { ends, says: format!("{says}{left}") });
    }
    let (days, when) = (told(order)?.supply_days?, order.date?);
    let fills = i64::from(refills.unwrap_or(0)) + 1;
    let ends = when.latest().saturating_add((i64::from(days) * fills).days());
    let count = refills.map_or_else(|| "refills not recorded".into(), |count| format!("{count} refills"));
    let says = format!("ordered {} for {days} days, {count} [{}]", when.date_text(), order.id);
    Some(Supply { ends, says })
}

fn told(entry: &Entry) -> Option<&Medication> {
    match &entry.detail {
        Detail::Medication(medicine) => Some(medicine),
        _ => None,
    }
}

/// The medicines that nobody has confirmed for long, each in one line.
pub(super) fn unconfirmed(home: &[HomeMedicine<'_>]) -> Vec<String> {
    let open = home.iter().filter(|medicine| medicine.is_unconfirmed);
    open.map(|one| format!("{} ({}) [{}]", name_cell(one.entry), one.told, one.entry.id)).collect()
}

/// What was only stated, such as a remedy from the store, each in one line.
pub(super) fn stated(home: &[HomeMedicine<'_>]) -> Vec<String> {
    let is_stated = |one: &&HomeMedicine<'_>| {
        told(one.entry)
            .is_some_and(|told| told.is_reported || told.role == crate::record::MedicationRole::Statement)
    };
    let stated = home.iter().filter(is_stated).filter(|one| !one.is_unconfirmed);
    let how =
        |entry: &Entry| medications::dosage(entry).map_or_else(String::new, |dose| format!(", \"{dose}\""));
    stated.map(|one| format!("{}{} [{}]", name_cell(one.entry), how(one.entry), one.entry.id)).collect()
}
