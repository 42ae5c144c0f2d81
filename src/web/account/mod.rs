//! Coming in and going out: signing in and up, the way back without a password, signing out.

mod passkey;
mod provider;
mod recover;
mod sign_in;
mod sign_up;

use axum::Router;

pub use sign_up::flaws;

use super::Error;
use super::asked::Asked;
use super::reply::Reply;
use super::routes::{look, send};
use super::site::Site;
use super::visitor::{no_session, session_cookie};
use crate::access::account::SessionToken;

/// The routes: with an identity provider nobody signs in here by anything else.
pub fn router(site: &Site) -> Router<Site> {
    let ways_in = if site.has_provider() { provider::router() } else { own() };
    ways_in.route("/sign-out", send("/sign-out", sign_out))
}

/// Those of passwords and passkeys.
fn own() -> Router<Site> {
    Router::new()
        .route("/sign-in", look(sign_in::page).merge(send("/sign-in", sign_in::sent)))
        .route("/sign-in/again", look(sign_in::again).merge(send("/sign-in/again", sign_in::sent_again)))
        .route("/sign-in/passkey", send("/sign-in/passkey", passkey::sent))
        .route("/sign-in/passkey/begin", send("/sign-in/passkey/begin", passkey::begin))
        .route("/sign-up", look(sign_up::page).merge(send("/sign-up", sign_up::sent)))
        .route("/recover", look(recover::page).merge(send("/recover", recover::sent)))
}

/// On to a page, signed in.
pub fn signed_in(site: &Site, token: &SessionToken, path: &str) -> Reply {
    Reply::to(path).with_cookie(session_cookie(site.public(), token))
}

fn sign_out(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    site.accounts().sign_out(asked.signed()?)?;
    // A provider that still knows the person would take them straight back in.
    let path = if site.has_provider() { "/sign-in?done=out" } else { "/sign-in" };
    Ok(Reply::to(path).with_cookie(no_session(site.public())))
}
