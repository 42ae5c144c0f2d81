//! Which addresses may be reached, by what they are: nobody's word is taken for it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::error::Error;
use super::host;

/// How far a client reaches beyond the public network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// This machine itself, and there http too: a server that the person runs here.
    pub loopback: bool,
    /// Hosts in a private network that the operator allows, by name or address.
    pub private_hosts: Vec<String>,
    /// An origin that the operator named when this was started, wherever it lies: it alone of its host.
    pub named: Option<Url>,
}

impl Reach {
    /// As far as an address that the person or the operator gave needs: a server on this machine may name
    /// others on this machine, a public one never.
    pub fn of(url: &Url, private_hosts: &[String]) -> Reach {
        Reach { loopback: is_loopback(url), private_hosts: private_hosts.to_vec(), named: None }
    }

    /// To the public network, and to an origin that the operator named on the command line: their own login server
    /// often lies inside of their network. That word is trusted as the rest of the line is, and so is what the name
    /// stands for. It opens nothing else: what that server names in turn is reached in the public network or at this
    /// very origin, and not at another port of its host.
    pub fn to(url: &Url) -> Reach {
        Reach { named: Some(url.clone()), ..Reach::default() }
    }

    /// Whether an address may be asked at all. What a name stands for is looked at again when it is looked up.
    pub fn check(&self, url: &Url) -> Result<(), Error> {
        let at_home = is_loopback(url);
        if let Some(named) = self.named.as_ref().filter(|named| named.host() == url.host()) {
            let is_it = named.origin() == url.origin();
            let is_safe = url.scheme() == "https" || (url.scheme() == "http" && at_home);
            return (is_it && is_safe).then_some(()).ok_or_else(|| Error::Private(host(url)));
        }
        match url.scheme() {
            "https" => {}
            "http" if at_home && self.loopback => {}
            _ => return Err(Error::NotSecure(host(url))),
        }
        let allowed = match url.host() {
            Some(Host::Ipv4(ip)) => self.allows(IpAddr::V4(ip), url.host_str().unwrap_or_default()),
            Some(Host::Ipv6(ip)) => self.allows(IpAddr::V6(ip), url.host_str().unwrap_or_default()),
            Some(Host::Domain(_)) => !at_home || self.loopback,
            None => false,
        };
        allowed.then_some(()).ok_or_else(|| Error::Private(host(url)))
    }

    /// Whether an address that a host stands for may be connected to.
    pub fn allows(&self, ip: IpAddr, host: &str) -> bool {
        let ip = ip.to_canonical();
        let named = self.named.as_ref().and_then(Url::host_str);
        if named.is_some_and(|named| named.eq_ignore_ascii_case(host)) {
            return true;
        }
        if ip.is_loopback() {
            return self.loopback;
        }
        let host = host.trim_matches(['[', ']']);
        is_public(ip) || self.private_hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }
}

/// True for an address on this machine, by the way it is written.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

/// True for what the registries of special addresses leave to the public network (RFC 6890 and its updates).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    let is_shared = first == 100 && (64..128).contains(&second); // RFC 6598
    let is_benchmark = first == 198 && (18..20).contains(&second); // RFC 2544
    let is_protocol = (first, second, third) == (192, 0, 0); // RFC 6890
    !(first == 0
        || first >= 224 // multicast, reserved, broadcast
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || is_shared
        || is_benchmark
        || is_protocol)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    let inside = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // NAT64 (RFC 6052) and 6to4 (RFC 3056) lead to the IPv4 address inside of them.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => inside(high, low),
        [0x2001, 0xdb8, ..] | [0x3fff, ..] => false, // documentation
        [0x2001, second, ..] if second < 0x200 => false, // protocol assignments, Teredo
        // Global unicast; all else is local, multicast or reserved.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reach: &Reach, url: &str) -> Result<(), Error> {
        reach.check(&url.parse().unwrap())
    }

    #[test]
    fn the_public_network_is_reached_by_https_alone() {
        let reach = Reach::default();
        assert!(check(&reach, "https://fhir.example.org/r4").is_ok());
        assert!(check(&reach, "https://93.184.216.34/").is_ok());
        for url in ["http://fhir.example.org/", "ftp://fhir.example.org/", "file:///etc/hosts"] {
            assert!(matches!(check(&reach, url), Err(Error::NotSecure(_))), "{url}");
        }
    }

    #[test]
    fn no_inside_address_is_reached_in_any_way_of_writing_it() {
        let inside = [
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "2130706433",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12::1]",
            "[ff02::1]",
            "[64:ff9b::a00:1]",
            "[2002:a00:1::]",
            "[2001:db8::1]",
            "[2001::1]",
            "localhost",
            "localhost.",
            "a.localhost",
        ];
        for host in inside {
            let found = check(&Reach::default(), &format!("https://{host}/"));
            assert!(matches!(found, Err(Error::Private(_))), "{host}: {found:?}");
        }
        assert!(Reach::default().allows("2606:2800:220:1::1".parse().unwrap(), "x"));
    }

    #[test]
    fn a_server_on_this_machine_may_be_asked_by_http_and_reaches_nothing_else_inside() {
        let base: Url = "http://127.0.0.1:9480/fhir".parse().unwrap();
        let reach = Reach::of(&base, &[]);
        assert!(check(&reach, "http://localhost:9999/token").is_ok());
        assert!(check(&reach, "http://10.0.0.1/").is_err());
        assert!(check(&reach, "http://fhir.example.org/").is_err());
        assert!(!Reach::of(&"https://fhir.example.org/".parse().unwrap(), &[]).loopback);
    }

    #[test]
    fn the_operator_may_allow_a_host_inside_and_only_that_one() {
        let private_hosts = vec!["10.0.0.5".into(), "fhir.intra".into()];
        let reach = Reach { private_hosts, ..Reach::default() };
        assert!(check(&reach, "https://10.0.0.5/").is_ok());
        assert!(check(&reach, "https://10.0.0.6/").is_err());
        assert!(check(&reach, "http://10.0.0.5/").is_err());
        assert!(reach.allows("10.9.9.9".parse().unwrap(), "FHIR.intra"));
        assert!(!reach.allows("10.9.9.9".parse().unwrap(), "other.intra"));
    }

    #[test]
    fn an_origin_that_the_operator_named_is_reached_inside_and_nothing_beside_it() {
        let reach = Reach::to(&"https://login.intra:8443/realms/a".parse().unwrap());
        assert!(check(&reach, "https://login.intra:8443/token").is_ok());
        assert!(reach.allows("10.9.9.9".parse().unwrap(), "login.intra"));
        for beside in ["https://login.intra/", "https://login.intra:22/", "http://login.intra:8443/"] {
            assert!(check(&reach, beside).is_err(), "{beside}");
        }
        assert!(!reach.allows("10.9.9.9".parse().unwrap(), "other.intra"));
        for inside in ["https://10.0.0.1/", "http://127.0.0.1:8443/", "https://localhost/"] {
            assert!(check(&reach, inside).is_err(), "{inside}");
        }
        assert!(check(&reach, "https://keys.example.org/").is_ok(), "what is public may be named");

        let here = Reach::to(&"http://127.0.0.1:9480".parse().unwrap());
        assert!(check(&here, "http://127.0.0.1:9480/jwks").is_ok());
        assert!(check(&here, "http://127.0.0.1:9481/jwks").is_err());
        assert!(check(&here, "http://localhost:9480/jwks").is_err());
    }
}
