//! Refusals in the words of OAuth, for clients: a code that they act on and a sentence for whoever reads it.

use serde_json::{Value, json};

use crate::{access, store};

/// Why a request of a client is not done.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// The request is at fault.
    #[error("{why}")]
    Refused {
        /// What the client acts on.
        code: Code,
        /// What a developer reads. Nothing of the request stands in it.
        why: &'static str,
    },
    /// Too often.
    #[error("too many requests")]
    TooMany {
        /// When to come again, in seconds.
        after_s: u32,
    },
    /// Something of ours or of the store failed.
    #[error(transparent)]
    Failed(#[from] access::Error),
}

impl From<store::Error> for OAuthError {
    fn from(error: store::Error) -> OAuthError {
        OAuthError::Failed(error.into())
    }
}

/// The codes of RFC 6749 (4.1.2.1, 5.2), RFC 7591 (3.2.2) and RFC 8707 (2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Something is missing, repeated or malformed.
    InvalidRequest,
    /// The client is not known or has not proven who it is.
    InvalidClient,
    /// The code or token is not good.
    InvalidGrant,
    /// Another way of asking than those there are.
    UnsupportedGrantType,
    /// Another answer than a code.
    UnsupportedResponseType,
    /// None of the scopes, or more than was granted.
    InvalidScope,
    /// The token would be for another server.
    InvalidTarget,
    /// No answer may be sent there.
    InvalidRedirectUri,
    /// A client that cannot be served as it describes itself.
    InvalidClientMetadata,
    /// The person said no.
    AccessDenied,
}

impl Code {
    /// The word of the protocol.
    pub fn word(self) -> &'static str {
        match self {
            Code::InvalidRequest => "invalid_request",
            Code::InvalidClient => "invalid_client",
            Code::InvalidGrant => "invalid_grant",
            Code::UnsupportedGrantType => "unsupported_grant_type",
            Code::UnsupportedResponseType => "unsupported_response_type",
            Code::InvalidScope => "invalid_scope",
            Code::InvalidTarget => "invalid_target",
            Code::InvalidRedirectUri => "invalid_redirect_uri",
            Code::InvalidClientMetadata => "invalid_client_metadata",
            Code::AccessDenied => "access_denied",
        }
    }

    /// The refusal with this code.
    pub fn because(self, why: &'static str) -> OAuthError {
        OAuthError::Refused { code: self, why }
    }
}

impl OAuthError {
    /// The status of HTTP that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            OAuthError::Refused { code: Code::InvalidClient, .. } => 401,
            OAuthError::Refused { .. } => 400,
            OAuthError::TooMany { .. } => 429,
            OAuthError::Failed(_) => 503,
        }
    }

    /// What the client is answered.
    pub fn body(&self) -> Value {
        match self {
            OAuthError::Refused { code, why } => json!({ "error": code.word(), "error_description": why }),
            OAuthError::TooMany { .. } => {
                json!({ "error": "temporarily_unavailable", "error_description": "too many requests" })
            }
            // What happened is for the log, and for nobody outside.
            OAuthError::Failed(_) => {
                json!({ "error": "temporarily_unavailable", "error_description": "try again in a moment" })
            }
        }
    }
}
