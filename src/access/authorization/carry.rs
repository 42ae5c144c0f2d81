//! A request on its way through the consent page and back, without anything kept here: marked with a key of the
//! installation, and good in one browser session alone.

use std::sync::PoisonError;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::Server;
use super::asked::Asked;
use crate::access::Error;
use crate::secret::Secret;
use crate::store::{self, Change, Kind, RowKey};

/// A page may lie open for so long.
const OPEN: SignedDuration = SignedDuration::from_hours(1);
/// A mark's length in bytes.
const MARK: usize = 32;
/// What the key is for: it stands before everything that is marked.
const PURPOSE: &[u8] = b"plainchart consent 1\0";

#[derive(Serialize, Deserialize)]
struct Carried {
    until: Timestamp,
    asked: Asked,
}

impl Server {
    /// A request as a field of a form. `session` is what only this browser session knows, or its hash.
    pub fn carry(&self, asked: &Asked, session: &[u8]) -> Result<String, Error> {
        let carried = Carried { until: self.clock().now() + OPEN, asked: asked.clone() };
        let body = serde_json::to_vec(&carried).map_err(store::Error::failed("writing a request"))?;
        let mark = self.mark(session, &body)?.finalize().into_bytes();
        Ok(URL_SAFE_NO_PAD.encode([mark.as_slice(), &body].concat()))
    }

    /// The request again; `None` if it was touched, is of another session, or has lain too long.
    pub fn carried(&self, text: &str, session: &[u8]) -> Result<Option<Asked>, Error> {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(text) else { return Ok(None) };
        let Some((mark, body)) = bytes.split_at_checked(MARK) else { return Ok(None) };
        if self.mark(session, body)?.verify_slice(mark).is_err() {
            return Ok(None);
        }
        let carried = serde_json::from_slice::<Carried>(body).ok();
        Ok(carried.filter(|carried| self.clock().now() < carried.until).map(|carried| carried.asked))
    }

    fn mark(&self, session: &[u8], body: &[u8]) -> Result<Hmac<Sha256>, Error> {
        let key = self.key()?;
        let mut mark = Hmac::<Sha256>::new_from_slice(key.expose())
            .map_err(|cause| store::Error::failed("marking a request")(cause.to_string()))?;
        mark.update(PURPOSE);
        // The length comes first, so that nothing of one part can be taken for the other.
        mark.update(&(session.len() as u64).to_le_bytes());
        mark.update(session);
        mark.update(body);
        Ok(mark)
    }

    /// The installation's key for this, made with the first use.
    fn key(&self) -> Result<Secret<Vec<u8>>, Error> {
        let mut known = self.consent_key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*known {
            return Ok(key.clone());
        }
        let home = self.vault.home()?;
        let row = RowKey::new(Kind::Setting, "consent-key");
        let mut key = Secret::new(vec![0; 32]);
        self.random().fill(key.expose_mut());
        let key = match home.write(&[Change::put(row.clone(), None, key.expose().clone())]) {
            // Another process or an earlier one has made it.
            Err(store::Error::Conflict) => {
                let body = home.read_one(&row)?.ok_or(store::Error::Damaged(Kind::Setting))?;
                Secret::new(body.bytes)
            }
            written => written.map(|()| key)?,
        };
        *known = Some(key.clone());
        Ok(key)
    }
}
