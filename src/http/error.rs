//! Why a server could not be asked, or its answer not be had. Nothing here names more than a host.

use std::error::Error as StdError;
use std::io;

use super::body::Stopped;
use super::resolver::Inside;

/// A refusal or failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Only https is spoken, and http with this machine alone.
    #[error("{0} is not asked: only https addresses are")]
    NotSecure(String),
    /// The address lies inside of a private network.
    #[error(
        "{0} is not asked: it is an address inside of a private network, which the operator has not allowed"
    )]
    Private(String),
    /// There is no way out at all: on a bare system its certificates are missing.
    #[error("outgoing connections could not be set up; are the certificates of this system installed?")]
    NotSetUp(#[source] Box<dyn StdError + Send + Sync>),
    /// No connection, or it broke.
    #[error("{host} could not be reached")]
    Unreachable {
        /// The host.
        host: String,
        /// Why, without the address.
        #[source]
        cause: Box<dyn StdError + Send + Sync>,
    },
    /// It took too long.
    #[error("{0} took too long to answer")]
    TimedOut(String),
    /// The answer is longer than allowed, in bytes.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(u64),
    /// One redirect after the other.
    #[error("{0} sends on from address to address without an end")]
    TooManyRedirects(String),
    /// It sends on to nowhere, or sends on what may not be sent on.
    #[error("{0} sends on to another address, which is not followed")]
    Redirected(String),
    /// A token or an id that no header can hold.
    #[error("a header would hold signs that are not allowed there")]
    BadHeader,
}

impl Error {
    pub(super) fn unreachable(host: &str, cause: reqwest::Error) -> Error {
        // The address of a request may name a patient.
        Error::Unreachable { host: host.to_owned(), cause: Box::new(cause.without_url()) }
    }

    pub(super) fn of(host: &str, cause: reqwest::Error) -> Error {
        if cause.is_timeout() {
            return Error::TimedOut(host.to_owned());
        }
        let mut below = StdError::source(&cause);
        while let Some(error) = below {
            if error.is::<Inside>() {
                return Error::Private(host.to_owned());
            }
            below = error.source();
        }
        Error::unreachable(host, cause)
    }

    /// The reason behind an error of reading a body.
    pub fn of_reading(error: io::Error) -> Error {
        let stopped = error.get_ref().and_then(|cause| cause.downcast_ref::<Stopped>());
        match stopped {
            Some(Stopped::TooLarge(max)) => Error::TooLarge(*max),
            Some(Stopped::TimedOut) => Error::TimedOut("the server".into()),
            None => Error::of_broken(error),
        }
    }

    fn of_broken(error: io::Error) -> Error {
        let is_timeout = error.get_ref().and_then(|cause| cause.downcast_ref::<reqwest::Error>());
        if is_timeout.is_some_and(reqwest::Error::is_timeout) || error.kind() == io::ErrorKind::TimedOut {
            return Error::TimedOut("the server".into());
        }
        Error::Unreachable { host: "the server".into(), cause: error.kind().to_string().into() }
    }

    /// True where the same request may succeed a little later.
    pub fn may_pass(&self) -> bool {
        matches!(self, Error::Unreachable { .. } | Error::TimedOut(_))
    }
}
