//! `plainchart serve`: the record over standard input and output, or the records of many people over HTTP.

use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;

use anyhow::{Context, Result};
use tracing::level_filters::LevelFilter;

use super::exit::Usage;
use super::place::Place;
use super::serve_http;
use crate::access::account::Policy;
use crate::access::authorization::PublicUrl;
use crate::access::identity::Registration;
use crate::config::Config;
use crate::mcp::{log, stdio};

/// What to serve, and where. Without `--http`: one record, to the program that started this one.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Serve over HTTP at this address (127.0.0.1:8080); a port alone is of this machine only.
    #[arg(long, value_name = "ADDR")]
    http: Option<String>,
    /// The address that everyone knows this server by (https://chart.example.org) [default: that of --http].
    #[arg(long, value_name = "URL", requires = "http")]
    public_url: Option<String>,
    /// The store to open: an SQLite file or a URL [default: the one in the home folder].
    #[arg(long, value_name = "URL", conflicts_with = "demo")]
    store: Option<String>,
    /// Serve a made-up person, held in memory, on this machine only.
    #[arg(long, requires = "http")]
    demo: bool,
    /// Who may make an account.
    #[arg(long, value_name = "WHO", value_enum, default_value_t = SignUp::Invitation, requires = "http")]
    sign_up: SignUp,
    /// People sign in at this identity provider (OpenID Connect) and nowhere else. What this server is there is read
    /// from PLAINCHART_IDENTITY_CLIENT_ID and PLAINCHART_IDENTITY_CLIENT_SECRET; see docs/serve.md.
    #[arg(long, value_name = "ISSUER", requires = "http", conflicts_with = "demo")]
    identity_provider: Option<String>,
    /// Tell Prometheus at this address what was counted (127.0.0.1:9090).
    #[arg(long, value_name = "ADDR", requires = "http")]
    metrics: Option<String>,
    /// Serve what the conformance suite asks for, and no record: `stateless` as records are, or with `sessions`.
    #[cfg(feature = "conformance")]
    #[arg(long, requires = "http", hide = true)]
    conformance: Option<String>,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum SignUp {
    /// Who has an invitation of yours or of an administrator.
    Closed,
    /// Who has an invitation, also one of somebody who shares the care for a record.
    Invitation,
    /// Everybody.
    Open,
}

impl From<SignUp> for Policy {
    fn from(sign_up: SignUp) -> Policy {
        match sign_up {
            SignUp::Closed => Policy::Closed,
            SignUp::Invitation => Policy::Invitation,
            SignUp::Open => Policy::Open,
        }
    }
}

/// Serves until the conversation ends, or until the process is told to end. Logs go to standard error and hold no
/// health data.
pub fn run(mut place: Place, arguments: &Arguments) -> Result<ExitCode> {
    if let Some(store) = &arguments.store {
        place.config.store_url = Some(store_url(store).into());
    }
    let Some(at) = &arguments.http else {
        // Nobody else sets a subscriber in this process.
        let _ = tracing::subscriber::set_global_default(log::subscriber(LevelFilter::INFO, std::io::stderr));
        let desk = place.desk();
        stdio::serve(place.access(), Some(desk))?;
        return Ok(ExitCode::SUCCESS);
    };
    let listener = listen("--http", at)?;
    let at = listener.local_addr()?;
    let public = match &arguments.public_url {
        Some(url) => PublicUrl::parse(url).map_err(|error| Usage(error.to_string()))?,
        None => PublicUrl::parse(&format!("http://{at}"))
            .map_err(|_| Usage("others reach this address: add --public-url".into()))?,
    };
    let metrics = arguments.metrics.as_deref().map(|at| listen("--metrics", at)).transpose()?;
    let served = served(&place.config, arguments, at, &public)?;
    let _ = tracing::subscriber::set_global_default(log::lines(LevelFilter::INFO, std::io::stderr));
    log::without_panic_messages();
    serve_http::run(&place, serve_http::Where { listener, public, metrics }, served)
}

fn served(
    config: &Config,
    arguments: &Arguments,
    at: SocketAddr,
    public: &PublicUrl,
) -> Result<serve_http::Served> {
    #[cfg(feature = "conformance")]
    if let Some(how) = &arguments.conformance {
        return Ok(serve_http::Served::Fixture { with_sessions: how == "sessions" });
    }
    if !arguments.demo {
        let provider = arguments.identity_provider.as_deref().map(|issuer| registration(config, issuer));
        return Ok(serve_http::Served::Store {
            policy: arguments.sign_up.into(),
            provider: provider.transpose()?,
        });
    }
    if !at.ip().is_loopback() || !public.is_loopback() {
        return Err(Usage("--demo is served on this machine only: --http 127.0.0.1:8080".into()).into());
    }
    Ok(serve_http::Served::Demo)
}

/// What this server is at an identity provider.
fn registration(config: &Config, issuer: &str) -> Result<Registration> {
    let secret = config.identity_client_secret.clone();
    let registration = Registration::parse(issuer, config.identity_client_id.as_deref(), secret);
    Ok(registration.map_err(|error| Usage(error.to_string()))?)
}

/// Listens before anything is opened, so that an address that is taken is told at once.
fn listen(flag: &str, text: &str) -> Result<TcpListener> {
    let at = address(flag, text)?;
    let listener = TcpListener::bind(at).with_context(|| format!("{at} cannot be listened at"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// An address to listen at. A port alone is of this machine only.
fn address(flag: &str, text: &str) -> Result<SocketAddr> {
    let port = text.strip_prefix(':').unwrap_or(text).parse::<u16>();
    let address = match port {
        Ok(port) => Some(SocketAddr::from(([127, 0, 0, 1], port))),
        Err(_) => text.replace("localhost:", "127.0.0.1:").parse().ok(),
    };
    Ok(address.ok_or_else(|| Usage(format!("{flag} takes an address such as 127.0.0.1:8080")))?)
}

/// A store as it was typed: a path is an SQLite file.
fn store_url(text: &str) -> String {
    let is_url = text.contains("://") || text.starts_with("sqlite:") || text == "memory:";
    if is_url { text.to_owned() } else { format!("sqlite:{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_of_this_machine_only() {
        let of = |text| address("--http", text).map(|address| address.to_string()).ok();
        assert_eq!(of("8080").as_deref(), Some("127.0.0.1:8080"));
        assert_eq!(of(":8080").as_deref(), Some("127.0.0.1:8080"));
        assert_eq!(of("localhost:8080").as_deref(), Some("127.0.0.1:8080"));
        assert_eq!(of("0.0.0.0:80").as_deref(), Some("0.0.0.0:80"));
        assert_eq!(of("[::1]:80").as_deref(), Some("[::1]:80"));
        assert_eq!(of("chart.example.org"), None);
    }

    #[test]
    fn an_identity_provider_needs_to_know_this_server() {
        let set = |name: &str| (name == "PLAINCHART_IDENTITY_CLIENT_ID").then(|| "plainchart".into());
        let (known, unknown) = (Config::from_lookup(set).unwrap(), Config::from_lookup(|_| None).unwrap());
        assert!(registration(&known, "https://login.example.org").is_ok());
        assert!(registration(&known, "http://login.example.org").is_err());
        let told = registration(&unknown, "https://login.example.org").unwrap_err().to_string();
        assert!(told.contains("PLAINCHART_IDENTITY_CLIENT_ID"), "{told}");
    }

    #[test]
    fn a_store_is_a_path_or_a_url() {
        assert_eq!(store_url("/var/lib/chart.db"), "sqlite:/var/lib/chart.db");
        assert_eq!(store_url("sqlite:/var/lib/chart.db"), "sqlite:/var/lib/chart.db");
        assert_eq!(store_url("postgres://db/chart"), "postgres://db/chart");
    }
}
