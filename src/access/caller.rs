//! Who calls.

use super::Error;
use crate::record::Scope;
use crate::store::OwnerId;

/// Somebody who asks for a view of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Whoever runs this program at the machine where the key is: over stdio or on the command line.
    LocalOwner,
    /// An assistant that came over HTTP with a token.
    Assistant(Bearer),
}

impl Caller {
    /// How the audit names the caller.
    pub fn name(&self) -> &str {
        match self {
            Caller::LocalOwner => "the owner at this machine",
            Caller::Assistant(bearer) => &bearer.client,
        }
    }
}

/// What a valid token stands for, as of the moment in which it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Whose record it opens.
    pub owner: OwnerId,
    /// Under which grant of theirs.
    pub grant: String,
    /// The assistant, as the audit names it.
    pub client: String,
    /// What may be seen: what the person allows, below the ceiling of what was asked for.
    pub scope: Scope,
    /// Whether portals may be fetched from on its behalf.
    pub may_update: bool,
    /// The version of the record.
    pub version: u64,
}

/// Why a token opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum Unauthorized {
    /// It is none of ours, has run out or was ended.
    #[error("the token is not valid, has run out or was ended")]
    Invalid,
    /// It could not be looked at.
    #[error("the token could not be checked")]
    Unavailable(#[source] Error),
}
