//! What a request holds, while it arrives: not too slowly, and to its end even where nobody wants it.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::EXPECT;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::refusal::refuse;

/// It arrives within this, and whoever sends it more slowly keeps a place from others.
const WITHIN: Duration = Duration::from_secs(10);
/// A large one may take longer by what its bytes take on a slow line.
const BYTES_PER_S: u64 = 32 << 10;
/// It is answered within this from when it is there, or told that it was not. A call has its own, shorter deadline.
const ANSWERED_WITHIN: Duration = Duration::from_secs(75);
/// More than this is not read only to be left: more than any page takes.
const LEFT_BYTES_MAX: u64 = 128 << 20;
/// A refusal waits so long for its request to be there whole: many clients read nothing before they have sent all.
const REFUSED_AFTER: Duration = Duration::from_secs(1);

/// What comes next of a body.
type Coming = Poll<Option<Result<Frame<Bytes>, axum::Error>>>;

/// Sees to it that what a request holds arrives, and that it is answered.
pub async fn check(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // Who waits to be asked for the body hears the refusal instead.
    let waits_to_be_asked = parts.headers.contains_key(EXPECT);
    let arriving = Arriving::new(body);
    let request = Request::from_parts(parts, Body::new(arriving.clone()));
    let response = tokio::select! {
        response = next.run(request) => response,
        () = arriving.unanswered() => {
            return refuse(StatusCode::GATEWAY_TIMEOUT, "The answer took too long.");
        }
    };
    if arriving.lock().is_late {
        return refuse(StatusCode::REQUEST_TIMEOUT, "The request took too long to arrive.");
    }
    if !arriving.is_end_stream() && !waits_to_be_asked {
        // Where some of a request is left, the library closes the connection after the answer without a word: the answer
        // is lost to who still sends, and what a client sends next is lost to us.
        let _ = timeout(REFUSED_AFTER, tokio::spawn(leave(arriving))).await;
    }
    response
}

/// Reads what is left to its end, and keeps nothing of it.
async fn leave(mut arriving: Arriving) {
    while arriving.lock().bytes < LEFT_BYTES_MAX {
        let frame = poll_fn(|context| Pin::new(&mut arriving).poll_frame(context)).await;
        if !matches!(frame, Some(Ok(_))) {
            return;
        }
    }
}

/// A body that several hold: whoever is asked, and whoever reads what they have left.
#[derive(Clone)]
struct Arriving(Arc<Mutex<State>>);

struct State {
    body: Body,
    began_at: Instant,
    last_at: Instant,
    bytes: u64,
    waiting: Option<Pin<Box<Sleep>>>,
    is_late: bool,
    is_over: bool,
}

impl Arriving {
    fn new(body: Body) -> Arriving {
        let (now, is_over) = (Instant::now(), body.is_end_stream());
        let state =
            State { body, began_at: now, last_at: now, bytes: 0, waiting: None, is_late: false, is_over };
        Arriving(Arc::new(Mutex::new(state)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends when no answer has come for too long after the last of the body.
    async fn unanswered(&self) {
        loop {
            let ends_at = self.lock().last_at + ANSWERED_WITHIN;
            if ends_at <= Instant::now() {
                return;
            }
            sleep_until(ends_at).await;
        }
    }
}

impl State {
    fn poll(&mut self, context: &mut Context<'_>) -> Coming {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref());
            self.bytes += data.map_or(0, |bytes| bytes.len() as u64);
            self.is_over = frame.is_none() || self.body.is_end_stream();
            self.last_at = Instant::now();
            self.waiting = None;
            return Poll::Ready(frame);
        }
        let due_at = self.began_at + allowed(self.bytes);
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep_until(due_at)));
        ready!(waiting.as_mut().poll(context));
        self.is_late = true;
        Poll::Ready(Some(Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut)))))
    }
}

/// How long a request may take of which so many bytes have come.
fn allowed(bytes: u64) -> Duration {
    WITHIN + Duration::from_secs(bytes / BYTES_PER_S)
}

impl hyper::body::Body for Arriving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Coming {
        self.lock().poll(context)
    }

    fn is_end_stream(&self) -> bool {
        self.lock().is_over
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_may_come_over_a_slow_line_and_nothing_may_trickle() {
        let (megabyte, bytes_per_s) = (1 << 20, 50 << 10);
        for sent in [megabyte, 64 * megabyte] {
            assert!(allowed(sent).as_secs() > sent / bytes_per_s, "{sent} bytes");
        }
        assert!(allowed(60) < Duration::from_secs(60), "a byte a second");
    }
}
