//! The authorization server: how an assistant asks for a person's permission, and proves later that it has it
//! (OAuth 2.1).
//!
//! Values in, values out: the handlers over it are in `web`. Follow one assistant: it registers (`registration`) or
//! has a document (`document`); [`Server::begin`] reads what it asks for (`asked`), which goes through the consent
//! page (`carry`); the person's yes (`consent`) makes a [`Grant`], whose code is exchanged for tokens (`exchange`);
//! each call shows one (`bearer`), until the grant ends. What a grant may become is in `steps`; that it is one row,
//! written together with its line of the audit, in `kept`.

mod acts;
mod asked;
mod bearer;
mod carry;
pub mod challenge;
mod client;
mod consent;
mod cut;
mod document;
mod error;
mod exchange;
mod grant;
mod held;
mod kept;
mod known;
mod metadata;
mod older;
mod pkce;
mod public_url;
mod rate;
mod redirect;
mod registration;
mod revoke;
pub mod scopes;
mod steps;
mod tidy;
mod token;

use std::sync::Mutex;

use crate::clock::{Clock, Randomness};
use crate::http;
use crate::secret::Secret;
use crate::store::Vault;

pub use asked::{Asked, BeginError, Told};
pub use bearer::{Bearer, Inside, Unauthorized, access_token};
pub use client::is_client;
pub use consent::Answer;
pub(super) use cut::cut;
pub use error::{Code, OAuthError};
pub use grant::{Allowed, Assistant, By, Grant, LASTS_MAX, State, Why};
pub use kept::{Given, is_grant_id};
pub use public_url::{BadPublicUrl, PublicUrl};
pub use redirect::Place;
pub use registration::BODY_BYTES_MAX;
pub use scopes::Scopes;
pub use tidy::tidy;
pub use token::Token;

/// The authorization server of one installation. Its calls block: an async handler runs them elsewhere.
pub struct Server {
    vault: Vault,
    public: PublicUrl,
    outgoing: http::Client,
    documents: document::Documents,
    registrations: rate::Rate,
    known: known::Known,
    consent_key: Mutex<Option<Secret<Vec<u8>>>>,
}

impl Server {
    /// A server over this store, under this address. `outgoing` fetches the documents of assistants; it is made
    /// outside of an async runtime, as is this.
    pub fn new(vault: Vault, public: PublicUrl, outgoing: http::Client) -> Server {
        Server {
            vault,
            public,
            outgoing,
            documents: document::Documents::new(),
            registrations: rate::Rate::new(registration::RATE.0, registration::RATE.1),
            known: known::Known::default(),
            consent_key: Mutex::new(None),
        }
    }

    /// Where the rows are.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Under which address this is.
    pub fn public(&self) -> &PublicUrl {
        &self.public
    }

    fn clock(&self) -> &Clock {
        self.vault.clock()
    }

    fn random(&self) -> &Randomness {
        self.vault.random()
    }
}

#[cfg(test)]
mod tests;
