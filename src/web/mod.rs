//! The pages: signing in, the consent, the dashboard. Made on the server; they work without scripts, on a phone, by
//! keyboard and screen reader.
//!
//! Follow one request: a part's `router` names its pages, `routes` reads the request and checks that one of our own
//! forms sent it, the page answers with a `reply`, and `headers` guard what goes out. A page is a function that
//! may block: it runs where that holds up nobody.

mod account;
mod activity;
mod asked;
mod assets;
mod assistants;
mod categories;
mod consent;
mod dates;
mod endpoints;
mod error;
mod form;
mod frame;
mod glance;
mod headers;
mod jobs;
mod leaving;
mod others;
mod people;
mod record;
mod reply;
mod room;
mod routes;
mod settings;
mod site;
mod sources;
mod told;
mod visitor;

use axum::Router;
use axum::middleware::from_fn_with_state;

pub use endpoints::endpoints;
pub use error::Error;
use routes::look;
pub use site::Site;

/// All pages.
pub fn router(site: Site) -> Router {
    let is_secure = site.public().is_secure();
    Router::new()
        .route("/", look(record::page))
        .route("/activity", look(activity::page))
        .route("/activity/{file}", look(activity::file))
        .merge(account::router(&site))
        .merge(assistants::router())
        .merge(consent::router())
        .merge(settings::router(&site))
        .merge(sources::router())
        .merge(assets::router())
        .fallback(look(|_, _| Err(Error::NotFound)))
        .with_state(site)
        .layer(from_fn_with_state(is_secure, headers::https_only))
}
