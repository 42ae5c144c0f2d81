//! What a call without a good token is told (RFC 6750, RFC 9728): where the permission is had.

use super::public_url::PublicUrl;
use super::scopes::EVERYTHING;

/// The path of the protected resource's metadata, for the endpoint at `/mcp`.
pub const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";

/// The header `WWW-Authenticate` of a 401. A call without any token is told of no error (RFC 6750, 3.1).
pub fn unauthorized(public: &PublicUrl, had_token: bool) -> String {
    let error = if had_token { r#"error="invalid_token", "# } else { "" };
    let metadata = public.at(RESOURCE_METADATA);
    format!(r#"Bearer {error}resource_metadata="{metadata}", scope="{EVERYTHING}""#)
}

/// The header `WWW-Authenticate` of a 403: the assistant may ask the person for `scope` in addition, which is
/// what [`Scopes::missing`](super::Scopes::missing) says.
pub fn insufficient(public: &PublicUrl, scope: &str) -> String {
    let metadata = public.at(RESOURCE_METADATA);
    format!(r#"Bearer error="insufficient_scope", scope="{scope}", resource_metadata="{metadata}""#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_says_where_the_permission_is_had() {
        let public = PublicUrl::parse("https://chart.example.org").unwrap();
        let metadata =
            r#"resource_metadata="https://chart.example.org/.well-known/oauth-protected-resource/mcp""#;
        assert_eq!(unauthorized(&public, false), format!(r#"Bearer {metadata}, scope="patient/*.rs""#));
        assert!(unauthorized(&public, true).starts_with(r#"Bearer error="invalid_token", "#));
        assert_eq!(
            insufficient(&public, "patient/Condition.rs"),
            format!(r#"Bearer error="insufficient_scope", scope="patient/Condition.rs", {metadata}"#)
        );
    }
}
