//! The token endpoint: a code becomes tokens, a refresh token becomes new ones, and tokens are given back.

use std::collections::BTreeMap;

use oauth2::basic::{BasicErrorResponse, BasicTokenType};
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ExtraTokenFields,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, StandardTokenResponse,
    TokenResponse as _, TokenUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::Error;
use super::authorize::{Code, SignIn};
use super::carrier::{carry, plain};
use super::client::{Identity, Key, Proof};
use super::error::code;
use super::server::Server;
use crate::clock::{Clock, Randomness};
use crate::http::{self, Client, Request};
use crate::secret::Secret;

/// An access token without a stated life is held to be good for so long (SMART App Launch 2.2.0 recommends an
/// hour at the most).
const USUAL_LIFE_S: i64 = 300;
/// An access token is renewed at most so long before it ends.
const EARLY_S_MAX: i64 = 30;
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Tokens as a server gave them.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The access token.
    pub access: Secret<String>,
    /// Until when it is used, a little less than it is good (seconds since 1970).
    pub expires_at: i64,
    /// The refresh token: to be used once.
    pub refresh: Option<Secret<String>>,
    /// What was granted; `None` where the server does not say, which means what was asked.
    pub scopes: Option<Vec<String>>,
    /// `patient` of the answer.
    pub patient: Option<String>,
    /// The id token.
    pub id_token: Option<Secret<String>>,
}

/// Every further member of an answer with tokens, whatever it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Further(BTreeMap<String, Value>);

impl ExtraTokenFields for Further {}

type Answer = StandardTokenResponse<Further, BasicTokenType>;
type OAuth = oauth2::Client<
    BasicErrorResponse,
    Answer,
    oauth2::basic::BasicTokenIntrospectionResponse,
    oauth2::StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The token endpoint of one server, for one client.
#[derive(Clone, Debug)]
pub struct Endpoint<'a> {
    /// The way out.
    pub client: &'a Client,
    /// The server.
    pub server: &'a Server,
    /// plainchart there.
    pub identity: &'a Identity,
    /// The clock: assertions and lives are dated by it.
    pub clock: &'a Clock,
    /// Randomness for the ids of assertions.
    pub random: &'a Randomness,
}

impl Endpoint<'_> {
    /// A code becomes tokens (RFC 6749, 4.1.3; RFC 7636, 4.5).
    pub fn exchange(&self, sign_in: &SignIn, code: Code) -> Result<Tokens, Error> {
        const DOING: &str = "exchanging the code of the sign-in";
        let oauth = self.oauth().set_redirect_uri(RedirectUrl::from_url(sign_in.redirect.clone()));
        let mut request = oauth
            .exchange_code(AuthorizationCode::new(code.0.expose().clone()))
            .set_pkce_verifier(PkceCodeVerifier::new(sign_in.verifier.expose().clone()));
        for (name, value) in self.assertion()? {
            request = request.add_extra_param(name, value.expose().clone());
        }
        let answer = request.request(&|request| carry(self.client, request));
        self.tokens(answer.map_err(|error| refused(DOING, error))?)
    }

    /// A refresh token becomes new tokens (RFC 6749, 6). It is not to be used again.
    pub fn refresh(&self, token: &Secret<String>) -> Result<Tokens, Error> {
        const DOING: &str = "renewing the access";
        let oauth = self.oauth();
        let token = RefreshToken::new(token.expose().clone());
        let mut request = oauth.exchange_refresh_token(&token);
        for (name, value) in self.assertion()? {
            request = request.add_extra_param(name, value.expose().clone());
        }
        let answer = request.request(&|request| carry(self.client, request));
        self.tokens(answer.map_err(|error| refused(DOING, error))?)
    }

    /// A device key becomes new tokens (RFC 7523, 2.1), for a server that gives no refresh token.
    pub fn by_device_key(&self, key: &Key) -> Result<Tokens, Error> {
        const DOING: &str = "renewing the access with the key of this device";
        let now = self.clock.now().as_second();
        let assertion = key.assertion(&self.identity.id, self.server.token.as_str(), now, self.random)?;
        let fields = [
            ("grant_type", JWT_BEARER),
            ("assertion", assertion.expose().as_str()),
            ("client_id", self.identity.id.as_str()),
        ];
        let bytes = self.post(&self.server.token, &fields, DOING)?;
        let answer =
            serde_json::from_slice(&plain(&bytes)).map_err(|_| Error::NotUnderstood { doing: DOING })?;
        self.tokens(answer)
    }

    /// Gives a token back (RFC 7009, 2.1); nothing is done where the server takes none back.
    pub fn revoke(&self, token: &Secret<String>, is_refresh: bool) -> Result<(), Error> {
        let Some(url) = &self.server.revoke else { return Ok(()) };
        let hint = if is_refresh { "refresh_token" } else { "access_token" };
        let assertion = self.assertion()?;
        let mut fields = vec![("token", token.expose().as_str()), ("token_type_hint", hint)];
        fields.extend(assertion.iter().map(|(name, value)| (*name, value.expose().as_str())));
        self.post(url, &fields, "giving the access back").map(drop)
    }

    fn oauth(&self) -> OAuth {
        let oauth = oauth2::Client::new(ClientId::new(self.identity.id.clone()))
            .set_token_uri(TokenUrl::from_url(self.server.token.clone()));
        match &self.identity.proof {
            Proof::Secret { secret, in_body } => {
                let how = if *in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
                oauth.set_client_secret(ClientSecret::new(secret.expose().clone())).set_auth_type(how)
            }
            Proof::Public | Proof::Key(_) | Proof::Device(_) => oauth.set_auth_type(AuthType::RequestBody),
        }
    }

    /// The client's signed assertion (RFC 7523, 2.2), where it has a key.
    fn assertion(&self) -> Result<Vec<(&'static str, Secret<String>)>, Error> {
        let Proof::Key(key) = &self.identity.proof else { return Ok(Vec::new()) };
        let now = self.clock.now().as_second();
        let signed = key.assertion(&self.identity.id, self.server.token.as_str(), now, self.random)?;
        let kind = Secret::new(CLIENT_ASSERTION.to_owned());
        Ok(vec![("client_assertion_type", kind), ("client_assertion", signed)])
    }

    fn post(&self, url: &Url, fields: &[(&str, &str)], doing: &'static str) -> Result<Vec<u8>, Error> {
        let mut fields = fields.to_vec();
        let mut authorization = None;
        match &self.identity.proof {
            Proof::Secret { secret, in_body: false } => {
                authorization = Some(basic(&self.identity.id, secret.expose()));
            }
            Proof::Secret { secret, in_body: true } => {
                fields.extend([("client_id", self.identity.id.as_str()), ("client_secret", secret.expose())]);
            }
            Proof::Public if fields.iter().all(|(name, _)| *name != "client_id") => {
                fields.push(("client_id", self.identity.id.as_str()));
            }
            Proof::Public | Proof::Key(_) | Proof::Device(_) => {}
        }
        let request = Request { authorization, ..Request::form(url.clone(), &fields) };
        let answered = self.client.send(&request)?;
        let status = answered.status;
        let bytes = answered.bytes()?;
        if (200..300).contains(&status) {
            return Ok(bytes);
        }
        #[derive(Deserialize)]
        struct Refusal {
            error: String,
        }
        let refusal = serde_json::from_slice::<Refusal>(&bytes).map(|refusal| code(&refusal.error));
        Err(Error::Refused { doing, code: refusal.unwrap_or_else(|_| format!("status {status}")) })
    }

    fn tokens(&self, answer: Answer) -> Result<Tokens, Error> {
        let now = self.clock.now().as_second();
        let life = answer
            .expires_in()
            .map_or(USUAL_LIFE_S, |life| i64::try_from(life.as_secs()).unwrap_or(i64::MAX));
        let further = |name: &str| {
            let value = answer.extra_fields().0.get(name)?;
            Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        Ok(Tokens {
            access: Secret::new(answer.access_token().secret().clone()),
            expires_at: now.saturating_add(used_for(life)),
            refresh: answer.refresh_token().map(|token| Secret::new(token.secret().clone())),
            scopes: answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
            patient: further("patient").filter(|patient| !patient.is_empty() && patient != "null"),
            id_token: further("id_token").map(Secret::new),
        })
    }
}

/// How long an access token is used: it is renewed a little early, so that it does not end on its way. Of a
/// short life only a part is given up: else every request would renew it.
fn used_for(life: i64) -> i64 {
    life - EARLY_S_MAX.min(life / 4)
}

/// RFC 6749, 2.3.1: both are form-encoded before they are joined.
fn basic(id: &str, secret: &str) -> Secret<String> {
    use base64::Engine as _;
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let joined = Secret::new(format!("{}:{}", encode(id), encode(secret)));
    Secret::new(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(joined.expose())))
}

fn refused(doing: &'static str, error: RequestTokenError<http::Error, BasicErrorResponse>) -> Error {
    match error {
        RequestTokenError::ServerResponse(response) => {
            Error::Refused { doing, code: code(response.error().as_ref()) }
        }
        RequestTokenError::Request(error) => Error::Http(error),
        // What could not be read is not repeated: it may hold tokens.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Error::NotUnderstood { doing },
    }
}

#[cfg(test)]
mod tests;
