//! Browser sessions: the cookie, its row, and how long it holds.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::Error;
use super::form::{FormKey, unhex};
use super::stored::{Opened, Role, State, put, read, row as account_row};
use crate::clock::{Randomness, hex};
use crate::secret::Secret;
use crate::store::{self, Change, Kind, OwnerId, RowKey, Sealed, Vault};

/// Without a request for so long it ends.
const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// However busy, it ends.
const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// That it was used is written at most so often.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(15);
/// What is hard to undo needs a sign-in within this time.
const FRESH: SignedDuration = SignedDuration::from_mins(10);
/// Browsers that one account is signed in with. The one signed in longest ago makes room.
const SESSIONS_MAX: usize = 20;
const SECRET_BYTES: usize = 32;

/// The value of the cookie: whose, and a secret.
#[derive(Clone)]
pub struct SessionToken {
    owner: OwnerId,
    secret: Secret<[u8; SECRET_BYTES]>,
}

/// A session that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// When it began.
    pub signed_in_at: Timestamp,
    /// When the person last showed who they are: by a password, a passkey or at the identity provider. `None` where
    /// the provider does not say.
    pub proven_at: Option<Timestamp>,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
}

/// Somebody who is signed in: an account with a session that holds.
#[derive(Clone)]
pub struct Signed {
    /// The session.
    pub session: Session,
    pub(super) account: Opened,
    token: SessionToken,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// The number of the account's sessions when it was made.
    sessions: u64,
    signed_in_at: Timestamp,
    seen_at: Timestamp,
    #[serde(default)]
    proven_at: Option<Timestamp>,
}

impl SessionToken {
    /// Reads a cookie; `None` for what was never one.
    pub fn parse(text: &str) -> Option<SessionToken> {
        let (owner, digits) = text.split_once('.')?;
        let secret = Secret::new(unhex(digits)?);
        Some(SessionToken { owner: OwnerId::parse(owner)?, secret })
    }

    /// The text of the cookie.
    pub fn text(&self) -> Secret<String> {
        Secret::new(format!("{}.{}", self.owner.as_str(), hex(self.secret.expose())))
    }

    /// What the forms of this session are marked with.
    pub fn forms(&self) -> FormKey {
        FormKey::of(self.secret.clone())
    }

    fn new(owner: OwnerId, random: &Randomness) -> SessionToken {
        let mut secret = Secret::new([0; SECRET_BYTES]);
        random.fill(secret.expose_mut());
        SessionToken { owner, secret }
    }

    fn row(&self) -> RowKey {
        // 256 random bits: a plain hash is enough, and the row does not tell the secret.
        RowKey::new(Kind::Session, hex(&Sha256::digest(self.secret.expose())))
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken(…)")
    }
}

impl Signed {
    /// Whose account it is: the owner of its rows.
    pub fn owner(&self) -> &OwnerId {
        self.account.sealed.owner()
    }

    /// The account's own rows, with its audit.
    pub fn rows(&self) -> &Sealed {
        &self.account.sealed
    }

    /// How the account is called. Personal: never to be logged.
    pub fn name(&self) -> &str {
        &self.account.stored.name
    }

    /// When the account was opened by a recovery code or link before this session, and nobody has said that they know.
    pub fn recovered_at(&self) -> Option<Timestamp> {
        self.account.stored.recovered_at.filter(|at| *at < self.session.signed_in_at)
    }

    /// What it may do.
    pub fn role(&self) -> Role {
        self.account.stored.role
    }

    /// What the forms of this session are marked with.
    pub fn forms(&self) -> FormKey {
        self.token.forms()
    }

    /// Whether the person has shown who they are within the last ten minutes.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.session.proven_at.is_some_and(|at| now <= at + FRESH)
    }

    /// Refuses what needs a fresh sign-in.
    pub(super) fn require_fresh(&self, now: Timestamp) -> Result<(), Error> {
        if self.is_fresh(now) { Ok(()) } else { Err(Error::NotFresh) }
    }

    pub(super) fn row(&self) -> RowKey {
        self.token.row()
    }
}

/// Signs an account in: a new session with a new secret.
pub(super) fn begin(
    account: &Opened,
    random: &Randomness,
    now: Timestamp,
    proven_at: Option<Timestamp>,
) -> Result<SessionToken, Error> {
    let sessions = account.stored.sessions;
    keep(account, random, &Stored { sessions, signed_in_at: now, seen_at: now, proven_at })
}

/// A new session with a new secret in the place of one that has ended with others: it is no fresher than that, and ends
/// no later.
pub(super) fn go_on(
    signed: &Signed,
    account: &Opened,
    random: &Randomness,
    now: Timestamp,
) -> Result<SessionToken, Error> {
    let (sessions, Session { signed_in_at, proven_at, .. }) = (account.stored.sessions, signed.session);
    keep(account, random, &Stored { sessions, signed_in_at, seen_at: now, proven_at })
}

fn keep(account: &Opened, random: &Randomness, stored: &Stored) -> Result<SessionToken, Error> {
    make_room(account, stored.seen_at)?;
    let token = SessionToken::new(account.sealed.owner().clone(), random);
    account.sealed.write(&[put(token.row(), None, stored)?.due(stored.expires_at())])?;
    Ok(token)
}

/// Who is signed in with this cookie.
pub(super) fn find(vault: &Vault, token: &SessionToken, now: Timestamp) -> Result<Option<Signed>, Error> {
    let Some(sealed) = vault.owner(&token.owner)? else { return Ok(None) };
    let rows = sealed.read(&[token.row(), account_row()])?;
    let [Some(body), Some(account)] = rows.as_slice() else { return Ok(None) };
    let account = Opened::from(sealed, account)?;
    let stored: Stored = read(&body.bytes, Kind::Session)?;
    let is_of_account = stored.sessions == account.stored.sessions && account.stored.state == State::Open;
    if !is_of_account || now >= stored.expires_at() {
        return Ok(None);
    }
    let used = Stored { seen_at: now, ..stored.clone() };
    if now >= stored.seen_at + NOTED_EVERY {
        let noted = put(token.row(), Some(body.version), &used)?.due(used.expires_at());
        match account.sealed.write(&[noted]) {
            // Another request has noted it, or signed out.
            Ok(()) | Err(store::Error::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let expires_at = used.expires_at();
    let session = Session { signed_in_at: stored.signed_in_at, proven_at: stored.proven_at, expires_at };
    Ok(Some(Signed { session, account, token: token.clone() }))
}

/// Ends one session. May be called again.
pub(super) fn end(sealed: &Sealed, row: &RowKey) -> Result<(), Error> {
    while let Some(body) = sealed.read_one(row)? {
        match sealed.write(&[Change::Delete { key: row.clone(), version: body.version }]) {
            Err(store::Error::Conflict) => {}
            written => return Ok(written?),
        }
    }
    Ok(())
}

/// Removes the rows of sessions that have ended, and of the oldest where there are too many.
fn make_room(account: &Opened, now: Timestamp) -> Result<(), Error> {
    let list = account.sealed.list(Kind::Session)?;
    let keys: Vec<RowKey> = list.into_iter().map(|(id, _)| RowKey::new(Kind::Session, id)).collect();
    let mut live = Vec::new();
    for (key, body) in keys.iter().zip(account.sealed.read(&keys)?) {
        let Some(body) = body else { continue };
        let stored: Stored = read(&body.bytes, Kind::Session)?;
        let has_ended = stored.sessions != account.stored.sessions || now >= stored.expires_at();
        live.push((!has_ended, stored.signed_in_at, key));
    }
    live.sort();
    let ended = live.iter().filter(|(is_live, ..)| !is_live).count();
    for (_, _, key) in live.iter().take(ended.max((live.len() + 1).saturating_sub(SESSIONS_MAX))) {
        end(&account.sealed, key)?;
    }
    Ok(())
}

impl Stored {
    fn expires_at(&self) -> Timestamp {
        (self.seen_at + IDLE).min(self.signed_in_at + LIFE)
    }
}
