//! The store as the rest of the program sees it: owners who are made, opened and forgotten.

use std::sync::{Arc, PoisonError, RwLock};

use super::engine::{Claim, Engine, Settlement, Write};
use super::error::Error;
use super::key::{Kind, OwnerId};
use super::keys::{self, Keychain, Master, Masters};
use super::owner_key::{OwnerKey, master_id};
use super::sealed::Sealed;
use crate::clock::{Clock, Randomness};
use crate::config::Config;

/// How often a step is tried again when another process was faster.
pub(super) const TRIES_MAX: usize = 32;

/// An engine and the keys to what is in it. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    pub(super) shared: Arc<Shared>,
}

/// What the vault and the opened owners have in common.
pub(super) struct Shared {
    pub engine: Arc<dyn Engine>,
    pub clock: Clock,
    pub random: Randomness,
    masters: RwLock<Masters>,
    keychain: Option<Keychain>,
}

/// A vault that was opened.
pub struct Opening {
    /// The vault.
    pub vault: Vault,
    /// Where its master key is.
    pub keychain: Keychain,
    /// Whether the key was made just now: the person is told where it is.
    pub is_new: bool,
}

/// Claimed work, opened.
pub struct Work {
    /// The claim, for [`Vault::settle`].
    pub claim: Claim,
    /// The owner's store.
    pub sealed: Sealed,
    /// What the row says.
    pub body: Vec<u8>,
}

impl Vault {
    /// Opens the store and the key that the configuration names; makes both where there are none.
    pub fn open(config: &Config, clock: &Clock, random: &Randomness) -> Result<Opening, Error> {
        let engine = super::open(config.store_url().expose(), clock.clone())?;
        let is_empty = engine.list(&OwnerId::home(), Kind::Key)?.is_empty();
        let keys::Opened { masters, keychain, is_new } = keys::open(config, is_empty, clock, random)?;
        let vault = Self::new(engine, masters, Some(keychain.clone()), clock.clone(), random.clone())?;
        Ok(Opening { vault, keychain, is_new })
    }

    /// A vault in memory under a key that nobody keeps: for tests and for trying out.
    pub fn in_memory(clock: Clock, random: Randomness) -> Result<Self, Error> {
        let engine = super::open("memory:", clock.clone())?;
        Self::new(engine, Masters::new(&random), None, clock, random)
    }

    /// A vault of these parts. The home owner is made if need be; a key that does not open it is refused.
    pub fn new(
        engine: Arc<dyn Engine>,
        masters: Masters,
        keychain: Option<Keychain>,
        clock: Clock,
        random: Randomness,
    ) -> Result<Self, Error> {
        let masters = RwLock::new(masters);
        let vault = Self { shared: Arc::new(Shared { engine, clock, random, masters, keychain }) };
        vault.home()?;
        Ok(vault)
    }

    /// The engine's clock, which the rest of the program shares.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Where unguessable names come from.
    pub fn random(&self) -> &Randomness {
        &self.shared.random
    }

    /// The ids of the master keys that are accepted: the current one, and during a rotation the one before.
    pub fn master_ids(&self) -> Vec<String> {
        let masters = self.shared.masters();
        let ids = [Some(masters.current), masters.previous].into_iter().flatten();
        ids.map(|master| master.id).collect()
    }

    /// What belongs to the installation and to no one person.
    pub fn home(&self) -> Result<Sealed, Error> {
        let home = OwnerId::home();
        for _ in 0..TRIES_MAX {
            if let Some(sealed) = self.owner(&home)? {
                return Ok(sealed);
            }
            match self.write_new(&home, &self.shared.masters().current) {
                Err(Error::Conflict) => {}
                written => return written,
            }
        }
        Err(Error::Conflict)
    }

    /// Makes an owner; `Conflict` if there is one of this id.
    pub fn create(&self, owner: &OwnerId) -> Result<Sealed, Error> {
        for _ in 0..TRIES_MAX {
            // The master under which home is wrapped is the one that stays: a rotation begins there.
            let master = self.shared.home_master()?;
            let sealed = self.write_new(owner, &master)?;
            if self.shared.home_master()?.id == master.id {
                return Ok(sealed);
            }
            // A rotation began meanwhile and may not have seen this owner: its key could be lost with the
            // old master. Nobody knows of this owner yet.
            self.forget(owner)?;
        }
        Err(Error::Conflict)
    }

    /// Opens an owner's store; `None` if there is no such owner.
    pub fn owner(&self, owner: &OwnerId) -> Result<Option<Sealed>, Error> {
        let mut rows = self.shared.engine.get(owner, &[OwnerKey::row()])?;
        let Some(row) = rows.pop().flatten() else { return Ok(None) };
        let key =
            self.shared.with_masters(|masters| OwnerKey::unwrap(masters, owner, row.version, &row.body))?;
        Ok(Some(Sealed::new(Arc::clone(&self.shared), owner.clone(), key)))
    }

    /// Forgets an owner: first the key, so that nothing opens any more, then every row and trace. May be
    /// called again after a failure.
    pub fn forget(&self, owner: &OwnerId) -> Result<(), Error> {
        let engine = &self.shared.engine;
        for _ in 0..TRIES_MAX {
            let mut batch = Vec::new();
            for kind in [Kind::Key, Kind::Presence] {
                let rows = engine.list(owner, kind)?.into_iter();
                batch.extend(
                    rows.map(|(id, version)| Write::Delete { key: super::RowKey::new(kind, id), version }),
                );
            }
            // A conflict is a rotation that was faster.
            match engine.write(owner, &batch) {
                Err(Error::Conflict) => {}
                Err(error) => return Err(error),
                Ok(()) => return engine.forget(owner),
            }
        }
        Err(Error::Conflict)
    }

    /// Everyone but home.
    pub fn owners(&self) -> Result<Vec<OwnerId>, Error> {
        let mut owners = self.shared.engine.owners()?;
        owners.retain(|owner| *owner != OwnerId::home());
        Ok(owners)
    }

    /// Claims work that has come due. A row that does not open is left to its lease, so that one bad row
    /// does not hold up the rest.
    pub fn due(&self, kind: Kind, lease_ms: u32, limit: u32) -> Result<Vec<Work>, Error> {
        let mut work = Vec::new();
        for claim in self.shared.engine.due(kind, lease_ms, limit)? {
            let opened = self.owner(&claim.owner).and_then(|sealed| {
                let Some(sealed) = sealed else { return Ok(None) };
                let body = sealed.open(&claim.key, &claim.row)?;
                Ok(Some(Work { claim, sealed, body }))
            });
            match opened {
                Ok(opened) => work.extend(opened),
                Err(error) => tracing::warn!(kind = kind.word(), %error, "work that does not open"),
            }
        }
        Ok(work)
    }

    /// Ends a claim.
    pub fn settle(&self, claim: &Claim, settlement: Settlement) -> Result<(), Error> {
        self.shared.engine.settle(claim, settlement)
    }

    fn write_new(&self, owner: &OwnerId, master: &Master) -> Result<Sealed, Error> {
        let key = OwnerKey::new(&self.shared.random);
        let body = key.wrap(master, owner, 1, &self.shared.random)?;
        let sealed = Sealed::new(Arc::clone(&self.shared), owner.clone(), key);
        let put = |key, body| Write::Put { key, expected: None, body, due_at: None };
        let (manifest, manifest_body) = sealed.empty_manifest()?;
        let batch =
            [put(OwnerKey::row(), body), put(sealed.presence(), Vec::new()), put(manifest, manifest_body)];
        self.shared.engine.write(owner, &batch)?;
        Ok(sealed)
    }
}

impl Shared {
    /// The master keys as this process knows them.
    pub fn masters(&self) -> Masters {
        self.masters.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on these are the master keys.
    pub fn set_masters(&self, masters: Masters) {
        *self.masters.write().unwrap_or_else(PoisonError::into_inner) = masters;
    }

    /// Where the master keys are kept; `None` for a vault in memory.
    pub fn keychain(&self) -> Option<&Keychain> {
        self.keychain.as_ref()
    }

    /// Runs with the known keys, and once more with the kept ones if a key is not known: another process may
    /// have rotated them while this one ran.
    fn with_masters<T>(&self, work: impl Fn(&Masters) -> Result<T, Error>) -> Result<T, Error> {
        match (work(&self.masters()), &self.keychain) {
            (Err(Error::OtherKey(_)), Some(keychain)) => {
                self.set_masters(keychain.load()?);
                work(&self.masters())
            }
            (result, _) => result,
        }
    }

    /// The master key under which home is wrapped.
    fn home_master(&self) -> Result<Master, Error> {
        let mut rows = self.engine.get(&OwnerId::home(), &[OwnerKey::row()])?;
        let row = rows.pop().flatten().ok_or(Error::NoPerson)?;
        let id = master_id(&row.body)?;
        self.with_masters(|masters| masters.find(id).cloned().ok_or_else(|| Error::OtherKey(id.to_owned())))
    }
}

#[cfg(test)]
mod tests;
