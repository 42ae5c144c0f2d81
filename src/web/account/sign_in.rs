//! Signing in, and once more before something that is hard to undo.

use askama::Template;
use axum::http::StatusCode;

use super::signed_in;
use crate::access::account::{self, Policy};
use crate::secret::Secret;
use crate::web::Error;
use crate::web::asked::{Asked, encoded, own_path};
use crate::web::frame::{Frame, Here};
use crate::web::reply::Reply;
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    action: &'static str,
    is_again: bool,
    name: String,
    next: String,
    next_encoded: String,
    may_sign_up: bool,
    has_passkeys: bool,
}

/// The page to sign in at.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let next = own_path(asked.field("next"));
    if asked.visitor.signed.is_some() {
        return Ok(Reply::to(next));
    }
    shown(site, asked, next, None)
}

/// A name and a password were sent.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let next = own_path(asked.form.text("next"));
    let password = Secret::new(asked.form.text("password").to_owned());
    match site.accounts().sign_in(asked.form.text("name"), &password, asked.peer) {
        Ok(token) => Ok(signed_in(site, &token, next)),
        Err(error) => shown(site, asked, next, Some(refusal(error)?)),
    }
}

/// The page to sign in at once more.
pub fn again(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    asked.signed()?;
    shown_again(site, asked, own_path(asked.field("next")), None)
}

/// A password was sent once more.
pub fn sent_again(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let next = own_path(asked.form.text("next"));
    let password = Secret::new(asked.form.text("password").to_owned());
    match site.accounts().confirm(signed, &password, asked.peer) {
        Ok(token) => Ok(signed_in(site, &token, next)),
        Err(error) => shown_again(site, asked, next, Some(refusal(error)?)),
    }
}

/// What somebody is told who may not come in. Whether there is such an account is not told.
pub fn refusal(error: account::Error) -> Result<&'static str, Error> {
    use account::Error as E;
    match error {
        E::NotSignedIn => Ok("That did not match. After several tries, wait a little before the next one."),
        E::Locked => Ok("This account is locked. Ask whoever runs this server."),
        E::TooMany => Ok("Too many tries at the moment. Wait a few minutes."),
        other => Err(other.into()),
    }
}

fn shown(site: &Site, asked: &Asked, next: &str, refused: Option<&'static str>) -> Result<Reply, Error> {
    let page = SignInPage {
        frame: asked.frame("Sign in").of_width("narrow").failing(refused).saying(notice(asked)),
        action: "/sign-in",
        is_again: false,
        name: asked.form.text("name").to_owned(),
        next: next.to_owned(),
        next_encoded: encoded(next),
        may_sign_up: site.accounts().policy() == Policy::Open,
        has_passkeys: site.accounts().has_passkeys(),
    };
    status(Reply::page(&page)?, refused)
}

fn notice(asked: &Asked) -> Option<&'static str> {
    let is_deleted = asked.query.text("done") == "deleted";
    is_deleted.then_some("The account is gone, with every record that only it cared for.")
}

fn shown_again(
    site: &Site,
    asked: &Asked,
    next: &str,
    refused: Option<&'static str>,
) -> Result<Reply, Error> {
    let page = SignInPage {
        frame: asked.frame("Is it you?").at(Here::Settings).of_width("narrow").failing(refused),
        action: "/sign-in/again",
        is_again: true,
        name: String::new(),
        next: next.to_owned(),
        next_encoded: encoded(next),
        may_sign_up: false,
        has_passkeys: site.accounts().has_passkeys(),
    };
    status(Reply::page(&page)?, refused)
}

/// The page once more, with why it did not work.
pub fn refused(site: &Site, asked: &Asked, next: &str, why: &'static str) -> Result<Reply, Error> {
    match asked.visitor.signed {
        Some(_) => shown_again(site, asked, next, Some(why)),
        None => shown(site, asked, next, Some(why)),
    }
}

fn status(reply: Reply, refused: Option<&'static str>) -> Result<Reply, Error> {
    let reply = reply.with_script();
    Ok(if refused.is_some() { reply.with_status(StatusCode::UNAUTHORIZED) } else { reply })
}
