//! Asks the address of a link, once, and opens what it answers.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use url::Url;

use super::manifest::{File, Manifest, Refusal};
use super::{Error, Link, sealed};
use crate::http::{self, Client, Content, Request, Response};
use crate::secret::Secret;
use crate::sources::LeftOut;
use crate::sources::smart::fetch::retry_after;

/// Bytes of a list: files of some size may stand in it.
const MANIFEST_BYTES_MAX: u64 = 32 << 20;
/// A file in the list may be so long; longer ones are fetched from their own address.
const EMBEDDED_LENGTH_MAX: u64 = 4 << 20;
/// Bytes of a file as it comes, and unpacked.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Bytes of all files, unpacked.
const TOTAL_BYTES_MAX: u64 = 256 << 20;
/// Files of a list that are fetched.
const FILES_MAX: usize = 200;
/// How long all of it may take. Addresses of files live an hour at the most.
const ALL_MS: u64 = 600_000;
/// How long one answer may take.
const ANSWER_MS: u64 = 120_000;

/// What the person says to whoever shares.
#[derive(Clone, Debug)]
pub struct Asked {
    /// As whom one asks: the sharer sees it.
    pub recipient: String,
    /// The passcode, where the link has one.
    pub passcode: Option<Secret<String>>,
    /// When.
    pub now: Timestamp,
}

/// What was shared.
#[derive(Debug, Default)]
pub struct Shared {
    /// The opened files, by a name that says where they came from.
    pub files: Vec<(String, Vec<u8>)>,
    /// What was not taken, and why.
    pub left_out: Vec<LeftOut>,
    /// How long the sharer asks to be left alone.
    pub retry_after: Option<Duration>,
}

/// Asks and opens. Nothing is asked twice: a wrong passcode costs the person one of few attempts.
pub fn fetch(client: &Client, link: &Link, asked: &Asked) -> Result<Shared, Error> {
    if let Some(over) = link.expires.filter(|_| link.is_over(asked.now)) {
        return Err(Error::Expired(over.to_zoned(TimeZone::UTC).date()));
    }
    if link.needs_passcode && asked.passcode.is_none() {
        return Err(Error::NeedsPasscode);
    }
    let until = Instant::now() + Duration::from_millis(ALL_MS);
    let mut fetching = Fetching { client, link, until, left: TOTAL_BYTES_MAX, shared: Shared::default() };
    if link.is_direct {
        fetching.direct(asked)?
    } else {
        fetching.listed(asked)?
    }
    Ok(fetching.shared)
}

struct Fetching<'a> {
    client: &'a Client,
    link: &'a Link,
    until: Instant,
    /// Bytes that may still come.
    left: u64,
    shared: Shared,
}

impl Fetching<'_> {
    fn direct(&mut self, asked: &Asked) -> Result<(), Error> {
        let mut url = self.link.address()?;
        url.query_pairs_mut().append_pair("recipient", &asked.recipient);
        let answered = self.send(request(url, "application/jose, */*", FILE_BYTES_MAX))?;
        let answered = self.expect_success(answered)?;
        self.shared.retry_after = retry_after::of(&answered);
        let jwe = Secret::new(answered.bytes()?);
        match self.open(jwe.expose()) {
            Ok(bytes) => self.shared.files.push((self.name(1), bytes)),
            Err(what) => return Err(self.not_understood(what)),
        }
        Ok(())
    }

    fn listed(&mut self, asked: &Asked) -> Result<(), Error> {
        let mut body = json!({ "recipient": asked.recipient, "embeddedLengthMax": EMBEDDED_LENGTH_MAX });
        if let Some(passcode) = asked.passcode.as_ref().filter(|_| self.link.needs_passcode) {
            body["passcode"] = passcode.expose().as_str().into();
        }
        let content =
            Content { media_type: "application/json", bytes: Secret::new(body.to_string().into_bytes()) };
        let request = Request {
            content: Some(content),
            ..request(self.link.address()?, "application/json", MANIFEST_BYTES_MAX)
        };
        let answered = self.send(request)?;
        if answered.status == 401 {
            let refusal: Option<Refusal> = serde_json::from_slice(&answered.bytes()?).ok();
            let remaining = refusal.and_then(|refusal| refusal.remaining);
            return Err(Error::WrongPasscode { host: self.link.host(), remaining });
        }
        let answered = self.expect_success(answered)?;
        self.shared.retry_after = retry_after::of(&answered);
        let manifest: Manifest = serde_json::from_slice(&answered.bytes()?)
            .map_err(|_| self.not_understood("the list of files cannot be read"))?;
        let total = manifest.files.len();
        for (at, file) in manifest.files.into_iter().take(FILES_MAX).enumerate() {
            let name = self.name(at + 1);
            match self.file(&file) {
                Ok(bytes) => self.shared.files.push((name, bytes)),
                Err(reason) => self.leave_out(name, reason),
            }
        }
        if total > FILES_MAX {
            self.leave_out(
                self.name(FILES_MAX + 1),
                format!("{} further files were left out as well", total - FILES_MAX),
            );
        }
        Ok(())
    }

    /// One file of the list; the error is the reason for which it is left out.
    fn file(&mut self, file: &File) -> Result<Vec<u8>, String> {
        if let Some(reason) = file.left_out() {
            return Err(reason);
        }
        if let Some(jwe) = &file.embedded {
            return self.open(jwe.as_bytes()).map_err(Into::into);
        }
        let url: Url = file
            .location
            .as_deref()
            .and_then(|location| location.parse().ok())
            .ok_or("the list does not say where it is")?;
        let host = http::host(&url);
        let answered =
            self.send(request(url, "application/jose, */*", FILE_BYTES_MAX)).map_err(|it| it.to_string())?;
        if answered.status != 200 {
            return Err(format!("{host} answered {}", answered.status));
        }
        let jwe = answered.bytes().map_err(|error| error.to_string())?;
        self.open(&jwe).map_err(Into::into)
    }

    fn open(&mut self, jwe: &[u8]) -> Result<Vec<u8>, &'static str> {
        let jwe = str::from_utf8(jwe).map_err(|_| "it is not encrypted as shared files are")?;
        let bytes = sealed::open(jwe, &self.link.key, FILE_BYTES_MAX.min(self.left))?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or("all files together are too large")?;
        Ok(bytes)
    }

    fn send(&self, mut request: Request) -> Result<Response, http::Error> {
        let left = self.until.saturating_duration_since(Instant::now());
        request.limits.timeout_ms = request.limits.timeout_ms.min(left.as_millis() as u64);
        self.client.send(&request)
    }

    fn expect_success(&self, answered: Response) -> Result<Response, Error> {
        let host = self.link.host();
        match answered.status {
            200 => Ok(answered),
            404 | 410 => Err(Error::NotShared(host)),
            429 | 503 => {
                let seconds = retry_after::of(&answered).map(|wait| wait.as_secs());
                Err(Error::Wait { host, seconds })
            }
            status => Err(self.not_understood(&format!("it answered {status}"))),
        }
    }

    fn not_understood(&self, what: &str) -> Error {
        Error::NotUnderstood { host: self.link.host(), what: what.into() }
    }

    fn name(&self, number: usize) -> String {
        format!("shared by {}, file {number}", self.link.host())
    }

    fn leave_out(&mut self, file: String, reason: String) {
        self.shared.left_out.push(LeftOut { file, path: String::new(), reason });
    }
}

/// What the link names is asked itself: no redirect is followed to somewhere else.
fn request(url: Url, accept: &'static str, bytes_max: u64) -> Request {
    let limits = http::Limits { bytes_max, timeout_ms: ANSWER_MS };
    Request { accept, follows: false, limits, ..Request::get(url) }
}

#[cfg(test)]
mod tests;
