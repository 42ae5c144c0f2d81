//! A form with files, as it comes: held in memory, never on a disk of the server. It may come slowly, as long as some
//! of it comes.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use hyper::body::Body as _;

use crate::web::Error;

/// Bytes of the files of one form.
pub const FILE_BYTES_MAX: usize = 64 << 20;
/// Bytes of the whole form: the files and what frames them.
const BYTES_MAX: usize = FILE_BYTES_MAX + (1 << 20);
/// Of what is too large or refused so many bytes are read and not kept: a browser shows no answer before it has sent
/// all, and with the connection closed it shows an error of its own.
pub const LEFT_BYTES_MAX: usize = 256 << 20;
/// Some of it comes within this.
const SOME_WITHIN: Duration = Duration::from_secs(30);
/// All of it comes within this: 64 MB at half a megabit a second.
const ALL_WITHIN: Duration = Duration::from_secs(20 * 60);
/// Bytes of a field that is not a file.
const FIELD_BYTES_MAX: usize = 1 << 10;
const FIELDS_MAX: usize = 20;
const FILES_MAX: usize = 100;

/// A form with files.
#[derive(Default)]
pub struct Received {
    /// Its fields.
    pub fields: Vec<(String, String)>,
    /// Its files, by name and content.
    pub files: Vec<(String, Vec<u8>)>,
}

/// How much of memory the form will take, by what it says of itself.
pub fn bytes(parts: &Parts) -> usize {
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    announced.unwrap_or(BYTES_MAX).min(BYTES_MAX)
}

/// Reads it to its end.
pub async fn read(request: Request) -> Result<Received, Error> {
    tokio::time::timeout(ALL_WITHIN, all(request)).await.unwrap_or(Err(Error::CutOff))
}

/// Reads what is refused to its end, and keeps nothing of it.
pub async fn leave(mut body: Body) {
    let to_its_end = async {
        let mut left = LEFT_BYTES_MAX;
        loop {
            let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
            let Ok(Some(Ok(frame))) = tokio::time::timeout(SOME_WITHIN, frame).await else { return };
            match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                Some(less) => left = less,
                None => return,
            }
        }
    };
    let _ = tokio::time::timeout(ALL_WITHIN, to_its_end).await;
}

async fn all(request: Request) -> Result<Received, Error> {
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Error::Forged)?;
    let (mut received, mut left, mut fits) = (Received::default(), FILE_BYTES_MAX, true);
    while let Some(field) = some(multipart.next_field()).await? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let most = match file {
            Some(_) if received.files.len() < FILES_MAX => left,
            None if received.fields.len() < FIELDS_MAX => FIELD_BYTES_MAX,
            _ => {
                fits = false;
                0
            }
        };
        match (whole(field, most).await?, file) {
            (Some(bytes), Some(file)) => {
                left -= bytes.len();
                // A form that was sent without a file has one without a name.
                if !file.is_empty() {
                    received.files.push((file, bytes));
                }
            }
            (Some(bytes), None) => {
                received.fields.push((name, String::from_utf8(bytes).map_err(|_| Error::Forged)?));
            }
            (None, _) => fits = false,
        }
    }
    if fits { Ok(received) } else { Err(Error::TooLarge) }
}

/// A field, or nothing where it is larger than it may be. It is read to its end either way.
async fn whole(mut field: Field<'_>, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let (mut bytes, mut fits) = (Vec::new(), true);
    while let Some(chunk) = some(field.chunk()).await? {
        fits = fits && bytes.len() + chunk.len() <= most;
        match fits {
            true => bytes.extend_from_slice(&chunk),
            false => bytes = Vec::new(),
        }
    }
    Ok(fits.then_some(bytes))
}

async fn some<T>(coming: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Error> {
    match tokio::time::timeout(SOME_WITHIN, coming).await {
        Ok(come) => come.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            _ => Error::CutOff,
        }),
        Err(_) => Err(Error::CutOff),
    }
}
