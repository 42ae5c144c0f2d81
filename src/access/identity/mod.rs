//! Signing in at the operator's own identity provider (OpenID Connect Core 1.0), instead of with a password here.
//!
//! [`Provider::begin`] gives the address that a browser is sent to; what it brings back goes into
//! [`Provider::finish`], which gives [`Who`] it is. Which account that is, and whether there may be one, is not decided
//! here but in `account`.

mod carrier;
mod claims;
mod error;
mod exchange;
mod metadata;
mod registration;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow};
use openidconnect::{
    AuthorizationCode, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use url::Url;

pub use claims::Who;
pub use error::Error;
pub use registration::{BadProvider, Registration};
pub use waiting::{Purpose, Wish};

use super::account::FormKey;
use super::authorization::PublicUrl;
use crate::http::{self, Reach};
use crate::store::Vault;
use metadata::{Known, Metadata};
use waiting::Waiting;

/// Where the provider sends the browser back to: the one address that is registered there.
pub const RETURN_PATH: &str = "/sign-in/return";
/// Nobody is signed in here on the strength of a proof that is older than a session may get.
const PROOF_AGE_MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The identity provider of an installation, and what this server is there. One a process.
pub struct Provider {
    registration: Registration,
    redirect: RedirectUrl,
    vault: Vault,
    outgoing: http::Client,
    known: Known,
}

/// What the browser has brought back (RFC 6749, 4.1.2; RFC 9207, 2).
#[derive(Clone, Copy, Default)]
pub struct Returned<'a> {
    /// `state`.
    pub state: &'a str,
    /// `code`.
    pub code: Option<&'a str>,
    /// `iss`.
    pub iss: Option<&'a str>,
    /// `error`.
    pub error: Option<&'a str>,
}

impl Provider {
    /// The provider that the operator named, for a server at this address.
    pub fn new(vault: Vault, public: &PublicUrl, registration: Registration) -> Result<Provider, Error> {
        // The operator's word is as good for an address inside of their network as for one outside.
        let outgoing = http::Client::new(Reach::to(registration.url())).map_err(Error::asking)?;
        let redirect = RedirectUrl::new(public.at(RETURN_PATH))
            .map_err(|_| Error::unusable("the address to return to is none"))?;
        Ok(Provider { registration, redirect, vault, outgoing, known: Known::default() })
    }

    /// The host, which is how a page calls it.
    pub fn host(&self) -> String {
        http::host(self.registration.url())
    }

    /// Asks the provider who it is, so that what is wrong with its address is told when the server starts.
    pub fn look(&self) -> Result<(), Error> {
        self.metadata().map(|_| ())
    }

    /// Where somebody goes to sign out there too, where it says so (OpenID Connect RP-Initiated Logout 1.0).
    pub fn sign_out_address(&self) -> Option<Url> {
        let metadata = self.known.last()?;
        let mut address = metadata.additional_metadata().end_session_endpoint.clone()?;
        address.query_pairs_mut().append_pair("client_id", &self.registration.client_id);
        Some(address)
    }

    /// Begins a sign-in for this browser: where it is to go.
    pub fn begin(&self, wish: Wish, browser: &FormKey) -> Result<Url, Error> {
        let metadata = self.metadata()?;
        let (state, waiting) = Waiting::new(wish, browser, &self.vault);
        let (nonce, csrf) = (Nonce::new(waiting.nonce.clone()), CsrfToken::new(state.clone()));
        let verifier = PkceCodeVerifier::new(waiting.verifier.clone());
        let client = self.client(&metadata);
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, move || csrf, move || nonce)
            .add_scopes(metadata::wanted_scopes(&metadata).map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        request = match waiting.wish.purpose {
            Purpose::Again { .. } => request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO),
            // Asked for so, the provider says when the person last showed who they are.
            Purpose::SignIn | Purpose::Join { .. } => request.set_max_age(PROOF_AGE_MAX),
        };
        let (address, ..) = request.url();
        waiting.keep(&self.vault, &state)?;
        Ok(address)
    }

    /// Ends a sign-in that this browser has begun, once: who it is, and what was wished for.
    pub fn finish(&self, returned: Returned<'_>, browser: &FormKey) -> Result<(Who, Wish), Error> {
        let waiting = Waiting::take(&self.vault, returned.state, browser)?;
        let metadata = self.metadata()?;
        self.check_issuer(&metadata, returned.iss)?;
        if let Some(error) = returned.error {
            return Err(Error::denied(error));
        }
        let code = returned.code.filter(|code| !code.is_empty()).ok_or(Error::NoCode)?;
        let code = AuthorizationCode::new(code.to_owned());
        let who = self.exchange(&metadata, code, &waiting)?;
        Ok((who, waiting.wish))
    }

    /// RFC 9207, 2.4: compared letter by letter; a provider that says it sends it must.
    fn check_issuer(&self, metadata: &Metadata, named: Option<&str>) -> Result<(), Error> {
        let must = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        match named {
            Some(named) if named == self.registration.issuer.as_str() => Ok(()),
            None if !must => Ok(()),
            Some(_) | None => Err(Error::OtherServer),
        }
    }

    fn metadata(&self) -> Result<Arc<Metadata>, Error> {
        self.known.metadata(&self.registration, &self.outgoing, self.vault.clock().now())
    }

    fn metadata_anew(&self) -> Result<Arc<Metadata>, Error> {
        self.known.anew(&self.registration, &self.outgoing, self.vault.clock().now())
    }
}

#[cfg(test)]
mod tests;
