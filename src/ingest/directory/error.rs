//! Why the directory could not be changed or opened, named by what the person can do about it.

use crate::sources::directory;
use crate::{http, store};

/// A refusal or failure. Nothing of the directory was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing is taken from the bundle.
    #[error(transparent)]
    Bundle(#[from] directory::Error),
    /// The server does not give it.
    #[error("{host} answers {status}")]
    Refused {
        /// Who.
        host: String,
        /// The status.
        status: u16,
    },
    /// It could not be fetched.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// No bundle has this name.
    #[error("no bundle of the directory has this name")]
    NoSuchBundle,
    /// The name is empty, too long or not one line.
    #[error("the name of a bundle is one line of at most 200 characters")]
    BadName,
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}
