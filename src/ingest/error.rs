//! Why an import, a note or an export was refused or failed, named by what the person can do about it.

use super::names::Difference;
use super::people::PersonFound;
use crate::store;

/// A refusal or failure. Messages hold nothing of the record; what may be shown to the person at this
/// machine (names, birth years) is in the fields.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input holds several people, and nothing says which of them is meant.
    #[error("the input holds several people: say which one is meant (--patient)")]
    SeveralPeople {
        /// Who they are.
        people: Vec<PersonFound>,
    },
    /// Nobody in the input, or more than one, is the person that was asked for.
    #[error("not exactly one person of the input has this name or id")]
    NoSuchPerson {
        /// Who is there.
        people: Vec<PersonFound>,
    },
    /// The input is about somebody else.
    #[error("the input is about somebody else: {}", .difference.words())]
    SomebodyElse {
        /// What differs.
        difference: Difference,
        /// Whom the input is about.
        found: PersonFound,
    },
    /// It may be the same person, but only the person can say so.
    #[error("{}: if it is the same person, say so (--same-person)", .doubt.words())]
    Unconfirmed {
        /// What is in doubt.
        doubt: Doubt,
        /// Whom the input is about, where it says.
        found: Option<PersonFound>,
    },
    /// An entry that a note is about, or whose original is wanted, is not in the record.
    #[error("no entry of the record has this id")]
    NoSuchEntry,
    /// A note without words.
    #[error("the note is empty")]
    EmptyNote,
    /// Other writers were first, again and again.
    #[error("the record is being changed by others all the time: try again")]
    Contended,
    /// A file of an export could not be written.
    #[error("a file of the export could not be written")]
    Export(#[source] std::io::Error),
    /// The record would have more entries than it may.
    #[error("a record here has at most {0} entries")]
    TooManyEntries(usize),
    /// The files hold more than an import may.
    #[error(transparent)]
    Files(#[from] crate::sources::Error),
    /// Nothing came of a link.
    #[error(transparent)]
    Link(#[from] crate::sources::links::Error),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What is in doubt about whom an input is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The name is another.
    OtherName,
    /// The recorded sex is another.
    OtherSex,
    /// Name or birth date are missing on one side, and no identifier is shared.
    TooLittle,
    /// The input has no Patient, and its references are not known to the record.
    NoPatient,
}

impl Doubt {
    fn words(self) -> &'static str {
        match self {
            Doubt::OtherName => "the input has another name than the record",
            Doubt::OtherSex => "the input has another sex than the record",
            Doubt::TooLittle => {
                "the input or the record lacks the name or the birth date, so they cannot be compared"
            }
            Doubt::NoPatient => "the input does not say whom it is about in a way the record knows",
        }
    }
}

impl Difference {
    fn words(self) -> &'static str {
        match (self.birth, self.name && self.sex) {
            (true, _) => "another birth date",
            (false, true) => "another name and another sex",
            (false, false) => "no difference",
        }
    }
}
