//! Where a record comes from: what there is, what is added, read again and removed.

mod connect;
mod found;
mod list;
mod received;
mod refresh;
mod remove;
mod report;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;

use super::routes::{look, send};
use super::site::Site;

/// The routes.
pub fn router() -> Router<Site> {
    let upload = post(upload::sent).layer(DefaultBodyLimit::max(received::BYTES_MAX));
    Router::new()
        .route("/sources", look(list::page))
        .route("/sources/upload", upload)
        .route("/sources/refresh", send("/sources/refresh", refresh::sent))
        .route("/sources/remove", look(remove::page).merge(send("/sources/remove", remove::sent)))
        .route("/sources/connect", send("/sources/connect", connect::sent))
        .route("/sources/callback", look(connect::came_back))
}
