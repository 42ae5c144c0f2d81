//! What the record says of a medicine, in words: an order is an order, and who said it is named.

use jiff::ToSpan as _;

use super::confirmed::Confirmation;
use super::course::ends_on;
use super::medication;
use super::part::is_active;
use crate::insight::{Context, plain};
use crate::record::{Entry, Medication, MedicationRole, Standing, When};

/// Days after which an "active" order that nothing has confirmed is marked. A year is the longest
/// that a prescription of a non-controlled drug commonly runs; the mark says what it means.
const UNCONFIRMED_DAYS: i32 = 365;

/// Days by which a refill may be late before it is marked. The number is ours.
const LATE_DAYS: i32 = 14;

/// No order is taken to last longer, however many refills it names.
const SUPPLY_DAYS_MAX: i64 = 730;

/// What the record says: `active per the order of 2024-03-02`, with a mark when nothing has
/// confirmed it for a year.
pub fn told(entry: &Entry, context: &Context<'_>) -> String {
    told_confirmed(entry, context, None)
}

/// The same, where something later has confirmed it, with the day of that.
pub(super) fn told_confirmed(
    entry: &Entry,
    context: &Context<'_>,
    confirmed: Option<Confirmation>,
) -> String {
    let Some(medicine) = medication(entry) else { return String::new() };
    let on = told_on(entry);
    let from = entry.date.filter(|date| on.is_some_and(|on| on != *date));
    let from = from.map_or_else(String::new, |date| format!(", from {}", date.date_text()));
    let ended = entry.end.map_or_else(String::new, |end| format!(", to {}", end.date_text()));
    let reason =
        medicine.status_reason.as_deref().map_or_else(String::new, |why| format!(" ({})", plain(why)));
    let is_active = is_active(entry, context);
    let status = status(entry, medicine, is_active);
    let stale = match ends_on(entry).filter(|end| *end < context.today && entry.end.is_none()) {
        Some(end) if entry.status.as_deref() == Some("active") => format!(", ended by its label about {end}"),
        _ if is_active => stale(entry, context, confirmed),
        _ => String::new(),
    };
    format!("{status}{}{from}{ended}{reason}{stale}", by(entry, medicine, on))
}

fn status(entry: &Entry, medicine: &Medication, is_active: bool) -> String {
    let recorded = entry.status.as_deref().unwrap_or("status not recorded");
    if entry.standing != Standing::NotDone {
        return if is_active || recorded != "active" { plain(recorded) } else { "recorded as active".into() };
    }
    let word = match medicine.role {
        MedicationRole::Order => "do not give",
        MedicationRole::Statement => "not taken",
        MedicationRole::Administration => "not given",
        MedicationRole::Dispense => "not handed out",
    };
    // The order not to give it may itself be over; `active` would be read as the medicine's.
    match recorded {
        "active" | "not-taken" | "not-done" | "status not recorded" => word.to_owned(),
        other => format!("{word} (recorded status: {})", plain(other)),
    }
}

/// Who says so, and when: ` per the order of 2024-03-02`, `, reported by the patient 2024-03-02`.
fn by(entry: &Entry, medicine: &Medication, on: Option<When>) -> String {
    let intent = medicine.intent.as_deref();
    let act = match medicine.role {
        MedicationRole::Order if medicine.is_reported && intent == Some("plan") => {
            let on = on.map_or_else(|| ", not dated".into(), |when| format!(" {}", when.date_text()));
            return format!(", reported by {}{on}", reporter(entry));
        }
        MedicationRole::Order if intent.is_some_and(|intent| intent != "order") => intent.unwrap_or("order"),
        MedicationRole::Order if medicine.is_reported => "reported order",
        MedicationRole::Order => "order",
        MedicationRole::Statement => "statement",
        MedicationRole::Administration => "dose",
        MedicationRole::Dispense => "dispense",
    };
    on.map_or_else(
        || format!(" per an undated {}", plain(act)),
        |when| format!(" per the {} of {}", plain(act), when.date_text()),
    )
}

/// Who reported it: somebody who is named and is not the patient, else the patient.
fn reporter(entry: &Entry) -> String {
    let reporter = entry.actors.iter().find(|actor| actor.role == "reported by");
    let is_patient =
        reporter.is_none_or(|actor| actor.key.as_deref().is_some_and(|key| key.starts_with("Patient/")));
    let name = reporter.and_then(|actor| actor.name.as_deref()).filter(|_| !is_patient);
    name.map_or_else(|| if is_patient { "the patient".into() } else { "somebody else".into() }, plain)
}

/// The day of the order, dose or statement. A statement's own day is that on which it was made; the day
/// from which it holds is told in its place as long as the two lie less than a year apart.
pub fn told_on(entry: &Entry) -> Option<When> {
    let (Some(date), Some(made)) = (entry.date, entry.recorded) else { return entry.date.or(entry.recorded) };
    let is_statement = medication(entry).is_some_and(|medicine| medicine.role == MedicationRole::Statement);
    let is_far = (made.earliest() - date.latest()).get_days() > UNCONFIRMED_DAYS;
    Some(if is_statement && is_far { made } else { date })
}

/// True where nothing says lately enough that it is taken.
pub(super) fn is_unconfirmed(entry: &Entry, context: &Context<'_>, confirmed: Option<Confirmation>) -> bool {
    !stale(entry, context, confirmed).is_empty()
}

/// The mark of what nothing has confirmed for longer than its supply, or a year where no supply is recorded.
fn stale(entry: &Entry, context: &Context<'_>, confirmed: Option<Confirmation>) -> String {
    let dispensed = confirmed.and_then(|(_, by, _)| context.view.entry(by)).and_then(medication);
    let supply = match confirmed {
        // What was handed out lasts as long as that supply says.
        Some(_) => dispensed.and_then(|dispensed| dispensed.supply_days).map(i64::from),
        None => medication(entry).and_then(supply_days),
    };
    let Some(when) = confirmed.map(|(when, _, _)| when).or_else(|| told_on(entry)) else {
        return ", NOT CONFIRMED (no date)".into();
    };
    let lasts = supply.map(|days| when.latest().saturating_add(days.days()));
    if let Some(end) = lasts {
        let is_over = (context.today - end).get_days() > LATE_DAYS;
        return if is_over {
            format!(", NOT CONFIRMED since its supply ended about {end}")
        } else {
            String::new()
        };
    }
    let is_old = (context.today - when.latest()).get_days() > UNCONFIRMED_DAYS;
    match (is_old, confirmed) {
        (false, _) => String::new(),
        (true, Some(_)) => format!(", NOT CONFIRMED since {}", when.date_text()),
        (true, None) => ", NOT CONFIRMED since".into(),
    }
}

/// For how long an order lasts with all its refills, where the supply is recorded.
fn supply_days(medicine: &Medication) -> Option<i64> {
    let days = i64::from(medicine.supply_days.filter(|days| *days > 0)?);
    Some((days * i64::from(medicine.refills.unwrap_or(0).min(24) + 1)).min(SUPPLY_DAYS_MAX))
}

/// The recorded instructions, word for word.
pub fn dosage(entry: &Entry) -> Option<String> {
    let lines: Vec<String> =
        medication(entry)?.dosage.iter().filter_map(|dosage| dosage.shown().map(plain)).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}
