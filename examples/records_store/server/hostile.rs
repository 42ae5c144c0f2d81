//! A server that is broken or means harm.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream;
use serde_json::{Value, json};

use super::call::{answer, html, redirect, with_header};

/// One way to behave badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hostile {
    /// Each page has another one after it, for ever.
    EndlessPages,
    /// The second page names the first as the next.
    LoopOfLinks,
    /// The next page is on another host.
    ForeignNext,
    /// The next page is at a `file:` address.
    FileNext,
    /// A body of ten gigabytes.
    TenGigabytes,
    /// The same, and the length is told beforehand.
    TenGigabytesTold,
    /// A page of HTML with status 200.
    HtmlForJson,
    /// JSON that ends in the middle.
    CutOff,
    /// JSON nested very deeply.
    Nested,
    /// A bundle whose fields have the wrong types.
    WrongTypes,
    /// 429 for ever, to come back in a second.
    TooMany,
    /// 429 for ever, to come back in a year.
    TooManyForAYear,
    /// 401 whatever the token is.
    Unauthorized,
    /// No answer ever.
    Stalled,
    /// An answer that stops after its first bytes.
    StalledBody,
    /// A redirect to another host.
    RedirectToForeign,
    /// A redirect to an address of the private network.
    RedirectToPrivate,
    /// A redirect to itself.
    RedirectLoop,
}

/// Answers badly. `here` is the address that was asked, `foreign` the root of another host.
pub async fn behave(mode: Hostile, here: &str, query: &[(String, String)], foreign: &str) -> Response {
    let page = query.iter().find(|(key, _)| key == "hostile-page");
    let page: usize = page.and_then(|(_, number)| number.parse().ok()).unwrap_or(1);
    let numbered = |number: usize| format!("{here}?hostile-page={number}");
    match mode {
        Hostile::EndlessPages => bundle(page, &numbered(page + 1)),
        Hostile::LoopOfLinks => bundle(page, &numbered(page % 2 + 1)),
        Hostile::ForeignNext => bundle(page, &format!("{foreign}/Observation?page=2")),
        Hostile::FileNext => bundle(page, "file:///etc/hostname"),
        Hostile::TenGigabytes => answer(200, JSON, ten_gigabytes()),
        Hostile::TenGigabytesTold => {
            with_header(answer(200, JSON, ten_gigabytes()), "content-length", &TEN_GIGABYTES.to_string())
        }
        Hostile::HtmlForJson => {
            html(200, "<html><body>We are down for maintenance.</body></html>".to_owned())
        }
        Hostile::CutOff => answer(200, JSON, r#"{"resourceType":"Bundle","type":"searchset","entry":[{"res"#),
        Hostile::Nested => answer(200, JSON, format!("{}{}", "[".repeat(200_000), "]".repeat(200_000))),
        Hostile::WrongTypes => answer(200, JSON, wrong_types().to_string()),
        Hostile::TooMany => with_header(answer(429, "text/plain", "slow down"), "retry-after", "1"),
        Hostile::TooManyForAYear => {
            with_header(answer(429, "text/plain", "slow down"), "retry-after", "31536000")
        }
        Hostile::Unauthorized => answer(401, "text/plain", "no"),
        Hostile::Stalled => {
            tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
            answer(200, JSON, "{}")
        }
        Hostile::StalledBody => answer(200, JSON, stalled_body()),
        Hostile::RedirectToForeign => redirect(&format!("{foreign}/elsewhere")),
        Hostile::RedirectToPrivate => redirect("http://169.254.169.254/latest/meta-data"),
        Hostile::RedirectLoop => redirect(&numbered(page % 2 + 1)),
    }
}

const JSON: &str = "application/fhir+json";
const TEN_GIGABYTES: usize = 10 << 30;
const CHUNK: &[u8] = &[b' '; 64 * 1024];

fn bundle(page: usize, next: &str) -> Response {
    let observation = json!({
        "resourceType": "Observation", "id": format!("endless-{page}"), "status": "final",
        "code": { "text": "endless" },
    });
    let bundle = json!({
        "resourceType": "Bundle", "type": "searchset", "link": [{ "relation": "next", "url": next }],
        "entry": [{ "resource": observation, "search": { "mode": "match" } }],
    });
    answer(200, JSON, bundle.to_string())
}

fn wrong_types() -> Value {
    json!({
        "resourceType": "Bundle", "type": 7, "total": "many", "link": { "next": true },
        "entry": [
            "text", 4, null, [], { "resource": "Observation" }, { "resource": { "resourceType": 3 } },
            { "resource": { "resourceType": "Observation", "id": { "a": 1 }, "status": ["final"], "code": 5 } },
        ],
    })
}

/// The opening of a bundle, and then blanks.
fn ten_gigabytes() -> Body {
    let chunks = (0..TEN_GIGABYTES / CHUNK.len()).map(|nth| {
        let mut chunk = Bytes::from_static(CHUNK);
        if nth == 0 {
            let start: &[u8] = br#"{"resourceType":"Bundle","entry":["#;
            let mut opened = start.to_vec();
            opened.resize(CHUNK.len(), b' ');
            chunk = opened.into();
        }
        Ok::<_, Infallible>(chunk)
    });
    Body::from_stream(stream::iter(chunks))
}

fn stalled_body() -> Body {
    let start = Bytes::from_static(br#"{"resourceType":"Bundle","entry":["#);
    Body::from_stream(stream::unfold(Some(start), async |left| match left {
        Some(start) => Some((Ok::<_, Infallible>(start), None)),
        None => std::future::pending().await,
    }))
}
