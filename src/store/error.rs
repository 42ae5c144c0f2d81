//! What can go wrong in the store, named by what the caller can do about it.

use super::key::Kind;

/// The cause below an error of an engine, a file or a codec.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A store's refusal or failure. No message holds personal data: rows are named by kind alone.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another writer was first: read again, apply the change again, write again.
    #[error("another writer was first")]
    Conflict,
    /// A claim ran out and was taken by another worker, or its row was written since.
    #[error("the claim on this work has run out")]
    Fenced,
    /// Another process held the store for longer than anyone should: try again.
    #[error("the store is busy")]
    Busy,
    /// The person is not in this store (any more).
    #[error("this person is not in the store")]
    NoPerson,
    /// The label is already that of another person in this store.
    #[error("this name is already taken")]
    NameTaken,
    /// The label is empty, too long or not one line.
    #[error("a name is one line of at most 100 characters")]
    BadName,
    /// A row was changed, swapped, replayed or lost outside this program.
    #[error("a {} row of this store was changed or lost outside plainchart: restore a backup", .0.word())]
    Damaged(Kind),
    /// Written by a newer version of this program.
    #[error("{what} has format {found}, and this version knows {known} at most: update plainchart")]
    Newer {
        /// What is newer.
        what: &'static str,
        /// The format that was found.
        found: u64,
        /// The newest that this version reads.
        known: u64,
    },
    /// Sealed under a master key that is not at hand.
    #[error("this store is sealed under the master key {0}, which is not at hand")]
    OtherKey(String),
    /// The master key could not be had or kept.
    #[error(transparent)]
    Key(#[from] super::keys::Error),
    /// The URL names no engine that is known.
    #[error("a store is `memory:`, `sqlite:PATH` or `postgres://HOST/DATABASE`")]
    UnknownEngine,
    /// The URL of a database says what cannot be done. Nothing of it is repeated: it may hold a password.
    #[error("the URL of the store is not right: {0}")]
    BadUrl(&'static str),
    /// The database server does not answer, or the connection ended: what was written last may be there or not.
    #[error("the database server cannot be reached, or has ended the connection")]
    Unreachable(#[source] Cause),
    /// The database server answers, and refuses: a password, a right, a full disk.
    #[error("the database server refused")]
    Refused(#[source] Cause),
    /// The file or the database is not a store of this program.
    #[error("this is not a plainchart store")]
    Foreign,
    /// A backup or a restore would overwrite what is there.
    #[error("this would overwrite a store or a file that is already there")]
    NotEmpty,
    /// The body is larger than a row may be.
    #[error("{0} bytes are too many for one row")]
    TooLarge(usize),
    /// The engine, a file or a codec failed.
    #[error("{doing} failed")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        cause: Cause,
    },
}

impl Error {
    /// For `map_err`: what was being done, around the cause.
    pub(crate) fn failed<E: Into<Cause>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |cause| Self::Failed { doing, cause: cause.into() }
    }
}
