//! Clients: known beforehand, registered by RFC 7591 or by a device, and how they prove themselves.

use std::collections::{HashMap, HashSet};

use axum::response::Response;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::call::{Call, json_answer, oauth_error};
use super::keys::random;
use super::site::Site;
use super::vendor::{ClientProof, Registration};

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
    let key = match &header.kid {
        Some(kid) => keys.find(kid)?,
        None => keys.keys.first()?,
    };
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

/// A registration, in the way of this vendor.
pub fn register(site: &Site, call: &Call) -> Response {
    let asked: Value = serde_json::from_str(&call.body).unwrap_or_default();
    match site.vendor.registration {
        Registration::Portal => oauth_error(404, "not_found", "clients are registered at the portal"),
        Registration::Open => register_open(site, &asked),
        Registration::Device => register_device(site, call, &asked),
    }
}

/// RFC 7591.
fn register_open(site: &Site, asked: &Value) -> Response {
    let texts = |field: &str| -> Vec<String> {
        asked[field]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|text| text.as_str().map(str::to_owned))
            .collect()
    };
    let redirect_uris = texts("redirect_uris");
    if redirect_uris.is_empty() {
        return oauth_error(400, "invalid_redirect_uri", "redirect_uris is missing");
    }
    let method = asked["token_endpoint_auth_method"].as_str().unwrap_or("client_secret_basic");
    let proof: Option<ClientProof> = serde_json::from_value(method.into()).ok();
    if !proof.is_some_and(|proof| site.vendor.clients.contains(&proof)) {
        return oauth_error(400, "invalid_client_metadata", "token_endpoint_auth_method is not supported");
    }
    let secret = method.starts_with("client_secret").then(random);
    let jwks = asked["jwks"].is_object().then(|| asked["jwks"].clone());
    let id = format!("client-{}", random());
    let mut answer = json!({
        "client_id": id, "client_id_issued_at": jsonwebtoken::get_current_timestamp(),
        "redirect_uris": redirect_uris, "token_endpoint_auth_method": method,
        "client_name": asked["client_name"], "scope": asked["scope"],
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
    });
    if let Some(secret) = &secret {
        answer["client_secret"] = secret.as_str().into();
        answer["client_secret_expires_at"] = 0.into();
    }
    site.clients().add(Client { id, secret, jwks, redirect_uris, device_of: None });
    json_answer(201, &answer)
}

/// Epic's: with the first access token a device hands in the public half of a key it has made.
fn register_device(site: &Site, call: &Call, asked: &Value) -> Response {
    let Some(agreed) = call.bearer().and_then(|token| site.sessions().access(token).cloned()) else {
        return oauth_error(401, "invalid_token", "a device registers with its access token");
    };
    if asked["software_id"] != agreed.client_id.as_str() {
        return oauth_error(400, "invalid_client_metadata", "software_id is not the client of the token");
    }
    // fhir.md 1.3: RSA only.
    if asked["jwks"]["keys"][0]["kty"] != "RSA" {
        return oauth_error(400, "invalid_client_metadata", "the key has to be an RSA key");
    }
    let id = format!("device-{}", random());
    let jwks = Some(asked["jwks"].clone());
    site.clients().add(Client { id: id.clone(), jwks, device_of: Some(agreed), ..Client::default() });
    json_answer(
        201,
        &json!({
            "client_id": id, "software_id": asked["software_id"], "jwks": asked["jwks"],
            "grant_types": ["urn:ietf:params:oauth:grant-type:jwt-bearer"], "token_endpoint_auth_method": "none",
        }),
    )
}
