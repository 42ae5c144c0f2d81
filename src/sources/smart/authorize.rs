//! The sign-in: the address that the person opens, and what is believed of the browser's way back.

use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use serde::{Deserialize, Serialize};

use super::Error;
use super::address::without_slash;
use super::discovery::Found;
use super::error::code;
use super::kept;
use super::rules::{AudRule, AuthorizeExtra};
use crate::clock::Randomness;
use crate::secret::Secret;

/// A sign-in that has begun and is waiting for the browser to come back.
#[derive(Debug, Serialize, Deserialize)]
pub struct SignIn {
    /// What the person opens.
    pub address: Url,
    /// Where the browser comes back to.
    pub redirect: Url,
    /// What was asked for.
    pub scopes: Vec<String>,
    #[serde(with = "kept")]
    pub(super) verifier: Secret<String>,
    pub(super) nonce: Option<String>,
    #[serde(with = "kept")]
    state: Secret<String>,
    issuer: Option<String>,
}

/// What the browser brought: to be exchanged once.
#[derive(Debug)]
pub struct Code(pub(super) Secret<String>);

/// Why what came back is not what was waited for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// It belongs to another sign-in: the wait goes on.
    #[error("this answer belongs to another sign-in")]
    OtherSignIn,
    /// It comes from another server than the one that was asked (RFC 9207, 2.4).
    #[error("this answer comes from another server than the one that was asked")]
    OtherServer,
    /// The portal, or the person at the portal, said no; with the code of RFC 6749, 4.1.2.1.
    #[error("the portal did not grant access: {0}")]
    Denied(String),
    /// There is neither a code nor a refusal in it.
    #[error("this answer holds no code")]
    NoCode,
}

/// What a sign-in is begun with.
#[derive(Debug)]
pub struct Wish<'a> {
    /// What was found at the server.
    pub found: &'a Found,
    /// The client id there.
    pub client_id: &'a str,
    /// Where the browser comes back to.
    pub redirect: Url,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// What the person gave (`--parameter NAME=VALUE`).
    pub parameters: &'a BTreeMap<String, String>,
}

impl SignIn {
    /// Begins a sign-in with PKCE (RFC 7636, S256) and a state and nonce of its own.
    pub fn begin(wish: Wish<'_>, random: &Randomness) -> Result<SignIn, Error> {
        let Wish { found, client_id, redirect, scopes, parameters } = wish;
        let (server, vendor) = (&found.server, found.vendor);
        let verifier = PkceCodeVerifier::new(unguessable(random));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let state = unguessable(random);
        let client = BasicClient::new(ClientId::new(client_id.to_owned()))
            .set_auth_uri(AuthUrl::from_url(server.authorize.clone()))
            .set_redirect_uri(RedirectUrl::from_url(redirect.clone()));
        let mut request = client
            .authorize_url(|| CsrfToken::new(state.clone()))
            .add_scopes(scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        match vendor.aud {
            AudRule::Base => request = request.add_extra_param("aud", found.base.as_str()),
            AudRule::NoSlash => request = request.add_extra_param("aud", without_slash(&found.base)),
            AudRule::Absent => {}
        }
        // A nonce binds the id token to this sign-in (OpenID Connect Core, 3.1.2.1).
        let asks_for = |scope: &str| scopes.iter().any(|own| own == scope);
        let wants_nonce = vendor.authorize_extra.contains(&AuthorizeExtra::Nonce);
        let nonce = (wants_nonce || asks_for("openid")).then(|| unguessable(random));
        if let Some(nonce) = &nonce {
            request = request.add_extra_param("nonce", nonce.clone());
        }
        for extra in &vendor.authorize_extra {
            match extra {
                AuthorizeExtra::Given { name, by } => {
                    let value = parameters.get(*by).ok_or(Error::MissingParameter(by))?;
                    request = request.add_extra_param(*name, value.clone());
                }
                // OpenID Connect Core, 11: without it an OpenID provider leaves offline_access out.
                AuthorizeExtra::Consent if asks_for("openid") && asks_for("offline_access") => {
                    request = request.add_extra_param("prompt", "consent");
                }
                AuthorizeExtra::Consent | AuthorizeExtra::Nonce => {}
            }
        }
        let (address, _) = request.url();
        let issuer = server.answers_with_issuer.then(|| server.issuer.clone()).flatten();
        let verifier = Secret::new(verifier.into_secret());
        Ok(SignIn { address, redirect, scopes, verifier, nonce, state: Secret::new(state), issuer })
    }

    /// What tells it apart from every other: unguessable, and no secret to whoever has the address.
    pub fn state(&self) -> &str {
        self.state.expose()
    }

    /// The code in the address that the browser came back to.
    pub fn accept(&self, came_back: &Url) -> Result<Code, Mismatch> {
        let mut answer: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in came_back.query_pairs() {
            // RFC 6749, 3.1: no parameter comes twice.
            if answer.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(Mismatch::OtherSignIn);
            }
        }
        if answer.get("state") != Some(self.state.expose()) {
            return Err(Mismatch::OtherSignIn);
        }
        // RFC 9207, 2.4: compared letter by letter; a server that says it sends it must.
        let named = answer.get("iss");
        if self.issuer.as_ref().is_some_and(|issuer| named != Some(issuer)) {
            return Err(Mismatch::OtherServer);
        }
        if let Some(error) = answer.get("error") {
            return Err(Mismatch::Denied(code(error)));
        }
        let found = answer.remove("code").filter(|code| !code.is_empty()).ok_or(Mismatch::NoCode)?;
        Ok(Code(Secret::new(found)))
    }
}

/// 32 random bytes: as many as RFC 7636, 4.1 recommends for a verifier.
fn unguessable(random: &Randomness) -> String {
    let mut bytes = Secret::new([0; 32]);
    random.fill(bytes.expose_mut());
    URL_SAFE_NO_PAD.encode(bytes.expose())
}

#[cfg(test)]
mod tests;
