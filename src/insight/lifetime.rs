//! What cannot be: a result after the death, a diagnosis before the birth, a dose of next year.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::whose::people;
use crate::record::{Death, Entry, Kind, View};

/// The days on which something can have happened to the person.
#[derive(Clone, Copy, Debug)]
pub struct Lifetime {
    born: Option<Date>,
    died: Option<Date>,
    today: Date,
}

impl Lifetime {
    /// From what the sources say of birth and death: of several dates the ones that leave most room.
    pub fn of(view: &View, today: Date) -> Lifetime {
        let born = people(view).filter_map(|person| person.birth).map(|birth| birth.earliest()).min();
        let died = people(view).filter_map(|person| match person.death {
            Death::Died(when) => when.map(|when| when.latest()),
            Death::NotRecorded => None,
        });
        Lifetime { born, died: died.max(), today }
    }

    /// The last day of life, where it is known.
    pub fn died(&self) -> Option<Date> {
        self.died
    }

    /// Why an entry's date cannot be, if it cannot. A day of grace lies around birth and death: instants are
    /// recorded in many time zones.
    pub fn objection(&self, entry: &Entry) -> Option<&'static str> {
        let when = entry.date?;
        if is_ahead(entry) {
            return None;
        }
        if when.earliest() > self.today {
            return (!may_lie_ahead(entry.kind())).then_some("after today");
        }
        if !happens_to_the_person(entry.kind()) {
            return None;
        }
        if self.born.is_some_and(|born| when.latest().saturating_add(1.day()) < born) {
            return Some("before the birth");
        }
        let died = self.died.map(|died| died.saturating_add(1.day()));
        died.is_some_and(|died| when.earliest() > died).then_some("after the death")
    }
}

/// A visit can be booked, a goal due, an order begin tomorrow.
fn may_lie_ahead(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Condition
            | Kind::Lab
            | Kind::Vital
            | Kind::Immunization
            | Kind::Procedure
            | Kind::Imaging
            | Kind::Document
    )
}

/// Kinds whose date is a day of the person's life. A document may be written later, a relative's illness
/// lies before.
fn happens_to_the_person(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Condition
            | Kind::Medication
            | Kind::Lab
            | Kind::Vital
            | Kind::Immunization
            | Kind::Procedure
            | Kind::Imaging
            | Kind::Visit
    )
}

/// True of what is only prepared or booked: its date may lie ahead.
pub fn is_ahead(entry: &Entry) -> bool {
    matches!(
        entry.status.as_deref(),
        Some("preparation" | "planned" | "booked" | "proposed" | "pending" | "draft" | "waitlist")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::{entry, person, with};
    use crate::record::{Detail, When};

    #[test]
    fn nothing_happens_before_the_birth_after_the_death_or_after_today() {
        let born = |person: &mut crate::record::Person| {
            person.birth = When::parse("1950-06-01");
            person.death = Death::Died(When::parse("2025-05-14"));
        };
        let view = crate::insight::testing::view(vec![person(born)]);
        let lifetime = Lifetime::of(&view, jiff::civil::date(2026, 11, 1));
        let objection = |id: &str, date: &str| lifetime.objection(&entry(id, "x", date, Detail::Plain));
        assert_eq!(objection("L000001", "2025-06-02"), Some("after the death"));
        assert_eq!(objection("L000001", "2025-05-15"), None, "a day of grace");
        assert_eq!(objection("C000001", "1949"), Some("before the birth"));
        assert_eq!(objection("C000001", "1950"), None, "a year that holds the birth");
        assert_eq!(objection("P000001", "2030-01-01"), Some("after today"));
        assert_eq!(objection("D000001", "2025-07-01"), None, "a report may be written later");
        let planned = with(entry("P000002", "x", "2026-12-01", Detail::Plain), |entry| {
            entry.status = Some("preparation".into());
        });
        assert_eq!(lifetime.objection(&planned), None);
    }
}
