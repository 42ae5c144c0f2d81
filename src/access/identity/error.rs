//! Why nobody is signed in by the identity provider. No message holds a name, a code or a token.

use openidconnect::core::CoreErrorResponseType;
use openidconnect::{RequestTokenError, StandardErrorResponse};

use crate::{http, store};

/// What a provider says in a code of its own is told so far.
const CODE_CHARS_MAX: usize = 60;

/// A refusal or failure.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Trouble {
    /// It does not answer.
    #[error("the identity provider could not be asked: {0}")]
    Unreachable(String),
    /// What it says of itself is of no use.
    #[error("the identity provider cannot be used: {0}")]
    Unusable(String),
}

/// A refusal or failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It was begun in another browser, or too long ago, or has ended already.
    #[error("no sign-in of this browser is waiting for this answer")]
    NotWaiting,
    /// The answer comes from another server than the one that was asked (RFC 9207).
    #[error("this answer comes from another server than the identity provider")]
    OtherServer,
    /// The provider, or the person there, said no.
    #[error("the identity provider did not sign the person in: {0}")]
    Denied(String),
    /// There is neither a code nor a refusal in the answer.
    #[error("this answer holds no code")]
    NoCode,
    /// The provider does not give a token for its code.
    #[error("the identity provider refused its own code: {0}")]
    Refused(String),
    /// The id token is signed with a key that is not known.
    #[error("the id token is signed with an unknown key")]
    UnknownKey,
    /// The id token does not hold.
    #[error("the id token is not valid: {0}")]
    BadToken(&'static str),
    /// The person was to show once more who they are, and the provider cannot say that they did.
    #[error("the identity provider does not say that the person signed in anew")]
    NotAnew,
    /// The provider itself.
    #[error(transparent)]
    Provider(#[from] Trouble),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    pub(super) fn asking(error: http::Error) -> Error {
        Trouble::Unreachable(error.to_string()).into()
    }

    pub(super) fn unusable(why: &str) -> Error {
        Trouble::Unusable(why.to_owned()).into()
    }

    pub(super) fn denied(code: &str) -> Error {
        Error::Denied(plain(code))
    }

    /// What could not be read is not repeated: it may hold tokens.
    pub(super) fn exchanging(
        error: RequestTokenError<http::Error, StandardErrorResponse<CoreErrorResponseType>>,
    ) -> Error {
        match error {
            RequestTokenError::ServerResponse(answer) => Error::Refused(plain(answer.error().as_ref())),
            RequestTokenError::Request(error) => Error::asking(error),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                Error::BadToken("the answer with it cannot be read")
            }
        }
    }
}

/// A code of RFC 6749, 4.1.2.1 as far as it is one.
fn plain(code: &str) -> String {
    let is_plain = |sign: &char| sign.is_ascii_alphanumeric() || "_-.".contains(*sign);
    code.chars().filter(is_plain).take(CODE_CHARS_MAX).collect()
}
