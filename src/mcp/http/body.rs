//! What a call holds is read here, within a number of bytes, before anything else begins.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, HeaderValue, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::Semaphore;

use super::refusal::{refuse, refuse_with};

/// A message of the protocol is small: arguments have a smaller limit of their own.
pub const BODY_BYTES_MAX: usize = 256 << 10;

/// Reads the body.
pub async fn read(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > BODY_BYTES_MAX) {
        return too_large();
    }
    match to_bytes(body, BODY_BYTES_MAX).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        // Cut off by us, or by the other side, which then hears nothing anyway. Of one that came too slowly
        // `arriving` tells.
        Err(_) => too_large(),
    }
}

/// Lets so many requests in at a time.
pub async fn within_room(State(room): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(_place) = room.try_acquire() else {
        let sentence = "Too many requests are being answered. Try again in a second.";
        let a_second = HeaderValue::from_static("1");
        return refuse_with(StatusCode::SERVICE_UNAVAILABLE, sentence, RETRY_AFTER, a_second);
    };
    next.run(request).await
}

fn too_large() -> Response {
    refuse(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large.")
}
