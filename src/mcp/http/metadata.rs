//! What is said of the endpoint to those who have no token yet (RFC 9728), under both addresses that clients try.

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE, HeaderName,
};
use axum::routing::get;
use serde_json::json;

use crate::access::authorization::PublicUrl;
use crate::access::authorization::challenge::RESOURCE_METADATA;
use crate::access::authorization::scopes::EVERYTHING;

const AT_THE_ROOT: &str = "/.well-known/oauth-protected-resource";

/// Clients in a browser read it from pages of their own. It says nothing that not everybody may know.
const OF_ANY_ORIGIN: [(HeaderName, &str); 4] = [
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (ACCESS_CONTROL_ALLOW_METHODS, "GET, OPTIONS"),
    (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, mcp-protocol-version"),
    (ACCESS_CONTROL_MAX_AGE, "86400"),
];

/// The document, at both of its addresses.
pub fn router(public: &PublicUrl) -> Router {
    let document = json!({
        "resource": public.resource(),
        "resource_name": "plainchart",
        "authorization_servers": [public.issuer()],
        // `offline_access` is between a client and the authorization server, and not named here (SEP-2207).
        "scopes_supported": [EVERYTHING],
        "bearer_methods_supported": ["header"],
    });
    let document = document.to_string();
    let say = move || {
        let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=3600")];
        std::future::ready((OF_ANY_ORIGIN, headers, document))
    };
    let preflight = || std::future::ready((StatusCode::NO_CONTENT, OF_ANY_ORIGIN));
    let routes = get(say).options(preflight);
    Router::new().route(AT_THE_ROOT, routes.clone()).route(RESOURCE_METADATA, routes)
}
