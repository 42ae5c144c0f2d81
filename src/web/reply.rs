//! What a page answers with, and how that becomes HTTP.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use askama::Template;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};

use super::Error;
use super::headers::{self, Script};
use super::room::OwnPlace;

/// Bytes of one part of a file.
const PART_BYTES: usize = 64 << 10;

/// An answer.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    content: Content,
    cookies: Vec<String>,
    script: Script,
    place: Option<OwnPlace>,
}

#[derive(Debug)]
enum Content {
    Page(String),
    To(String),
    File { name: String, media: &'static str, bytes: Vec<u8> },
    Words(&'static str),
    Json(String),
}

impl Reply {
    /// A page.
    pub fn page(template: &impl Template) -> Result<Reply, Error> {
        Ok(Reply::of(Content::Page(template.render().map_err(Error::Page)?)))
    }

    /// To another page of ours, or to one of the operator's identity provider (303: with a GET).
    pub fn to(path: impl Into<String>) -> Reply {
        Reply { status: StatusCode::SEE_OTHER, ..Reply::of(Content::To(path.into())) }
    }

    /// A file to keep.
    pub fn file(name: impl Into<String>, media: &'static str, bytes: Vec<u8>) -> Reply {
        Reply::of(Content::File { name: name.into(), media, bytes })
    }

    /// JSON, for a script of ours.
    pub fn json(text: String) -> Reply {
        Reply::of(Content::Json(text))
    }

    /// A sentence, where no page can be made.
    pub fn words(sentence: &'static str) -> Reply {
        Reply::of(Content::Words(sentence))
    }

    /// The same, with a status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Reply {
        Reply { status, ..self }
    }

    /// The same, with a cookie.
    #[must_use]
    pub fn with_cookie(mut self, cookie: String) -> Reply {
        self.cookies.push(cookie);
        self
    }

    /// The same, on a page that has a script of ours.
    #[must_use]
    pub fn with_script(self) -> Reply {
        Reply { script: Script::Own, ..self }
    }

    /// The same, with a place that is taken until all of it has been sent.
    #[must_use]
    pub fn holding(self, place: OwnPlace) -> Reply {
        Reply { place: Some(place), ..self }
    }

    fn of(content: Content) -> Reply {
        Reply { status: StatusCode::OK, content, cookies: Vec::new(), script: Script::None, place: None }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let Reply { status, content, cookies, script, place } = self;
        let (media, body, more) = match content {
            Content::Page(html) => ("text/html; charset=utf-8", Body::from(html), None),
            Content::Json(json) => ("application/json", Body::from(json), None),
            Content::Words(sentence) => ("text/plain; charset=utf-8", Body::from(sentence), None),
            Content::To(path) => ("text/plain", Body::empty(), Some((LOCATION, path))),
            Content::File { name, media, bytes } => {
                let name = format!("attachment; filename=\"{}\"", plain(&name));
                (
                    media,
                    Body::new(Sending { left: bytes.into(), _place: place }),
                    Some((CONTENT_DISPOSITION, name)),
                )
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
        // What no header can hold is no address of ours.
        if let Some((name, value)) = more
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            headers.insert(name, value);
        }
        for cookie in cookies {
            if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
                cookie.set_sensitive(true);
                headers.append(SET_COOKIE, cookie);
            }
        }
        headers::of_page(headers, script);
        response
    }
}

/// A file on its way, in parts: what is asked for only once at a time is asked for until the last of them.
struct Sending {
    left: Bytes,
    _place: Option<OwnPlace>,
}

impl hyper::body::Body for Sending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let part = self.left.len().min(PART_BYTES);
        let part = self.left.split_to(part);
        Poll::Ready((!part.is_empty()).then(|| Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

/// A name for a file that no header and no file system takes amiss.
fn plain(name: &str) -> String {
    let plain =
        |letter: char| if letter.is_ascii_alphanumeric() || ".-".contains(letter) { letter } else { '-' };
    name.chars().map(plain).take(80).collect()
}
