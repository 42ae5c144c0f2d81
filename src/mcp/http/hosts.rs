//! Where a request may be sent, and from which pages: what follows from the public address, and from nothing that a
//! proxy says.

use url::Url;

use crate::access::authorization::PublicUrl;

/// The names that this machine has for itself.
const THIS_MACHINE: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The hosts and origins of the public address. This machine's own goes by several names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    names: Vec<String>,
    port: u16,
    scheme: &'static str,
}

impl Hosts {
    /// Those of this address.
    pub fn of(public: &PublicUrl) -> Hosts {
        let (url, scheme) = (public.root(), if public.is_secure() { "https" } else { "http" });
        let own = url.host_str().unwrap_or_default().to_owned();
        let others = THIS_MACHINE.into_iter().filter(|name| public.is_loopback() && *name != own);
        let others: Vec<String> = others.map(str::to_owned).collect();
        let port = url.port_or_known_default().unwrap_or_default();
        Hosts { names: std::iter::once(own).chain(others).collect(), port, scheme }
    }

    /// Whether a request with this `Host` was sent to it.
    pub fn is_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.names.iter().any(|name| match host.strip_prefix(name.as_str()) {
            Some("") => self.port == self.usual_port(),
            Some(rest) => rest.strip_prefix(':').is_some_and(|port| port.parse() == Ok(self.port)),
            None => false,
        })
    }

    /// Whether a page of this origin is one of this server.
    pub fn is_origin(&self, origin: &str) -> bool {
        Url::parse(origin).is_ok_and(|url| {
            let is_known = |host: &str| self.names.iter().any(|name| name == host);
            url.scheme() == self.scheme
                && url.port_or_known_default() == Some(self.port)
                && url.host_str().is_some_and(is_known)
        })
    }

    /// Every `Host` that is taken, as the protocol library checks it once more.
    pub fn hosts(&self) -> Vec<String> {
        let with_port = self.names.iter().map(|name| format!("{name}:{}", self.port));
        let is_usual = self.port == self.usual_port();
        with_port.chain(self.names.iter().filter(|_| is_usual).cloned()).collect()
    }

    /// Every `Origin` that is taken.
    pub fn origins(&self) -> Vec<String> {
        self.names.iter().map(|name| format!("{}://{name}:{}", self.scheme, self.port)).collect()
    }

    /// The port that goes without saying.
    fn usual_port(&self) -> u16 {
        if self.scheme == "https" { 443 } else { 80 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(public: &str) -> Hosts {
        Hosts::of(&PublicUrl::parse(public).unwrap())
    }

    #[test]
    fn only_its_own_hosts_and_pages_are_known() {
        let hosts = hosts("https://chart.example.org");
        assert!(hosts.is_host("chart.example.org") && hosts.is_host("Chart.example.org:443"));
        for other in
            ["", "chart.example.org:80", "chart.example.org.evil.example", "localhost", "evil.example"]
        {
            assert!(!hosts.is_host(other), "{other}");
        }
        assert!(hosts.is_origin("https://chart.example.org"));
        for other in
            ["null", "http://chart.example.org", "https://evil.example", "https://chart.example.org:1"]
        {
            assert!(!hosts.is_origin(other), "{other}");
        }
    }

    #[test]
    fn this_machine_goes_by_several_names_at_one_port() {
        let hosts = hosts("http://127.0.0.1:8080");
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"] {
            assert!(hosts.is_host(host) && hosts.is_origin(&format!("http://{host}")), "{host}");
            assert!(hosts.hosts().iter().any(|known| known == host), "{host}");
        }
        assert!(!hosts.is_host("localhost") && !hosts.is_host("localhost:8081"));
        assert!(!hosts.is_origin("https://localhost:8080"));
    }
}
