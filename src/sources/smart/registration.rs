//! How plainchart gets a client id where nobody has given it one.

use jsonwebtoken::jwk::Jwk;
use serde::{Deserialize, Serialize};
use url::Url;

use super::client::{Identity, Key, Proof};
use super::discovery::Found;
use super::rules::{ClientKind, Registration};
use super::{Error, http_json_of};
use crate::http::{Client, Content, Request, is_loopback};
use crate::secret::Secret;

/// The name by which a person sees plainchart at the portal.
const CLIENT_NAME: &str = "plainchart";

#[derive(Serialize)]
struct Wanted<'a> {
    client_name: &'a str,
    application_type: &'a str,
    redirect_uris: [&'a str; 1],
    grant_types: [&'a str; 2],
    response_types: [&'a str; 1],
    token_endpoint_auth_method: &'a str,
    scope: &'a str,
}

#[derive(Deserialize)]
struct Given {
    client_id: String,
    client_secret: Option<String>,
    token_endpoint_auth_method: Option<String>,
}

/// Registers plainchart by RFC 7591, where the server does that.
pub fn dynamic(client: &Client, found: &Found, redirect: &Url, scopes: &[String]) -> Result<Identity, Error> {
    const DOING: &str = "registering plainchart";
    let page = found.vendor.registration_page;
    let url = found.server.register.as_ref().ok_or(Error::NotRegistered { page })?;
    let wanted = Wanted {
        client_name: CLIENT_NAME,
        // OpenID Connect Registration, 2: only a native client comes back to its own machine.
        application_type: if is_loopback(redirect) { "native" } else { "web" },
        redirect_uris: [redirect.as_str()],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: method(found),
        scope: &scopes.join(" "),
    };
    let request = post(url.clone(), &wanted, DOING)?;
    let given: Given = http_json_of(client, &request, DOING)?;
    let proof = match given.client_secret.filter(|secret| !secret.is_empty()) {
        None => Proof::Public,
        Some(_) if given.token_endpoint_auth_method.as_deref() == Some("none") => Proof::Public,
        Some(secret) => Proof::Secret {
            secret: Secret::new(secret),
            in_body: given.token_endpoint_auth_method.as_deref() == Some("client_secret_post"),
        },
    };
    Ok(Identity { id: given.client_id, proof })
}

/// The way of proving itself that plainchart asks for: none, unless the server has only others.
fn method(found: &Found) -> &'static str {
    let has = |method: &str| found.server.auth_methods.iter().any(|own| own == method);
    let takes_public = found.server.auth_methods.is_empty() || has("none");
    match (found.vendor.client, takes_public) {
        (ClientKind::Public | ClientKind::Either, true) => "none",
        _ if has("client_secret_post") && !has("client_secret_basic") => "client_secret_post",
        _ => "client_secret_basic",
    }
}

#[derive(Serialize)]
struct Device<'a> {
    software_id: &'a str,
    jwks: Keys,
}

#[derive(Serialize)]
struct Keys {
    keys: [Jwk; 1],
}

/// Registers this device with a key made here (Epic's native apps), where the vendor does that; the access
/// that follows needs no refresh token. `None` where the server knows no devices.
pub fn device(
    client: &Client,
    found: &Found,
    first: &Identity,
    access: &Secret<String>,
) -> Result<Option<Identity>, Error> {
    const DOING: &str = "registering this device";
    if found.vendor.registration != Registration::EpicDevice {
        return Ok(None);
    }
    // It stands beside the page for signing in and is in no catalogue.
    let Ok(url) = found.server.authorize.join("register") else { return Ok(None) };
    let key = Key::generate()?;
    let wanted = Device { software_id: &first.id, jwks: Keys { keys: [key.public()?] } };
    let request = post(url, &wanted, DOING)?.bearing(access);
    match http_json_of::<Given>(client, &request, DOING) {
        Ok(given) => Ok(Some(Identity { id: given.client_id, proof: Proof::Device(key) })),
        Err(Error::Refused { code, .. }) if code == "status 404" || code == "status 405" => Ok(None),
        Err(error) => Err(error),
    }
}

fn post(url: Url, body: &impl Serialize, doing: &'static str) -> Result<Request, Error> {
    let bytes = serde_json::to_vec(body).map_err(|_| Error::NotUnderstood { doing })?;
    let content = Content { media_type: "application/json", bytes: Secret::new(bytes) };
    Ok(Request { content: Some(content), ..Request::get(url) })
}

#[cfg(test)]
mod tests {
    // The whole of it is tried against a real server in tests/it/connect.rs.
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    #[test]
    fn what_a_device_sends_holds_the_public_half_alone() {
        let key = Key::generate().unwrap();
        let wanted = Device { software_id: "plain", jwks: Keys { keys: [key.public().unwrap()] } };
        let sent: serde_json::Value = serde_json::to_value(&wanted).unwrap();
        let key = &sent["jwks"]["keys"][0];
        assert_eq!((key["kty"].as_str(), key["e"].as_str()), (Some("RSA"), Some("AQAB")));
        assert_eq!(URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap().len(), 256);
        for private in ["d", "p", "q", "dp", "dq", "qi"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
}
