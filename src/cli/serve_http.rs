//! `plainchart serve --http`: puts the server together and runs it until it is told to end.

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use tokio::net;
use tokio::sync::watch;

use super::place::Place;
use super::{demo, serve_demo};
use crate::access::{Access, Unauthorized};
use crate::mcp::callers::Authorize;
use crate::mcp::http::metrics::{self, Metrics};
use crate::mcp::http::{self, Endpoint, Public, metadata::Offer};
use crate::mcp::tool::{Gate, Limits};
use crate::mcp::{daily, desk::Desk};
use crate::store::Vault;

/// Where it is served.
pub struct Where {
    /// Where connections come.
    pub listener: TcpListener,
    /// The address that everyone knows.
    pub public: Public,
    /// Where Prometheus asks.
    pub metrics: Option<TcpListener>,
}

/// What is served.
pub enum Served {
    /// Everyone in the store.
    Store,
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
    let public = Arc::new(at.public.clone());
    let app = match served {
        Served::Store => of_store(place, &public, &ending)?,
        Served::Demo => of_demo(place, &public, &ending)?,
        #[cfg(feature = "conformance")]
        Served::Fixture { with_sessions } => of_fixture(place, &public, with_sessions)?,
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
    let router = http::around(router, &Arc::new(at.public), &counts);
    let listener = net::TcpListener::from_std(at.listener)?;
    println!("{greeting}");
    tokio::spawn(async move {
        told_to_end().await;
        // Everyone who listens for it ends.
        let _ = end.send(true);
    });
    http::serve(listener, router, counts, ending).await;
    Ok(())
}

fn of_store(place: &Place, public: &Arc<Public>, ending: &watch::Receiver<bool>) -> Result<App> {
    let vault = place.open_or_make()?.vault;
    let gate = gate(vault, Some(place.desk()));
    // Nobody has a token before there is somebody who gives them out.
    let authorize: Authorize = Arc::new(|_| Err(Unauthorized::Invalid));
    let greeting = format!("plainchart serves {}", public.resource());
    Ok(assembled(gate, authorize, Offer::default(), public, ending, greeting))
}

fn of_demo(place: &Place, public: &Arc<Public>, ending: &watch::Receiver<bool>) -> Result<App> {
    let (vault, rows, _) = demo::made_up(place)?;
    let token = serve_demo::token(&place.random);
    let gate = gate(vault, None);
    let authorize = serve_demo::authorize(&token, rows);
    let greeting = serve_demo::greeting(&token, public);
    Ok(assembled(gate, authorize, Offer::default(), public, ending, greeting))
}

#[cfg(feature = "conformance")]
fn of_fixture(place: &Place, public: &Arc<Public>, with_sessions: bool) -> Result<App> {
    let vault = Vault::in_memory(place.clock.clone(), place.random.clone())?;
    let gate = gate(vault, None);
    let greeting = format!("the fixture is served at {}", public.resource());
    Ok(App { router: crate::mcp::conformance::router(public, with_sessions), gate, greeting })
}

fn assembled(
    gate: Gate,
    authorize: Authorize,
    offer: Offer,
    public: &Arc<Public>,
    ending: &watch::Receiver<bool>,
    greeting: String,
) -> App {
    let (public, ending) = (Arc::clone(public), ending.clone());
    let endpoint = Endpoint { gate: gate.clone(), authorize, offer, public, ending };
    App { router: http::router(&endpoint), gate, greeting }
}

fn gate(vault: Vault, desk: Option<Desk>) -> Gate {
    let clock = vault.clock().clone();
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get() * 2).max(4);
    Gate::with(Access::of_installation(vault, clock), Limits { threads, ..Limits::default() }, desk)
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
