//! The token endpoint (RFC 6749, 3.2): a code or a refresh token comes in, new tokens go out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::acts::{Act, Doer, event};
use super::asked::{Query, is_resource};
use super::client::{self, Proof};
use super::error::{Code, OAuthError};
use super::grant::Grant;
use super::held::{ACCESS, Pair};
use super::kept::{self, Given, Next};
use super::scopes::Scopes;
use super::steps::{Exchange, Refusal};
use super::token::{Hash, Kind, Token};
use super::{Server, document, older};
use crate::store::Sealed;

/// When to come again after too many refreshes.
const AGAIN_S: u32 = 30;

/// How a transition ends: with a grant, or with one that was ended for a reason.
enum Turn {
    Good,
    Ended,
}

impl Server {
    /// Answers a form. `authorization` is the header of this name, where there is one.
    pub fn token(&self, form: &[(String, String)], authorization: Option<&str>) -> Result<Value, OAuthError> {
        let form = Query::read(form).ok_or_else(|| Code::InvalidRequest.because("a field is there twice"))?;
        let client = self.authenticated(&form, authorization)?;
        if form.get("resource").is_some_and(|asked| !is_resource(asked, &self.public.resource())) {
            return Err(Code::InvalidTarget.because("resource is the address of this server's /mcp"));
        }
        match form.get("grant_type") {
            Some("authorization_code") => self.exchange(&form, &client),
            Some("refresh_token") => self.renew(&form, &client),
            Some(_) => {
                let why = "the grant type is authorization_code or refresh_token";
                Err(Code::UnsupportedGrantType.because(why))
            }
            None => Err(Code::InvalidRequest.because("grant_type is missing")),
        }
    }

    fn exchange(&self, form: &Query<'_>, client: &str) -> Result<Value, OAuthError> {
        let (code, person) = self.presented(form.get("code"), Kind::Code, "code is missing")?;
        let (access, refresh) = self.new_pair(&code);
        let pair = Pair { access: access.hash, refresh: refresh.hash };
        let (redirect, verifier) = (form.get("redirect_uri"), form.get("code_verifier"));
        let with = Exchange { code: code.hash, client, redirect, verifier };
        let grant = self.turn(&person, &code, |grant, now| {
            let connected = grant.connected(&with, pair, now)?;
            let told = event(&connected, &code.grant, Doer::Assistant, Act::Connected, now);
            Ok(Next::Told(Box::new(connected), told))
        })?;
        let new = Given { id: code.grant, grant };
        // What was given out is given out in any case.
        if let Err(error) = older::make_room(&person, &new, self.clock().now()) {
            tracing::warn!(%error, "the older grants of an assistant could not be ended");
        }
        Ok(self.tokens(&new.grant, None, &access, &refresh))
    }

    fn renew(&self, form: &Query<'_>, client: &str) -> Result<Value, OAuthError> {
        let (used, person) =
            self.presented(form.get("refresh_token"), Kind::Refresh, "refresh_token is missing")?;
        let scopes = form.get("scope").map(Scopes::parse).transpose();
        let scopes = scopes.map_err(|_| Code::InvalidScope.because("none of these scopes is known here"))?;
        let (access, refresh) = self.new_pair(&used);
        let pair = Pair { access: access.hash, refresh: refresh.hash };
        let grant = self.turn(&person, &used, |grant, now| {
            let renewed = grant.renewed(used.hash, client, scopes.as_ref(), pair, now)?;
            Ok(Next::Quiet(Box::new(renewed)))
        })?;
        // A grant may be prolonged, and its client must stay as long.
        if let Err(error) = client::used(&self.vault, client) {
            tracing::warn!(%error, "the use of a client could not be noted");
        }
        Ok(self.tokens(&grant, scopes.as_ref(), &access, &refresh))
    }

    /// The token that came in, and the rows of the person whose it is.
    fn presented(
        &self,
        text: Option<&str>,
        kind: Kind,
        missing: &'static str,
    ) -> Result<(Token, Sealed), OAuthError> {
        let not_good = || Code::InvalidGrant.because("this code or token is not good");
        let text = text.ok_or_else(|| Code::InvalidRequest.because(missing))?;
        let token = Token::parse(text).filter(|token| token.kind == kind).ok_or_else(not_good)?;
        let person = self.vault.owner(&token.owner)?.ok_or_else(not_good)?;
        Ok((token, person))
    }

    fn new_pair(&self, of: &Token) -> (Token, Token) {
        let new = |kind| Token::new(kind, &of.owner, &of.grant, self.random());
        (new(Kind::Access), new(Kind::Refresh))
    }

    /// Makes a transition, or ends the grant where what was presented had been used up before.
    fn turn(
        &self,
        person: &Sealed,
        token: &Token,
        step: impl Fn(Grant, Timestamp) -> Result<Next, Refusal>,
    ) -> Result<Grant, OAuthError> {
        let now = self.clock().now();
        let turn = std::cell::Cell::new(Turn::Good);
        let grant = kept::change(person, &token.grant, |grant| match step(grant.clone(), now) {
            Ok(next) => {
                turn.set(Turn::Good);
                Ok(next)
            }
            Err(Refusal::Reused(why)) => {
                turn.set(Turn::Ended);
                let ended = grant.ended(why, now);
                let told = event(&ended, &token.grant, Doer::Rule, Act::Ended(why), now);
                Ok(Next::Told(Box::new(ended), told))
            }
            Err(Refusal::NotGood(why)) => Err(Code::InvalidGrant.because(why)),
            Err(Refusal::Wider) => Err(Code::InvalidScope.because("this is more than was granted")),
            Err(Refusal::TooOften) => Err(OAuthError::TooMany { after_s: AGAIN_S }),
        })?;
        match (grant, turn.into_inner()) {
            (Some(grant), Turn::Good) => Ok(grant),
            (Some(_), Turn::Ended) => {
                Err(Code::InvalidGrant.because("this was used before: the access has ended"))
            }
            (None, _) => Err(Code::InvalidGrant.because("this code or token is not good")),
        }
    }

    fn tokens(&self, grant: &Grant, scopes: Option<&Scopes>, access: &Token, refresh: &Token) -> Value {
        let left = grant.expires_at.duration_since(self.clock().now()).min(ACCESS);
        let mut answer = json!({
            "access_token": access.expose(),
            "token_type": "Bearer",
            "expires_in": left.as_secs().max(0),
            "scope": scopes.unwrap_or(&grant.scopes).text(),
        });
        if grant.holds_refresh(refresh.hash) {
            answer["refresh_token"] = refresh.expose().into();
        }
        answer
    }

    /// The client that this comes from, once it has proven what it must. RFC 6749, 2.3: in one way alone.
    pub(super) fn authenticated(
        &self,
        form: &Query<'_>,
        authorization: Option<&str>,
    ) -> Result<String, OAuthError> {
        let unknown =
            || Code::InvalidClient.because("this client is not known, or its secret is not the one");
        let in_form = form.get("client_id");
        let (id, secret) = match authorization {
            None => (in_form.map(str::to_owned), form.get("client_secret").map(str::to_owned)),
            Some(header) => {
                let (id, secret) = basic(header).ok_or_else(unknown)?;
                if form.get("client_secret").is_some() || in_form.is_some_and(|other| other != id) {
                    return Err(Code::InvalidRequest.because("a client proves who it is in one way alone"));
                }
                (Some(id), Some(secret).filter(|secret| !secret.is_empty()))
            }
        };
        let id = id.ok_or_else(|| Code::InvalidClient.because("client_id is missing"))?;
        let proof = if document::is_address(&id) {
            // What such a client has was given to this very id; its document was read when the person was asked.
            Proof::Public
        } else {
            client::find(&self.vault, &id)?.ok_or_else(unknown)?.proof
        };
        match (proof, secret) {
            (Proof::Public, None) => Ok(id),
            (Proof::Secret(hash), Some(secret)) if hash == Hash::of(&secret) => Ok(id),
            _ => Err(unknown()),
        }
    }
}

/// Id and secret of a header `Authorization: Basic` (RFC 6749, 2.3.1: each encoded as in a form).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    let decoded =
        STANDARD.decode(credentials.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    let decoded = form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned());
    decoded.unwrap_or_default()
}
