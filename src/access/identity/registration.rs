//! What the operator says: which provider it is, and as what this server is registered there.

use openidconnect::IssuerUrl;
use url::Url;

use crate::http;
use crate::secret::Secret;

/// This server as the provider knows it.
#[derive(Clone, Debug)]
pub struct Registration {
    pub(super) issuer: IssuerUrl,
    pub(super) client_id: String,
    pub(super) secret: Option<Secret<String>>,
}

/// Why an identity provider cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProvider {
    /// It is no address of an issuer (OpenID Connect Core 1.0, 1.2).
    #[error("an identity provider is named by its issuer, such as https://login.example.org")]
    NotAnIssuer,
    /// Secrets would travel readable.
    #[error("the address of an identity provider begins with https; http is for this machine alone")]
    NotSecure,
    /// This server is not registered there.
    #[error(
        "register this server at the identity provider, and set PLAINCHART_IDENTITY_CLIENT_ID to what it is there"
    )]
    NoClient,
}

impl Registration {
    /// Reads what was given. The issuer is kept letter by letter: the provider must call itself the same.
    pub fn parse(
        issuer: &str,
        client_id: Option<&str>,
        secret: Option<Secret<String>>,
    ) -> Result<Registration, BadProvider> {
        let url = Url::parse(issuer).map_err(|_| BadProvider::NotAnIssuer)?;
        let is_bare = url.query().is_none() && url.fragment().is_none();
        if !is_bare || !url.username().is_empty() || url.password().is_some() || url.host().is_none() {
            return Err(BadProvider::NotAnIssuer);
        }
        match url.scheme() {
            "https" => {}
            "http" if http::is_loopback(&url) => {}
            _ => return Err(BadProvider::NotSecure),
        }
        let client_id = client_id.filter(|id| !id.is_empty()).ok_or(BadProvider::NoClient)?.to_owned();
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|_| BadProvider::NotAnIssuer)?;
        Ok(Registration { issuer, client_id, secret })
    }

    /// Where the provider is.
    pub fn url(&self) -> &Url {
        self.issuer.url()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(issuer: &str) -> Result<String, BadProvider> {
        let registration = Registration::parse(issuer, Some("plainchart"), None)?;
        Ok(registration.issuer.as_str().to_owned())
    }

    #[test]
    fn an_issuer_is_kept_as_it_was_typed() {
        for issuer in
            ["https://login.example.org", "https://login.example.org/realms/a/", "http://127.0.0.1:9"]
        {
            assert_eq!(parse(issuer).as_deref(), Ok(issuer));
        }
    }

    #[test]
    fn what_is_no_issuer_or_not_secure_is_refused() {
        for bad in ["login", "https://u@login.example.org", "https://login.example.org/?a", "https://a/#b"] {
            assert_eq!(parse(bad), Err(BadProvider::NotAnIssuer), "{bad}");
        }
        assert_eq!(parse("http://login.example.org"), Err(BadProvider::NotSecure));
        let nameless = Registration::parse("https://login.example.org", Some(""), None);
        assert_eq!(nameless.err(), Some(BadProvider::NoClient));
    }
}
