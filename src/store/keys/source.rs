//! Which place the master key is in: one clear line in the home folder, and no secret.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::Error;
use crate::clock::hex;
use crate::store::folder;

/// A place for the master key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// The operating system's key store, under this account name.
    KeyStore(String),
    /// `PLAINCHART_KEY`.
    Environment,
    /// A file apart from the data.
    File(PathBuf),
    /// A passphrase, which opens the sealed key in the home folder.
    Passphrase,
}

impl KeySource {
    /// The system's key store, under the account name of this home folder.
    pub fn in_key_store(home: &Path) -> Self {
        Self::KeyStore(account(home))
    }

    /// The file in the settings folder that belongs to this home folder.
    pub fn in_file(home: &Path, settings: &Path) -> Self {
        Self::File(settings.join(format!("master-{}.key", account(home))))
    }

    /// What the home folder says, if it says anything.
    pub fn read(home: &Path) -> Result<Option<Self>, Error> {
        match fs::read_to_string(home.join("key-source")) {
            Ok(text) => Self::parse(text.trim()).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::failed("reading `key-source`")(error)),
        }
    }

    /// Notes it in the home folder.
    pub fn write(&self, home: &Path) -> Result<(), Error> {
        let line = match self {
            Self::KeyStore(account) => format!("key-store {account}\n"),
            Self::Environment => String::from("environment\n"),
            Self::File(path) => format!("file {}\n", path.display()),
            Self::Passphrase => String::from("passphrase\n"),
        };
        folder::replace(&home.join("key-source"), line.as_bytes())
            .map_err(Error::failed("writing `key-source`"))
    }

    fn parse(line: &str) -> Result<Self, Error> {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("key-store", account) if !account.is_empty() => Ok(Self::KeyStore(account.to_owned())),
            ("environment", "") => Ok(Self::Environment),
            ("file", path) if !path.is_empty() => Ok(Self::File(path.into())),
            ("passphrase", "") => Ok(Self::Passphrase),
            _ => Err(Error::NotFound(String::from("`key-source` names no place that is known"))),
        }
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyStore(account) => {
                write!(formatter, "the system's key store (service plainchart, account {account})")
            }
            Self::Environment => formatter.write_str("the environment (PLAINCHART_KEY)"),
            Self::File(path) => write!(formatter, "the key file {}", path.display()),
            Self::Passphrase => formatter.write_str("a passphrase"),
        }
    }
}

/// A short name for a home folder, so that two of them on one machine do not share a key by accident.
pub fn account(home: &Path) -> String {
    let home = fs::canonicalize(home).unwrap_or_else(|_| home.to_path_buf());
    hex(&Sha256::digest(home.as_os_str().as_encoded_bytes())[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_noted_and_read_again() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(KeySource::read(home.path()).unwrap(), None);
        for source in [
            KeySource::KeyStore(String::from("0a1b2c3d")),
            KeySource::Environment,
            KeySource::File(PathBuf::from("/a folder/master.key")),
            KeySource::Passphrase,
        ] {
            source.write(home.path()).unwrap();
            assert_eq!(KeySource::read(home.path()).unwrap(), Some(source));
        }
    }

    #[test]
    fn an_unknown_place_is_an_error_and_not_a_new_key() {
        let home = tempfile::tempdir().unwrap();
        for line in ["", "cloud", "file", "passphrase hunter2"] {
            fs::write(home.path().join("key-source"), line).unwrap();
            assert!(matches!(KeySource::read(home.path()), Err(Error::NotFound(_))), "{line}");
        }
    }
}
