//! The headers that guard every page: nothing from elsewhere, in no frame, kept in no cache.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// Whether a page has a script of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// None.
    None,
    /// One that we serve.
    Own,
}

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";
const POLICY_WITH_SCRIPT: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                                  frame-ancestors 'none'; base-uri 'none'; script-src 'self'; connect-src 'self'";
/// Two years, as browsers' own lists ask for.
const HTTPS_ONLY: &str = "max-age=63072000";

/// What every page says.
pub fn of_page(headers: &mut HeaderMap, script: Script) {
    let policy = match script {
        Script::None => POLICY,
        Script::Own => POLICY_WITH_SCRIPT,
    };
    set(headers, CONTENT_SECURITY_POLICY, policy);
    set(headers, CACHE_CONTROL, "no-store");
    guarded(headers);
}

/// What a file says that is the same for everybody.
pub fn of_asset(headers: &mut HeaderMap) {
    set(headers, CACHE_CONTROL, "public, max-age=3600");
    guarded(headers);
}

fn guarded(headers: &mut HeaderMap) {
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, X_FRAME_OPTIONS, "DENY");
    // Not `no-referrer`: a browser then hides the origin of our own forms from us (Fetch, "append a request
    // `Origin` header"). Other sites hear nothing either way.
    set(headers, REFERRER_POLICY, "same-origin");
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
}

/// Says to come by https only, where that is how one comes.
pub async fn https_only(State(is_secure): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if is_secure {
        set(response.headers_mut(), STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
