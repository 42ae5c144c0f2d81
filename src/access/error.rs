//! Why a record cannot be seen, with what to do about it.

use crate::store;
use crate::store::keys;

/// A refusal or failure of access. No message holds personal data.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was imported yet.
    #[error("there is no record here yet")]
    NoRecord,
    /// Nobody of this name is in the store.
    #[error("nobody of this name is in the store")]
    UnknownPerson,
    /// Several people are in the store and none was named.
    #[error("several people are in this store")]
    WhichPerson,
    /// The grant has run out.
    #[error("the permission to read this record has run out")]
    Expired,
    /// The stored grant cannot be read, or was removed from outside.
    #[error("the stored permission cannot be read")]
    BrokenGrant,
    /// The assistant may read the record, and not have anything done.
    #[error("the person has let this assistant read the record, not ask portals for what is new")]
    ReadOnly,
    /// The chain of the audit does not hold: a line was changed, removed or added from outside.
    #[error("the audit was changed outside plainchart, at line {0}")]
    BrokenAudit(u64),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// One sentence on what the person can do, with the exact command where there is one.
    pub fn next_step(&self) -> &'static str {
        match self {
            Error::NoRecord => "Run `plainchart import PATH` with the files to read, then ask again",
            Error::UnknownPerson => {
                "Run `plainchart people` to see the names, then `plainchart serve --person NAME`"
            }
            Error::WhichPerson => {
                "Start the server as `plainchart serve --person NAME`; `plainchart people` lists the names"
            }
            Error::Expired => "Run `plainchart grants` to see and renew it",
            Error::ReadOnly => "The person does it themself on the page /sources of this server",
            Error::BrokenGrant => "Run `plainchart grants` to set it again",
            Error::BrokenAudit(_) => {
                "Run `plainchart activity`, and restore a backup with `plainchart restore`"
            }
            Error::Store(error) => store_step(error),
        }
    }
}

impl Error {
    /// The same for somebody whose record is kept on a server: they have its pages, of which these are the addresses of
    /// the sources and of the assistant that asks, and no command line.
    pub fn hosted_step(&self, sources: &str, assistant: &str) -> String {
        use store::Error as E;
        match self {
            Error::NoRecord => format!("The person brings their records in at {sources}"),
            Error::Expired => format!("The person renews it at {assistant}"),
            Error::ReadOnly => {
                format!("The person allows it at {assistant}, or does it themself at {sources}")
            }
            Error::Store(E::NoPerson) => "The record is no longer kept here".into(),
            Error::Store(E::Busy | E::Conflict | E::Fenced) => "Ask again in a moment".into(),
            Error::UnknownPerson
            | Error::WhichPerson
            | Error::BrokenGrant
            | Error::BrokenAudit(_)
            | Error::Store(_) => "Whoever runs this server has to look at it".into(),
        }
    }
}

fn store_step(error: &store::Error) -> &'static str {
    use store::Error as E;
    match error {
        E::Key(keys::Error::Locked) => "Run `plainchart unlock` in a terminal, then ask again",
        E::Key(_) | E::OtherKey(_) => "Run `plainchart keys` to see where the key is expected",
        E::Busy | E::Conflict | E::Fenced => "Ask again in a moment",
        E::NoPerson => "Run `plainchart import PATH` to bring the record in again",
        E::Newer { .. } => "Nothing was changed",
        E::Damaged(_) | E::Foreign | E::Failed { .. } | E::TooLarge(_) => {
            "Run `plainchart status`, and restore a backup with `plainchart restore` if it says so"
        }
        E::UnknownEngine | E::BadUrl(_) => "Correct PLAINCHART_STORE",
        E::Unreachable(_) => {
            "See that the database server runs and that PLAINCHART_STORE names it, then ask again"
        }
        E::Refused(_) => "Run `plainchart status` to see what the database server says",
        E::NameTaken | E::BadName | E::NotEmpty => "Run `plainchart status`",
    }
}
