//! In which part of the list a condition stands: what is refuted or unconfirmed is no fact, and a visit's
//! diagnosis is not on the problem list.

use super::condition;
use crate::insight::Context;
use crate::insight::problems::{Meanings, is_long_ago};
use crate::record::{ConditionList, Entry, Standing};

/// The parts of the list, in the order in which they are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Active,
    /// On the list as active, but a passing thing of long ago.
    LongAgo,
    /// On the list as active, but family history, a suspicion, a screening, a risk.
    NoIllness,
    Unconfirmed,
    NoStatus,
    Concern,
    VisitActive,
    Past,
    PastConcern,
    Visit,
    Refuted,
    Withdrawn,
    /// "None known" and "not asked" are told above the rows, never as an illness.
    Statement,
}

/// Each part with the word for it in the typed form, and its heading.
pub(super) const PARTS: [(Part, &str, &str); 12] = [
    (Part::Active, "active", "Problem list, active"),
    (
        Part::LongAgo,
        "active, long ago",
        "Problem list, recorded as active long ago (such things commonly pass; ask whether it is over)",
    ),
    (
        Part::NoIllness,
        "no illness",
        "On the problem list, but no established illness (family history, suspicion, screening, risk)",
    ),
    (
        Part::Unconfirmed,
        "unconfirmed",
        "Unconfirmed (suspected, provisional or differential; not established)",
    ),
    (Part::NoStatus, "status not recorded", "Problem list, status not recorded"),
    (Part::Concern, "concern", "Health concerns"),
    (
        Part::VisitActive,
        "visit diagnosis, active",
        "Visit diagnoses recorded as active (not on the problem list)",
    ),
    (Part::Past, "past", "Problem list, past or resolved"),
    (Part::PastConcern, "past concern", "Health concerns, past"),
    (Part::Visit, "visit diagnosis", "Visit diagnoses, past or without a status"),
    (Part::Refuted, "refuted", "Refuted (recorded as NOT the case)"),
    (Part::Withdrawn, "entered in error", "Entered in error (withdrawn by the source)"),
];

/// The parts that each status asks for.
pub(super) const STATUS: [(&str, &[Part]); 5] = [
    (
        "active",
        &[
            Part::Active,
            Part::LongAgo,
            Part::NoIllness,
            Part::Unconfirmed,
            Part::NoStatus,
            Part::Concern,
            Part::VisitActive,
        ],
    ),
    ("past", &[Part::Past, Part::PastConcern, Part::Visit]),
    ("refuted", &[Part::Refuted]),
    ("entered-in-error", &[Part::Withdrawn]),
    ("all", &ALL),
];

/// All parts.
pub(super) const ALL: [Part; 12] = [
    Part::Active,
    Part::LongAgo,
    Part::NoIllness,
    Part::Unconfirmed,
    Part::NoStatus,
    Part::Concern,
    Part::VisitActive,
    Part::Past,
    Part::PastConcern,
    Part::Visit,
    Part::Refuted,
    Part::Withdrawn,
];

/// The part of an entry.
pub(super) fn part_of(entry: &Entry, context: &Context<'_>) -> Part {
    match entry.standing {
        Standing::EnteredInError => return Part::Withdrawn,
        Standing::Refuted | Standing::NotDone => return Part::Refuted,
        Standing::NoneKnown | Standing::NotAsked => return Part::Statement,
        Standing::Stated | Standing::Unconfirmed => {}
    }
    let list = condition(entry).map(|condition| condition.list).unwrap_or_default();
    let present = is_present(entry, context);
    match (list, present) {
        (_, Some(true)) if entry.standing == Standing::Unconfirmed => Part::Unconfirmed,
        (_, None) if entry.standing == Standing::Unconfirmed => Part::Unconfirmed,
        (ConditionList::Problem, Some(true)) => Part::Active,
        (ConditionList::Problem, Some(false)) => Part::Past,
        (ConditionList::Problem, None) => Part::NoStatus,
        (ConditionList::Concern, Some(false)) => Part::PastConcern,
        (ConditionList::Concern, _) => Part::Concern,
        (ConditionList::Visit, Some(true)) => Part::VisitActive,
        (ConditionList::Visit, _) => Part::Visit,
    }
}

/// The part of an entry, with what its words mean: what stands as active and is no illness of today is told
/// apart.
pub(super) fn told_in<'a>(entry: &'a Entry, context: &Context<'_>, meanings: &mut Meanings<'a>) -> Part {
    let part = part_of(entry, context);
    if part != Part::Active {
        return part;
    }
    let meaning = meanings.of(entry);
    let is_over = meaning.known.is_some_and(|known| is_long_ago(known, entry, context.today));
    match meaning.no_illness {
        Some(_) => Part::NoIllness,
        None if is_over => Part::LongAgo,
        None => Part::Active,
    }
}

/// Whether it is recorded as present; `None` where nothing says so. An end that has come outweighs a
/// status that nobody has changed since.
fn is_present(entry: &Entry, context: &Context<'_>) -> Option<bool> {
    let has_ended = entry.end.is_some_and(|end| end.earliest() <= context.today)
        || condition(entry).is_some_and(|condition| condition.end_text.is_some());
    match entry.status.as_deref() {
        _ if has_ended => Some(false),
        Some("active" | "recurrence" | "relapse") => Some(true),
        Some("inactive" | "remission" | "resolved" | "completed") => Some(false),
        _ => None,
    }
}
