//! The endpoints that assistants call by themselves to get permission: thin handlers over the authorization
//! server, which blocks, and so runs on threads of its own.
//!
//! They take no cookies, so pages of any origin may call them (an inspector in a browser does).

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, PRAGMA,
    RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{Response, StatusCode};
use axum::routing::{MethodRouter, get, post};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::access::authorization::{BODY_BYTES_MAX, Code, OAuthError, Server};

/// What a preflight may allow.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");
const HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type, mcp-protocol-version");
const DAY_S: HeaderValue = HeaderValue::from_static("86400");

/// Requests that are worked on at a time.
const AT_ONCE_MAX: usize = 64;

/// A form's pairs.
type Pairs = Vec<(String, String)>;

/// What a form is answered with: JSON, or nothing.
type Act = fn(&Server, &[(String, String)], Option<&str>) -> Result<Option<Value>, OAuthError>;
/// A body, or why there is none.
type Sent = Result<Bytes, BytesRejection>;

/// What the endpoints work with.
#[derive(Clone)]
struct Endpoints {
    server: Arc<Server>,
    room: Arc<Semaphore>,
}

/// All of them.
pub fn endpoints(server: Arc<Server>) -> Router {
    let token: Act = |server, form, authorization| server.token(form, authorization).map(Some);
    let revoke: Act = |server, form, authorization| server.revoke(form, authorization).map(|()| None);
    Router::new()
        .route("/.well-known/oauth-authorization-server", endpoint(get(metadata)))
        // Some clients look here alone (MCP, "Authorization Server Metadata Discovery").
        .route("/.well-known/openid-configuration", endpoint(get(metadata)))
        .route("/register", endpoint(post(register)))
        .route("/token", endpoint(form(token)))
        .route("/revoke", endpoint(form(revoke)))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(Endpoints { server, room: Arc::new(Semaphore::new(AT_ONCE_MAX)) })
}

/// What every endpoint answers besides, to pages of any origin.
fn endpoint(routes: MethodRouter<Endpoints>) -> MethodRouter<Endpoints> {
    let preflight = || async { answer(StatusCode::NO_CONTENT, Body::empty()) };
    let other = || async { refused(StatusCode::METHOD_NOT_ALLOWED, "this is asked in another way") };
    routes.options(preflight).fallback(other)
}

async fn metadata(State(endpoints): State<Endpoints>) -> Response<Body> {
    json(StatusCode::OK, &endpoints.server.metadata())
}

async fn register(
    State(endpoints): State<Endpoints>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Sent,
) -> Response<Body> {
    let Ok(body) = body else { return too_large() };
    if query.is_some() || !is_sent_as(&headers, "application/json") {
        return refusal(&Code::InvalidClientMetadata.because("client metadata is JSON in the body"), false);
    }
    match endpoints.blocking(move |server| server.register(&body)).await {
        Some(Ok(registered)) => json(StatusCode::CREATED, &registered),
        Some(Err(error)) => refusal(&error, false),
        None => broken(),
    }
}

/// An endpoint that takes a form.
fn form(act: Act) -> MethodRouter<Endpoints> {
    post(
        async move |State(endpoints): State<Endpoints>,
                    RawQuery(query): RawQuery,
                    headers: HeaderMap,
                    body: Sent| {
            let Ok(body) = body else { return too_large() };
            let (authorization, form) = match asked(query.as_deref(), &headers, &body) {
                Ok(asked) => asked,
                Err(error) => return refusal(&error, false),
            };
            let in_header = authorization.is_some();
            match endpoints.blocking(move |server| act(server, &form, authorization.as_deref())).await {
                Some(Ok(Some(told))) => json(StatusCode::OK, &told),
                Some(Ok(None)) => answer(StatusCode::OK, Body::empty()),
                Some(Err(error)) => refusal(&error, in_header),
                None => broken(),
            }
        },
    )
}

/// The header `Authorization` and the pairs of the form. Nothing is taken from an address, which stands in logs and
/// histories (OAuth 2.1, 3.2 and 5.1.2).
fn asked(
    query: Option<&str>,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(Option<String>, Pairs), OAuthError> {
    if query.is_some() || !is_sent_as(headers, "application/x-www-form-urlencoded") {
        return Err(
            Code::InvalidRequest.because("what is asked stands in a form in the body, and nowhere else")
        );
    }
    let authorization = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default().to_owned());
    Ok((authorization, url::form_urlencoded::parse(body).into_owned().collect()))
}

fn is_sent_as(headers: &HeaderMap, media_type: &str) -> bool {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    named.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type)
}

impl Endpoints {
    /// Runs what may wait for the store where that holds up nobody; `None` where it panicked, which has been logged.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Server) -> Result<T, OAuthError> + Send + 'static,
    ) -> Option<Result<T, OAuthError>> {
        let Ok(turn) = Arc::clone(&self.room).try_acquire_owned() else {
            return Some(Err(OAuthError::TooMany { after_s: 1 }));
        };
        let server = Arc::clone(&self.server);
        let work = move || {
            let _turn = turn;
            work(&server)
        };
        tokio::task::spawn_blocking(work).await.ok()
    }
}

fn too_large() -> Response<Body> {
    refused(StatusCode::PAYLOAD_TOO_LARGE, "this is more than is taken")
}

fn broken() -> Response<Body> {
    let body = json!({ "error": "server_error", "error_description": "something of plainchart is broken" });
    json(StatusCode::INTERNAL_SERVER_ERROR, &body)
}

fn refused(status: StatusCode, why: &'static str) -> Response<Body> {
    json(status, &Code::InvalidRequest.because(why).body())
}

fn refusal(error: &OAuthError, in_header: bool) -> Response<Body> {
    if let OAuthError::Failed(cause) = error {
        tracing::warn!(error = %cause, "an assistant's request failed");
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = json(status, &error.body());
    let headers = answer.headers_mut();
    match error {
        OAuthError::TooMany { after_s } => {
            headers.insert(RETRY_AFTER, HeaderValue::from(*after_s));
        }
        // RFC 6749, 5.2: in the way in which the client tried.
        OAuthError::Refused { code: Code::InvalidClient, .. } if in_header => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(r#"Basic realm="plainchart""#));
        }
        OAuthError::Refused { .. } | OAuthError::Failed(_) => {}
    }
    answer
}

fn json(status: StatusCode, value: &Value) -> Response<Body> {
    let mut answer = answer(status, Body::from(value.to_string()));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

fn answer(status: StatusCode, body: Body) -> Response<Body> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    // RFC 6749, 5.1: nobody keeps a token on the way.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    headers.insert(ACCESS_CONTROL_MAX_AGE, DAY_S);
    answer
}
