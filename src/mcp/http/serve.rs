//! Connections: taken, watched over and ended. One that is slow or silent costs a place and holds up nobody.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use super::metrics::Metrics;
use super::patience::Patience;

/// Connections at a time.
const CONNECTIONS_MAX: usize = 1_024;
/// The head of a request comes within this, the next one of a connection too; then it is closed.
const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// The head of a request has so many bytes at the most.
const HEAD_BYTES_MAX: usize = 32 << 10;
/// Some of an answer is taken within this; then its connection is closed.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);
/// What is being answered when the server ends gets so long: more than a call may take.
const LAST_ANSWERS: Duration = Duration::from_secs(20);
/// After this it is tried again to take a connection, when the system has no room for one.
const NO_ROOM_FOR: Duration = Duration::from_millis(50);

/// Serves until told to end, and then ends what is under way.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    metrics: Arc<Metrics>,
    mut ending: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let connections = GracefulShutdown::new();
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).max_header_size(HEAD_BYTES_MAX);
    loop {
        let accepted: io::Result<_> = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = ending.wait_for(|is_ending| *is_ending) => break,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(NO_ROOM_FOR).await;
            continue;
        };
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
            metrics.turned_away.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        // Without this an answer in parts waits for the other side's acknowledgement: some 40 ms.
        let _ = stream.set_nodelay(true);
        let routes = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            // Tries to sign in are counted by where they come from.
            request.extensions_mut().insert(ConnectInfo(peer));
            routes.call(request)
        });
        let connection =
            protocol.serve_connection(TokioIo::new(Patience::new(stream, TAKEN_WITHIN)), service);
        let connection = connections.watch(connection);
        let metrics = Arc::clone(&metrics);
        tokio::spawn(async move {
            metrics.open.fetch_add(1, Ordering::Relaxed);
            // Whatever ends a connection, the other side knows it.
            let _ = connection.await;
            metrics.open.fetch_sub(1, Ordering::Relaxed);
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(LAST_ANSWERS, connections.shutdown()).await.is_err() {
        tracing::warn!("some answers were not sent to their end");
    }
}
