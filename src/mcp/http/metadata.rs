//! What is said of the endpoint to those who have no token yet (RFC 9728), under both addresses that clients try.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::routing::get;
use serde_json::json;

use crate::access::authorization::PublicUrl;
use crate::access::authorization::challenge::RESOURCE_METADATA;
use crate::access::authorization::scopes::EVERYTHING;

const AT_THE_ROOT: &str = "/.well-known/oauth-protected-resource";

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
        std::future::ready((headers, document))
    };
    Router::new().route(AT_THE_ROOT, get(say.clone())).route(RESOURCE_METADATA, get(say))
}
