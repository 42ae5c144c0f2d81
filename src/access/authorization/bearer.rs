//! Whoever calls with an access token: what the token opens is decided anew with every call.

use super::scopes::Scopes;
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
    pub bearer: Bearer,
    /// The person's rows.
    pub sealed: Sealed,
    /// What may be seen: what the person allows, within the scopes.
    pub scope: Scope,
    /// What the account that gave it is to the person: with the years that reaches less far.
    pub by: Acting,
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
        let row = kept::row(&token.grant).ok_or(Unauthorized::BadToken)?;
        let (body, version) = sealed.read_and_saved(&row)?;
        let grant = super::Grant::read(&body.ok_or(Unauthorized::BadToken)?.bytes)?;
        let opened = grant.opened(token.hash, self.clock().now()).ok_or(Unauthorized::BadToken)?;
        // RFC 8707: a token for another server is never let in, though it was given out here.
        if grant.resource != self.public.resource() {
            return Err(Unauthorized::BadToken);
        }
        let by = Acting::named(&grant.by.relation, grant.given_at);
        let bearer = Bearer {
            owner: token.owner.clone(),
            grant: token.grant.clone(),
            client: grant.assistant.name,
            scopes: opened.scopes,
        };
        Ok(Inside { bearer, sealed, scope: opened.scope, by, version })
    }
}

/// The token of a header `Authorization: Bearer`, if it is one of ours; `None` without a look at the store.
pub fn access_token(text: &str) -> Option<Token> {
    Token::parse(text).filter(|token| token.kind == Kind::Access)
}
