//! Asks issuers for the keys that they publish, each once, and checks signatures with them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::{Card, Fault, Verdict};
use crate::http::{self, Client, Request};
use crate::sources::base64url;

/// What an address answers; `None` for another status than 200.
pub type Fetch<'a> = dyn Fn(&Url) -> Result<Option<Vec<u8>>, http::Error> + Sync + 'a;

/// Issuers that one import asks. Cards name whom they like.
const ISSUERS_MAX: usize = 20;
/// Bytes of a list of keys, or of cards that were taken back.
const ANSWER_BYTES_MAX: u64 = 4 << 20;
/// How long an issuer may take to answer.
const ANSWER_MS: u64 = 15_000;

/// The issuers of the cards of one import: asked for their keys, or not asked.
pub struct Issuers<'a> {
    fetch: Option<&'a Fetch<'a>>,
    known: Mutex<BTreeMap<String, Result<Keys, String>>>,
}

/// Nobody is asked: that somebody imports a card is nobody's business but theirs.
pub static NOT_ASKED: Issuers<'static> = Issuers { fetch: None, known: Mutex::new(BTreeMap::new()) };

#[derive(Clone, Debug, Deserialize)]
struct Keys {
    #[serde(default)]
    keys: Vec<Key>,
}

/// A published key (RFC 7517), as far as health cards use it.
#[derive(Clone, Debug, Deserialize)]
struct Key {
    kty: Option<String>,
    crv: Option<String>,
    kid: Option<String>,
    x: Option<String>,
    y: Option<String>,
    /// Where cards are taken back one by one.
    #[serde(rename = "crlVersion")]
    revokes: Option<serde::de::IgnoredAny>,
}

/// Cards that an issuer has taken back, by their names under one key.
#[derive(Deserialize)]
struct Revoked {
    #[serde(default)]
    rids: Vec<String>,
}

impl<'a> Issuers<'a> {
    /// Issuers that are asked by this.
    pub fn asked(fetch: &'a Fetch<'a>) -> Issuers<'a> {
        Issuers { fetch: Some(fetch), known: Mutex::default() }
    }

    /// Says whether the issuer has signed the card. What it has not signed is refused.
    pub fn check(&self, card: &Card) -> Result<Verdict, Fault> {
        let Some(fetch) = self.fetch else {
            return Ok(Verdict::Unchecked("its issuer was not asked".into()));
        };
        let keys = match self.keys(fetch, &card.said.issuer) {
            Ok(keys) => keys,
            Err(why) => return Ok(Verdict::Unchecked(why)),
        };
        let issuer = card.said.issuer_name();
        let is_named = |key: &&Key| card.key.is_none() || key.kid == card.key;
        let named: Vec<&Key> = keys.keys.iter().filter(is_named).collect();
        if named.is_empty() {
            // "Key Management": the key of a thief is taken out of the list.
            return Err(Fault::Disowned(issuer, "it does not publish the key that is named"));
        }
        let Some(key) = named.into_iter().find(|key| key.has_signed(card)) else {
            return Err(Fault::Forged(issuer));
        };
        match (&card.said.revocation, &key.revokes, &key.kid) {
            (Some(own), Some(_), Some(kid)) => not_revoked(fetch, card, own, kid),
            _ => Ok(Verdict::Verified),
        }
    }

    fn keys(&self, fetch: &Fetch<'_>, issuer: &Url) -> Result<Keys, String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(issuer.as_str()) {
            return known.clone();
        }
        if known.len() >= ISSUERS_MAX {
            return Err("these are too many issuers to ask".into());
        }
        let keys = ask(fetch, issuer, "jwks.json");
        known.insert(issuer.as_str().to_owned(), keys.clone());
        keys
    }
}

impl Key {
    fn has_signed(&self, card: &Card) -> bool {
        let is_fit = self.kty.as_deref() == Some("EC") && self.crv.as_deref() == Some("P-256");
        let number =
            |written: &Option<String>| base64url::decode(written.as_deref()?).filter(|it| it.len() == 32);
        let (true, Some(x), Some(y)) = (is_fit, number(&self.x), number(&self.y)) else { return false };
        // SEC 1, 2.3.3: an uncompressed point.
        let point = [&[4][..], &x, &y].concat();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        key.verify(card.signed(), &card.signature).is_ok()
    }
}

/// "Revocation": a name may end with a time; then cards from that time on stand.
fn not_revoked(fetch: &Fetch<'_>, card: &Card, own: &str, kid: &str) -> Result<Verdict, Fault> {
    let list: Revoked = match ask(fetch, &card.said.issuer, &format!("crl/{kid}.json")) {
        Ok(list) => list,
        Err(why) => return Ok(Verdict::Unchecked(format!("signed by its issuer, but {why}"))),
    };
    let is_revoked = list.rids.iter().any(|rid| match rid.split_once('.') {
        None => rid == own,
        Some((rid, before)) => {
            let before = before.parse::<i64>().ok();
            rid == own
                && card.said.from.is_none_or(|from| before.is_none_or(|before| from.as_second() < before))
        }
    });
    if is_revoked {
        Err(Fault::Disowned(card.said.issuer_name(), "it has taken it back"))
    } else {
        Ok(Verdict::Verified)
    }
}

/// What an address answers, over the network.
pub fn over(client: &Client, url: &Url) -> Result<Option<Vec<u8>>, http::Error> {
    let limits = http::Limits { bytes_max: ANSWER_BYTES_MAX, timeout_ms: ANSWER_MS };
    let answered = client.send(&Request { limits, ..Request::get(url.clone()) })?;
    if answered.status == 200 { answered.bytes().map(Some) } else { Ok(None) }
}

/// A file below the issuer's `.well-known`.
fn ask<T: DeserializeOwned>(fetch: &Fetch<'_>, issuer: &Url, file: &str) -> Result<T, String> {
    let base = issuer.as_str().trim_end_matches('/');
    let url = format!("{base}/.well-known/{file}").parse().map_err(|_| "its issuer has no address")?;
    let host = http::host(issuer);
    match fetch(&url) {
        Ok(Some(bytes)) => {
            serde_json::from_slice(&bytes).map_err(|_| format!("what {host} publishes cannot be read"))
        }
        Ok(None) => Err(format!("{host} does not publish its keys where they are due")),
        Err(error) => Err(error.to_string()),
    }
}
