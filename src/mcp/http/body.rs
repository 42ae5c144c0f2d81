//! What a request holds is read here, within a number of bytes and of seconds, before anything else begins.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, HeaderValue, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::Body as _;
use tokio::sync::Semaphore;

use super::refusal::{refuse, refuse_with};

/// A message of the protocol is small: arguments have a smaller limit of their own.
pub const BODY_BYTES_MAX: usize = 256 << 10;
/// Whoever takes longer to send it keeps a place from others.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// Reads the body.
pub async fn read(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > BODY_BYTES_MAX) {
        return too_large();
    }
    match tokio::time::timeout(BODY_WITHIN, to_bytes(body, BODY_BYTES_MAX)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        // Cut off by us, or by the other side, which then hears nothing anyway.
        Ok(Err(_)) => too_large(),
        Err(_) => refuse(StatusCode::REQUEST_TIMEOUT, "The request took too long to arrive."),
    }
}

/// Reads what is refused anyway to its end, within the same bounds, and keeps nothing of it. Where some of a request is
/// left, the library closes the connection after the answer without a word, and what a client sends on it next is lost.
pub async fn leave(mut body: Body) {
    let to_its_end = async {
        let mut left = BODY_BYTES_MAX;
        while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                Some(less) => left = less,
                None => return,
            }
        }
    };
    // Whoever sends more, or more slowly, does lose the connection.
    let _ = tokio::time::timeout(BODY_WITHIN, to_its_end).await;
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
