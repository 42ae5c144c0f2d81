//! An account as it is kept: one row under an owner of its own, which alone says what it may do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::acts::{self, Act, Doer};
use super::error::Error;
use crate::store::{self, Body, Change, Kind, OwnerId, RowKey, Sealed, Vault};

/// How often a change is tried again when another process was faster. Each try is won by someone.
const TRIES_MAX: usize = 64;
const FORMAT: u32 = 1;

/// What somebody may do at this installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees to the people in their own care.
    Person,
    /// May also invite, lock and remove accounts, and make links by which they are recovered. Sees no record by that alone;
    /// whoever uses such a link does, and the account tells its owner.
    Administrator,
}

/// Where an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being made. What is cut off here is taken back.
    Joining {
        /// The invitation that it came by.
        invitation: Option<String>,
    },
    /// In use.
    Open,
    /// The administrator has locked it.
    Locked {
        /// Since when.
        at: Timestamp,
    },
    /// Being deleted. What is cut off here is gone on with.
    Leaving {
        /// The invitation that it came by and never used up.
        invitation: Option<String>,
    },
}

/// What the row holds.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    format: u32,
    /// How it is called. Personal.
    pub name: String,
    /// Where it is found by.
    pub login: OwnerId,
    pub role: Role,
    pub state: State,
    /// Raised to end every session at once: a session of another number is none.
    pub sessions: u64,
    pub made_at: Timestamp,
    /// When it was last opened by a recovery code or link, until its owner has said that they know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered_at: Option<Timestamp>,
}

impl Stored {
    pub fn joining(
        name: String,
        login: OwnerId,
        role: Role,
        invitation: Option<String>,
        now: Timestamp,
    ) -> Stored {
        let state = State::Joining { invitation };
        Stored { format: FORMAT, name, login, role, state, sessions: 1, made_at: now, recovered_at: None }
    }

    /// The same account in another state.
    pub fn in_state(&self, state: State) -> Stored {
        Stored { state, ..self.clone() }
    }

    /// The same account, recovered then; with nothing, its owner knows.
    pub fn recovered(&self, at: Option<Timestamp>) -> Stored {
        Stored { recovered_at: at, ..self.clone() }
    }

    /// The same account, with none of its sessions.
    pub fn without_sessions(&self) -> Stored {
        Stored { sessions: self.sessions + 1, ..self.clone() }
    }
}

/// An account that was read, with what its next write needs.
#[derive(Clone)]
pub(super) struct Opened {
    pub sealed: Sealed,
    pub version: u64,
    pub stored: Stored,
}

impl Opened {
    /// Opens an account; `None` if there is none (any more).
    pub fn of(vault: &Vault, owner: &OwnerId) -> Result<Option<Opened>, Error> {
        let Some(sealed) = vault.owner(owner)? else { return Ok(None) };
        let body = sealed.read_one(&row())?;
        body.map(|body| Opened::from(sealed, &body)).transpose()
    }

    pub fn from(sealed: Sealed, body: &Body) -> Result<Opened, Error> {
        let stored: Stored = read(&body.bytes, Kind::Account)?;
        if stored.format > FORMAT {
            let (found, known) = (stored.format.into(), FORMAT.into());
            return Err(store::Error::Newer { what: "an account", found, known }.into());
        }
        Ok(Opened { sealed, version: body.version, stored })
    }

    /// Whether it was made and is not being deleted.
    pub fn is_in_use(&self) -> bool {
        match self.stored.state {
            State::Open | State::Locked { .. } => true,
            State::Joining { .. } | State::Leaving { .. } => false,
        }
    }

    /// Refuses what only an account in use may do. That it is locked is told to whoever has shown to be its owner.
    pub fn require_open(&self) -> Result<(), Error> {
        match self.stored.state {
            State::Open => Ok(()),
            State::Locked { .. } => Err(Error::Locked),
            State::Joining { .. } | State::Leaving { .. } => Err(Error::NotSignedIn),
        }
    }

    /// Changes the account and other rows of it together with the line that tells of it, all or nothing.
    pub fn change(
        &self,
        line: Option<(Doer, Act<'_>, Timestamp)>,
        apply: impl Fn(&Opened) -> Result<Changed, Error>,
    ) -> Result<Opened, Error> {
        again(|| {
            let body = self.sealed.read_one(&row())?.ok_or(Error::NotThere)?;
            let account = Opened::from(self.sealed.clone(), &body)?;
            let (stored, mut changes) = apply(&account)?;
            changes.insert(0, put(row(), Some(account.version), &stored)?);
            match line {
                Some(line) => acts::told(&self.sealed, line, &changes)?,
                None => self.sealed.write(&changes)?,
            }
            Ok(Opened { version: account.version + 1, stored, ..account })
        })
    }
}

/// An account as it becomes, with the other rows of it that change with that.
pub(super) type Changed = (Stored, Vec<Change>);

/// Reads, applies and writes once more for as long as another process is faster.
pub(super) fn again<T>(step: impl Fn() -> Result<T, Error>) -> Result<T, Error> {
    for _ in 0..TRIES_MAX {
        match step() {
            Err(Error::Store(store::Error::Conflict)) => {}
            done => return done,
        }
    }
    Err(store::Error::Conflict.into())
}

/// Where the account stands below its own owner.
pub(super) fn row() -> RowKey {
    RowKey::new(Kind::Account, "account")
}

/// A row as JSON.
pub(super) fn put(key: RowKey, expected: Option<u64>, value: &impl Serialize) -> Result<Change, Error> {
    let body = serde_json::to_vec(value).map_err(store::Error::failed("writing an account"))?;
    Ok(Change::put(key, expected, body))
}

/// The same, back.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8], kind: Kind) -> Result<T, Error> {
    Ok(serde_json::from_slice(bytes).map_err(|_| store::Error::Damaged(kind))?)
}
