//! When the person of a record was born: the rules of age go by it.

use jiff::civil::Date;

use super::account::Relation;
use crate::record::{Detail, Record};

/// Every birth that a record tells, sources disagreeing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Births(Vec<Date>);

impl Births {
    /// Those of a record: of a month or a year, its first day.
    pub fn of(record: &Record) -> Births {
        let told = record.entries.iter().filter(|entry| entry.is_live());
        let births = told.filter_map(|entry| match &entry.detail {
            Detail::Person(person) => person.birth.map(|birth| birth.earliest()),
            _ => None,
        });
        Births(births.collect())
    }

    /// The one that counts today for an account that is this to the person: of several the one that gives a parent
    /// the older child, and whoever acts for an adult the younger person. A day to come is nobody's birth.
    pub fn known_to(&self, relation: Relation, today: Date) -> Option<Date> {
        let births = self.0.iter().copied().filter(|birth| *birth <= today);
        match relation {
            Relation::Own | Relation::Parent => births.min(),
            Relation::ForAdult => births.max(),
        }
    }
}
