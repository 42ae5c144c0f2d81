//! What a person gives one assistant: a state machine in one row, tokens included.
//!
//! `Offered` (the person has said yes, and a code is on its way) → `Connected` (the code was exchanged) → `Ended`.
//! The methods in [`steps`](super::steps) are the only transitions.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::held::Tokens;
use super::scopes::Scopes;
use super::token::Hash;
use crate::record::{self, Kind};
use crate::store::{self, Error, OwnerId};

/// The format of a row. A newer one is refused. In the first nothing was said of updates: none were allowed.
const FORMAT: u32 = 2;
const FIRST: u32 = 1;
/// No grant lasts longer.
pub const LASTS_MAX: SignedDuration = SignedDuration::from_hours(24 * 365);
/// A code is good for so long: it is exchanged by a program, at once.
pub const CODE: SignedDuration = SignedDuration::from_mins(5);
/// An ended grant is shown for so long.
const ENDED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// One person's grant to one assistant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub(super) format: u32,
    /// To whom.
    pub assistant: Assistant,
    /// By whom.
    pub by: By,
    /// What the assistant asked for: the ceiling.
    pub scopes: Scopes,
    /// What the person allows, within that.
    pub scope: record::Scope,
    /// Whether it may have portals asked for what is new, within that.
    #[serde(default)]
    pub may_update: bool,
    /// The server that its tokens are for (RFC 8707).
    pub resource: String,
    /// Since when.
    pub given_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// How far it has come.
    pub state: State,
}

/// The one field that every format has.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// The assistant, as it was when the person said yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assistant {
    /// The id of the client.
    pub client: String,
    /// How it calls itself.
    pub name: String,
    /// Where its answers go: a host, or a program on the person's machine.
    pub place: String,
    /// Whether it is only a program on the person's machine.
    pub is_local: bool,
}

/// Who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The account.
    pub account: OwnerId,
    /// What the account is to the person (`own`, `parent`, …).
    pub relation: String,
}

/// How far a grant has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A code is on its way to the assistant.
    Offered(Offer),
    /// The assistant has tokens.
    Connected {
        /// The code that was exchanged, so that a second use is seen.
        code: Hash,
        /// Since when.
        since: Timestamp,
        /// What it holds.
        tokens: Tokens,
    },
    /// It is over. Nothing opens it again.
    Ended {
        /// Why.
        why: Why,
        /// Since when.
        at: Timestamp,
    },
}

/// A code that was not exchanged yet, and what must come with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The code.
    pub code: Hash,
    /// The challenge of PKCE (S256).
    pub challenge: String,
    /// Where the code was sent.
    pub redirect: String,
    /// Whether the client named that place, and must name it again.
    pub was_named: bool,
    /// Until when.
    pub until: Timestamp,
    /// Whether refresh tokens are given.
    pub is_lasting: bool,
}

/// Why a grant ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The person disconnected the assistant.
    Disconnected,
    /// The assistant gave it back (RFC 7009).
    GivenBack,
    /// Its time is over.
    Expired,
    /// The assistant has got newer ones since.
    Replaced,
    /// A code was used twice: somebody else may have it.
    CodeReused,
    /// A refresh token that was replaced long ago was used: somebody else may have it.
    RefreshReused,
}

impl Why {
    /// The word in the audit.
    pub fn word(self) -> &'static str {
        match self {
            Why::Disconnected => "disconnected",
            Why::GivenBack => "given_back",
            Why::Expired => "expired",
            Why::Replaced => "replaced",
            Why::CodeReused => "code_used_twice",
            Why::RefreshReused => "refresh_token_used_again",
        }
    }
}

impl Grant {
    /// A new one. What is allowed is cut to the ceiling, and its time to a year.
    pub(super) fn offered(
        assistant: Assistant,
        by: By,
        scopes: Scopes,
        resource: String,
        allowed: &Allowed,
        offer: Offer,
        now: Timestamp,
    ) -> Grant {
        Grant {
            format: FORMAT,
            assistant,
            by,
            scope: within(&scopes, &allowed.scope),
            may_update: allowed.may_update && scopes.may_update(),
            scopes,
            resource,
            given_at: now,
            expires_at: allowed.expires_at.min(now + LASTS_MAX),
            state: State::Offered(offer),
        }
    }

    /// Whether it holds: neither ended nor over.
    pub fn is_live_at(&self, now: Timestamp) -> bool {
        !matches!(self.state, State::Ended { .. }) && now < self.due_at()
    }

    /// True once the code was exchanged and until it ends.
    pub fn is_connected(&self) -> bool {
        matches!(self.state, State::Connected { .. })
    }

    /// When something is to be done about the row: nothing holds beyond it.
    pub(super) fn due_at(&self) -> Timestamp {
        match &self.state {
            State::Offered(offer) => offer.until,
            // With the last of its tokens it is over as well.
            State::Connected { tokens, .. } => {
                tokens.until().map_or(self.given_at, |until| until.min(self.expires_at))
            }
            State::Ended { at, .. } => *at + ENDED,
        }
    }

    pub(super) fn bytes(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(Error::failed("writing a grant"))
    }

    /// What cannot be understood must not be taken for a permission.
    pub(super) fn read(bytes: &[u8]) -> Result<Grant, Error> {
        let found = serde_json::from_slice::<Format>(bytes).map(|row| row.format);
        match found {
            Ok(FIRST | FORMAT) => {
                let grant: Grant =
                    serde_json::from_slice(bytes).map_err(|_| Error::Damaged(store::Kind::Grant))?;
                Ok(Grant { format: FORMAT, ..grant })
            }
            Ok(found) if found > FORMAT => {
                Err(Error::Newer { what: "a grant", found: found.into(), known: FORMAT.into() })
            }
            _ => Err(Error::Damaged(store::Kind::Grant)),
        }
    }
}

/// What a person chooses on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// What may be seen.
    pub scope: record::Scope,
    /// Whether portals may be asked for what is new.
    pub may_update: bool,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What is allowed, cut to what the scopes let be seen.
pub(super) fn within(scopes: &Scopes, allowed: &record::Scope) -> record::Scope {
    let ceiling = scopes.kinds();
    let kinds: BTreeSet<Kind> = allowed.kinds.intersection(&ceiling).copied().collect();
    record::Scope { kinds, ..allowed.clone() }
}
