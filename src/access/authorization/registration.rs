//! Dynamic registration (RFC 7591): an assistant says who it is and gets an id, and a secret if it asks for one.

use serde_json::{Value, json};

use super::Server;
use super::client::{self, Client, PREFIX, Proof, plain_name};
use super::error::{Code, OAuthError};
use super::redirect::{Place, Redirect};
use super::token::Hash;

/// What is sent is at most so long.
pub const BODY_BYTES_MAX: usize = 16 * 1024;
const REDIRECTS_MAX: usize = 16;
/// So many may be registered at one time. Those that nobody uses go after a day, and one process registers fewer than
/// that in a day ([`RATE`]): whoever floods it keeps others waiting while it lasts, and not for a day.
const CLIENTS_MAX: usize = 30_000;
/// Registrations at once, and a minute.
pub(super) const RATE: (u32, u32) = (60, 20);
/// When to come again if there are too many.
const AGAIN_S: u32 = 60;

/// What a client wants to be.
struct Wanted {
    name: String,
    redirects: Vec<Redirect>,
    method: Method,
    refreshes: bool,
}

/// How a client wants to prove who it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    None,
    Basic,
    Post,
}

impl Method {
    fn word(self) -> &'static str {
        match self {
            Method::None => "none",
            Method::Basic => "client_secret_basic",
            Method::Post => "client_secret_post",
        }
    }
}

impl Server {
    /// Registers a client. What is answered holds its secret, which is shown this once.
    pub fn register(&self, body: &[u8]) -> Result<Value, OAuthError> {
        let wanted = Wanted::read(body)?;
        let now = self.clock().now();
        if !self.registrations.take(now) || client::count(&self.vault)? >= CLIENTS_MAX {
            return Err(OAuthError::TooMany { after_s: AGAIN_S });
        }
        let id = format!("{PREFIX}{}", self.random().hex(16));
        let secret = match wanted.method {
            Method::None => None,
            Method::Basic | Method::Post => Some(format!("pc_cs_{}", self.random().hex(32))),
        };
        let client = Client {
            id: id.clone(),
            name: wanted.name.clone(),
            redirects: wanted.redirects.clone(),
            proof: secret.as_deref().map_or(Proof::Public, |secret| Proof::Secret(Hash::of(secret))),
            refreshes: wanted.refreshes,
        };
        client::keep(&self.vault, &client)?;
        let mut answer = wanted.echo();
        answer["client_id"] = id.into();
        answer["client_id_issued_at"] = now.as_second().into();
        if let Some(secret) = secret {
            answer["client_secret"] = secret.into();
            answer["client_secret_expires_at"] = 0.into();
        }
        Ok(answer)
    }
}

impl Wanted {
    fn read(body: &[u8]) -> Result<Wanted, OAuthError> {
        let malformed = || Code::InvalidClientMetadata.because("this is no JSON object of client metadata");
        if body.len() > BODY_BYTES_MAX {
            return Err(malformed());
        }
        let metadata: Value = serde_json::from_slice(body).map_err(|_| malformed())?;
        let metadata = metadata.as_object().ok_or_else(malformed)?;
        let redirects = redirects(metadata.get("redirect_uris"))?;
        let grants = words(metadata.get("grant_types"));
        if grants.as_ref().is_some_and(|grants| !grants.contains(&"authorization_code")) {
            return Err(Code::InvalidClientMetadata.because("the grant type is authorization_code"));
        }
        if words(metadata.get("response_types")).is_some_and(|types| !types.contains(&"code")) {
            return Err(Code::InvalidClientMetadata.because("the response type is code"));
        }
        // RFC 7591, 2: a client that says nothing is given a secret.
        let method = match metadata.get("token_endpoint_auth_method").map(Value::as_str) {
            None | Some(Some("client_secret_basic")) => Method::Basic,
            Some(Some("client_secret_post")) => Method::Post,
            Some(Some("none")) => Method::None,
            Some(_) => {
                let why = "token_endpoint_auth_method is none, client_secret_basic or client_secret_post";
                return Err(Code::InvalidClientMetadata.because(why));
            }
        };
        let name = metadata.get("client_name").and_then(Value::as_str).and_then(plain_name);
        let refreshes = grants.is_some_and(|grants| grants.contains(&"refresh_token"));
        Ok(Wanted { name: name.unwrap_or_else(|| nameless(&redirects)), redirects, method, refreshes })
    }

    fn echo(&self) -> Value {
        let redirects: Vec<&str> = self.redirects.iter().map(Redirect::as_str).collect();
        let grants = if self.refreshes {
            json!(["authorization_code", "refresh_token"])
        } else {
            json!(["authorization_code"])
        };
        json!({
            "client_name": self.name,
            "redirect_uris": redirects,
            "grant_types": grants,
            "response_types": ["code"],
            "token_endpoint_auth_method": self.method.word(),
        })
    }
}

/// The redirects that are named, of which each must be allowed.
pub(super) fn redirects(named: Option<&Value>) -> Result<Vec<Redirect>, OAuthError> {
    let refused = |why| Err(Code::InvalidRedirectUri.because(why));
    let Some(named) = named.and_then(Value::as_array).filter(|named| !named.is_empty()) else {
        return refused("redirect_uris is a list of at least one address");
    };
    if named.len() > REDIRECTS_MAX {
        return refused("these are too many redirect_uris");
    }
    let read = named.iter().map(|text| Redirect::parse(text.as_str()?));
    match read.collect::<Option<Vec<_>>>() {
        Some(redirects) => Ok(redirects),
        None => refused(
            "a redirect is an https address, an http address of this machine's loopback, or one of a known program; without fragment, user name or password",
        ),
    }
}

/// What somebody without a name is called: the place to which its answers go.
pub(super) fn nameless(redirects: &[Redirect]) -> String {
    match redirects.first().map(Redirect::place) {
        Some(Place::Server(host)) => host,
        Some(Place::Program(_)) | None => "a program without a name".to_owned(),
    }
}

/// A list of words; `None` where there is none.
pub(super) fn words(value: Option<&Value>) -> Option<Vec<&str>> {
    Some(value?.as_array()?.iter().filter_map(Value::as_str).collect())
}
