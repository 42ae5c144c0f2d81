//! The account: the people in its care, how it is signed in to, what it takes away with it, how it ends.

mod accounts;
mod codes;
mod delete;
mod export;
mod overview;
mod passkeys;
mod password;
mod people;
mod person;

use axum::Router;

use super::Error;
use super::asked::Asked;
use super::routes::{look, send};
use super::site::Site;
use crate::access::account::Signed;

/// The routes. What an identity provider sees to is not set here.
pub fn router(site: &Site) -> Router<Site> {
    let ways_in = if site.has_provider() { Router::new() } else { ways_in() };
    ways_in
        .route("/settings", look(overview::page))
        .route("/settings/recovery-known", send("/settings/recovery-known", overview::know_of_recovery))
        .route("/settings/sessions", send("/settings/sessions", password::end_sessions))
        .route("/settings/people", send("/settings/people", people::add))
        .route(
            "/settings/people/{id}",
            look(person::page).merge(send("/settings/people/change", person::sent)),
        )
        .route("/settings/export", look(export::file))
        .route("/settings/delete", look(delete::page).merge(send("/settings/delete", delete::sent)))
        .route("/settings/accounts", look(accounts::page).merge(send("/settings/accounts", accounts::sent)))
}

/// How the account is signed in to here.
fn ways_in() -> Router<Site> {
    Router::new()
        .route("/settings/password", look(password::page).merge(send("/settings/password", password::sent)))
        .route("/settings/passkeys", look(passkeys::page).merge(send("/settings/passkeys", passkeys::sent)))
        .route("/settings/passkeys/begin", send("/settings/passkeys/begin", passkeys::begin))
        .route("/settings/codes", look(codes::page).merge(send("/settings/codes", codes::sent)))
}

/// Somebody who has shown who they are a short while ago; others are asked to, and come back.
fn fresh<'a>(site: &Site, asked: &'a Asked) -> Result<&'a Signed, Error> {
    let signed = asked.signed()?;
    match signed.is_fresh(site.clock().now()) {
        true => Ok(signed),
        false => Err(Error::NotFresh { next: asked.target.clone() }),
    }
}
