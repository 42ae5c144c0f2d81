//! Why a records store could not be connected to or asked, named by what the person can do about it.

use crate::http;

/// A refusal or failure. Messages hold hosts, our own words and the short codes of RFC 6749, never a value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing at the address is a SMART on FHIR server.
    #[error("no SMART on FHIR server answers at {0}")]
    NotThere(String),
    /// The server does not offer what a safe sign-in needs.
    #[error("{host} cannot be signed in to: {why}")]
    Unsafe {
        /// The server.
        host: String,
        /// What is missing or wrong.
        why: &'static str,
    },
    /// plainchart has no client id there, and none is to be had without a person.
    #[error("plainchart is not registered at this portal, and it registers nobody by itself")]
    NotRegistered {
        /// The page at which an app is registered by hand, where it is known.
        page: Option<&'static str>,
    },
    /// The portal asks for something that only the person can give (`--parameter NAME=VALUE`).
    #[error("this portal needs to be told its {0} (--parameter {0}=VALUE)")]
    MissingParameter(&'static str),
    /// The server refused, with a code of RFC 6749, 5.2 or one of its kin.
    #[error("{doing} was refused: {code}")]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// The code.
        code: String,
    },
    /// What the server answered makes no sense.
    #[error("{doing}: the server's answer is not understood")]
    NotUnderstood {
        /// What was being done.
        doing: &'static str,
    },
    /// The portal does not say, or not in one way, which record was opened.
    #[error("the portal does not say whose record was opened{}", .0)]
    NoPatient(&'static str),
    /// A private key that cannot be read.
    #[error("the private key cannot be read: it is a PEM file with an RSA or P-384 key")]
    BadKey,
    /// The server could not be asked.
    #[error(transparent)]
    Http(#[from] http::Error),
}

impl Error {
    /// True where only a new sign-in helps: what was granted has ended (RFC 6749, 5.2).
    pub fn needs_sign_in(&self) -> bool {
        matches!(self, Error::Refused { code, .. } if code == "invalid_grant")
    }

    /// True where the same may succeed later.
    pub fn may_pass(&self) -> bool {
        match self {
            Error::Http(error) => error.may_pass(),
            Error::Refused { code, .. } => {
                ["temporarily_unavailable", "server_error"].contains(&code.as_str())
            }
            _ => false,
        }
    }
}

/// The code of a refusal as it may be shown: RFC 6749 allows letters that a terminal should not see.
pub(super) fn code(code: &str) -> String {
    let plain = code.chars().filter(|sign| sign.is_ascii_alphanumeric() || "_-".contains(*sign));
    let code: String = plain.take(40).collect();
    if code.is_empty() { "no reason given".into() } else { code }
}
