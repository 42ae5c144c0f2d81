//! What a server publishes of how it is signed in to, from any of the three places where it may say so.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::sources::json::{Json, Object};

/// How a server is signed in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Where the person signs in.
    pub authorize: Url,
    /// Where codes and refresh tokens become tokens.
    pub token: Url,
    /// Dynamic registration (RFC 7591).
    pub register: Option<Url>,
    /// Revocation (RFC 7009).
    pub revoke: Option<Url>,
    /// The keys of its id tokens.
    pub jwks: Option<Url>,
    /// Its own name.
    pub issuer: Option<String>,
    /// Whether its answers to the browser name it (RFC 9207).
    pub answers_with_issuer: bool,
    /// The scopes that it lists.
    pub scopes: Vec<String>,
    /// What it is able to do, in the words of SMART App Launch.
    pub capabilities: Vec<String>,
    /// How clients may name themselves at the token endpoint.
    pub auth_methods: Vec<String>,
    /// The PKCE methods that it lists; empty where it does not say.
    pub pkce_methods: Vec<String>,
    /// The bundle with its brands.
    pub brands: Option<Url>,
}

impl Server {
    /// From a `smart-configuration` or metadata by RFC 8414: their members have the same names.
    pub fn from_metadata(metadata: &Object<'_>) -> Option<Server> {
        let text = |name: &str| metadata.get(name).and_then(Json::as_str).map(str::trim);
        let url = |name: &str| text(name).and_then(|text| Url::parse(text).ok());
        let list = |name: &str| words(metadata.get(name));
        Some(Server {
            authorize: url("authorization_endpoint")?,
            token: url("token_endpoint")?,
            register: url("registration_endpoint"),
            revoke: url("revocation_endpoint"),
            jwks: url("jwks_uri"),
            issuer: text("issuer").map(str::to_owned),
            answers_with_issuer: matches!(
                metadata.get("authorization_response_iss_parameter_supported"),
                Some(Json::Bool(true))
            ),
            scopes: list("scopes_supported"),
            capabilities: list("capabilities"),
            auth_methods: list("token_endpoint_auth_methods_supported"),
            pkce_methods: list("code_challenge_methods_supported"),
            brands: url("user_access_brand_bundle"),
        })
    }

    /// From the `oauth-uris` extension of a CapabilityStatement, as old servers have it.
    pub fn from_capabilities(statement: &Object<'_>) -> Option<Server> {
        let rest = statement.get("rest")?.as_array()?;
        let extensions = rest.iter().filter_map(|rest| rest.get("security")?.get("extension")?.as_array());
        let uris = extensions
            .flatten()
            .find(|extension| url_of(extension).is_some_and(|url| url.ends_with("/oauth-uris")))?
            .get("extension")?
            .as_array()?;
        let url = |name: &str| {
            let named = uris.iter().find(|uri| url_of(uri) == Some(name))?;
            Url::parse(named.get("valueUri").or_else(|| named.get("valueUrl"))?.as_str()?).ok()
        };
        Some(Server {
            authorize: url("authorize")?,
            token: url("token")?,
            register: url("register"),
            revoke: url("revoke"),
            jwks: None,
            issuer: None,
            answers_with_issuer: false,
            scopes: Vec::new(),
            capabilities: Vec::new(),
            auth_methods: Vec::new(),
            pkce_methods: Vec::new(),
            brands: None,
        })
    }

    /// Whether it says that it is able to do this.
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|own| own == capability)
    }

    /// Every address that it names, to be looked at before any is asked.
    pub fn addresses(&self) -> impl Iterator<Item = &Url> {
        let optional = [&self.register, &self.revoke, &self.jwks].into_iter().flatten();
        [&self.authorize, &self.token].into_iter().chain(optional)
    }
}

fn url_of<'a>(extension: &'a Json<'_>) -> Option<&'a str> {
    extension.get("url")?.as_str()
}

fn words(value: Option<&Json<'_>>) -> Vec<String> {
    // Some servers write a list of words as one text.
    match value {
        Some(Json::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        Some(list) => {
            let items = list.as_array().unwrap_or_default().iter();
            items.filter_map(Json::as_str).map(str::to_owned).collect()
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &'static str) -> Object<'static> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_configuration_needs_two_addresses_and_may_lack_the_rest() {
        let whole = object(
            r#"{"authorization_endpoint":"https://a.example/auth","token_endpoint":"https://a.example/token",
                "capabilities":["permission-v2"],"scopes_supported":"openid patient/*.rs","other":1}"#,
        );
        let server = Server::from_metadata(&whole).unwrap();
        assert!(server.can("permission-v2") && !server.can("permission-v1"));
        assert_eq!(server.scopes, ["openid", "patient/*.rs"]);
        assert_eq!(Server::from_metadata(&object(r#"{"token_endpoint":"https://a.example/token"}"#)), None);
        let wrong = r#"{"authorization_endpoint":7,"token_endpoint":"https://a.example/token"}"#;
        assert_eq!(Server::from_metadata(&object(wrong)), None);
    }

    #[test]
    fn an_old_server_says_it_in_its_capabilities() {
        let statement = object(
            r#"{"rest":[{"security":{"extension":[{"url":"http://x/oauth-uris","extension":[
                {"url":"authorize","valueUri":"https://a.example/auth"},
                {"url":"token","valueUri":"https://a.example/token"}]}]}}]}"#,
        );
        let server = Server::from_capabilities(&statement).unwrap();
        assert_eq!(server.token.as_str(), "https://a.example/token");
        assert_eq!(Server::from_capabilities(&object(r#"{"rest":[{}]}"#)), None);
    }
}
