//! How a request is refused before the protocol sees it: a status and one sentence.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};

/// A refusal in plain text.
pub fn refuse(status: StatusCode, sentence: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(sentence));
    *response.status_mut() = status;
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, text);
    response
}

/// The same with one header more.
pub fn refuse_with(
    status: StatusCode,
    sentence: &'static str,
    name: HeaderName,
    value: HeaderValue,
) -> Response<Body> {
    let mut response = refuse(status, sentence);
    response.headers_mut().insert(name, value);
    response
}
