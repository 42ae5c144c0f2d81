//! Why the master key could not be had or kept, and what the person can do about it.

use std::path::PathBuf;

use super::super::error::Cause;

/// A master key's refusal or failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The passphrase has not been given in this session.
    #[error("the store is locked: run `plainchart unlock`")]
    Locked,
    /// It was given, and it is another one.
    #[error("this is not the passphrase of this store")]
    WrongPassphrase,
    /// There is a store, but the place of its key is empty.
    #[error("the key of this store was not found ({0})")]
    NotFound(String),
    /// What is there is not a key.
    #[error("{0} does not hold a key: base64 of 32 bytes was expected")]
    NotAKey(String),
    /// Others on this machine could read the key file.
    #[error("{} can be read by others: run `chmod 600` on it", .0.display())]
    OpenToOthers(PathBuf),
    /// A key beside what it opens protects nothing.
    #[error("{} lies inside the data folder: keep the key elsewhere", .0.display())]
    BesideData(PathBuf),
    /// There is no folder that ends with the session.
    #[error(
        "there is no session folder in memory here: use the system's key store, or PLAINCHART_PASSPHRASE"
    )]
    NoRuntimeFolder,
    /// A key in the environment is changed where it is set.
    #[error(
        "the key is set in the environment: set PLAINCHART_KEY to the new key and PLAINCHART_KEY_PREVIOUS to the old one"
    )]
    ReadOnly,
    /// The operating system's key store, or a file, failed.
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
