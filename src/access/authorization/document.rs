//! Client ID metadata documents: an assistant whose id is the address at which it says who it is
//! (draft-ietf-oauth-client-id-metadata-document).
//!
//! The address comes from anybody who asks, so it is fetched by the one outgoing client, which reaches no private
//! address; no redirect is followed to the end, and all is small, short and not too often.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use super::asked::Told;
use super::client::{Client, Proof, plain_name};
use super::rate::Rate;
use super::registration::{nameless, redirects, words};
use crate::clock::Clock;
use crate::http::{self, Limits, Reach, Request};

/// A document is at most so long, and is had within so long.
const LIMITS: Limits = Limits { bytes_max: 64 * 1024, timeout_ms: 5_000 };
/// A document that says nothing of it is good for so long, and none for longer than a day.
const GOOD: SignedDuration = SignedDuration::from_mins(5);
const GOOD_MAX: SignedDuration = SignedDuration::from_hours(24);
/// An address at which there was none is left alone for so long.
const BAD: SignedDuration = SignedDuration::from_secs(30);
/// Documents that are known at one time.
const KNOWN_MAX: usize = 256;

/// Documents as they were last fetched, in memory alone: who never gets a grant leaves nothing behind.
#[derive(Debug)]
pub(super) struct Documents {
    known: Mutex<BTreeMap<String, Known>>,
    fetches: Rate,
}

#[derive(Clone, Debug)]
struct Known {
    client: Result<Client, Told>,
    until: Timestamp,
}

/// Whether a client's id is the address of a document and not one that was given here.
pub(super) fn is_address(id: &str) -> bool {
    id.starts_with("https://") || id.starts_with("http://")
}

/// The address of a document; `None` for an id that is none. It has a path, and nothing that could be hidden in it;
/// http is for tests on this machine.
pub(super) fn address(id: &str, reach: &Reach) -> Option<Url> {
    let url = Url::parse(id).ok().filter(|_| is_address(id))?;
    let is_plain = url.as_str() == id && url.path() != "/";
    let is_bare = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    let is_allowed = url.scheme() == "https" || (reach.loopback && http::is_loopback(&url));
    (is_plain && is_bare && is_allowed).then_some(url)
}

impl Documents {
    pub fn new() -> Documents {
        Documents { known: Mutex::default(), fetches: Rate::new(20, 60) }
    }

    /// The client at this address, as it says now or said lately.
    pub fn client(
        &self,
        outgoing: &http::Client,
        clock: &Clock,
        id: &str,
        url: &Url,
    ) -> Result<Client, Told> {
        let now = clock.now();
        let known = |all: &BTreeMap<String, Known>| all.get(id).filter(|known| now < known.until).cloned();
        if let Some(known) = known(&self.known.lock().unwrap_or_else(PoisonError::into_inner)) {
            return known.client;
        }
        if !self.fetches.take(now) {
            return Err(Told::TooMany);
        }
        let (client, good) = match fetch(outgoing, id, url) {
            Ok((client, good)) => (Ok(client), good),
            Err(told) => (Err(told), BAD),
        };
        if !good.is_zero() {
            self.keep(id, Known { client: client.clone(), until: now + good }, now);
        }
        client
    }

    fn keep(&self, id: &str, known: Known, now: Timestamp) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KNOWN_MAX {
            all.retain(|_, known| now < known.until);
        }
        if all.len() >= KNOWN_MAX {
            all.pop_first();
        }
        all.insert(id.to_owned(), known);
    }
}

fn fetch(outgoing: &http::Client, id: &str, url: &Url) -> Result<(Client, SignedDuration), Told> {
    let request = Request { limits: LIMITS, follows: false, ..Request::get(url.clone()) };
    let answer = outgoing.send(&request).map_err(|error| {
        tracing::info!(%error, "the document of an assistant could not be fetched");
        Told::BadDocument
    })?;
    if answer.status != 200 {
        return Err(Told::BadDocument);
    }
    let good = good(answer.header("cache-control"));
    let bytes = answer.bytes().map_err(|_| Told::BadDocument)?;
    let client = read(id, &bytes).ok_or(Told::BadDocument)?;
    Ok((client, good))
}

/// For how long an answer may be used again (RFC 9111, 5.2.2).
fn good(cache_control: Option<&str>) -> SignedDuration {
    let Some(said) = cache_control else { return GOOD };
    let mut good = GOOD;
    for directive in said.split(',').map(|directive| directive.trim().to_ascii_lowercase()) {
        match directive.split_once('=') {
            None if directive == "no-store" || directive == "no-cache" => return SignedDuration::ZERO,
            Some(("max-age", seconds)) => {
                let seconds = seconds.trim_matches('"').parse::<i64>().unwrap_or_default().max(0);
                good = SignedDuration::from_secs(seconds).min(GOOD_MAX);
            }
            _ => {}
        }
    }
    good
}

fn read(id: &str, bytes: &[u8]) -> Option<Client> {
    let document: Value = serde_json::from_slice(bytes).ok()?;
    // The document must know its own address: a file that somebody has put elsewhere is not taken for it.
    if document.get("client_id").and_then(Value::as_str) != Some(id) {
        return None;
    }
    // A secret that stands in a document for all to read is none.
    if document.get("client_secret").is_some() {
        return None;
    }
    let method = document.get("token_endpoint_auth_method").and_then(Value::as_str);
    let offered = words(document.get("token_endpoint_auth_methods_supported")).unwrap_or_default();
    if method.is_some_and(|method| method != "none") && !offered.contains(&"none") {
        return None;
    }
    let redirects = redirects(document.get("redirect_uris")).ok()?;
    let name = document.get("client_name").and_then(Value::as_str).and_then(plain_name);
    let grants = words(document.get("grant_types")).unwrap_or_default();
    Some(Client {
        id: id.to_owned(),
        name: name.unwrap_or_else(|| nameless(&redirects)),
        redirects,
        proof: Proof::Public,
        refreshes: grants.contains(&"refresh_token"),
    })
}
