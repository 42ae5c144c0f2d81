//! Why a portal could not be connected, fetched from or removed.

use crate::sources::smart;
use crate::store;

/// A refusal or failure. Messages hold nothing of the record, and no secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection of this name or id.
    #[error("no connected portal has this name")]
    NoSuchPortal,
    /// Another process works on it.
    #[error("another plainchart is fetching from this portal just now")]
    Busy,
    /// Another process has taken it over, or it was removed.
    #[error("this portal was removed or taken over while it was fetched from")]
    TakenOver,
    /// Only a new sign-in helps.
    #[error("the sign-in at this portal has ended: {0}")]
    SignInEnded(String),
    /// Nobody has signed in while it was waited for.
    #[error("nobody signed in, and the address to sign in at is no longer good; nothing was kept")]
    NotSignedIn,
    /// The person has stopped it.
    #[error("stopped; what was fetched so far is kept, and the next refresh goes on there")]
    Stopped,
    /// The sign-in did not end in an answer.
    #[error(transparent)]
    Callback(#[from] smart::authorize::Mismatch),
    /// No port of this machine could be listened on.
    #[error("no address on this machine could be opened for the sign-in to come back to")]
    Listen(#[source] std::io::Error),
    /// The portal could not be asked, or refused.
    #[error(transparent)]
    Portal(#[from] smart::Error),
    /// The record refused what was fetched: it is somebody else's, or cannot be told apart.
    #[error(transparent)]
    Import(#[from] crate::ingest::Error),
    /// The directory could not be opened.
    #[error(transparent)]
    Directory(#[from] crate::ingest::directory::Error),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// What happened, for a log: which portal it was would say where somebody is treated.
    pub fn kind(&self) -> &'static str {
        use smart::Error as S;
        match self {
            Error::NoSuchPortal => "no such connection",
            Error::Busy | Error::TakenOver => "another process works on it",
            Error::SignInEnded(_) => "the sign-in has ended",
            Error::NotSignedIn | Error::Callback(_) => "nobody signed in",
            Error::Stopped => "stopped",
            Error::Listen(_) => "no port could be listened on",
            Error::Portal(S::Http(_) | S::NotThere(_)) => "it could not be reached",
            Error::Portal(S::NotRegistered { .. }) => "not registered there",
            Error::Portal(S::Refused { .. }) => "it refused",
            Error::Portal(_) => "it cannot be used as it is",
            Error::Import(_) => "the record refused what came",
            Error::Directory(_) => "the directory could not be opened",
            Error::Store(_) => "the store refused or failed",
        }
    }
}
