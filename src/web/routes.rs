//! How a page becomes a route: the request is read, the page runs where it may block, and its answer is sent.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use super::asked::{Asked, check_origin, elsewhere, own_path};
use super::form::{self, Form};
use super::reply::Reply;
use super::room::What;
use super::site::Site;
use super::{Error, error};

/// A page: what it answers to what it is asked. It may block.
pub type Page = fn(&Site, &Asked) -> Result<Reply, Error>;

/// A page that is looked at.
pub fn look(page: Page) -> MethodRouter<Site> {
    get(move |State(site): State<Site>, request: Request| async move {
        let (mut parts, _) = request.into_parts();
        if let Some(target) = elsewhere(&site, &parts) {
            return Reply::to(target).into_response();
        }
        let id = id(&mut parts).await;
        let answered =
            site.blocking(move |site| Ok(answer(site, &parts, id, Form::default(), None, page))).await;
        told(&site, answered)
    })
}

/// A form that is sent: from a page of ours, with the mark for this purpose.
pub fn send(purpose: &'static str, page: Page) -> MethodRouter<Site> {
    post(move |State(site): State<Site>, request: Request| async move {
        let (mut parts, body) = request.into_parts();
        let id = id(&mut parts).await;
        let form = match check_origin(&site, &parts.headers) {
            Ok(()) => read(&parts.headers, body).await,
            Err(error) => Err(error),
        };
        let answered = site
            .blocking(move |site| match form {
                Ok(form) => Ok(answer(site, &parts, id, form, Some(purpose), page)),
                Err(error) => Ok(error::page(site, &parts, error)),
            })
            .await;
        told(&site, answered)
    })
}

fn answer(
    site: &Site,
    parts: &axum::http::request::Parts,
    id: Option<String>,
    form: Form,
    purpose: Option<&'static str>,
    page: Page,
) -> Reply {
    let mut asked = match Asked::read(site, parts, id, form) {
        Ok(asked) => asked,
        Err(error) => return error::page(site, parts, error),
    };
    // However much one asks for, others come to their turn.
    let place = asked.visitor.signed.as_ref().map(|by| site.room().of_account(by.owner(), What::Page));
    let _place = match place.transpose() {
        Ok(place) => place,
        Err(error) => return error::answer(&asked, error),
    };
    let marked = purpose.map_or(Ok(()), |purpose| asked.check_mark(purpose));
    if marked.is_err() && purpose == Some("/sign-in") && asked.visitor.signed.is_some() {
        // Signed in meanwhile, in another tab: there is nothing left to do but to go on.
        return Reply::to(own_path(asked.form.text("next")));
    }
    let answered =
        marked.and_then(|()| page(site, &asked)).unwrap_or_else(|error| error::answer(&asked, error));
    match asked.visitor.take_new_key() {
        Some(cookie) => answered.with_cookie(cookie),
        None => answered,
    }
}

/// The variable part of the path, where there is one.
async fn id(parts: &mut axum::http::request::Parts) -> Option<String> {
    Path::<String>::from_request_parts(parts, &()).await.ok().map(|Path(id)| id)
}

async fn read(headers: &axum::http::HeaderMap, body: Body) -> Result<Form, Error> {
    let media = headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    if !media.starts_with("application/x-www-form-urlencoded") {
        return Err(Error::Forged);
    }
    let bytes = to_bytes(body, form::BYTES_MAX).await.map_err(|_| Error::TooLarge)?;
    Form::parse(&bytes).ok_or(Error::TooLarge)
}

fn told(site: &Site, answered: Result<Reply, Error>) -> Response {
    answered.unwrap_or_else(|error| error::of_nobody(site, &error)).into_response()
}
