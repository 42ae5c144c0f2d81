//! What the authorization server says about itself (RFC 8414).

use serde_json::{Value, json};

use super::Server;
use super::scopes::{EVERYTHING, OFFLINE, UPDATE};

impl Server {
    /// The metadata document. What goes beyond reading for an hour stands here alone, and not in that of the resource.
    pub fn metadata(&self) -> Value {
        let public = &self.public;
        let methods = json!(["none", "client_secret_basic", "client_secret_post"]);
        json!({
            "issuer": public.issuer(),
            "authorization_endpoint": public.at("/authorize"),
            "token_endpoint": public.at("/token"),
            "registration_endpoint": public.at("/register"),
            "revocation_endpoint": public.at("/revoke"),
            "scopes_supported": [EVERYTHING, OFFLINE, UPDATE],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": methods,
            "revocation_endpoint_auth_methods_supported": methods,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
            "client_id_metadata_document_supported": true,
            "protected_resources": [public.resource()],
        })
    }
}
