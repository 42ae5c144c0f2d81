//! The authorization endpoint: who signs in, by a page or by a switch, and the code that goes back.

use axum::response::Response;
use serde_json::Value;

use super::call::{Call, html, query, redirect};
use super::quirks::{Aud, Pkce, Refresh};
use super::scopes;
use super::sessions::{Agreed, Code};
use super::site::Site;
use super::switches::SignIn;

/// Checks the request and asks who signs in.
pub fn authorize(site: &Site, call: &Call) -> Response {
    let field = |name: &str| call.field(name).unwrap_or_default();
    let client = site.clients().get(field("client_id")).cloned();
    // RFC 6749, 4.1.2.1: an unknown client or address is told to the person, not sent there.
    let Some(client) = client else { return html(400, "<p>This app is not known here.</p>".to_owned()) };
    let address = field("redirect_uri");
    if !client.may_return_to(address) {
        return html(400, "<p>The address of this app is not known here.</p>".to_owned());
    }
    if let Err((error, why)) = check(site, call) {
        return send_back(site, call, &[("error", error), ("error_description", &why)]);
    }
    let (deny, sign_in) = {
        let switches = site.switches();
        (switches.deny.clone(), switches.sign_in.clone())
    };
    if let Some(error) = deny {
        return send_back(site, call, &[("error", &error)]);
    }
    let chosen = match (call.field("sign_in"), call.field("own")) {
        (Some("own"), Some(patient)) => Some(SignIn::Own(patient.to_owned())),
        (Some("parent"), Some(patient)) => Some(SignIn::Parent(patient.to_owned())),
        _ => sign_in,
    };
    match chosen {
        Some(who) => send_code(site, call, who),
        None => html(200, page(site, call)),
    }
}

/// Whether the request is what the vendor wants: an OAuth error and why.
fn check(site: &Site, call: &Call) -> Result<(), (&'static str, String)> {
    let wrong = |why: String| Err(("invalid_request", why));
    if call.field("response_type") != Some("code") {
        return Err(("unsupported_response_type", "response_type has to be code".to_owned()));
    }
    let told = call.field("aud");
    let base = site.base();
    let is_right = match site.vendor.aud {
        Aud::Base => told == Some(base.as_str()),
        Aud::WithoutSlash => told == Some(base.trim_end_matches('/')),
        Aud::Absent => told.is_none(),
    };
    if !is_right {
        return wrong(format!("aud is {told:?}, and has to be {:?}", site.vendor.aud));
    }
    for (name, start) in &site.vendor.authorize_needs {
        if !call.field(name).is_some_and(|value| !value.is_empty() && value.starts_with(start)) {
            return wrong(format!("{name} is missing"));
        }
    }
    let asked = call.field("scope").unwrap_or_default();
    let refused =
        asked.split_whitespace().find(|scope| site.vendor.refused_scopes.iter().any(|no| no == scope));
    if let Some(scope) = refused {
        return Err(("invalid_scope", format!("{scope} is not given here")));
    }
    let challenge = call.field("code_challenge").is_some();
    match (site.vendor.pkce, challenge, call.field("code_challenge_method")) {
        (Pkce::Required, false, _) => wrong("code_challenge is missing".to_owned()),
        (Pkce::Required | Pkce::Accepted, true, method) if method != Some("S256") => {
            wrong("code_challenge_method has to be S256".to_owned())
        }
        _ => Ok(()),
    }
}

fn send_code(site: &Site, call: &Call, who: SignIn) -> Response {
    let field = |name: &str| call.field(name).map(str::to_owned);
    let asked = call.field("scope").unwrap_or_default();
    let is_given = |scope: &&str| match *scope {
        "offline_access" => site.vendor.refresh != Refresh::Absent,
        "openid" | "fhirUser" => site.vendor.has_id_tokens(),
        scope => scopes::is_understood(scope, &site.vendor.dialects),
    };
    let scope = asked.split_whitespace().filter(is_given).collect::<Vec<_>>().join(" ");
    let scope = site.switches().grant.clone().unwrap_or(scope);
    let client_id = field("client_id").unwrap_or_default();
    let agreed = Agreed { client_id, who, scope, nonce: field("nonce") };
    let challenge = field("code_challenge").filter(|_| site.vendor.pkce != Pkce::Ignored);
    let code = Code { agreed, redirect_uri: field("redirect_uri").unwrap_or_default(), challenge };
    let letters = site.sessions().new_code(code);
    send_back(site, call, &[("code", &letters)])
}

fn send_back(site: &Site, call: &Call, fields: &[(&str, &str)]) -> Response {
    let address = call.field("redirect_uri").unwrap_or_default();
    let mut fields = fields.to_vec();
    fields.extend(call.field("state").map(|state| ("state", state)));
    let issuer = site.switches().issuer.clone().unwrap_or_else(|| site.issuer());
    if site.vendor.names_issuer {
        fields.push(("iss", &issuer));
    }
    let joint = if address.contains('?') { '&' } else { '?' };
    redirect(&format!("{address}{joint}{}", query(fields)))
}

/// The page: the synthetic people to choose from.
fn page(site: &Site, call: &Call) -> String {
    let hidden: String = call
        .query
        .iter()
        .chain(&call.form)
        .map(|(name, value)| {
            format!("<input type=hidden name=\"{}\" value=\"{}\">", escaped(name), escaped(value))
        })
        .collect();
    let people: String =
        site.people().patients().iter().map(|patient| person(&patient.id, &patient.text)).collect();
    format!(
        "<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>\
         <p>Everyone here is made up. Who signs in?</p><form method=post action=authorize>{hidden}{people}\
         <p><label><input type=radio name=sign_in value=own checked> this person</label>\
         <label><input type=radio name=sign_in value=parent> a parent of this person</label></p>\
         <button>Sign in and share</button></form>",
        title = escaped(&site.vendor.title),
    )
}

fn person(id: &str, text: &str) -> String {
    let patient: Value = serde_json::from_str(text).unwrap_or_default();
    let name = &patient["name"][0];
    let given = name["given"][0].as_str().unwrap_or_default();
    let family = name["family"].as_str().unwrap_or_default();
    let born = patient["birthDate"].as_str().unwrap_or_default();
    let words = escaped(&format!("{given} {family}, born {born}"));
    format!("<p><label><input type=radio name=own value=\"{}\" required> {words}</label></p>", escaped(id))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
