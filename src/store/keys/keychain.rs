//! The place that is in use: it gives the master keys and takes changed ones.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::error::Error;
use super::key_store::KeyStore;
use super::masters::{Master, Masters};
use super::source::KeySource;
use super::{file, key_store, passphrase, unlocked};
use crate::clock::{Clock, Randomness};
use crate::config::Config;
use crate::secret::Secret;
use crate::store::folder;
use crate::store::seal::KeyBytes;

/// The master keys' place, and what it takes to get at them.
#[derive(Clone)]
pub struct Keychain {
    pub(super) source: KeySource,
    pub(super) config: Config,
    pub(super) clock: Clock,
    pub(super) random: Randomness,
    pub(super) key_store: Arc<dyn KeyStore>,
}

impl Keychain {
    /// Where the keys are, for `plainchart key` and the first start.
    pub fn source(&self) -> &KeySource {
        &self.source
    }

    /// Whether the keys are changed elsewhere, where the environment is set.
    pub fn is_read_only(&self) -> bool {
        self.source == KeySource::Environment
    }

    /// The keys as they are now. Another process may have rotated them.
    pub fn load(&self) -> Result<Masters, Error> {
        self.read()?.ok_or_else(|| Error::NotFound(self.source.to_string()))
    }

    /// Keeps changed keys in place of the old ones.
    pub fn save(&self, masters: &Masters) -> Result<(), Error> {
        match &self.source {
            KeySource::Environment => Err(Error::ReadOnly),
            KeySource::File(path) => file::write(path, &self.config.home, masters),
            KeySource::KeyStore(account) => key_store::write(self.key_store.as_ref(), account, masters),
            KeySource::Passphrase => {
                passphrase::save(&self.config.home, &self.passphrase_key()?, masters, &self.random)
            }
        }
    }

    /// Moves the keys to another place: kept there first, noted then, removed here last. A passphrase is the
    /// one of the configuration.
    pub fn move_to(&self, source: KeySource, passphrase: Option<Secret<String>>) -> Result<Self, Error> {
        let _lock = lock(&self.config.home)?;
        let masters = self.load()?;
        let mut moved = Self { source, ..self.clone() };
        moved.config.passphrase = passphrase.or(moved.config.passphrase);
        match &moved.source {
            KeySource::Environment => return Err(Error::ReadOnly),
            KeySource::Passphrase => moved.make_passphrase(&masters)?,
            _ => moved.save(&masters)?,
        }
        moved.source.write(&self.config.home)?;
        if moved.source != self.source {
            self.remove()?;
        }
        Ok(moved)
    }

    /// Keeps the key of the passphrase for some hours, so that assistants can start without it. Says until
    /// when; `None` where the keys are under no passphrase.
    pub fn unlock(&self, hours: u8) -> Result<Option<Timestamp>, Error> {
        if self.source != KeySource::Passphrase {
            return Ok(None);
        }
        let (runtime, home) = (self.config.runtime.as_deref(), &self.config.home);
        let passphrase = self.config.passphrase.as_ref().ok_or(Error::Locked)?;
        let key = passphrase::key(home, passphrase)?;
        passphrase::open(home, &key)?;
        unlocked::keep(runtime, home, &key, hours, &self.clock).map(Some)
    }

    /// Ends `unlock` early.
    pub fn lock(&self) -> Result<(), Error> {
        unlocked::forget(self.config.runtime.as_deref(), &self.config.home)
    }

    /// Held while the keys are changed, so that two processes do not change them at once.
    pub fn hold(&self) -> Result<File, Error> {
        lock(&self.config.home)
    }

    pub(super) fn read(&self) -> Result<Option<Masters>, Error> {
        match &self.source {
            KeySource::Environment => self.environment(),
            KeySource::File(path) => file::read(path, &self.config.home),
            KeySource::KeyStore(account) => key_store::read(self.key_store.as_ref(), account),
            KeySource::Passphrase if !passphrase::is_set(&self.config.home) => Ok(None),
            KeySource::Passphrase => passphrase::open(&self.config.home, &self.passphrase_key()?).map(Some),
        }
    }

    fn environment(&self) -> Result<Option<Masters>, Error> {
        let Some(current) = &self.config.key else { return Ok(None) };
        let previous = self.config.key_previous.as_ref();
        let previous = previous.map(|key| Master::parse(key.expose(), "PLAINCHART_KEY_PREVIOUS"));
        Ok(Some(Masters {
            current: Master::parse(current.expose(), "PLAINCHART_KEY")?,
            previous: previous.transpose()?,
        }))
    }

    /// The keys in this place, or new ones if the store is empty; and whether they are new.
    pub(super) fn read_or_make(&self, is_empty: bool) -> Result<Option<(Masters, bool)>, Error> {
        if let Some(masters) = self.read()? {
            return Ok(Some((masters, false)));
        }
        if !is_empty || self.source == KeySource::Environment {
            return Ok(None);
        }
        let masters = Masters::new(&self.random);
        match self.source {
            KeySource::Passphrase => self.make_passphrase(&masters)?,
            _ => self.save(&masters)?,
        }
        Ok(Some((masters, true)))
    }

    fn make_passphrase(&self, masters: &Masters) -> Result<(), Error> {
        let chosen = self.config.passphrase.as_ref().ok_or(Error::Locked)?;
        // What was unlocked under an old passphrase opens nothing any more.
        self.lock()?;
        passphrase::create(&self.config.home, chosen, masters, passphrase::COST, &self.random).map(|_| ())
    }

    fn passphrase_key(&self) -> Result<KeyBytes, Error> {
        let (runtime, home) = (self.config.runtime.as_deref(), &self.config.home);
        if let Some(key) = unlocked::read(runtime, home, &self.clock)? {
            return Ok(key);
        }
        passphrase::key(home, self.config.passphrase.as_ref().ok_or(Error::Locked)?)
    }

    fn remove(&self) -> Result<(), Error> {
        match &self.source {
            KeySource::Environment => Ok(()),
            KeySource::File(path) => remove_file(path),
            KeySource::KeyStore(account) => self.key_store.remove(account),
            KeySource::Passphrase => self.lock().and_then(|()| passphrase::remove(&self.config.home)),
        }
    }
}

fn remove_file(path: &Path) -> Result<(), Error> {
    std::fs::remove_file(path).map_err(Error::failed("removing the old key file"))
}

/// Held while keys are made or changed.
pub(super) fn lock(home: &Path) -> Result<File, Error> {
    let path = home.join("keys.lock");
    folder::make_private(home).map_err(Error::failed("making the home folder"))?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let file = folder::private(&mut options).open(path).map_err(Error::failed("opening `keys.lock`"))?;
    file.lock().map_err(Error::failed("waiting for `keys.lock`"))?;
    Ok(file)
}
