//! Each request is counted, and logged by what it was and how it ended: never by what it held, who sent it or whom
//! it was about.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::metrics::Metrics;

/// What requests count as that no route is there for.
const NOWHERE: &str = "none";

/// Counts and logs a request. A route is named by its pattern, so that no address with an id is written down.
pub async fn request(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = route.as_ref().map_or(NOWHERE, MatchedPath::as_str);
    let (status, took) = (response.status().as_u16(), began.elapsed());
    metrics.answered(route, status, took);
    let duration_ms = took.as_secs_f64() * 1e3;
    tracing::info!(method = method.as_str(), route, status, duration_ms, "answered");
    response
}
