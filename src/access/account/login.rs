//! The way from a name to an account: a row under an owner whose id is a keyed hash of the name, so that an
//! engine sees no name, and two processes cannot give one name to two accounts.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::attempts::Attempts;
use super::error::Error;
use super::name::Name;
use super::stored::{TRIES_MAX, put, read};
use crate::clock::hex;
use crate::secret::Secret;
use crate::store::{self, Kind, OwnerId, RowKey, Sealed, Vault};

const SECRET_BYTES: usize = 32;
const HASH_BYTES: usize = 16;

/// How an account is found.
#[derive(Clone, Copy)]
pub enum Handle<'a> {
    /// By the name that was typed.
    Name(&'a Name),
    /// By the operator's identity provider (OpenID Connect Core 2: `iss` and `sub` together).
    Subject {
        /// `iss`.
        issuer: &'a str,
        /// `sub`.
        subject: &'a str,
    },
}

/// The key of this installation under which names are hashed.
#[derive(Clone, Debug)]
pub(super) struct Directory(Secret<[u8; SECRET_BYTES]>);

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

impl Directory {
    /// That of this installation; made with the first look.
    pub fn open(vault: &Vault) -> Result<Directory, Error> {
        let (home, row) = (vault.home()?, RowKey::new(Kind::Setting, "logins"));
        for _ in 0..TRIES_MAX {
            if let Some(body) = home.read_one(&row)? {
                let bytes = Secret::new(body.bytes);
                let secret = bytes.expose().as_slice().try_into();
                return Ok(Directory(Secret::new(secret.map_err(|_| store::Error::Damaged(row.kind))?)));
            }
            let mut secret = Secret::new(vec![0; SECRET_BYTES]);
            vault.random().fill(secret.expose_mut());
            match home.write(&[store::Change::put(row.clone(), None, secret.expose().clone())]) {
                Ok(()) | Err(store::Error::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(store::Error::Conflict.into())
    }

    /// The owner under which a login is kept.
    pub fn owner(&self, handle: Handle<'_>) -> OwnerId {
        match handle {
            Handle::Name(name) => self.hash(&["name", name.folded()]),
            Handle::Subject { issuer, subject } => self.hash(&["subject", issuer, subject]),
        }
    }

    /// Where tries with names of nobody are written, so that they take as long as others.
    fn nobody(&self) -> OwnerId {
        self.hash(&["nobody"])
    }

    /// Every part has its length before it, so that no two lists of parts read alike.
    fn hash(&self, parts: &[&str]) -> OwnerId {
        // RFC 2104, 2: a key shorter than a block is filled up with zeros.
        let mut block = Secret::new([0; 64]);
        block.expose_mut()[..SECRET_BYTES].copy_from_slice(self.0.expose());
        let mut mac = Hmac::<Sha256>::new(block.expose().into());
        for part in ["plainchart login 1"].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        let id = format!("login-{}", hex(&mac.finalize().into_bytes()[..HASH_BYTES]));
        // Lowercase letters, digits and a hyphen are an id.
        OwnerId::parse(&id).unwrap_or_else(OwnerId::home)
    }

    /// The login of a handle.
    pub fn find(&self, vault: &Vault, handle: Handle<'_>) -> Result<Option<Login>, Error> {
        Login::open(vault, &self.owner(handle))
    }

    /// The login of a handle, or that of nobody, at the same cost.
    pub fn find_or_nobody(&self, vault: &Vault, handle: Handle<'_>) -> Result<Login, Error> {
        let nobody = Login::open(vault, &self.nobody())?;
        if let Some(found) = self.find(vault, handle)? {
            return Ok(found);
        }
        match nobody {
            Some(nobody) => Ok(nobody),
            None => Login::write(vault, &self.nobody(), Leads::Nowhere),
        }
    }
}

impl Login {
    fn open(vault: &Vault, owner: &OwnerId) -> Result<Option<Login>, Error> {
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
        for _ in 0..TRIES_MAX {
            let Some(mut login) = Login::open(vault, owner)? else { return Ok(()) };
            match &login.stored.leads {
                Leads::To(other) if other != account => return Ok(()),
                // Marked first: until all of it is gone nobody may take it, or theirs would go too.
                Leads::To(_) => match login.set(Stored { leads: Leads::Nowhere, ..login.stored.clone() }) {
                    Err(Error::Store(store::Error::Conflict)) => continue,
                    set => set?,
                },
                Leads::Nowhere => {}
            }
            return Ok(vault.forget(owner)?);
        }
        Err(store::Error::Conflict.into())
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
