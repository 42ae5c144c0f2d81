//! The end of an account: every record that only it cares for goes with it, keys first.

use askama::Template;
use axum::http::StatusCode;

use super::fresh;
use crate::access::account::Signed;
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::frame::{Frame, Here};
use crate::web::leaving;
use crate::web::reply::Reply;
use crate::web::site::Site;
use crate::web::visitor::no_session;

/// What is typed to confirm.
const CONFIRMATION: &str = "delete";

#[derive(Template)]
#[template(path = "delete.html")]
struct DeletePage {
    frame: Frame,
    alone: Vec<String>,
    typed_error: Option<&'static str>,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = fresh(site, asked)?;
    shown(site, asked, signed, None)
}

/// It was confirmed.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = fresh(site, asked)?;
    if asked.form.text("typed").trim().to_lowercase() != CONFIRMATION {
        let error = Some("Type the word “delete” to confirm. Nothing was deleted.");
        return Ok(shown(site, asked, signed, error)?.with_status(StatusCode::BAD_REQUEST));
    }
    for care in site.accounts().cared_for_alone(signed.owner())? {
        leaving::give_back(site, &care)?;
    }
    site.accounts().delete(signed)?;
    Ok(Reply::to("/sign-in?done=deleted").with_cookie(no_session(site.public())))
}

fn shown(
    site: &Site,
    asked: &Asked,
    signed: &Signed,
    typed_error: Option<&'static str>,
) -> Result<Reply, Error> {
    let alone = site.accounts().cared_for_alone(signed.owner())?;
    Reply::page(&DeletePage {
        frame: asked.frame("Delete the account").at(Here::Settings).of_width("narrow"),
        alone: alone.into_iter().map(|care| care.label).collect(),
        typed_error,
    })
}
