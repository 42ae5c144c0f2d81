//! Whether the server is alive, and whether it can answer: for whoever looks after it.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::refusal::refuse;
use crate::mcp::tool::Gate;

/// A store that takes longer is as good as gone.
const STORE_WITHIN: Duration = Duration::from_secs(2);

/// It runs.
pub async fn is_alive() -> &'static str {
    "alive"
}

/// It can answer: its store can be read, and its threads have not been worn out.
pub async fn is_ready(State(gate): State<Gate>) -> Response {
    if gate.is_worn_out() {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "worn out: start this server anew");
    }
    let look = tokio::task::spawn_blocking(move || gate.access().is_readable());
    match tokio::time::timeout(STORE_WITHIN, look).await {
        Ok(Ok(true)) => Response::new("ready".into()),
        _ => refuse(StatusCode::SERVICE_UNAVAILABLE, "the store cannot be read"),
    }
}
