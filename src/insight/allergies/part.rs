//! In which part of the list an allergy stands: what is refuted or resolved is no present allergy.

use super::allergy;
use crate::record::{Entry, Standing};

/// The parts of the list, in the order in which they are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Allergy,
    Intolerance,
    Unconfirmed,
    Past,
    Refuted,
    Withdrawn,
    /// "None known" and "not asked" are told above the rows, never as an allergy.
    Statement,
}

/// Each part with the word for it in the typed form, and its heading.
pub(super) const PARTS: [(Part, &str, &str); 6] = [
    (Part::Allergy, "allergy", "Allergies"),
    (Part::Intolerance, "intolerance", "Intolerances"),
    (Part::Unconfirmed, "unconfirmed", "Unconfirmed (treated as possible until a clinician has said)"),
    (Part::Past, "inactive or resolved", "Inactive or resolved"),
    (Part::Refuted, "refuted", "Refuted (recorded as NOT an allergy)"),
    (Part::Withdrawn, "entered in error", "Entered in error (withdrawn by the source)"),
];

/// All parts.
pub(super) const ALL: [Part; 6] =
    [Part::Allergy, Part::Intolerance, Part::Unconfirmed, Part::Past, Part::Refuted, Part::Withdrawn];

/// The parts that each status asks for.
pub(super) const STATUS: [(&str, &[Part]); 5] = [
    ("active", &[Part::Allergy, Part::Intolerance, Part::Unconfirmed]),
    ("past", &[Part::Past]),
    ("refuted", &[Part::Refuted]),
    ("entered-in-error", &[Part::Withdrawn]),
    ("all", &ALL),
];

/// True for what is to be told as an allergy or intolerance of today, an unconfirmed one too: to leave
/// out a possible allergy is the greater danger.
pub fn is_present(entry: &Entry) -> bool {
    matches!(part_of(entry), Part::Allergy | Part::Intolerance | Part::Unconfirmed)
}

/// The part of an entry.
pub(super) fn part_of(entry: &Entry) -> Part {
    match entry.standing {
        Standing::NoneKnown | Standing::NotAsked => return Part::Statement,
        Standing::EnteredInError => return Part::Withdrawn,
        Standing::Refuted | Standing::NotDone => return Part::Refuted,
        Standing::Stated | Standing::Unconfirmed => {}
    }
    if matches!(entry.status.as_deref(), Some("inactive" | "resolved")) {
        return Part::Past;
    }
    let is_intolerance = allergy(entry).and_then(|allergy| allergy.kind.as_deref()) == Some("intolerance");
    match (entry.standing, is_intolerance) {
        (Standing::Unconfirmed, _) => Part::Unconfirmed,
        (_, true) => Part::Intolerance,
        (_, false) => Part::Allergy,
    }
}
