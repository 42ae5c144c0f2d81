//! What is said of the endpoint to those who have no token yet (RFC 9728), under both addresses that clients try.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::routing::get;
use serde_json::json;

use super::public::Public;

/// Where tokens are to be had, and for what.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// The issuers; none where tokens are handed out by hand.
    pub issuers: Vec<String>,
    /// The scopes that a client asks for at first.
    pub scopes: Vec<String>,
}

const AT_THE_ROOT: &str = "/.well-known/oauth-protected-resource";
const AT_THE_PATH: &str = "/.well-known/oauth-protected-resource/mcp";

/// The document, at both of its addresses.
pub fn router(offer: &Offer, public: &Public) -> Router {
    let document = document(offer, public);
    let say = move || {
        let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=3600")];
        std::future::ready((headers, document))
    };
    Router::new().route(AT_THE_ROOT, get(say.clone())).route(AT_THE_PATH, get(say))
}

/// The end of a challenge: where the document is, and what to ask for.
pub fn challenge(offer: &Offer, public: &Public) -> String {
    let scope = match offer.scopes.is_empty() {
        true => String::new(),
        false => format!(r#", scope="{}""#, offer.scopes.join(" ")),
    };
    format!(r#"resource_metadata="{}{AT_THE_PATH}"{scope}"#, public.origin())
}

fn document(offer: &Offer, public: &Public) -> String {
    let mut document = json!({
        "resource": public.resource(),
        "resource_name": "plainchart",
        "bearer_methods_supported": ["header"],
    });
    if !offer.issuers.is_empty() {
        document["authorization_servers"] = json!(offer.issuers);
    }
    if !offer.scopes.is_empty() {
        document["scopes_supported"] = json!(offer.scopes);
    }
    document.to_string()
}
