//! Carries what `openidconnect` asks through the only outgoing client.

use openidconnect::{HttpRequest, HttpResponse};
use url::Url;

use crate::http::{Client, Content, Error, Limits, Request};
use crate::secret::Secret;

/// Metadata, keys and tokens are a few thousand bytes, and somebody waits for them before a page.
const LIMITS: Limits = Limits { bytes_max: 256 << 10, timeout_ms: 10_000 };

/// Asks, and follows no redirect: what the provider names is where it is.
pub(super) fn carry(client: &Client, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (head, body) = request.into_parts();
    let url = Url::parse(&head.uri.to_string()).map_err(|_| Error::BadHeader)?;
    let header = head.headers.get("authorization").and_then(|value| value.to_str().ok());
    let authorization = header.map(|value| Secret::new(value.to_owned()));
    let content = (head.method == "POST")
        .then(|| Content { media_type: "application/x-www-form-urlencoded", bytes: Secret::new(body) });
    let request = Request { content, authorization, limits: LIMITS, follows: false, ..Request::get(url) };
    let answered = client.send(&request)?;
    let (status, media) = (answered.status, answered.media_type());
    let mut response = HttpResponse::new(answered.bytes()?);
    *response.status_mut() = status.try_into().map_err(|_| Error::BadHeader)?;
    if !media.is_empty() {
        let media = media.parse().map_err(|_| Error::BadHeader)?;
        response.headers_mut().insert("content-type", media);
    }
    Ok(response)
}
