//! The steps of a grant, and what must come with each. A step takes the grant as it was and gives it as it is then,
//! which is one write by expected version: of two that race one wins.

use jiff::Timestamp;

use super::grant::{Allowed, Grant, LASTS_MAX, State, Why, within};
use super::held::{Pair, Tokens};
use super::pkce;
use super::scopes::Scopes;
use super::token::Hash;
use crate::record;

/// What comes with a code.
pub(super) struct Exchange<'a> {
    pub code: Hash,
    pub client: &'a str,
    pub redirect: Option<&'a str>,
    pub verifier: Option<&'a str>,
}

/// What an access token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub scopes: Scopes,
    pub scope: record::Scope,
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

impl Grant {
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
        tokens.issue(pair, None, (is_lasting, None), (now, self.expires_at));
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
        tokens.issue(pair, fewer.cloned(), (true, Some(used)), (now, expires_at));
        Ok(self)
    }

    /// What an access token opens now; `None` if it is not good (any more).
    pub(super) fn opened(&self, token: Hash, now: Timestamp) -> Option<Opened> {
        let State::Connected { tokens, .. } = &self.state else { return None };
        let access = tokens.access(token).filter(|access| now < access.until && now < self.expires_at)?;
        let scopes = access.scopes.as_ref().unwrap_or(&self.scopes).clone();
        Some(Opened { scope: within(&scopes, &self.scope), scopes })
    }

    /// Without this access token, which its client has given back.
    pub(super) fn without_access(mut self, token: Hash) -> Grant {
        if let State::Connected { tokens, .. } = &mut self.state {
            tokens.drop_access(token);
        }
        self
    }

    /// Whether this is one of the refresh tokens that are good, or was just replaced.
    pub(super) fn holds_refresh(&self, token: Hash) -> bool {
        matches!(&self.state, State::Connected { tokens, .. } if tokens.holds_refresh(token))
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
}
