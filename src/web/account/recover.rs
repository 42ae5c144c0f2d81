//! A new password for somebody who has lost theirs: with a recovery code, or with a link from the operator.

use askama::Template;
use axum::http::StatusCode;

use super::sign_up::{Flaws, flaws};
use super::{sign_in, signed_in};
use crate::access::account;
use crate::secret::Secret;
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::reply::Reply;
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "recover.html")]
struct RecoverPage {
    frame: Frame,
    link: String,
    name: String,
    password_error: Option<&'static str>,
}

/// The page.
pub fn page(_: &Site, asked: &Asked) -> Result<Reply, Error> {
    shown(asked, Flaws::default(), None)
}

/// A code or a link was sent, with a new password.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let secret = |name| Secret::new(asked.form.text(name).to_owned());
    let password = secret("password");
    let recovered = match asked.form.has("link") {
        true => site.accounts().recover_by_link(&secret("link"), &password, asked.peer),
        false => site.accounts().recover(asked.form.text("name"), &secret("code"), &password, asked.peer),
    };
    let (flaws, says) = match recovered {
        Ok(token) => return Ok(signed_in(site, &token, "/settings?done=password")),
        Err(account::Error::Unusable(unusable)) => (flaws(unusable), None),
        Err(account::Error::NotSignedIn) if asked.form.has("link") => {
            (Flaws::default(), Some("This link was used, or it is too old. Ask for a new one."))
        }
        Err(other) => (Flaws::default(), Some(sign_in::refusal(other)?)),
    };
    Ok(shown(asked, flaws, says)?.with_status(StatusCode::BAD_REQUEST))
}

fn shown(asked: &Asked, flaws: Flaws, says: Option<&'static str>) -> Result<Reply, Error> {
    Reply::page(&RecoverPage {
        frame: asked.frame("Set a new password").of_width("narrow").failing(says),
        link: asked.field("link").to_owned(),
        name: asked.form.text("name").to_owned(),
        password_error: flaws.password,
    })
}
