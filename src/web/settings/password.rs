//! Another password, and the end of every other session.

use askama::Template;
use axum::http::StatusCode;

use super::fresh;
use crate::access::account;
use crate::secret::Secret;
use crate::web::Error;
use crate::web::account::{flaws, signed_in};
use crate::web::asked::Asked;
use crate::web::frame::{Frame, Here};
use crate::web::reply::Reply;
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    frame: Frame,
    password_error: Option<&'static str>,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    fresh(site, asked)?;
    shown(asked, None)
}

/// A new password was sent.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = fresh(site, asked)?;
    let password = Secret::new(asked.form.text("password").to_owned());
    match site.accounts().change_password(signed, &password) {
        Ok(token) => Ok(signed_in(site, &token, "/settings?done=password")),
        Err(account::Error::Unusable(unusable)) => {
            Ok(shown(asked, flaws(unusable).password)?.with_status(StatusCode::BAD_REQUEST))
        }
        Err(other) => Err(other.into()),
    }
}

/// Signs out everywhere else.
pub fn end_sessions(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let token = site.accounts().end_sessions(asked.signed()?)?;
    Ok(signed_in(site, &token, "/settings?done=sessions"))
}

fn shown(asked: &Asked, password_error: Option<&'static str>) -> Result<Reply, Error> {
    let frame = asked.frame("Change the password").at(Here::Settings).of_width("narrow");
    Reply::page(&PasswordPage { frame, password_error })
}
