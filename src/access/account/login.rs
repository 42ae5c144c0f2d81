//! One login: the row that a name leads to and that leads to an account. Two processes cannot give one name to two
//! accounts, and every try to sign in is counted here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::attempts::Attempts;
use super::error::Error;
use super::stored::{again, put, read};
use crate::store::{self, Kind, OwnerId, RowKey, Sealed, Vault};

/// Tries at one name that are counted while others are: one that cannot be counted is none.
const TRIES_MAX: usize = 16;

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Leads {
    To(OwnerId),
    /// Its account is going, and this with it.
    Nowhere,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    leads: Leads,
    attempts: Attempts,
}

/// A login that was found.
pub(super) struct Login {
    sealed: Sealed,
    version: u64,
    stored: Stored,
}

impl Login {
    /// The login of this id.
    pub fn open(vault: &Vault, owner: &OwnerId) -> Result<Option<Login>, Error> {
        let Some(sealed) = vault.owner(owner)? else { return Ok(None) };
        let Some(body) = sealed.read_one(&row())? else { return Ok(None) };
        Ok(Some(Login { version: body.version, stored: read(&body.bytes, Kind::Login)?, sealed }))
    }

    /// Takes a handle for an account: `NameTaken` unless this is the first.
    pub fn take(vault: &Vault, owner: &OwnerId, account: &OwnerId) -> Result<(), Error> {
        match Login::write(vault, owner, Leads::To(account.clone())) {
            Err(Error::Store(store::Error::Conflict)) => Err(Error::NameTaken),
            written => written.map(|_| ()),
        }
    }

    /// The login where tries with names of nobody are written.
    pub fn of_nobody(vault: &Vault, owner: &OwnerId) -> Result<Login, Error> {
        Login::write(vault, owner, Leads::Nowhere)
    }

    fn write(vault: &Vault, owner: &OwnerId, leads: Leads) -> Result<Login, Error> {
        let stored = Stored { leads, attempts: Attempts::default() };
        // The owner may be there without its row: a sign-up was cut off between the two.
        let sealed = match vault.create(owner) {
            Err(store::Error::Conflict) => vault.owner(owner)?.ok_or(store::Error::Conflict)?,
            made => made?,
        };
        sealed.write(&[put(row(), None, &stored)?])?;
        Ok(Login { sealed, version: 1, stored })
    }

    /// Lets a handle go that leads to this account, and nobody else's. May be called again.
    pub fn release(vault: &Vault, owner: &OwnerId, account: &OwnerId) -> Result<(), Error> {
        again(|| {
            let Some(mut login) = Login::open(vault, owner)? else { return Ok(()) };
            match &login.stored.leads {
                Leads::To(other) if other != account => return Ok(()),
                // Marked first: until all of it is gone nobody may take it, or theirs would go too.
                Leads::To(_) => login.set(Stored { leads: Leads::Nowhere, ..login.stored.clone() })?,
                Leads::Nowhere => {}
            }
            Ok(vault.forget(owner)?)
        })
    }

    /// Where it is kept.
    pub fn owner(&self) -> &OwnerId {
        self.sealed.owner()
    }

    /// The account.
    pub fn account(&self) -> Option<&OwnerId> {
        match &self.stored.leads {
            Leads::To(account) => Some(account),
            Leads::Nowhere => None,
        }
    }

    /// How many tries went wrong since the last that went well.
    pub fn failed(&self) -> u32 {
        self.stored.attempts.failed
    }

    /// Counts a try before it is looked at; false if it comes too early and is none.
    pub fn begin(&mut self, now: Timestamp) -> Result<bool, Error> {
        for _ in 0..TRIES_MAX {
            // Tries with any name of nobody are together, and none of them must wait for the others.
            if self.account().is_some() && !self.stored.attempts.may_try(now) {
                return Ok(false);
            }
            match self.set(Stored { attempts: self.stored.attempts.begun(now), ..self.stored.clone() }) {
                Err(Error::Store(store::Error::Conflict)) => {}
                set => return set.map(|()| true),
            }
            let Some(body) = self.sealed.read_one(&row())? else { return Ok(false) };
            (self.version, self.stored) = (body.version, read(&body.bytes, Kind::Login)?);
        }
        Ok(false)
    }

    /// The try went well. Where another is under way the count stays with that one.
    pub fn went_well(&mut self) -> Result<(), Error> {
        match self.set(Stored { attempts: Attempts::default(), ..self.stored.clone() }) {
            Err(Error::Store(store::Error::Conflict)) => Ok(()),
            set => set,
        }
    }

    fn set(&mut self, stored: Stored) -> Result<(), Error> {
        self.sealed.write(&[put(row(), Some(self.version), &stored)?])?;
        self.version += 1;
        self.stored = stored;
        Ok(())
    }
}

fn row() -> RowKey {
    RowKey::new(Kind::Login, "login")
}
