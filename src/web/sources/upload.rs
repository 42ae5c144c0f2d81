//! Files that come with a form: held in memory, never on a disk of the server, and read at once.

use std::sync::Arc;

use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::list::{self, Said};
use super::report::{Told, others};
use crate::access::account::Care;
use crate::ingest::{self, Error as Refused};
use crate::web::asked::{Asked, check_origin};
use crate::web::form::Form;
use crate::web::reply::Reply;
use crate::web::site::Site;
use crate::web::{Error, error};

/// Bytes of the files of one form.
pub const FILE_BYTES_MAX: usize = 64 << 20;
/// Bytes of the whole form: the files and what frames them.
pub const BYTES_MAX: usize = FILE_BYTES_MAX + (1 << 20);
/// Bytes of a field that is not a file.
const FIELD_BYTES_MAX: usize = 1 << 10;
const FIELDS_MAX: usize = 20;
const FILES_MAX: usize = 100;

/// A form with files.
#[derive(Default)]
struct Sent {
    fields: Vec<(String, String)>,
    files: Vec<(String, Vec<u8>)>,
}

/// A form with files was sent.
pub async fn sent(State(site): State<Site>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // What cannot be served is said before anything is read.
    let room = match check_sender(&site, &parts).await {
        Ok(()) => Arc::clone(site.uploads()).try_acquire_owned().map_err(|_| Error::Busy),
        Err(error) => Err(error),
    };
    let (room, read) = match room {
        Ok(room) => {
            let request = Request::from_parts(parts.clone(), body);
            (Some(room), read(request).await)
        }
        Err(error) => (None, Err(error)),
    };
    let answered = site
        .blocking(move |site| {
            let _room = room;
            Ok(match read {
                Ok(sent) => answer(site, &parts, sent),
                Err(error) => error::page(site, &parts, error),
            })
        })
        .await;
    answered.unwrap_or_else(|error| error::bare(&error)).into_response()
}

/// Nobody but who is signed in, at a page of ours, has anything read and held.
async fn check_sender(site: &Site, parts: &Parts) -> Result<(), Error> {
    check_origin(site, &parts.headers)?;
    let parts = parts.clone();
    site.blocking(move |site| Asked::read(site, &parts, None, Form::default())?.signed().map(drop)).await
}

async fn read(request: Request) -> Result<Sent, Error> {
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Error::Forged)?;
    let mut sent = Sent::default();
    let mut left = FILE_BYTES_MAX;
    while let Some(field) = multipart.next_field().await.map_err(|_| Error::TooLarge)? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file) if sent.files.len() < FILES_MAX => {
                let bytes = all_of(field, left).await?;
                left -= bytes.len();
                // A form that was sent without a file has one without a name.
                if !file.is_empty() {
                    sent.files.push((file, bytes));
                }
            }
            None if sent.fields.len() < FIELDS_MAX => {
                let text = String::from_utf8(all_of(field, FIELD_BYTES_MAX).await?);
                sent.fields.push((name, text.map_err(|_| Error::Forged)?));
            }
            _ => return Err(Error::TooLarge),
        }
    }
    Ok(sent)
}

async fn all_of(mut field: Field<'_>, bytes_max: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| Error::TooLarge)? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(Error::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn answer(site: &Site, parts: &Parts, sent: Sent) -> Reply {
    let asked = match Asked::read(site, parts, None, Form::of(sent.fields)) {
        Ok(asked) => asked,
        Err(error) => return error::page(site, parts, error),
    };
    import(site, &asked, &sent.files).unwrap_or_else(|error| error::answer(&asked, error))
}

fn import(site: &Site, asked: &Asked, files: &[(String, Vec<u8>)]) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    asked.check_mark("/sources/upload")?;
    let care = site.named_person(signed, asked.form.text("person"))?;
    if files.is_empty() {
        let file_error = Some("Choose a file first.".to_owned());
        return refused(site, asked, &care, Said { file_error, ..Said::default() });
    }
    let text = |name| Some(asked.form.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let request = ingest::Request {
        source: text("source"),
        patient: text("patient"),
        label: Some(care.label.clone()),
        is_same_person: asked.form.has("same"),
        at: site.clock().now().as_second(),
        ..ingest::Request::default()
    };
    let held: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    match ingest::import_held(&site.accounts().rows_of(&care)?, &request, &held) {
        Ok(report) => {
            list::shown(site, asked, &care, Said { report: Some(Told::of(&report)), ..Said::default() })
        }
        Err(error) => refused(site, asked, &care, said(error, &care)?),
    }
}

/// What the person has to say or choose before the files can be taken.
fn said(error: Refused, care: &Care) -> Result<Said, Error> {
    let label = &care.label;
    Ok(match error {
        Refused::SeveralPeople { people } | Refused::NoSuchPerson { people } => Said {
            file_error: Some(format!(
                "The files are about several people. Choose below who {label} is, and the files once more."
            )),
            others: others(&people),
            ..Said::default()
        },
        Refused::SomebodyElse { found, .. } => Said {
            file_error: Some(format!(
                "The files are about {}, not about {label}. Nothing was added. Add that person under Settings first.",
                found.shown()
            )),
            ..Said::default()
        },
        Refused::Unconfirmed { found, .. } => Said {
            file_error: Some(match found {
                Some(found) => format!(
                    "The files are about {}. If that is {label}, tick the box below and choose the files once more.",
                    found.shown()
                ),
                None => format!(
                    "The files do not say whom they are about. If it is {label}, tick the box below and choose the files once more."
                ),
            }),
            asks_same: true,
            ..Said::default()
        },
        Refused::Files(_) => Said {
            file_error: Some("The files hold more than fits. Add fewer at a time.".into()),
            ..Said::default()
        },
        other => return Err(other.into()),
    })
}

fn refused(site: &Site, asked: &Asked, care: &Care, said: Said) -> Result<Reply, Error> {
    Ok(list::shown(site, asked, care, said)?.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}
