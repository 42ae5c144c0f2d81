//! The master key in the operating system's key store.

use super::error::Error;
use super::masters::Masters;
use crate::secret::Secret;

const SERVICE: &str = "plainchart";

/// Where a short secret is kept under an account name. The tests have one of their own, since the real one
/// may ask the person at the screen.
pub trait KeyStore: Send + Sync {
    /// The secret, if there is one.
    fn get(&self, account: &str) -> Result<Option<Secret<Vec<u8>>>, Error>;
    /// Keeps the secret, in place of the one before.
    fn set(&self, account: &str, secret: &[u8]) -> Result<(), Error>;
    /// Removes the secret, if there is one.
    fn remove(&self, account: &str) -> Result<(), Error>;
}

/// Keychain Services, Credential Manager or Secret Service.
pub struct SystemKeyStore;

impl SystemKeyStore {
    fn entry(account: &str) -> Result<keyring::Entry, Error> {
        keyring::Entry::new(SERVICE, account).map_err(Error::failed("opening the system's key store"))
    }
}

impl KeyStore for SystemKeyStore {
    fn get(&self, account: &str) -> Result<Option<Secret<Vec<u8>>>, Error> {
        match Self::entry(account)?.get_secret() {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(Error::failed("reading the system's key store")(error)),
        }
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<(), Error> {
        let set = Self::entry(account)?.set_secret(secret);
        set.map_err(Error::failed("writing to the system's key store"))
    }

    fn remove(&self, account: &str) -> Result<(), Error> {
        match Self::entry(account)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(Error::failed("removing from the system's key store")(error)),
        }
    }
}

/// The keys under this account, if there are any.
pub fn read(store: &dyn KeyStore, account: &str) -> Result<Option<Masters>, Error> {
    let Some(secret) = store.get(account)? else { return Ok(None) };
    let place = "the system's key store";
    let text = std::str::from_utf8(secret.expose()).map_err(|_| Error::NotAKey(place.to_owned()))?;
    Masters::parse(text, place).map(Some)
}

/// Keeps the keys and reads them back: a key store that forgets at once must not be trusted with a record.
pub fn write(store: &dyn KeyStore, account: &str, masters: &Masters) -> Result<(), Error> {
    store.set(account, masters.to_text().expose().as_bytes())?;
    match read(store, account)? {
        Some(kept) if kept.current.id == masters.current.id => Ok(()),
        _ => Err(Error::NotFound(String::from("the system's key store did not keep it"))),
    }
}

/// A key store in memory, or one that is not there.
#[cfg(test)]
pub enum FakeKeyStore {
    Working(std::sync::Mutex<std::collections::BTreeMap<String, Vec<u8>>>),
    Absent,
}

#[cfg(test)]
impl FakeKeyStore {
    pub fn working() -> Self {
        Self::Working(std::sync::Mutex::default())
    }

    fn kept(&self) -> Result<std::sync::MutexGuard<'_, std::collections::BTreeMap<String, Vec<u8>>>, Error> {
        match self {
            Self::Working(kept) => Ok(kept.lock().unwrap()),
            Self::Absent => Err(Error::failed("opening the system's key store")("there is none")),
        }
    }
}

#[cfg(test)]
impl KeyStore for FakeKeyStore {
    fn get(&self, account: &str) -> Result<Option<Secret<Vec<u8>>>, Error> {
        Ok(self.kept()?.get(account).cloned().map(Secret::new))
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<(), Error> {
        self.kept()?.insert(account.to_owned(), secret.to_vec());
        Ok(())
    }

    fn remove(&self, account: &str) -> Result<(), Error> {
        self.kept()?.remove(account);
        Ok(())
    }
}
