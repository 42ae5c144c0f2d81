//! The people in an account's care, as pages show them.

use super::form::Form;
use crate::access::account::{Care, Relation};

/// Somebody whose record can be chosen.
pub struct Chosen {
    /// The id in addresses.
    pub id: String,
    /// What the account calls them.
    pub label: String,
    /// What the account is to them.
    pub relation: &'static str,
    /// Whether the page is about them.
    pub is_shown: bool,
}

/// Everyone, of whom one is shown.
pub fn chosen(people: &[Care], shown: Option<&Care>) -> Vec<Chosen> {
    let of = |care: &Care| Chosen {
        id: care.owner.as_str().to_owned(),
        label: care.label.clone(),
        relation: relation(care.relation),
        is_shown: shown.is_some_and(|shown| shown.owner == care.owner),
    };
    people.iter().map(of).collect()
}

/// What an account is to a person, in words.
pub fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Own => "your own record",
        Relation::Parent => "you are a parent or guardian",
        Relation::ForAdult => "you act for this adult",
    }
}

/// The relation of a form.
pub fn named_relation(name: &str) -> Option<Relation> {
    match name {
        "own" => Some(Relation::Own),
        "parent" => Some(Relation::Parent),
        "for_adult" => Some(Relation::ForAdult),
        _ => None,
    }
}

/// `your record`, or whose else it is.
pub fn whose(care: &Care) -> String {
    match care.relation {
        Relation::Own => "your record".into(),
        Relation::Parent | Relation::ForAdult => format!("the record of {}", care.label),
    }
}

/// The form for a new person: what was typed before, and what has to be looked at.
#[derive(Default)]
pub struct Adding {
    /// What the person is called.
    pub label: String,
    /// The relation that is chosen.
    pub relation: String,
    /// The day of birth.
    pub born: String,
    /// What is wrong with the name.
    pub label_error: Option<&'static str>,
    /// What is wrong with the relation.
    pub relation_error: Option<&'static str>,
    /// What is wrong with the day.
    pub born_error: Option<&'static str>,
}

impl Adding {
    /// Before anything was typed: the first is oneself, most likely.
    pub fn begun(is_first: bool) -> Adding {
        let relation = if is_first { "own" } else { "" };
        Adding { relation: relation.into(), ..Adding::default() }
    }

    /// As it was sent.
    pub fn of_form(form: &Form) -> Adding {
        let text = |name| form.text(name).to_owned();
        Adding { label: text("label"), relation: text("relation"), born: text("born"), ..Adding::default() }
    }
}
