//! Listening: requests are read, answered and kept.

use std::io;
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::{Router, response::Response};
use serde_json::json;
use tokio::sync::oneshot;

use super::call::{Call, json_answer};
use super::routes;
use super::site::Site;

/// One request that came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub call: Call,
    /// The status of its answer. None while it is held back, and for ever where the caller went away.
    pub status: Option<u16>,
    pub at: Instant,
    number: usize,
}

/// All that the connections share.
#[derive(Default)]
pub struct Server {
    pub sites: Vec<Site>,
    pub seen: Mutex<Vec<Seen>>,
    pub foreign: Mutex<Vec<Call>>,
    pub came: AtomicUsize,
    pub open: AtomicUsize,
    pub open_most: AtomicUsize,
}

/// Answers until it is told to stop.
pub async fn run(
    server: Arc<Server>,
    listener: TcpListener,
    foreign: TcpListener,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let asynchronous = |listener: TcpListener| {
        listener.set_nonblocking(true)?;
        tokio::net::TcpListener::from_std(listener)
    };
    let own = Router::new().fallback(answer).with_state(server.clone());
    let other = Router::new().fallback(answer_foreign).with_state(server);
    let (listener, foreign) = (asynchronous(listener)?, asynchronous(foreign)?);
    tokio::select! {
        ended = async { axum::serve(listener, own).await } => ended,
        ended = async { axum::serve(foreign, other).await } => ended,
        _ = stopped => Ok(()),
    }
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    let _open = Open::one(&server);
    let call = Call::read(request).await;
    let number = server.came.fetch_add(1, Ordering::SeqCst);
    let seen = Seen { call: call.clone(), status: None, at: Instant::now(), number };
    server.seen.lock().unwrap().push(seen);
    let response = routes::respond(&server, &call).await;
    let status = Some(response.status().as_u16());
    if let Some(seen) = server.seen.lock().unwrap().iter_mut().rev().find(|seen| seen.number == number) {
        seen.status = status;
    }
    response
}

/// A request that is open. It is counted until this is dropped, also where the caller goes away.
struct Open<'a>(&'a Server);

impl<'a> Open<'a> {
    fn one(server: &'a Server) -> Self {
        let open = server.open.fetch_add(1, Ordering::SeqCst) + 1;
        server.open_most.fetch_max(open, Ordering::SeqCst);
        Self(server)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The other host: it answers with a resource that must never be in a record.
async fn answer_foreign(State(server): State<Arc<Server>>, request: Request) -> Response {
    let call = Call::read(request).await;
    server.foreign.lock().unwrap().push(call);
    let planted = json!({ "resourceType": "Observation", "id": "planted", "code": { "text": "planted" } });
    json_answer(
        200,
        &json!({ "resourceType": "Bundle", "type": "searchset", "entry": [{ "resource": planted }] }),
    )
}
