//! Where a request was sent, and from where: only to the public address, only by its own pages or by no page,
//! and never with a token in the address.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::hosts::Hosts;
use super::refusal::refuse;

/// Asked by whoever looks after the server, at whatever address it knows it by.
const OF_HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// Refuses what was sent elsewhere (DNS rebinding), by a page of somebody else, or with a token in the address.
pub async fn check(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    match refusal(&hosts, &request) {
        None => next.run(request).await,
        Some(refusal) => refusal,
    }
}

fn refusal(hosts: &Hosts, request: &Request) -> Option<Response> {
    let path = request.uri().path();
    if OF_HEALTH.contains(&path) {
        return None;
    }
    if !one(request.headers(), &HOST).is_some_and(|host| hosts.is_host(host)) {
        return Some(refuse(StatusCode::FORBIDDEN, "This server is not known under this Host."));
    }
    if path != super::ENDPOINT {
        return None;
    }
    let origin = request.headers().get(ORIGIN);
    if origin.is_some_and(|origin| !origin.to_str().is_ok_and(|origin| hosts.is_origin(origin))) {
        return Some(refuse(StatusCode::FORBIDDEN, "Pages of this Origin may not call this server."));
    }
    // RFC 6750, 2.3: addresses are logged everywhere, so a token in one is given away already.
    let sentence = "A token belongs into the Authorization header. One in the address is not taken: end it.";
    let has_token = request.uri().query().is_some_and(names_a_token);
    has_token.then(|| refuse(StatusCode::BAD_REQUEST, sentence))
}

/// The one value of a header; `None` for none and for several.
fn one<'a>(headers: &'a HeaderMap, name: &axum::http::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn names_a_token(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| {
        let name = name.to_ascii_lowercase();
        name.contains("token") || name == "authorization" || name == "key" || value.starts_with("pc_")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_the_address_is_seen_under_its_usual_names_and_by_its_beginning() {
        for query in ["access_token=x", "a=b&Token=x", "api=pc_at_1234", "key=x", "access%5Ftoken=x"] {
            assert!(names_a_token(query), "{query}");
        }
        assert!(!names_a_token("a=b&session=7"));
    }
}
