//! Why nothing comes of a link. No message holds more of it than the host.

use crate::http;

/// A refusal or failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no link.
    #[error("this is no SMART Health Link that can be read: {0}")]
    NotALink(&'static str),
    /// Its time is over; nobody was asked.
    #[error("the link was valid until {0}; nobody was asked")]
    Expired(jiff::civil::Date),
    /// It needs a passcode, and none was given.
    #[error("the link needs a passcode")]
    NeedsPasscode,
    /// The passcode is wrong. Each try counts, so that none is made without the person.
    #[error("{host} did not take the passcode{}", attempts(*.remaining))]
    WrongPasscode {
        /// Who was asked.
        host: String,
        /// How many tries are left, where it says.
        remaining: Option<u32>,
    },
    /// The link is not shared any more, or never was.
    #[error("{0} does not share this link (any more)")]
    NotShared(String),
    /// It was asked too often.
    #[error("{host} asks to wait{}", wait(*.seconds))]
    Wait {
        /// Who was asked.
        host: String,
        /// How long.
        seconds: Option<u64>,
    },
    /// The answer is none that a link gives.
    #[error("{host} did not answer as a link does: {what}")]
    NotUnderstood {
        /// Who was asked.
        host: String,
        /// What is wrong.
        what: String,
    },
    /// The network, or an address that is not asked.
    #[error(transparent)]
    Http(#[from] http::Error),
}

fn attempts(remaining: Option<u32>) -> String {
    match remaining {
        None => String::new(),
        Some(0) => "; no attempt is left, the link is closed".into(),
        Some(1) => "; 1 attempt is left before the link is closed".into(),
        Some(more) => format!("; {more} attempts are left before the link is closed"),
    }
}

fn wait(seconds: Option<u64>) -> String {
    seconds.map_or_else(|| " before it is asked again".into(), |seconds| format!(" for {seconds} seconds"))
}
