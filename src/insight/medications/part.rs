//! Which part of the list a medicine belongs to.

use super::course::ends_on;
use super::medication;
use crate::insight::Context;
use crate::insight::matching::begins_words;
use crate::knowledge::dosage_times::is_only_as_needed;
use crate::knowledge::folding::{fold, may_hold};
use crate::knowledge::vaccines::vaccine_by_cvx;
use crate::record::{Dosage, Entry, Medication, MedicationRole, Setting, Standing, System};

/// A part of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Part {
    Active,
    AsNeeded,
    /// A course that its own label ends, with a status that nobody changed since.
    Ended,
    /// The status is not known: neither active nor past.
    Unknown,
    Proposed,
    /// A single dose that answers another order.
    Once,
    InCare,
    Past,
    /// An order NOT to give it.
    DoNotGive,
    /// Not taken, not given, not handed out.
    NotGiven,
    /// No medicine at all: a statement about the whole list.
    Statement,
}

/// Each part with its word in a row and its heading.
pub(super) const PARTS: [(Part, &str, &str); 10] = [
    (Part::Active, "active", "Active per the record (an order is no proof of taking)"),
    (Part::AsNeeded, "as needed", "Active, as needed"),
    (Part::Ended, "ended course", "Courses that have ended by their own label"),
    (Part::Unknown, "status not known", "Status not known"),
    (Part::Proposed, "proposed", "Proposed, planned or drafted, not ordered"),
    (Part::Once, "single dose", "Single doses that answer another order"),
    (Part::InCare, "in care", "Given or ordered in a hospital or clinic"),
    (Part::Past, "past", "Past"),
    (Part::DoNotGive, "do not give", "Orders NOT to give"),
    (Part::NotGiven, "not given", "Not given or not taken"),
];

impl Part {
    /// Meant to be taken at home now, as far as the record says.
    pub fn is_home(self) -> bool {
        matches!(self, Part::Active | Part::AsNeeded)
    }
}

pub(super) fn part_of(entry: &Entry, context: &Context<'_>) -> Part {
    let Some(medicine) = medication(entry) else { return Part::Past };
    match entry.standing {
        Standing::NoneKnown | Standing::NotAsked => return Part::Statement,
        Standing::NotDone if medicine.role == MedicationRole::Order => return Part::DoNotGive,
        Standing::NotDone => return Part::NotGiven,
        _ => {}
    }
    let is_given_at_home = matches!(medicine.setting, Setting::Home | Setting::Discharge);
    let is_in_care = matches!(medicine.setting, Setting::Inpatient | Setting::Clinic)
        || medicine.role == MedicationRole::Administration && !is_given_at_home;
    if is_in_care || is_vaccine(entry) {
        return Part::InCare;
    }
    if medicine.role == MedicationRole::Administration || medicine.role == MedicationRole::Dispense {
        return Part::Past;
    }
    by_status(entry, medicine, context)
}

/// An order or a statement by its status and its intent.
fn by_status(entry: &Entry, medicine: &Medication, context: &Context<'_>) -> Part {
    let has_ended = has_ended(entry, context);
    match entry.status.as_deref() {
        None | Some("unknown" | "recorded") if !has_ended => return Part::Unknown,
        Some("draft") => return Part::Proposed,
        _ if is_active_by_status(entry) && is_ended_course(entry, context) => return Part::Ended,
        _ if !is_active(entry, context) => return Part::Past,
        _ => {}
    }
    match medicine.intent.as_deref() {
        // US Core: what the person reports to take is a plan of theirs, and nobody's proposal.
        Some("plan") if medicine.is_reported => {}
        Some("proposal" | "plan" | "option") => return Part::Proposed,
        Some("instance-order") => return Part::Once,
        _ => {}
    }
    let is_as_needed = |dosage: &Dosage| {
        let mut words = [&dosage.text, &dosage.patient_text].into_iter().flatten();
        dosage.as_needed.is_some() || words.any(|words| is_only_as_needed(words))
    };
    if !medicine.dosage.is_empty() && medicine.dosage.iter().all(is_as_needed) {
        Part::AsNeeded
    } else {
        Part::Active
    }
}

/// A vaccine that was ordered like a medicine is given in a clinic.
fn is_vaccine(entry: &Entry) -> bool {
    let has_code = entry.concept.codes_in(&System::Cvx).any(|code| vaccine_by_cvx(code).is_some());
    let label = entry.concept.label();
    has_code || may_hold(&label, "vaccine") && begins_words(&fold(&label), "vaccine")
}

/// Active by its own status, and not ended by its own dates.
pub(super) fn is_active(entry: &Entry, context: &Context<'_>) -> bool {
    let role = medication(entry).map(|medicine| medicine.role);
    let is_dispense = role == Some(MedicationRole::Dispense);
    is_active_by_status(entry)
        && !has_ended(entry, context)
        && !is_dispense
        && entry.standing != Standing::NotDone
}

fn is_active_by_status(entry: &Entry) -> bool {
    matches!(entry.status.as_deref(), Some("active" | "intended" | "on-hold"))
}

pub(super) fn has_ended(entry: &Entry, context: &Context<'_>) -> bool {
    entry.end.is_some_and(|end| end.latest() < context.today) || is_ended_course(entry, context)
}

/// True where the label's own words name an end that has come.
fn is_ended_course(entry: &Entry, context: &Context<'_>) -> bool {
    ends_on(entry).is_some_and(|end| end < context.today)
}
