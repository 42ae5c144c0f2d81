//! How a client becomes known: by RFC 7591, or as a device with its first access token.

use axum::response::Response;
use serde_json::{Value, json};

use super::call::{Call, json_answer, oauth_error};
use super::clients::Client;
use super::keys::random;
use super::quirks::{ClientProof, Registration};
use super::site::Site;

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
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
    });
    for echoed in ["client_name", "scope"] {
        if asked[echoed].is_string() {
            answer[echoed] = asked[echoed].clone();
        }
    }
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
