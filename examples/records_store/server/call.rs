//! One request as it was read, and the forms of answers.

use std::collections::BTreeMap;

use axum::body::{self, Body};
use axum::http::{HeaderMap, StatusCode, header};
use axum::{extract::Request, response::Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

const BODY_BYTES_MAX: usize = 1 << 20;

/// A request. Fields come from the query and from a form; a form never hides what the query says.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub form: Vec<(String, String)>,
    pub body: String,
    pub headers: BTreeMap<String, String>,
}

impl Call {
    pub async fn read(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let body = body::to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default();
        let body = String::from_utf8_lossy(&body).into_owned();
        let headers = read_headers(&parts.headers);
        let is_form = headers.get("content-type").is_some_and(|kind| kind.contains("form-urlencoded"));
        Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: pairs(parts.uri.query().unwrap_or_default()),
            form: if is_form { pairs(&body) } else { Vec::new() },
            body,
            headers,
        }
    }

    /// A field of the query or the form.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut all = self.query.iter().chain(&self.form);
        all.find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The token of `Authorization: Bearer`.
    pub fn bearer(&self) -> Option<&str> {
        self.headers.get("authorization")?.strip_prefix("Bearer ")
    }

    /// Name and secret of `Authorization: Basic` (RFC 6749, 2.3.1: both form-encoded first).
    pub fn basic(&self) -> Option<(String, String)> {
        let encoded = self.headers.get("authorization")?.strip_prefix("Basic ")?;
        let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let (name, secret) = text.split_once(':')?;
        let decode = |text: &str| pairs(&format!("{text}=")).pop().map(|(decoded, _)| decoded);
        Some((decode(name)?, decode(secret)?))
    }
}

fn read_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

pub fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// An answer of any kind.
pub fn answer(status: u16, content_type: &str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    with_header(response, "content-type", content_type)
}

pub fn json_answer(status: u16, value: &Value) -> Response {
    // RFC 6749, 5.1: an answer with tokens is not cached.
    with_header(answer(status, "application/json", value.to_string()), "cache-control", "no-store")
}

pub fn html(status: u16, body: String) -> Response {
    answer(status, "text/html; charset=utf-8", body)
}

/// An error of OAuth (RFC 6749, 5.2).
pub fn oauth_error(status: u16, error: &str, description: &str) -> Response {
    json_answer(status, &json!({ "error": error, "error_description": description }))
}

pub fn redirect(address: &str) -> Response {
    with_header(answer(302, "text/plain", ""), "location", address)
}

pub fn with_header(mut response: Response, name: &'static str, value: &str) -> Response {
    response.headers_mut().insert(name, value.parse().unwrap());
    response
}
