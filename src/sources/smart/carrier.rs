//! Carries what `oauth2` asks through the only outgoing client, and sets right how some servers answer.

use oauth2::{HttpRequest, HttpResponse};
use serde_json::Value;
use url::Url;

use crate::http::{self, Client, Content, Request};
use crate::secret::Secret;

/// Bytes of an answer with tokens.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// Carries a request of `oauth2` through the only outgoing client.
pub(super) fn carry(client: &Client, request: HttpRequest) -> Result<HttpResponse, http::Error> {
    let (head, body) = request.into_parts();
    let url = Url::parse(&head.uri.to_string()).map_err(|_| http::Error::BadHeader)?;
    let header = head.headers.get("authorization").and_then(|value| value.to_str().ok());
    let authorization = header.map(|value| Secret::new(value.to_owned()));
    let content = Content { media_type: "application/x-www-form-urlencoded", bytes: Secret::new(body) };
    let limits = http::Limits { bytes_max: ANSWER_BYTES_MAX, ..http::Limits::default() };
    let request = Request { content: Some(content), authorization, limits, ..Request::get(url) };
    let answered = client.send(&request)?;
    let status = answered.status;
    let mut response = HttpResponse::new(plain(&answered.bytes()?));
    *response.status_mut() = status.try_into().map_err(|_| http::Error::BadHeader)?;
    // The type that some servers name is wrong; what counts is what is there.
    let json = "application/json".parse().map_err(|_| http::Error::BadHeader)?;
    response.headers_mut().insert("content-type", json);
    Ok(response)
}

/// An answer as RFC 6749, 5.1 wants it: some servers write the life as a text, leave out the kind of token,
/// or write it in capitals.
pub(super) fn plain(bytes: &[u8]) -> Vec<u8> {
    let Ok(Value::Object(mut answer)) = serde_json::from_slice::<Value>(bytes) else { return bytes.to_vec() };
    if let Some(life) = answer.get("expires_in").and_then(Value::as_str) {
        let seconds: Option<u64> = life.trim().parse().ok();
        match seconds {
            Some(seconds) => answer.insert("expires_in".into(), seconds.into()),
            None => answer.remove("expires_in"),
        };
    }
    if answer.contains_key("access_token") {
        answer.insert("token_type".into(), "bearer".into());
    }
    if answer.get("scope").is_some_and(|scope| !scope.is_string()) {
        answer.remove("scope");
    }
    serde_json::to_vec(&Value::Object(answer)).unwrap_or_else(|_| bytes.to_vec())
}
