//! Opening the master key of a store, and making the first one.

use std::sync::Arc;

use super::error::Error;
use super::key_store::{KeyStore, SystemKeyStore};
use super::keychain::{Keychain, lock};
use super::masters::Masters;
use super::source::KeySource;
use crate::clock::{Clock, Randomness};
use crate::config::Config;

/// The keys of a store that was opened.
pub struct Opened {
    /// The keys.
    pub masters: Masters,
    /// Where they are.
    pub keychain: Keychain,
    /// Whether a first key was made just now: the person is told where it is.
    pub is_new: bool,
}

/// Opens the master keys. A store that holds nothing yet (`is_empty`) gets its first key here: in the place
/// that the environment names, else in the system's key store, else in a key file.
pub fn open(config: &Config, is_empty: bool, clock: &Clock, random: &Randomness) -> Result<Opened, Error> {
    open_with(config, is_empty, clock, random, Arc::new(SystemKeyStore))
}

fn open_with(
    config: &Config,
    is_empty: bool,
    clock: &Clock,
    random: &Randomness,
    key_store: Arc<dyn KeyStore>,
) -> Result<Opened, Error> {
    let keychain = |source| Keychain {
        source,
        config: config.clone(),
        clock: clock.clone(),
        random: random.clone(),
        key_store: Arc::clone(&key_store),
    };
    if let Some(source) = named(config)? {
        let keychain = keychain(source);
        if let Some(masters) = keychain.read()? {
            if is_empty {
                let noted = lock(&config.home).and_then(|_lock| keychain.source.write(&config.home));
                // A key in the environment is found without a note, and a hosted server's home folder may be
                // one that nothing can be written to.
                if !keychain.is_read_only() {
                    noted?;
                }
            }
            return Ok(Opened { masters, keychain, is_new: false });
        }
        if !is_empty {
            return Err(Error::NotFound(keychain.source.to_string()));
        }
    }
    // Two processes that start together must not make two keys.
    let _lock = lock(&config.home)?;
    let mut refused = Error::NotFound(String::from(
        "neither in the environment nor in a key file, and no place is noted in `key-source`",
    ));
    for source in candidates(config)? {
        let keychain = keychain(source);
        match keychain.read_or_make(is_empty) {
            Ok(Some((masters, is_new))) => {
                keychain.source.write(&config.home)?;
                return Ok(Opened { masters, keychain, is_new });
            }
            Ok(None) => {}
            // Without a key store the key file is next; a file that is refused is for the person to mend.
            Err(error) if matches!(keychain.source, KeySource::KeyStore(_)) => refused = error,
            Err(error) => return Err(error),
        }
    }
    Err(refused)
}

/// The place that the environment names, else the one that the home folder notes.
fn named(config: &Config) -> Result<Option<KeySource>, Error> {
    if config.key.is_some() {
        return Ok(Some(KeySource::Environment));
    }
    if let Some(path) = &config.key_file {
        return Ok(Some(KeySource::File(path.clone())));
    }
    KeySource::read(&config.home)
}

/// Where a first key may go, or where one may be whose note was lost; the first that works is taken.
fn candidates(config: &Config) -> Result<Vec<KeySource>, Error> {
    if let Some(source) = named(config)? {
        return Ok(vec![source]);
    }
    if config.passphrase.is_some() {
        return Ok(vec![KeySource::Passphrase]);
    }
    let key_store = config.uses_key_store.then(|| KeySource::in_key_store(&config.home));
    Ok(key_store.into_iter().chain([KeySource::in_file(&config.home, &config.settings)]).collect())
}

#[cfg(test)]
mod tests;
