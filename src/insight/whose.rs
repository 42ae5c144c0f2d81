//! Whose record it is: said first in every answer.

use schemars::JsonSchema;
use serde::Serialize;

use crate::record::{Death, Detail, Entry, Kind, Person, View};

/// The person of the record, in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Whose {
    /// The name as recorded.
    pub name: String,
    /// The year of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born: Option<i16>,
    /// Present when the person has died: the date, or "date not recorded".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub died: Option<String>,
}

impl Whose {
    /// The person of a view.
    pub fn of(view: &View) -> Whose {
        let people = || people(view);
        let name = people().find_map(Person::name).unwrap_or_else(|| "name not recorded".into());
        let born = people().find_map(|person| person.birth).map(|birth| birth.year());
        // A death that one source records is told, though another has not heard of it.
        let deaths = people().filter_map(|person| match person.death {
            Death::Died(when) => Some(when),
            Death::NotRecorded => None,
        });
        let died = deaths.max().map(|when| when.map_or("date not recorded".into(), |when| when.date_text()));
        Whose { name: super::plain(&name), born, died }
    }

    /// `Maria Alvarez, born 1961`; a death is said at once.
    pub fn line(&self) -> String {
        let born = self.born.map_or_else(|| "birth year not recorded".into(), |year| format!("born {year}"));
        let died = self.died.as_ref().map_or_else(String::new, |died| format!(", DIED {died}"));
        format!("**{}**, {born}{died}", self.name)
    }
}

/// The person as each source describes them: the one that was changed last
/// first, else the one with the fullest name.
pub fn people(view: &View) -> impl Iterator<Item = &Person> {
    let mut entries: Vec<_> = view.entries(Kind::Demographics).collect();
    let name_length = |entry: &Entry| match &entry.detail {
        Detail::Person(person) => person.name().map_or(0, |name| name.len()),
        _ => 0,
    };
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.updated, name_length(entry), entry.id)));
    entries.into_iter().filter_map(|entry| match &entry.detail {
        Detail::Person(person) => Some(&**person),
        _ => None,
    })
}
