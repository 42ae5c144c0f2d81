//! The clients that are known, and how they prove themselves.

use std::collections::{HashMap, HashSet};

use axum::response::Response;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use super::call::{Call, oauth_error};
use super::quirks::ClientProof;
use super::site::Site;

/// A client of one vendor.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub id: String,
    /// For `client_secret_basic` and `client_secret_post`.
    pub secret: Option<String>,
    /// For `private_key_jwt`: `{"keys": […]}`.
    pub jwks: Option<Value>,
    /// Empty: any loopback address.
    pub redirect_uris: Vec<String>,
    /// Whose device it is, after Epic's registration.
    pub device_of: Option<super::sessions::Agreed>,
}

#[derive(Debug, Default)]
pub struct Clients {
    known: HashMap<String, Client>,
    assertions: HashSet<String>,
}

impl Clients {
    pub fn add(&mut self, client: Client) {
        self.known.insert(client.id.clone(), client);
    }

    pub fn secrets(&self) -> Vec<String> {
        self.known.values().filter_map(|client| client.secret.clone()).collect()
    }

    pub fn get(&self, id: &str) -> Option<&Client> {
        self.known.get(id)
    }
}

impl Client {
    /// RFC 8252, 7.3: the port of a loopback address is free.
    pub fn may_return_to(&self, address: &str) -> bool {
        if self.redirect_uris.is_empty() {
            return without_port(address).is_some();
        }
        self.redirect_uris.iter().any(|known| {
            known == address
                || (without_port(known).is_some() && without_port(known) == without_port(address))
        })
    }
}

/// A loopback address without its port.
fn without_port(address: &str) -> Option<(&str, &str)> {
    let hosts = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let host = hosts.into_iter().find(|host| address.starts_with(host))?;
    let after = &address[host.len()..];
    let after = after
        .strip_prefix(':')
        .map_or(after, |port| port.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    (after.is_empty() || after.starts_with(['/', '?'])).then_some((host, after))
}

/// The client that a request to the token endpoint comes from, proven as the vendor wants it.
pub fn proven(site: &Site, call: &Call) -> Result<Client, Response> {
    let (proof, id, secret) = if let Some(assertion) = call.field("client_assertion") {
        (ClientProof::PrivateKeyJwt, subject(assertion), None)
    } else if let Some((id, secret)) = call.basic() {
        (ClientProof::ClientSecretBasic, Some(id), Some(secret))
    } else if let Some(secret) = call.field("client_secret") {
        (ClientProof::ClientSecretPost, call.field("client_id").map(str::to_owned), Some(secret.to_owned()))
    } else {
        (ClientProof::None, call.field("client_id").map(str::to_owned), None)
    };
    let refused = |why: &str| oauth_error(401, "invalid_client", why);
    if !site.vendor.clients.contains(&proof) {
        return Err(refused("this way of proving the client is not accepted here"));
    }
    let client = id.and_then(|id| site.clients().get(&id).cloned());
    let client = client.ok_or_else(|| refused("the client is not known"))?;
    match proof {
        ClientProof::None if client.secret.is_some() && is_confidential_only(site) => {
            Err(refused("the client has a secret and did not show it"))
        }
        ClientProof::ClientSecretBasic | ClientProof::ClientSecretPost if client.secret != secret => {
            Err(refused("the secret is wrong"))
        }
        ClientProof::PrivateKeyJwt => {
            let assertion = call.field("client_assertion").unwrap_or_default();
            let is_typed = call.field("client_assertion_type") == Some(ASSERTION_TYPE);
            if is_typed && is_signed(site, &client, assertion) {
                Ok(client)
            } else {
                Err(refused("the assertion does not hold"))
            }
        }
        ClientProof::None | ClientProof::ClientSecretBasic | ClientProof::ClientSecretPost => Ok(client),
    }
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn is_confidential_only(site: &Site) -> bool {
    !site.vendor.clients.contains(&ClientProof::None)
}

fn subject(assertion: &str) -> Option<String> {
    let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Value>(assertion).ok()?;
    claims["sub"].as_str().map(str::to_owned)
}

/// RFC 7523, 3: signed by the client, for this endpoint, for at most five minutes, used once.
pub fn is_signed(site: &Site, client: &Client, assertion: &str) -> bool {
    checked(site, client, assertion).is_some()
}

fn checked(site: &Site, client: &Client, assertion: &str) -> Option<()> {
    let header = jsonwebtoken::decode_header(assertion).ok()?;
    if !site.vendor.algorithms.contains(&format!("{:?}", header.alg)) {
        return None;
    }
    let keys: JwkSet = serde_json::from_value(client.jwks.clone()?).ok()?;
    let named = header.kid.as_deref().and_then(|kid| keys.find(kid));
    let key = named.or(keys.keys.first())?;
    let mut rules = Validation::new(header.alg);
    rules.set_audience(&[site.token_address()]);
    rules.set_issuer(&[&client.id]);
    rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    let claims =
        jsonwebtoken::decode::<Value>(assertion, &DecodingKey::from_jwk(key).ok()?, &rules).ok()?.claims;
    let is_short = claims["exp"].as_u64()? <= jsonwebtoken::get_current_timestamp() + 300;
    let is_of_client = claims["sub"] == client.id.as_str();
    let is_new = site.clients().assertions.insert(claims["jti"].as_str()?.to_owned());
    (is_short && is_of_client && is_new && header.alg != Algorithm::HS256).then_some(())
}
