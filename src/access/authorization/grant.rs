//! What a person gives one assistant: a state machine in one row, tokens included.
//!
//! `Offered` (the person has said yes, and a code is on its way) → `Connected` (the code was exchanged) → `Ended`.
//! The methods are the only transitions; each is one write by expected version, so of two that race one wins.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::pkce;
use super::scopes::Scopes;
use super::token::Hash;
use crate::record::{self, Kind};
use crate::store::{Error, OwnerId};

/// The format of a row. A newer one is refused.
const FORMAT: u32 = 1;
/// No grant lasts longer.
pub const LASTS_MAX: SignedDuration = SignedDuration::from_hours(24 * 365);
/// A code is good for so long: it is exchanged by a program, at once.
pub const CODE: SignedDuration = SignedDuration::from_mins(5);
/// An access token is good for so long.
pub const ACCESS: SignedDuration = SignedDuration::from_hours(1);
/// A refresh token is good for so long if it is not used.
const REFRESH: SignedDuration = SignedDuration::from_hours(24 * 90);
/// A refresh token that was just replaced still gives new ones for so long: the answer may have been lost.
const GRACE: SignedDuration = SignedDuration::from_secs(30);
/// Access tokens that are good at one time. With one more the oldest is not.
const ACCESS_MAX: usize = 8;
/// So often each, and no more: whoever has it must not draw tokens from it.
const AGAIN_MAX: u8 = 3;
/// Refresh tokens that are good at one time: more than one only after a use within the grace. With one more the
/// oldest is not: its answer was lost, and nobody has it.
const REFRESH_MAX: usize = 4;
/// Refresh tokens that may be replaced within one time of grace.
const REPLACED_MAX: usize = 8;
/// An ended grant is shown for so long.
const ENDED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// One person's grant to one assistant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    format: u32,
    /// To whom.
    pub assistant: Assistant,
    /// By whom.
    pub by: By,
    /// What the assistant asked for: the ceiling.
    pub scopes: Scopes,
    /// What the person allows, within that.
    pub scope: record::Scope,
    /// The server that its tokens are for (RFC 8707).
    pub resource: String,
    /// Since when.
    pub given_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// How far it has come.
    pub state: State,
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

/// The tokens of a grant: hashes alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    access: Vec<Access>,
    refresh: Vec<Refresh>,
    replaced: Vec<Replaced>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Access {
    hash: Hash,
    until: Timestamp,
    /// Fewer than those of the grant, where the client asked for fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scopes: Option<Scopes>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Refresh {
    hash: Hash,
    until: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Replaced {
    hash: Hash,
    at: Timestamp,
    /// How often it was used after that.
    again: u8,
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
    /// A code was used twice: somebody else may have it.
    CodeReused,
    /// A refresh token that was replaced long ago was used: somebody else may have it.
    RefreshReused,
}

/// What comes with a code.
pub(super) struct Exchange<'a> {
    pub code: Hash,
    pub client: &'a str,
    pub redirect: Option<&'a str>,
    pub verifier: Option<&'a str>,
}

/// Hashes of new tokens.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub access: Hash,
    pub refresh: Hash,
}

/// What an access token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub scopes: Scopes,
    pub scope: record::Scope,
    pub until: Timestamp,
}

/// Why a transition is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// What was presented is not good.
    NotGood(&'static str),
    /// More scopes than were granted.
    Wider,
    /// It was good once: the grant must end.
    Reused(Why),
    /// Too often in a short time.
    TooOften,
}

impl Why {
    /// The word in the audit.
    pub fn word(self) -> &'static str {
        match self {
            Why::Disconnected => "disconnected",
            Why::GivenBack => "given_back",
            Why::Expired => "expired",
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
            scopes,
            resource,
            given_at: now,
            expires_at: allowed.expires_at.min(now + LASTS_MAX),
            state: State::Offered(offer),
        }
    }

    /// Whether it holds: neither ended nor over.
    pub fn is_live_at(&self, now: Timestamp) -> bool {
        !matches!(self.state, State::Ended { .. }) && now < self.expires_at
    }

    /// True once the code was exchanged and until it ends.
    pub fn is_connected(&self) -> bool {
        matches!(self.state, State::Connected { .. })
    }

    /// When something is to be done about the row.
    pub(super) fn due_at(&self) -> Timestamp {
        match &self.state {
            State::Offered(offer) => offer.until,
            State::Connected { .. } => self.expires_at,
            State::Ended { at, .. } => *at + ENDED,
        }
    }

    /// The code is exchanged: `Offered` → `Connected`. RFC 6749, 4.1.2: a code is used once.
    pub(super) fn connected(self, with: &Exchange<'_>, pair: Pair, now: Timestamp) -> Result<Grant, Refusal> {
        let offer = match &self.state {
            State::Offered(offer) if offer.code == with.code => offer,
            State::Connected { code, .. } if *code == with.code => {
                return Err(Refusal::Reused(Why::CodeReused));
            }
            _ => return Err(Refusal::NotGood("this code is not good")),
        };
        if with.client != self.assistant.client {
            return Err(Refusal::NotGood("this code was given to another client"));
        }
        if now >= offer.until || now >= self.expires_at {
            return Err(Refusal::NotGood("this code has run out"));
        }
        let is_same_place = match with.redirect {
            Some(redirect) => redirect == offer.redirect,
            None => !offer.was_named,
        };
        if !is_same_place {
            return Err(Refusal::NotGood("redirect_uri is not the one that the code was sent to"));
        }
        if !with.verifier.is_some_and(|verifier| pkce::holds(&offer.challenge, verifier)) {
            return Err(Refusal::NotGood("code_verifier does not fit the challenge"));
        }
        let (code, is_lasting) = (offer.code, offer.is_lasting);
        let mut tokens = Tokens::default();
        tokens.issue(pair, is_lasting, None, self.expires_at, now);
        Ok(Grant { state: State::Connected { code, since: now, tokens }, ..self })
    }

    /// A refresh token is used and replaced.
    pub(super) fn renewed(
        mut self,
        used: Hash,
        client: &str,
        scopes: Option<&Scopes>,
        pair: Pair,
        now: Timestamp,
    ) -> Result<Grant, Refusal> {
        let expires_at = self.expires_at;
        let State::Connected { tokens, .. } = &mut self.state else {
            return Err(Refusal::NotGood("this refresh token is not good any more"));
        };
        if client != self.assistant.client {
            return Err(Refusal::NotGood("this refresh token was given to another client"));
        }
        if now >= expires_at {
            return Err(Refusal::NotGood("the permission has run out"));
        }
        if scopes.is_some_and(|scopes| !scopes.are_within(&self.scopes)) {
            return Err(Refusal::Wider);
        }
        tokens.replace(used, now)?;
        let fewer = scopes.filter(|scopes| **scopes != self.scopes);
        tokens.issue(pair, true, fewer.cloned(), expires_at, now);
        Ok(self)
    }

    /// What an access token opens now; `None` if it is not good (any more).
    pub(super) fn opened(&self, token: Hash, now: Timestamp) -> Option<Opened> {
        let State::Connected { tokens, .. } = &self.state else { return None };
        let access = tokens.access.iter().find(|access| access.hash == token)?;
        if now >= access.until || now >= self.expires_at {
            return None;
        }
        let scopes = access.scopes.as_ref().unwrap_or(&self.scopes).clone();
        Some(Opened { scope: within(&scopes, &self.scope), scopes, until: access.until })
    }

    /// Without this access token, which its client has given back.
    pub(super) fn without_access(mut self, token: Hash) -> Grant {
        if let State::Connected { tokens, .. } = &mut self.state {
            tokens.access.retain(|access| access.hash != token);
        }
        self
    }

    /// Whether this is one of the refresh tokens that are good, or was just replaced.
    pub(super) fn holds_refresh(&self, token: Hash) -> bool {
        let State::Connected { tokens, .. } = &self.state else { return false };
        let held = tokens.refresh.iter().map(|refresh| refresh.hash);
        held.chain(tokens.replaced.iter().map(|replaced| replaced.hash)).any(|hash| hash == token)
    }

    /// Something else is allowed from now on, within the ceiling and the year.
    #[must_use]
    pub(super) fn changed(self, allowed: &Allowed, now: Timestamp) -> Grant {
        let scope = within(&self.scopes, &allowed.scope);
        Grant { scope, expires_at: allowed.expires_at.min(now + LASTS_MAX), ..self }
    }

    /// It is over, with every token of it.
    #[must_use]
    pub(super) fn ended(self, why: Why, now: Timestamp) -> Grant {
        match self.state {
            State::Ended { .. } => self,
            State::Offered(_) | State::Connected { .. } => {
                Grant { state: State::Ended { why, at: now }, ..self }
            }
        }
    }

    pub(super) fn bytes(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(Error::failed("writing a grant"))
    }

    /// What cannot be understood must not be taken for a permission.
    pub(super) fn read(bytes: &[u8]) -> Result<Grant, Error> {
        let damaged = |_| Error::Damaged(crate::store::Kind::Grant);
        let grant: Grant = serde_json::from_slice(bytes).map_err(damaged)?;
        if grant.format > FORMAT {
            let (found, known) = (grant.format.into(), FORMAT.into());
            return Err(Error::Newer { what: "a grant", found, known });
        }
        Ok(grant)
    }
}

/// What a person chooses on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// What may be seen.
    pub scope: record::Scope,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What is allowed, cut to what the scopes let be seen.
fn within(scopes: &Scopes, allowed: &record::Scope) -> record::Scope {
    let ceiling = scopes.kinds();
    let kinds: BTreeSet<Kind> = allowed.kinds.intersection(&ceiling).copied().collect();
    record::Scope { kinds, ..allowed.clone() }
}

impl Tokens {
    /// `Current` → replaced; one that was just replaced is let through once more.
    fn replace(&mut self, used: Hash, now: Timestamp) -> Result<(), Refusal> {
        self.replaced.retain(|replaced| now < replaced.at + GRACE);
        if let Some(place) = self.refresh.iter().position(|refresh| refresh.hash == used) {
            if now >= self.refresh[place].until {
                return Err(Refusal::NotGood("this refresh token was not used for too long"));
            }
            if self.replaced.len() >= REPLACED_MAX {
                return Err(Refusal::TooOften);
            }
            self.refresh.remove(place);
            self.replaced.push(Replaced { hash: used, at: now, again: 0 });
            return Ok(());
        }
        if let Some(replaced) = self.replaced.iter_mut().find(|replaced| replaced.hash == used) {
            replaced.again += 1;
            return if replaced.again <= AGAIN_MAX { Ok(()) } else { Err(Refusal::TooOften) };
        }
        // Nobody but who was given it knows the grant's id: it is one of this family, from before.
        Err(Refusal::Reused(Why::RefreshReused))
    }

    fn issue(
        &mut self,
        pair: Pair,
        is_lasting: bool,
        scopes: Option<Scopes>,
        expires_at: Timestamp,
        now: Timestamp,
    ) {
        self.access.retain(|access| now < access.until);
        if self.access.len() >= ACCESS_MAX {
            self.access.remove(0);
        }
        self.access.push(Access { hash: pair.access, until: expires_at.min(now + ACCESS), scopes });
        if is_lasting {
            if self.refresh.len() >= REFRESH_MAX {
                self.refresh.remove(0);
            }
            self.refresh.push(Refresh { hash: pair.refresh, until: expires_at.min(now + REFRESH) });
        }
    }
}
