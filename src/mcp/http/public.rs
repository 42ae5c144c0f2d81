//! The address that everyone knows this server by. It alone is believed: no header of a proxy is.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

/// An origin: `https://chart.example.org`, or `http://` and a loopback address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Public {
    /// Without a slash at the end, and without the port that the scheme has by itself.
    origin: String,
    host: String,
    port: u16,
    is_https: bool,
    is_loopback: bool,
}

/// Why an address cannot be the public one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPublic {
    /// It is no address, or none of the web.
    #[error("the public URL is not an address such as https://chart.example.org")]
    NotAnAddress,
    /// It has more than scheme, host and port.
    #[error("the public URL has no path, no question mark and no user: https://chart.example.org")]
    NotAnOrigin,
    /// Tokens and records would travel in clear.
    #[error("the public URL begins with https; http is for this machine alone (127.0.0.1, localhost)")]
    InClear,
}

impl Public {
    /// The address that was given.
    pub fn parse(text: &str) -> Result<Public, BadPublic> {
        let url = Url::parse(text).map_err(|_| BadPublic::NotAnAddress)?;
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(BadPublic::NotAnAddress);
        };
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || has_user(&url) {
            return Err(BadPublic::NotAnOrigin);
        }
        let is_loopback = is_loopback(&host);
        match url.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            "http" => return Err(BadPublic::InClear),
            _ => return Err(BadPublic::NotAnAddress),
        }
        let origin = url.origin().ascii_serialization();
        Ok(Public { origin, host: host.to_string(), port, is_https: url.scheme() == "https", is_loopback })
    }

    /// The address that is listened at, where nothing else was given.
    pub fn of(address: SocketAddr) -> Result<Public, BadPublic> {
        Public::parse(&format!("http://{address}"))
    }

    /// Scheme, host and port: the issuer of tokens, and where every link begins.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What a token is for.
    pub fn resource(&self) -> String {
        format!("{}{}", self.origin, super::ENDPOINT)
    }

    /// Whether it is reached in secret, and not only at this machine.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether it is this machine alone.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Whether a request with this `Host` was sent to it.
    pub fn is_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let default = if self.is_https { ":443" } else { ":80" };
        let is_default_port = default[1..].parse() == Ok(self.port);
        self.names().any(|name| match host.strip_prefix(name) {
            Some("") => is_default_port,
            Some(rest) => rest.strip_prefix(':').is_some_and(|port| port.parse() == Ok(self.port)),
            None => false,
        })
    }

    /// Every `Host` that is taken, with its port.
    pub fn hosts(&self) -> Vec<String> {
        let with_port = self.names().map(|name| format!("{name}:{}", self.port));
        // Without its port where that goes without saying.
        let is_default = self.port == if self.is_https { 443 } else { 80 };
        with_port.chain(self.names().map(str::to_owned).filter(|_| is_default)).collect()
    }

    /// Every `Origin` of a page of this server.
    pub fn origins(&self) -> Vec<String> {
        let scheme = if self.is_https { "https" } else { "http" };
        self.names().map(|name| format!("{scheme}://{name}:{}", self.port)).collect()
    }

    /// Whether a page of this origin is one of this server.
    pub fn is_origin(&self, origin: &str) -> bool {
        Url::parse(origin).is_ok_and(|url| {
            let scheme = if self.is_https { "https" } else { "http" };
            let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
                return false;
            };
            url.scheme() == scheme && port == self.port && self.names().any(|name| name == host)
        })
    }

    /// This machine has several names for itself.
    fn names(&self) -> impl Iterator<Item = &str> {
        let others = ["localhost", "127.0.0.1", "[::1]"].into_iter();
        let others = others.filter(|name| self.is_loopback && *name != self.host);
        std::iter::once(self.host.as_str()).chain(others)
    }
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::from(*address).is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_written_in_one_way() {
        let origin = |text| Public::parse(text).unwrap().origin().to_owned();
        assert_eq!(origin("https://Chart.Example.org/"), "https://chart.example.org");
        assert_eq!(origin("https://chart.example.org:443"), "https://chart.example.org");
        assert_eq!(origin("https://chart.example.org:8443"), "https://chart.example.org:8443");
        assert_eq!(origin("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
        let resource = Public::parse("https://chart.example.org").unwrap().resource();
        assert_eq!(resource, "https://chart.example.org/mcp");
    }

    #[test]
    fn what_is_no_origin_or_travels_in_clear_is_refused() {
        let refused = |text| Public::parse(text).unwrap_err();
        assert_eq!(refused("chart.example.org"), BadPublic::NotAnAddress);
        assert_eq!(refused("ftp://chart.example.org"), BadPublic::NotAnAddress);
        assert_eq!(refused("https://chart.example.org/plainchart"), BadPublic::NotAnOrigin);
        assert_eq!(refused("https://a:b@chart.example.org"), BadPublic::NotAnOrigin);
        assert_eq!(refused("http://chart.example.org"), BadPublic::InClear);
        assert_eq!(refused("http://0.0.0.0:8080"), BadPublic::InClear);
    }

    #[test]
    fn only_its_own_hosts_and_pages_are_known() {
        let public = Public::parse("https://chart.example.org").unwrap();
        assert!(public.is_host("chart.example.org") && public.is_host("Chart.example.org:443"));
        for other in
            ["", "chart.example.org:80", "chart.example.org.evil.example", "localhost", "evil.example"]
        {
            assert!(!public.is_host(other), "{other}");
        }
        assert!(public.is_origin("https://chart.example.org"));
        for other in
            ["null", "http://chart.example.org", "https://evil.example", "https://chart.example.org:1"]
        {
            assert!(!public.is_origin(other), "{other}");
        }
    }

    #[test]
    fn this_machine_goes_by_several_names_at_one_port() {
        let public = Public::parse("http://127.0.0.1:8080").unwrap();
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"] {
            assert!(public.is_host(host) && public.is_origin(&format!("http://{host}")), "{host}");
            assert!(public.hosts().iter().any(|known| known == host), "{host}");
        }
        assert!(!public.is_host("localhost") && !public.is_host("localhost:8081"));
        assert!(!public.is_origin("https://localhost:8080"));
    }
}
