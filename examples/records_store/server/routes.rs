//! The table of contents of the server: which address is answered where.

use std::time::Duration;

use axum::response::Response;

use super::call::{Call, answer, json_answer, with_header};
use super::serving::Server;
use super::site::Site;
use super::{authorize, discovery, fhir, hostile, keys, registration, token};

pub async fn respond(server: &Server, call: &Call) -> Response {
    let parts: Vec<&str> = call.path.split('/').filter(|part| !part.is_empty()).collect();
    let (name, rest): (&str, Vec<&str>) = match parts.as_slice() {
        // RFC 8414, 3.1: the well-known part stands before the path of the issuer.
        [".well-known", document, name, rest @ ..] => (name, [rest, &[".well-known", document]].concat()),
        [name, rest @ ..] => (name, rest.to_vec()),
        [] => return answer(200, "text/plain", "a records store for tests: see examples/records_store"),
    };
    let Some(site) = server.sites.iter().find(|site| site.vendor.name == name) else {
        return answer(404, "text/plain", "there is no such vendor");
    };
    let base: Vec<&str> = site.vendor.path.split('/').collect();
    let rest = rest.strip_prefix(base.as_slice()).map_or(rest.clone(), |below| [&["fhir"], below].concat());
    let Some(rate) = &site.vendor.rate else { return switched(site, call, &rest).await };
    let left = site.spend_call(rate);
    let mut response = match left {
        Ok(_) => switched(site, call, &rest).await,
        Err(_) => answer(429, "text/plain", "too many requests"),
    };
    if let (Err(wait), true) = (left, rate.tells_when) {
        // The header counts whole seconds.
        response = with_header(response, "retry-after", &(wait.as_secs() + 1).to_string());
    }
    if let Some(start) = &rate.headers {
        for (end, number) in [("limit", rate.calls), ("remaining", left.unwrap_or(0))] {
            let name = format!("{start}-{end}").parse::<axum::http::HeaderName>().unwrap();
            response.headers_mut().insert(name, number.into());
        }
    }
    response
}

/// The answer, unless a switch says otherwise.
async fn switched(site: &Site, call: &Call, rest: &[&str]) -> Response {
    let is_type = rest.len() > 1 && rest[0] == "fhir" && rest[1].starts_with(char::is_uppercase);
    let place = if is_type { rest[1] } else { rest.last().copied().unwrap_or_default() };
    let failure = site.switches().fails(place);
    if let Some((status, retry_after)) = failure {
        let failed = answer(status, "text/plain", "this failed on purpose");
        return match retry_after {
            Some(seconds) => with_header(failed, "retry-after", &seconds.to_string()),
            None => failed,
        };
    }
    let hostile = site.switches().hostile(place, is_type);
    if let Some(mode) = hostile {
        let here = format!("{}{}", site.origin, call.path);
        return hostile::behave(mode, &here, &call.query, &site.foreign).await;
    }
    let response = route(site, call, rest);
    let delay_ms = site.switches().delay_ms(place, is_type);
    if delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
    response
}

fn route(site: &Site, call: &Call, rest: &[&str]) -> Response {
    match (call.method.as_str(), rest) {
        ("GET", ["fhir", ".well-known", document]) => discovery::document(site, document),
        ("GET", ["oauth2", ".well-known", "openid-configuration"]) => discovery::of_issuer(site),
        ("GET", ["fhir", "metadata"]) => discovery::capability_statement(site),
        ("GET" | "POST", ["oauth2", "authorize"]) => authorize::authorize(site, call),
        ("POST", ["oauth2", "token"]) => token::token(site, call),
        ("POST", ["oauth2", "revoke"]) => token::revoke(site, call),
        ("POST", ["oauth2", "register"]) => registration::register(site, call),
        ("GET", ["oauth2", "jwks"]) => json_answer(200, &keys::public(site.vendor.id_token)),
        ("GET", ["fhir", rest @ ..]) => fhir::serve(site, call, rest),
        ("POST", ["fhir", kind, "_search"]) => fhir::serve(site, call, &[kind, "_search"]),
        _ => answer(404, "text/plain", "there is nothing here"),
    }
}
