//! The token endpoint and revocation.

use axum::response::Response;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::call::{Call, answer, json_answer, oauth_error};
use super::clients::{self, Client};
use super::keys;
use super::quirks::{PatientIn, Pkce, Refresh, Registration};
use super::scopes::Scopes;
use super::sessions::Agreed;
use super::site::Site;
use super::switches::SignIn;

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub fn token(site: &Site, call: &Call) -> Response {
    let is_device = site.vendor.registration == Registration::Device;
    let given = match call.field("grant_type") {
        Some("authorization_code") => by_code(site, call),
        Some("refresh_token") if site.vendor.refresh != Refresh::Absent => by_refresh_token(site, call),
        Some(JWT_BEARER) if is_device => by_device(site, call),
        _ => Err(oauth_error(400, "unsupported_grant_type", "this grant is not supported here")),
    };
    given.unwrap_or_else(|refusal| refusal)
}

fn by_code(site: &Site, call: &Call) -> Result<Response, Response> {
    let client = clients::proven(site, call)?;
    let refused = |why: &str| oauth_error(400, "invalid_grant", why);
    let letters = call.field("code").unwrap_or_default();
    let code = site.sessions().code(letters).ok_or_else(|| refused("the code is not known, or was used"))?;
    if code.agreed.client_id != client.id || call.field("redirect_uri") != Some(&code.redirect_uri) {
        return Err(refused("the code was given to another client or address"));
    }
    let verifier = call.field("code_verifier");
    let answer = verifier.map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
    if site.vendor.pkce != Pkce::Ignored && answer != code.challenge {
        return Err(refused("code_verifier does not fit"));
    }
    let family = site.sessions().use_code(letters, code.agreed.clone());
    let is_lasting = Scopes::new(&code.agreed.scope).has("offline_access");
    let gives_refresh = is_lasting && site.vendor.refresh != Refresh::Absent;
    let refresh = gives_refresh.then(|| site.sessions().add_refresh(family, site.vendor.refresh_seconds));
    Ok(json_answer(200, &tokens(site, family, &code.agreed, refresh, true)))
}

fn by_refresh_token(site: &Site, call: &Call) -> Result<Response, Response> {
    let client = clients::proven(site, call)?;
    let letters = call.field("refresh_token").unwrap_or_default();
    let is_once = site.vendor.refresh == Refresh::Once;
    let known = site.sessions().refresh(letters, &client.id, is_once);
    let refused = || oauth_error(400, "invalid_grant", "the refresh token is not known, ended, or was used");
    let (family, agreed) = known.ok_or_else(refused)?;
    let is_stale = site.switches().stale_tokens;
    let next = match (is_stale, is_once) {
        (true, _) => Some(letters.to_owned()),
        (false, true) => Some(site.sessions().add_refresh(family, site.vendor.refresh_seconds)),
        (false, false) => None,
    };
    Ok(json_answer(200, &tokens(site, family, &agreed, next, false)))
}

/// Epic's devices: an assertion for an access token, and no refresh token.
fn by_device(site: &Site, call: &Call) -> Result<Response, Response> {
    let refused = || oauth_error(400, "invalid_client", "the assertion does not hold");
    let assertion = call.field("assertion").unwrap_or_default();
    let id = call.field("client_id").unwrap_or_default();
    let device: Client = site.clients().get(id).cloned().ok_or_else(refused)?;
    let agreed = device.device_of.clone().ok_or_else(refused)?;
    if !clients::is_signed(site, &device, assertion) {
        return Err(refused());
    }
    let family = site.sessions().begin(agreed.clone());
    Ok(json_answer(200, &tokens(site, family, &agreed, None, false)))
}

/// The answer with tokens, and the patient where this vendor puts it.
fn tokens(site: &Site, family: usize, agreed: &Agreed, refresh: Option<String>, is_first: bool) -> Value {
    let vendor = &site.vendor;
    let access = match &vendor.patient {
        PatientIn::AccessToken(claim) => {
            let ends = jsonwebtoken::get_current_timestamp() + vendor.access_seconds;
            let claims = json!({ "jti": keys::random(), "exp": ends, claim.as_str(): agreed.patient() });
            keys::sign(vendor.id_token, &claims)
        }
        _ => keys::random(),
    };
    let lasts = if site.switches().stale_tokens { 0 } else { vendor.access_seconds };
    site.sessions().add_access(family, access.clone(), lasts);
    let mut answer = json!({
        "access_token": access, "token_type": "Bearer", "expires_in": vendor.access_seconds, "scope": agreed.scope,
    });
    if vendor.patient == PatientIn::TokenAnswer {
        answer["patient"] = agreed.patient().into();
        answer["need_patient_banner"] = true.into();
    }
    if let Some(refresh) = refresh {
        answer["refresh_token"] = refresh.into();
    }
    if is_first && vendor.has_id_tokens() && Scopes::new(&agreed.scope).has("openid") {
        answer["id_token"] = id_token(site, agreed).into();
    }
    answer
}

fn id_token(site: &Site, agreed: &Agreed) -> String {
    let base = site.base();
    let base = base.trim_end_matches('/');
    let (subject, user) = match &agreed.who {
        SignIn::Own(patient) => (patient.clone(), format!("{base}/Patient/{patient}")),
        SignIn::Parent(patient) => {
            (format!("parent-of-{patient}"), format!("{base}/RelatedPerson/parent-of-{patient}"))
        }
    };
    let now = jsonwebtoken::get_current_timestamp();
    let mut claims = json!({
        "iss": site.issuer(), "aud": agreed.client_id, "sub": subject, "iat": now, "exp": now + 300,
    });
    if Scopes::new(&agreed.scope).has("fhirUser") {
        claims["fhirUser"] = user.into();
    }
    if let Some(nonce) = &agreed.nonce {
        claims["nonce"] = nonce.as_str().into();
    }
    keys::sign(site.vendor.id_token, &claims)
}

/// RFC 7009: always 200, whether the token was known or not.
pub fn revoke(site: &Site, call: &Call) -> Response {
    if let Err(refusal) = clients::proven(site, call) {
        return refusal;
    }
    site.sessions().revoke(call.field("token").unwrap_or_default());
    answer(200, "text/plain", "")
}
