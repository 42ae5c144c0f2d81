//! Whether a visit took place, is still ahead, or did not happen.

use crate::record::Entry;

/// Whether a visit took place, as far as the record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Took {
    /// It took place, or is going on.
    Place,
    /// Booked, or dated after today.
    Ahead,
    /// It was booked for a day that is past, and nothing more is recorded.
    Unknown,
    /// It was cancelled, or nobody came.
    NoPlace,
}

impl Took {
    /// Of a visit.
    pub fn of(entry: &Entry, today: jiff::civil::Date) -> Took {
        let status = entry.status.as_deref().unwrap_or_default();
        let is_past = entry.date.is_some_and(|when| when.latest() < today);
        if matches!(status, "cancelled" | "noshow" | "no-show") {
            return Took::NoPlace;
        }
        match matches!(status, "planned" | "booked" | "proposed" | "pending" | "waitlist") {
            true if is_past => Took::Unknown,
            true => Took::Ahead,
            false if entry.date.is_some_and(|when| when.earliest() > today) => Took::Ahead,
            false => Took::Place,
        }
    }
}
