//! Whoever calls with an access token: what the token opens is decided anew with every call.

use std::sync::Arc;

use jiff::Timestamp;

use super::known::Seen;
use super::scopes::Scopes;
use super::steps::Opened;
use super::token::{Kind, Token};
use super::{Server, kept};
use crate::access::Error;
use crate::access::account::Acting;
use crate::record::Scope;
use crate::store::{self, OwnerId, Sealed};

/// An assistant that has shown an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Whose record it is about.
    pub owner: OwnerId,
    /// The id of the grant.
    pub grant: String,
    /// How the audit names the assistant.
    pub client: String,
    /// What it has asked for: a step-up is for what is not in here.
    pub scopes: Scopes,
}

/// What a good token opens.
#[derive(Clone)]
pub struct Inside {
    /// Who calls.
    pub bearer: Arc<Bearer>,
    /// The person's rows.
    pub sealed: Sealed,
    /// What may be seen: what the person allows, within the scopes.
    pub scope: Arc<Scope>,
    /// What the account that gave it is to the person: with the years that reaches less far.
    pub by: Acting,
    /// Whether portals may be asked for what is new: what the person allows, within the scopes.
    pub may_update: bool,
    /// The version of the record, as of the same moment.
    pub version: u64,
}

/// Why a call is not let in.
#[derive(Debug, thiserror::Error)]
pub enum Unauthorized {
    /// The token is none, not good any more, or for another server. Which of them is nobody's business.
    #[error("the access token is not good")]
    BadToken,
    /// The person is not kept here any more. Nobody who asks is told more than of a bad token.
    #[error("the access token is not good")]
    NoPerson,
    /// The check did not come to its end.
    #[error("the check of the access token did not come to its end")]
    Unended,
    /// Something of ours or of the store failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<store::Error> for Unauthorized {
    fn from(error: store::Error) -> Unauthorized {
        match error {
            store::Error::NoPerson => Unauthorized::NoPerson,
            error => Unauthorized::Failed(error.into()),
        }
    }
}

impl Server {
    /// Looks at an access token.
    pub fn bearer(&self, token: &str) -> Result<Inside, Unauthorized> {
        let token = access_token(token).ok_or(Unauthorized::BadToken)?;
        let sealed = self.vault.owner(&token.owner)?.ok_or(Unauthorized::BadToken)?;
        self.inside(&token, sealed)
    }

    /// The same with rows that are open already: one look at the store, for the grant and the version of the
    /// record as of one moment.
    pub fn inside(&self, token: &Token, sealed: Sealed) -> Result<Inside, Unauthorized> {
        let key = kept::row(&token.grant).ok_or(Unauthorized::BadToken)?;
        let (row, version) = sealed.sealed_and_saved(&key)?;
        let row = row.ok_or(Unauthorized::BadToken)?;
        let now = self.clock().now();
        let seen = match self.known.get(token.hash, &row, now) {
            Some(seen) => seen,
            None => {
                let seen = self.seen(token, &sealed.open(&key, &row)?, row, now)?;
                self.known.keep(token.hash, seen.clone());
                seen
            }
        };
        let Seen { bearer, scope, by, may_update, .. } = seen;
        Ok(Inside { bearer, sealed, scope, by, may_update, version })
    }

    fn seen(
        &self,
        token: &Token,
        grant: &[u8],
        row: store::Row,
        now: Timestamp,
    ) -> Result<Seen, Unauthorized> {
        let grant = super::Grant::read(grant)?;
        let opened = grant.opened(token.hash, now).ok_or(Unauthorized::BadToken)?;
        // RFC 8707: a token for another server is never let in, though it was given out here.
        if grant.resource != self.public.resource() {
            return Err(Unauthorized::BadToken);
        }
        let by = Acting::named(&grant.by.relation, grant.given_at);
        let bearer = Bearer {
            owner: token.owner.clone(),
            grant: token.grant.clone(),
            client: grant.assistant.name,
            scopes: opened.scopes.clone(),
        };
        let Opened { scope, may_update, until, .. } = opened;
        Ok(Seen { row, bearer: Arc::new(bearer), scope: Arc::new(scope), by, may_update, until })
    }
}

/// The token of a header `Authorization: Bearer`, if it is one of ours; `None` without a look at the store.
pub fn access_token(text: &str) -> Option<Token> {
    Token::parse(text).filter(|token| token.kind == Kind::Access)
}
