//! The only outgoing client: every address that plainchart ever contacts passes here.
//!
//! What a records store or a directory names is not to be trusted. So: https alone (http on this machine's
//! own loopback), no address inside of a private network unless the operator allows its host, each redirect
//! looked at again, and everything bounded in time, size and number.

mod address;
mod body;
mod error;
mod resolver;

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap, HeaderValue};
use url::Url;

pub use address::{Reach, is_loopback};
pub use body::Body;
pub use error::Error;

use crate::secret::Secret;

/// Redirects that are followed, each to an address that is looked at like the first.
const REDIRECTS_MAX: usize = 5;
/// How long a connection may take to stand.
const CONNECT_MS: u64 = 10_000;

/// The client. Cheap to clone; its clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    inner: reqwest::blocking::Client,
    reach: Arc<Reach>,
}

/// What is asked of a server.
#[derive(Clone, Debug)]
pub struct Request {
    /// The address.
    pub url: Url,
    /// What is sent; `None` for a GET.
    pub content: Option<Content>,
    /// The `Accept` header.
    pub accept: &'static str,
    /// The whole `Authorization` header. It is not sent on to another server.
    pub authorization: Option<Secret<String>>,
    /// The version that is known (`ETag`), so that an unchanged answer is 304 and empty.
    pub known_etag: Option<String>,
    /// Whether redirects are followed. What is posted is never sent on.
    pub follows: bool,
    /// How much and how long.
    pub limits: Limits,
}

/// The content of a POST.
#[derive(Clone, Debug)]
pub struct Content {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes: they may hold codes and secrets.
    pub bytes: Secret<Vec<u8>>,
}

/// What an answer may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the body, once unpacked.
    pub bytes_max: u64,
    /// From the request to the last byte.
    pub timeout_ms: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes_max: 16 << 20, timeout_ms: 30_000 }
    }
}

/// A server's answer.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The address that answered, after redirects.
    pub url: Url,
    headers: HeaderMap,
    body: Body,
}

impl Request {
    /// Asks for JSON.
    pub fn get(url: Url) -> Request {
        let accept = "application/json";
        let limits = Limits::default();
        Request { url, content: None, accept, authorization: None, known_etag: None, follows: true, limits }
    }

    /// Sends a form, as token endpoints take it.
    pub fn form(url: Url, fields: &[(&str, &str)]) -> Request {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let bytes = Secret::new(form.finish().into_bytes());
        Request {
            content: Some(Content { media_type: "application/x-www-form-urlencoded", bytes }),
            ..Request::get(url)
        }
    }

    /// With a bearer token.
    #[must_use]
    pub fn bearing(self, token: &Secret<String>) -> Request {
        Request { authorization: Some(Secret::new(format!("Bearer {}", token.expose()))), ..self }
    }
}

impl Response {
    /// A header, where it is there once and is plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The media type without its parameters, in small letters; empty where none is named.
    pub fn media_type(&self) -> String {
        let named = self.header("content-type").unwrap_or_default();
        named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The body, as it comes in.
    pub fn body(self) -> Body {
        self.body
    }

    /// The whole body.
    pub fn bytes(self) -> Result<Vec<u8>, Error> {
        self.body.read_whole()
    }
}

impl Client {
    /// A client that reaches so far.
    pub fn new(reach: Reach) -> Result<Client, Error> {
        let reach = Arc::new(reach);
        let inner = reqwest::blocking::Client::builder()
            .user_agent(concat!("plainchart/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_millis(CONNECT_MS))
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would look names up itself, past the check of addresses.
            .no_proxy()
            .dns_resolver(Arc::new(resolver::Resolver(Arc::clone(&reach))))
            .build()
            .map_err(|cause| Error::NotSetUp(Box::new(cause)))?;
        Ok(Client { inner, reach })
    }

    /// How far it reaches.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Sends a request and gives the answer, whatever its status.
    pub fn send(&self, request: &Request) -> Result<Response, Error> {
        let until = Instant::now() + Duration::from_millis(request.limits.timeout_ms);
        let mut url = request.url.clone();
        for _ in 0..=REDIRECTS_MAX {
            self.reach.check(&url)?;
            let answered = self.send_once(request, &url, until)?;
            let Some(next) = redirect(&answered, &url)? else {
                let (status, headers) = (answered.status().as_u16(), answered.headers().clone());
                let told = answered.content_length().unwrap_or_default();
                let body = Body::new(answered, told, request.limits.bytes_max, until);
                return Ok(Response { status, url, headers, body });
            };
            if request.content.is_some() || !request.follows {
                // What was posted may hold secrets that are for the first server alone.
                return Err(Error::Redirected(host(&url)));
            }
            url = next;
        }
        Err(Error::TooManyRedirects(host(&request.url)))
    }

    fn send_once(
        &self,
        request: &Request,
        url: &Url,
        until: Instant,
    ) -> Result<reqwest::blocking::Response, Error> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::TimedOut(host(url)));
        }
        let mut sent = match &request.content {
            None => self.inner.get(url.clone()),
            Some(content) => self
                .inner
                .post(url.clone())
                .header(header::CONTENT_TYPE, content.media_type)
                .body(content.bytes.expose().clone()),
        };
        sent = sent.header(header::ACCEPT, request.accept).timeout(left);
        if let Some(secret) = &request.authorization
            && url.origin() == request.url.origin()
        {
            let mut value = HeaderValue::from_str(secret.expose()).map_err(|_| Error::BadHeader)?;
            value.set_sensitive(true);
            sent = sent.header(header::AUTHORIZATION, value);
        }
        if let Some(etag) = &request.known_etag {
            sent = sent.header(header::IF_NONE_MATCH, etag);
        }
        sent.send().map_err(|cause| Error::of(&host(url), cause))
    }
}

/// Where an answer sends on to.
fn redirect(answered: &reqwest::blocking::Response, from: &Url) -> Result<Option<Url>, Error> {
    let moves = [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::SEE_OTHER,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ];
    if !moves.contains(&answered.status()) {
        return Ok(None);
    }
    let place = answered.headers().get(header::LOCATION).and_then(|place| place.to_str().ok());
    let next = place.and_then(|place| from.join(place).ok());
    next.map(Some).ok_or_else(|| Error::Redirected(host(from)))
}

/// The host of an address: all of it that a message names.
pub fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("an address without a host");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests;
