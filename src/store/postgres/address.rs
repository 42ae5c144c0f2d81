//! The URL of a PostgreSQL store: where the server is, who signs in, and how far its certificate is trusted.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use url::form_urlencoded;

use super::super::error::Error;

const CONNECT_MAX: Duration = Duration::from_secs(10);
/// A server that is gone without a word is noticed after about a minute.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// A statement and a wait for a lock end by themselves, also when this process is gone.
const LIMITS: &str =
    "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000";

/// Where a server is and how to talk to it. Its `Debug` leaves the password out.
#[derive(Clone, Debug)]
pub struct Address {
    /// The server, the database, the user and the password.
    pub server: Config,
    /// What its certificate must be.
    pub trust: Trust,
}

/// What the certificate of a server must be, once TLS is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Any: the connection is hidden from listeners, and from nobody who stands in the middle.
    Any,
    /// Signed by one of the authorities in this file, for whatever name.
    Signed(PathBuf),
    /// Signed by one of the authorities in this file, or by one that this machine trusts, for the name that was
    /// asked for.
    Named(Option<PathBuf>),
}

impl Address {
    /// Takes a URL apart. The errors say what is wrong and nothing of what the URL holds.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let url = Parts::of(url);
        let mut server: Config = url.rest.parse().map_err(|_| Error::BadUrl("it cannot be read"))?;
        let hosts = server.get_hosts();
        if (hosts.is_empty() && server.get_hostaddrs().is_empty()) || hosts.contains(&Host::Tcp("".into())) {
            return Err(Error::BadUrl("it names no host"));
        }
        let (mode, trust) = encryption(url.sslmode.as_deref(), url.sslrootcert, is_here(&server))?;
        // A socket in the file system has no TLS, and needs none.
        let mode = if hosts.iter().all(is_socket) && !hosts.is_empty() { SslMode::Disable } else { mode };
        server.ssl_mode(mode).tcp_user_timeout(SILENCE_MAX).keepalives_idle(SILENCE_MAX);
        if server.get_connect_timeout().is_none() {
            server.connect_timeout(CONNECT_MAX);
        }
        if server.get_application_name().is_none() {
            server.application_name("plainchart");
        }
        // What the URL says comes later, and so it counts.
        let options = format!("{LIMITS} {}", server.get_options().unwrap_or_default());
        server.options(options);
        Ok(Self { server, trust })
    }

    /// The hosts and the database, without the user and the password.
    pub fn shown(&self) -> String {
        let hosts: Vec<String> = self.server.get_hosts().iter().map(shown).collect();
        format!("postgres://{}/{}", hosts.join(","), self.server.get_dbname().unwrap_or_default())
    }
}

/// A URL with the two parts taken out that tokio-postgres does not know, or not all of.
struct Parts {
    sslmode: Option<String>,
    sslrootcert: Option<String>,
    rest: String,
}

impl Parts {
    fn of(url: &str) -> Self {
        // A password may hold a question mark.
        let after_password = url.find('@').unwrap_or(0);
        let Some(at) = url[after_password..].find('?').map(|at| after_password + at) else {
            return Self { sslmode: None, sslrootcert: None, rest: url.into() };
        };
        let (mut sslmode, mut sslrootcert, mut rest) = (None, None, Vec::new());
        for pair in url[at + 1..].split('&') {
            match pair.split_once('=') {
                Some(("sslmode", value)) => sslmode = Some(decoded(value)),
                Some(("sslrootcert", value)) => sslrootcert = Some(decoded(value)),
                _ => rest.push(pair),
            }
        }
        Self { sslmode, sslrootcert, rest: format!("{}?{}", &url[..at], rest.join("&")) }
    }
}

/// In a URL of a database a plus is a plus, and not a space as in a form.
fn decoded(value: &str) -> String {
    let value = value.replace('+', "%2B");
    form_urlencoded::parse(value.as_bytes()).map(|(text, _)| text.into_owned()).collect()
}

/// As libpq documents `sslmode` and `sslrootcert`, but for what holds when neither is there: then a server
/// elsewhere must speak TLS and prove its name.
fn encryption(mode: Option<&str>, roots: Option<String>, is_here: bool) -> Result<(SslMode, Trust), Error> {
    let is_system = roots.as_deref() == Some("system");
    let roots = roots.filter(|_| !is_system).map(PathBuf::from);
    if is_system && !matches!(mode, None | Some("verify-full")) {
        return Err(Error::BadUrl("sslrootcert=system goes with sslmode=verify-full alone"));
    }
    let signed = roots.clone().map_or(Trust::Any, Trust::Signed);
    Ok(match mode {
        None if is_here && roots.is_none() && !is_system => (SslMode::Prefer, Trust::Any),
        None | Some("verify-full") => (SslMode::Require, Trust::Named(roots)),
        Some("verify-ca") if roots.is_none() => {
            return Err(Error::BadUrl("sslmode=verify-ca needs sslrootcert"));
        }
        Some("verify-ca" | "require") => (SslMode::Require, signed),
        Some("prefer") => (SslMode::Prefer, signed),
        Some("disable") => (SslMode::Disable, Trust::Any),
        Some(_) => {
            let modes = "sslmode is disable, prefer, require, verify-ca or verify-full";
            return Err(Error::BadUrl(modes));
        }
    })
}

/// Whether every host is this machine, so that nobody is on the way.
fn is_here(server: &Config) -> bool {
    let is_loopback =
        |host: &str| host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    server.get_hostaddrs().iter().all(IpAddr::is_loopback)
        && server.get_hosts().iter().all(|host| match host {
            Host::Tcp(host) => is_loopback(host),
            #[cfg(unix)]
            Host::Unix(_) => true,
        })
}

fn is_socket(host: &Host) -> bool {
    match host {
        Host::Tcp(_) => false,
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn shown(host: &Host) -> String {
    match host {
        Host::Tcp(host) => host.clone(),
        #[cfg(unix)]
        Host::Unix(folder) => folder.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(url: &str) -> (SslMode, Trust) {
        let address = Address::parse(url).unwrap();
        (address.server.get_ssl_mode(), address.trust)
    }

    fn refused(url: &str) -> String {
        Address::parse(url).unwrap_err().to_string()
    }

    #[test]
    fn a_server_elsewhere_must_prove_its_name_unless_the_url_says_otherwise() {
        let named = |roots: Option<&str>| Trust::Named(roots.map(PathBuf::from));
        let signed = |roots: &str| Trust::Signed(roots.into());
        for (url, expected) in [
            ("postgres://db.example.org/chart", (SslMode::Require, named(None))),
            ("postgres://localhost,db.example.org/chart", (SslMode::Require, named(None))),
            ("postgres://localhost/chart?hostaddr=10.1.2.3", (SslMode::Require, named(None))),
            (
                "postgres://db.example.org/chart?sslrootcert=/a%20b+c.pem",
                (SslMode::Require, named(Some("/a b+c.pem"))),
            ),
            ("postgres://db.example.org/chart?sslrootcert=system", (SslMode::Require, named(None))),
            ("postgres://db.example.org/chart?sslmode=verify-full", (SslMode::Require, named(None))),
            (
                "postgres://localhost/chart?sslmode=verify-full&sslrootcert=/r",
                (SslMode::Require, named(Some("/r"))),
            ),
            (
                "postgres://db.example.org/chart?sslmode=verify-ca&sslrootcert=/r",
                (SslMode::Require, signed("/r")),
            ),
            (
                "postgres://db.example.org/chart?sslmode=require&sslrootcert=/r",
                (SslMode::Require, signed("/r")),
            ),
            ("postgres://db.example.org/chart?sslmode=require", (SslMode::Require, Trust::Any)),
            ("postgres://db.example.org/chart?sslmode=prefer", (SslMode::Prefer, Trust::Any)),
            ("postgres://db.example.org/chart?sslmode=disable", (SslMode::Disable, Trust::Any)),
            ("postgresql://[::1]:5433/chart", (SslMode::Prefer, Trust::Any)),
            ("postgres://127.0.0.1/chart", (SslMode::Prefer, Trust::Any)),
        ] {
            assert_eq!(asked(url), expected, "{url}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_of_this_machine_needs_no_tls() {
        let url = "postgres://chart@%2Fvar%2Frun%2Fpostgresql/chart?sslmode=require";
        assert_eq!(asked(url), (SslMode::Disable, Trust::Any));
        assert_eq!(Address::parse(url).unwrap().shown(), "postgres:///var/run/postgresql/chart");
    }

    #[test]
    fn what_cannot_be_honoured_is_refused_by_name() {
        let with = |query: &str| refused(&format!("postgres://db.example.org/chart?{query}"));
        insta::assert_snapshot!(with("sslmode=verify-ca"), @"the URL of the store is not right: sslmode=verify-ca needs sslrootcert");
        insta::assert_snapshot!(with("sslmode=require&sslrootcert=system"), @"the URL of the store is not right: sslrootcert=system goes with sslmode=verify-full alone");
        insta::assert_snapshot!(with("sslmode=allow"), @"the URL of the store is not right: sslmode is disable, prefer, require, verify-ca or verify-full");
        insta::assert_snapshot!(with("sslcert=/mine.pem"), @"the URL of the store is not right: it cannot be read");
        insta::assert_snapshot!(refused("postgres:///chart"), @"the URL of the store is not right: it names no host");
    }

    #[test]
    fn a_password_is_in_nothing_that_is_shown() {
        for url in [
            "postgres://anna:hunter2@localhost/chart",
            "postgres://anna:hunter2?x@localhost/chart?sslmode=disable",
            "postgres://localhost/chart?user=anna&password=hunter2",
        ] {
            let address = Address::parse(url).unwrap();
            assert!(!format!("{address:?} {}", address.shown()).contains("hunter2"), "{url}");
            assert_eq!(address.shown(), "postgres://localhost/chart");
            assert!(address.server.get_password().unwrap().starts_with(b"hunter2"));
        }
        for url in ["postgres://anna:hunter2@localhost:port/chart", "postgres://localhost/chart?hunter2=1"] {
            assert!(!format!("{:?}", Address::parse(url).unwrap_err()).contains("hunter2"), "{url}");
        }
    }

    #[test]
    fn the_servers_own_limits_can_be_changed_in_the_url() {
        let address = Address::parse("postgres://localhost/x?options=-c%20statement_timeout%3D5s").unwrap();
        assert!(address.server.get_options().unwrap().ends_with("-c statement_timeout=5s"));
    }
}
