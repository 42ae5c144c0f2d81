//! The address under which this installation is known, which alone decides its names in the protocol.

use url::Url;

use crate::http;

/// An origin without a path: `https://chart.example.org`. What a proxy claims is never looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// Without a slash at the end: clients compare the issuer byte by byte.
    origin: String,
    url: Url,
}

/// Why an address cannot be the public one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPublicUrl {
    /// It is not an origin alone.
    #[error("the public address is an origin without a path, such as https://chart.example.org")]
    NotAnOrigin,
    /// Tokens would travel readable.
    #[error("the public address begins with https; http is for this machine alone")]
    NotSecure,
}

impl PublicUrl {
    /// The address as it was given. A slash at the end is taken off.
    pub fn parse(text: &str) -> Result<PublicUrl, BadPublicUrl> {
        let url = Url::parse(text.trim()).map_err(|_| BadPublicUrl::NotAnOrigin)?;
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !is_bare || !url.username().is_empty() || url.password().is_some() || url.host().is_none() {
            return Err(BadPublicUrl::NotAnOrigin);
        }
        match url.scheme() {
            "https" => {}
            "http" if http::is_loopback(&url) => {}
            _ => return Err(BadPublicUrl::NotSecure),
        }
        Ok(PublicUrl { origin: url.origin().ascii_serialization(), url })
    }

    /// The issuer (RFC 8414): the exact text that stands in metadata and answers.
    pub fn issuer(&self) -> &str {
        &self.origin
    }

    /// The protected resource (RFC 8707, RFC 9728): where assistants ask.
    pub fn resource(&self) -> String {
        self.at("/mcp")
    }

    /// The address of a path, which begins with a slash.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The start page.
    pub fn root(&self) -> Url {
        self.url.clone()
    }

    /// Host and port, as a `Host` header says them.
    pub fn host(&self) -> String {
        http::host(&self.url)
    }

    /// Whether browsers come by https.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether it is on this machine alone.
    pub fn is_loopback(&self) -> bool {
        http::is_loopback(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_kept_without_its_slash() {
        let public = PublicUrl::parse("https://Chart.Example.org/").unwrap();
        assert_eq!(public.issuer(), "https://chart.example.org");
        assert_eq!(public.resource(), "https://chart.example.org/mcp");
        assert_eq!(public.host(), "chart.example.org");
        assert!(public.is_secure() && !public.is_loopback());
        let here = PublicUrl::parse("http://127.0.0.1:8484").unwrap();
        assert_eq!((here.issuer(), here.host()), ("http://127.0.0.1:8484", "127.0.0.1:8484".into()));
        assert!(!here.is_secure() && here.is_loopback());
    }

    #[test]
    fn what_is_no_origin_or_not_secure_is_refused() {
        for bad in
            ["chart", "https://a.example/x", "https://a.example/?q", "https://u:p@a.example", "file:///"]
        {
            assert_eq!(PublicUrl::parse(bad), Err(BadPublicUrl::NotAnOrigin), "{bad}");
        }
        assert_eq!(PublicUrl::parse("http://chart.example.org"), Err(BadPublicUrl::NotSecure));
    }
}
