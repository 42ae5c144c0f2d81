//! A form with files, as it comes: held in memory, never on a disk of the server. How slowly it may come is seen to
//! around all routes.

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;

use crate::web::Error;

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

/// Reads it.
pub async fn read(request: Request) -> Result<Received, Error> {
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Error::Forged)?;
    let (mut received, mut left) = (Received::default(), FILE_BYTES_MAX);
    while let Some(field) = multipart.next_field().await.map_err(broken_off)? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file) if received.files.len() < FILES_MAX => {
                let bytes = all_of(field, left).await?;
                left -= bytes.len();
                // A form that was sent without a file has one without a name.
                if !file.is_empty() {
                    received.files.push((file, bytes));
                }
            }
            None if received.fields.len() < FIELDS_MAX => {
                let text = String::from_utf8(all_of(field, FIELD_BYTES_MAX).await?);
                received.fields.push((name, text.map_err(|_| Error::Forged)?));
            }
            _ => return Err(Error::TooLarge),
        }
    }
    Ok(received)
}

async fn all_of(mut field: Field<'_>, bytes_max: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken_off)? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(Error::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn broken_off(error: MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::CutOff,
    }
}
