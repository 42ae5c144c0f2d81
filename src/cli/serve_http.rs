//! `plainchart serve --http`: puts the server together and runs it until it is told to end.

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use tokio::net;
use tokio::sync::watch;

use super::place::Place;
use super::{demo, serve_demo};
use crate::access::Access;
use crate::access::account::{Accounts, COST, Policy};
use crate::access::authorization::{PublicUrl, Server, Unauthorized, access_token};
use crate::access::identity::{Provider, Registration};
use crate::http::{Client, Reach};
use crate::ingest::portal::Setting;
use crate::mcp::callers::Authorize;
use crate::mcp::http::metrics::{self, Metrics};
use crate::mcp::http::{self, Endpoint};
use crate::mcp::tool::{Gate, Limits};
use crate::mcp::{daily, desk::Desk};
use crate::store::Vault;
use crate::web;

const SWEEP_EVERY: Duration = Duration::from_secs(300);

/// Where it is served.
pub struct Where {
    /// Where connections come.
    pub listener: TcpListener,
    /// The address that everyone knows.
    pub public: PublicUrl,
    /// Where Prometheus asks.
    pub metrics: Option<TcpListener>,
}

/// What is served.
pub enum Served {
    /// Everyone in the store.
    Store {
        /// Who may make an account.
        policy: Policy,
        /// Where people sign in, if not here.
        provider: Option<Registration>,
    },
    /// A made-up person.
    Demo,
    /// What the conformance suite asks for.
    #[cfg(feature = "conformance")]
    Fixture {
        /// Whether clients up to 2025-11-25 can be asked back.
        with_sessions: bool,
    },
}

/// A server before it listens.
struct App {
    router: Router,
    gate: Gate,
    /// What is said when it listens.
    greeting: String,
}

/// Serves until SIGTERM or Ctrl-C.
pub fn run(place: &Place, at: Where, served: Served) -> Result<ExitCode> {
    let (end, ending) = watch::channel(false);
    let app = match served {
        Served::Store { policy, provider } => of_store(place, &at.public, policy, provider, &ending)?,
        Served::Demo => of_demo(place, &at.public, &ending)?,
        #[cfg(feature = "conformance")]
        Served::Fixture { with_sessions } => of_fixture(place, &at.public, with_sessions)?,
    };
    daily::begin(&app.gate);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("no runtime could be started")?;
    let served = runtime.block_on(listen(at, app, end, ending));
    // A thread that was given up is not waited for.
    runtime.shutdown_background();
    served?;
    Ok(ExitCode::SUCCESS)
}

async fn listen(at: Where, app: App, end: watch::Sender<bool>, ending: watch::Receiver<bool>) -> Result<()> {
    let App { router, gate, greeting } = app;
    let counts = Arc::new(Metrics::default());
    if let Some(listener) = at.metrics {
        let router = metrics::router(Arc::clone(&counts), gate);
        let listener = net::TcpListener::from_std(listener)?;
        tokio::spawn(http::serve(listener, router, Arc::default(), ending.clone()));
    }
    let router = http::around(router, &at.public, &counts);
    let listener = net::TcpListener::from_std(at.listener)?;
    println!("{greeting}\nListening at {}", listener.local_addr()?);
    tokio::spawn(async move {
        told_to_end().await;
        // Everyone who listens for it ends.
        let _ = end.send(true);
    });
    http::serve(listener, router, counts, ending).await;
    Ok(())
}

fn of_store(
    place: &Place,
    public: &PublicUrl,
    policy: Policy,
    provider: Option<Registration>,
    ending: &watch::Receiver<bool>,
) -> Result<App> {
    let vault = place.open_or_make()?.vault;
    let gate = gate(vault.clone(), Some(place.desk()));
    let (server, accounts) = servers(place, &vault, public, policy, provider)?;
    let mut greeting = format!("plainchart is served at {}", public.resource());
    if let Some(text) = accounts.first_administrator_invitation()? {
        let link = public.at(&format!("/sign-up?invitation={}", text.expose()));
        greeting.push_str(&format!("\nMake the first account, an administrator's, here:\n  {link}"));
    }
    let authorize = authorize(Arc::clone(&server), gate.clone());
    let App { router, gate, greeting } = assembled(gate, authorize, public, ending, greeting);
    Ok(App { router: with_pages(router, place, &vault, server, accounts)?, gate, greeting })
}

/// The made-up person is in the care of an account, so that all of it can be tried: pages, consent, tokens. The token
/// that is printed spares an assistant the way through them.
fn of_demo(place: &Place, public: &PublicUrl, ending: &watch::Receiver<bool>) -> Result<App> {
    let (vault, rows, _) = demo::made_up(place)?;
    let (server, accounts) = servers(place, &vault, public, Policy::Open, None)?;
    let (token, password) = (serve_demo::token(&place.random), serve_demo::password(&place.random));
    serve_demo::sign_up(&accounts, &rows, &password)?;
    let greeting = serve_demo::greeting(&token, &password, public);
    let gate = gate(vault.clone(), None);
    let given_out = authorize(Arc::clone(&server), gate.clone());
    let tokens = serve_demo::either(serve_demo::authorize(&token, rows), given_out);
    let App { router, gate, greeting } = assembled(gate, tokens, public, ending, greeting);
    Ok(App { router: with_pages(router, place, &vault, server, accounts)?, gate, greeting })
}

/// The authorization server and the accounts of a store.
fn servers(
    place: &Place,
    vault: &Vault,
    public: &PublicUrl,
    policy: Policy,
    provider: Option<Registration>,
) -> Result<(Arc<Server>, Arc<Accounts>)> {
    let outgoing = Client::new(Reach::of(&public.root(), &place.config.private_hosts))?;
    let server = Arc::new(Server::new(vault.clone(), public.clone(), outgoing));
    let accounts = Accounts::new(vault.clone(), policy, COST)?;
    let accounts = Arc::new(match provider {
        Some(registration) => accounts.with_provider(Provider::new(vault.clone(), public, registration)?),
        None => accounts.with_passkeys(&public.root()),
    });
    look(&accounts);
    sweep(&accounts);
    Ok((server, accounts))
}

/// The pages and endpoints beside what assistants call.
fn with_pages(
    router: Router,
    place: &Place,
    vault: &Vault,
    server: Arc<Server>,
    accounts: Arc<Accounts>,
) -> Result<Router> {
    let portals = Setting {
        rows: vault.home()?,
        vault: Some(vault.clone()),
        clock: vault.clock().clone(),
        random: place.random.clone(),
        private_hosts: place.config.private_hosts.clone(),
    };
    let pages = web::router(web::Site::new(accounts, Arc::clone(&server), portals));
    Ok(router.merge(web::endpoints(server)).merge(pages))
}

/// What is wrong with the address of a provider is in the log before anybody signs in. A provider that is down keeps
/// nothing from starting: assistants need none.
fn look(accounts: &Arc<Accounts>) {
    let accounts = Arc::clone(accounts);
    std::thread::spawn(move || accounts.provider().map(Provider::look));
}

/// What is left of sign-ups, sessions and deletions that were cut off goes, as long as the server lives.
fn sweep(accounts: &Arc<Accounts>) {
    let accounts = Arc::downgrade(accounts);
    std::thread::spawn(move || {
        while let Some(accounts) = accounts.upgrade() {
            if let Err(error) = accounts.sweep() {
                tracing::warn!(%error, "the accounts could not be swept");
            }
            drop(accounts);
            std::thread::sleep(SWEEP_EVERY);
        }
    });
}

#[cfg(feature = "conformance")]
fn of_fixture(place: &Place, public: &PublicUrl, with_sessions: bool) -> Result<App> {
    let vault = Vault::in_memory(place.clock.clone(), place.random.clone())?;
    let greeting = format!("the fixture is served at {}", public.resource());
    let router = crate::mcp::conformance::router(public, with_sessions);
    Ok(App { router, gate: gate(vault, None), greeting })
}

fn assembled(
    gate: Gate,
    authorize: Authorize,
    public: &PublicUrl,
    ending: &watch::Receiver<bool>,
    greeting: String,
) -> App {
    let (public, ending) = (public.clone(), ending.clone());
    let endpoint = Endpoint { gate: gate.clone(), authorize, public, ending };
    App { router: http::router(&endpoint), gate, greeting }
}

/// Looks at a token: the rows of a person are opened once, and each look is one question to the store.
fn authorize(server: Arc<Server>, gate: Gate) -> Authorize {
    Arc::new(move |text| {
        let token = access_token(text).ok_or(Unauthorized::BadToken)?;
        let sealed = gate.access().rows_of(&token.owner)?.ok_or(Unauthorized::BadToken)?;
        let inside = server.inside(&token, sealed);
        if let Err(Unauthorized::NoPerson) = inside {
            gate.access().forget(&token.owner);
        }
        inside
    })
}

fn gate(vault: Vault, desk: Option<Desk>) -> Gate {
    let clock = vault.clock().clone();
    Gate::with(Access::of_installation(vault, clock), Limits::of_many(), desk)
}

/// Ends when whoever started this process, or the system, wants it to end.
async fn told_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let terminated = async {
            match signal(SignalKind::terminate()) {
                Ok(mut signal) => signal.recv().await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupted => {}
            _ = terminated => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
}
