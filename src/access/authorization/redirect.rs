//! Where an answer may be sent: exactly to an address that the client has named, and never to one at which a
//! browser would run or read something.

use url::{Host, Url};

/// A redirect is at most so long.
const LENGTH_MAX: usize = 1024;
/// Schemes of known programs that are not the reverse of a domain (RFC 8252, 7.1 asks for that).
const PROGRAMS: &[&str] = &["cursor", "vscode", "vscode-insiders", "windsurf", "zed", "claude"];

/// A redirect that may be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    text: String,
    url: Url,
}

/// Where an answer goes, as a person can understand it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// To a server on the network, by its host.
    Server(String),
    /// To a program on the person's own machine, which could be any.
    Program(String),
}

impl Place {
    /// Where an address leads. What stands for a host after the scheme of a program is none.
    pub fn of(url: &Url) -> Place {
        let host = url.host_str().filter(|host| !host.is_empty());
        match url.scheme() {
            "https" if !is_loopback(url) => Place::Server(host.unwrap_or_default().to_owned()),
            "https" | "http" => Place::Program(host.unwrap_or_default().to_owned()),
            scheme => Place::Program(scheme.to_owned()),
        }
    }
}

impl Redirect {
    /// Looks at an address; `None` if no answer may be sent there.
    pub fn parse(text: &str) -> Option<Redirect> {
        let url = Url::parse(text).ok().filter(|_| text.len() <= LENGTH_MAX)?;
        // What another reader could take for another address is refused: it must be written as it is read.
        let is_plain = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
        let is_bare = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        let is_allowed = match url.scheme() {
            "https" => url.host().is_some(),
            // RFC 8252, 7.3: without TLS only on the person's own machine.
            "http" => is_loopback(&url),
            // `javascript:`, `data:`, `file:` and their like are on neither list.
            scheme => scheme.contains('.') || PROGRAMS.contains(&scheme),
        };
        (is_plain && is_bare && is_allowed).then(|| Redirect { text: text.to_owned(), url })
    }

    /// Whether a request may name `asked` for this one: the same text, or on loopback the same with any port
    /// (RFC 8252, 7.3: a program takes the port that is free).
    pub fn allows(&self, asked: &Redirect) -> bool {
        if self.text == asked.text {
            return true;
        }
        let portless = |redirect: &Redirect| {
            let mut url = redirect.url.clone();
            url.set_port(None).ok().map(|()| url)
        };
        self.url.scheme() == "http" && portless(self).is_some() && portless(self) == portless(asked)
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it leads.
    pub fn place(&self) -> Place {
        Place::of(&self.url)
    }

    /// The address with an answer in its query.
    pub fn answering(&self, fields: &[(&str, &str)]) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(fields);
        url
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect(text: &str) -> Redirect {
        Redirect::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn the_callbacks_of_known_hosts_are_allowed() {
        let known = [
            ("https://claude.ai/api/mcp/auth_callback", Place::Server("claude.ai".into())),
            ("https://claude.com/api/mcp/auth_callback", Place::Server("claude.com".into())),
            (
                "https://teams.microsoft.com/api/platform/v1.0/oAuthRedirect",
                Place::Server("teams.microsoft.com".into()),
            ),
            (
                "https://global.consent.azure-apim.net/redirect/cr0ab-5fchart-20mcp",
                Place::Server("global.consent.azure-apim.net".into()),
            ),
            ("https://vscode.dev/redirect", Place::Server("vscode.dev".into())),
            ("https://chatgpt.com/connector/oauth/IbUR3zxyNQ16", Place::Server("chatgpt.com".into())),
            ("http://127.0.0.1:33418", Place::Program("127.0.0.1".into())),
            ("http://localhost:3118/callback", Place::Program("localhost".into())),
            ("http://[::1]:9/callback", Place::Program("[::1]".into())),
            ("cursor://anysphere.cursor-mcp/oauth/callback", Place::Program("cursor".into())),
            ("com.example.app:/callback", Place::Program("com.example.app".into())),
            ("com.example.app://claude.ai/callback", Place::Program("com.example.app".into())),
        ];
        for (text, place) in known {
            assert_eq!(redirect(text).place(), place, "{text}");
        }
    }

    #[test]
    fn a_dangerous_redirect_is_none() {
        let bad = [
            "",
            "callback",
            "/callback",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "blob:https://a.example/x",
            "vbscript:x",
            "intent://a#Intent;end",
            "unknown://x/y",
            "ftp://a.example/",
            "http://a.example/callback",
            "http://127.0.0.1.a.example/",
            "http://localhost.a.example/",
            "http://10.0.0.1/",
            "https://a.example/#part",
            "https://user@a.example/",
            "https://user:word@a.example/",
            "https://a.example\\@b.example/",
            "https://a.example/x/../y",
            "https://a.example/ x",
            " https://a.example/",
            "https://a.example/\n",
            "https://A.example/",
            "http://0x7f000001/",
        ];
        for text in bad {
            assert_eq!(Redirect::parse(text), None, "{text}");
        }
        assert!(Redirect::parse(&format!("https://a.example/{}", "x".repeat(2000))).is_none());
    }

    #[test]
    fn a_redirect_is_matched_exactly_and_on_loopback_with_any_port() {
        let server = redirect("https://a.example/callback");
        for other in [
            "https://a.example/callback/",
            "https://a.example/callback?x=1",
            "https://a.example/Callback",
            "https://a.example:8443/callback",
            "https://b.example/callback",
            "https://sub.a.example/callback",
        ] {
            assert!(!server.allows(&redirect(other)), "{other}");
        }
        let local = redirect("http://127.0.0.1:33418/callback");
        assert!(local.allows(&redirect("http://127.0.0.1:5/callback")));
        assert!(local.allows(&redirect("http://127.0.0.1/callback")));
        assert!(redirect("http://127.0.0.1").allows(&redirect("http://127.0.0.1:33418/")));
        for other in
            ["http://localhost:33418/callback", "http://127.0.0.1:33418/other", "http://[::1]:1/callback"]
        {
            assert!(!local.allows(&redirect(other)), "{other}");
        }
        assert!(!redirect("https://localhost:1/x").allows(&redirect("https://localhost:2/x")));
    }

    #[test]
    fn an_answer_is_added_to_the_query() {
        let to =
            redirect("https://a.example/callback?kept=1").answering(&[("code", "c"), ("state", "a b&c")]);
        assert_eq!(to.as_str(), "https://a.example/callback?kept=1&code=c&state=a+b%26c");
    }
}
