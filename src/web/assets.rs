//! The files that are the same for everybody: style sheet, icon, scripts. They are in the program itself.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::headers;

/// Each file: its address, what it is, and what it holds.
const ASSETS: [(&str, &str, &str); 4] = [
    ("/style.css", "text/css; charset=utf-8", include_str!("assets/style.css")),
    ("/icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
    ("/passkey.js", "text/javascript; charset=utf-8", include_str!("assets/passkey.js")),
    ("/upload.js", "text/javascript; charset=utf-8", include_str!("assets/upload.js")),
];

/// Their routes.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    ASSETS.iter().fold(Router::new(), |router, (path, media, content)| {
        router.route(path, get(move || async move { asset(media, content) }))
    })
}

fn asset(media: &'static str, content: &'static str) -> Response {
    let mut response = content.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers::of_asset(response.headers_mut());
    response
}
