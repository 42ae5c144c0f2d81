//! Files that come with a form, and are read at once.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::list::{self, Said};
use super::received::{self, Received};
use super::report::{Told, others};
use crate::access::account::Care;
use crate::ingest::{self, Error as Refused, Limits};
use crate::web::asked::{Asked, check_origin};
use crate::web::form::Form;
use crate::web::reply::Reply;
use crate::web::room::{OwnPlace, Place, What};
use crate::web::site::Site;
use crate::web::{Error, error};

/// What is read of one upload: less than on the command line, where whoever imports owns the machine.
const LIMITS: Limits = Limits {
    files_max: 2_000,
    document_bytes_max: 64 << 20,
    total_bytes_max: 512 << 20,
    ratio_max: 200,
    depth_max: 8,
};
/// Entries of one record.
const ENTRIES_MAX: usize = 200_000;

/// A form with files was sent.
pub async fn sent(State(site): State<Site>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // What cannot be served is held nowhere.
    let received = match admitted(&site, &parts).await {
        Ok(places) => {
            let request = Request::from_parts(parts.clone(), body);
            received::read(request).await.map(|received| (received, places))
        }
        Err(error) => Err(error),
    };
    // Only what has come takes the turn of others.
    let received = match received {
        Ok(received) => site.room().reading().await.map(|turn| (received, turn)),
        Err(error) => Err(error),
    };
    let answered = site
        .blocking(move |site| {
            Ok(match received {
                Ok(((received, _places), _turn)) => answer(site, &parts, received),
                Err(error) => error::page(site, &parts, error),
            })
        })
        .await;
    answered.unwrap_or_else(|error| error::of_nobody(&site, &error)).into_response()
}

/// Nobody but who is signed in, at a page of ours, has anything read and held: one upload at a time.
async fn admitted(site: &Site, parts: &Parts) -> Result<(OwnPlace, Place), Error> {
    check_origin(site, &parts.headers)?;
    let memory = received::bytes(parts);
    let parts = parts.clone();
    let own = site.blocking(move |site| {
        let asked = Asked::read(site, &parts, None, Form::default())?;
        site.room().of_account(asked.signed()?.owner(), What::Upload)
    });
    Ok((own.await?, site.room().memory(memory)?))
}

fn answer(site: &Site, parts: &Parts, received: Received) -> Reply {
    let asked = match Asked::read(site, parts, None, Form::of(received.fields)) {
        Ok(asked) => asked,
        Err(error) => return error::page(site, parts, error),
    };
    import(site, &asked, &received.files).unwrap_or_else(|error| error::answer(&asked, error))
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
        limits: LIMITS,
        entries_max: Some(ENTRIES_MAX),
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
            file_error: Some(format!(
                "The files hold more than fits: at most {} files and {} MB, unpacked. Nothing was added. Add fewer at a time.",
                LIMITS.files_max,
                LIMITS.total_bytes_max >> 20
            )),
            ..Said::default()
        },
        Refused::TooManyEntries(most) => Said {
            file_error: Some(format!(
                "With these files the record would have more than {most} entries, and it holds no more. Nothing was added."
            )),
            ..Said::default()
        },
        other => return Err(other.into()),
    })
}

fn refused(site: &Site, asked: &Asked, care: &Care, said: Said) -> Result<Reply, Error> {
    Ok(list::shown(site, asked, care, said)?.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}
