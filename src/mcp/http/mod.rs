//! Streamable HTTP: one address for both eras of the protocol, stateless, for everyone with a token.
//!
//! Follow one request: `serve` takes the connection, `observe` counts and logs it, `arriving` sees to it that it comes
//! and is answered, `guard` checks where it was sent and from where, `bearer` whose token it carries, `body` reads what
//! it holds, and the protocol library hands it to the same server and gate as over stdio. The whole app is [`router`]
//! merged with the pages, under [`around`].

mod arriving;
pub mod bearer;
mod body;
mod guard;
mod health;
mod hosts;
mod metadata;
pub mod metrics;
mod observe;
mod patience;
mod refusal;
pub mod serve;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::sync::{Semaphore, watch};

use super::callers::{Authorize, Callers, Hosted};
use super::server::Server;
use super::tool::Gate;
use crate::access::authorization::PublicUrl;
pub use body::BODY_BYTES_MAX;
pub use hosts::Hosts;
use metrics::Metrics;
pub use serve::serve;

/// Where assistants call.
pub const ENDPOINT: &str = "/mcp";
/// Requests that are worked on at a time; more are told to come again.
const AT_ONCE_MAX: usize = 256;

/// What an endpoint is made of.
#[derive(Clone)]
pub struct Endpoint {
    /// The gate that every call passes.
    pub gate: Gate,
    /// What a token stands for.
    pub authorize: Authorize,
    /// The address that everyone knows this server by.
    pub public: PublicUrl,
    /// Becomes true when the server is to end.
    pub ending: watch::Receiver<bool>,
}

/// The endpoint, what is said of it, and whether it is well.
pub fn router(endpoint: &Endpoint) -> Router {
    let Endpoint { gate, authorize, public, ending } = endpoint;
    let callers = Callers::ByToken(Hosted { authorize: Arc::clone(authorize), ending: ending.clone() });
    let server = Server::with(gate.clone(), callers);
    let door = bearer::Door::new(Arc::clone(authorize), public);
    let protocol = protocol(server, public).route_layer(from_fn_with_state(door, bearer::check));
    let health = Router::new()
        .route("/healthz", get(health::is_alive))
        .route("/readyz", get(health::is_ready).with_state(gate.clone()));
    protocol.merge(metadata::router(public)).merge(health)
}

/// Any server of the protocol at the endpoint, within the limits of its body and of what goes on at once.
pub fn protocol<S: ServerHandler + Clone + Send + Sync + 'static>(server: S, public: &PublicUrl) -> Router {
    let service = StreamableHttpService::new(move || Ok(server.clone()), Arc::default(), settings(public));
    mounted::<S, NeverSessionManager>(service)
}

/// How the library is to speak: each request for itself, answers as JSON, only to the public address.
pub fn settings(public: &PublicUrl) -> StreamableHttpServerConfig {
    let hosts = Hosts::of(public);
    StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(BODY_BYTES_MAX)
        .with_allowed_hosts(hosts.hosts())
        .with_allowed_origins(hosts.origins())
        .enforce_origin_validation()
}

/// A service of the library at the endpoint.
pub fn mounted<S, M>(service: StreamableHttpService<S, M>) -> Router
where
    S: ServerHandler + Send + 'static,
    M: rmcp::transport::streamable_http_server::session::SessionManager,
{
    let room = Arc::new(Semaphore::new(AT_ONCE_MAX));
    Router::new()
        .route_service(ENDPOINT, service)
        .route_layer(from_fn(body::read))
        .route_layer(from_fn_with_state(room, body::within_room))
}

/// What lies around all routes of the server, those of the pages too: where a request was sent, how long it and
/// its answer may take, and that it is counted and logged.
pub fn around(router: Router, public: &PublicUrl, metrics: &Arc<Metrics>) -> Router {
    router
        .layer(from_fn_with_state(Arc::new(Hosts::of(public)), guard::check))
        .layer(from_fn(arriving::check))
        .layer(from_fn_with_state(Arc::clone(metrics), observe::request))
}
