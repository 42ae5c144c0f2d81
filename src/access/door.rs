//! Where a person's rows are, and how to get there with the first call.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::Error;
use crate::clock::{Clock, Randomness};
use crate::config::Config;
use crate::store::{Sealed, Vault, people};

/// The way to the rows of one person.
pub struct Door {
    to: To,
    open: Mutex<Option<Inside>>,
}

/// What is behind it.
#[derive(Clone)]
pub(super) struct Inside {
    pub sealed: Sealed,
    /// The installation, where it was come through.
    pub vault: Option<Vault>,
}

enum To {
    /// The store that the configuration names, and the person of this name in it, or the only one.
    Store { config: Box<Config>, clock: Clock, random: Randomness, person: Option<String> },
    /// Rows that are open already.
    Rows(Sealed),
}

impl Door {
    /// To a person in the store that the configuration names: by name, or the only one there is.
    pub fn to_store(config: Config, clock: Clock, random: Randomness, person: Option<String>) -> Door {
        let config = Box::new(config);
        Door { to: To::Store { config, clock, random, person }, open: Mutex::new(None) }
    }

    /// To rows that are open already.
    pub fn to_rows(sealed: Sealed) -> Door {
        Door { to: To::Rows(sealed), open: Mutex::new(None) }
    }

    pub(super) fn open(&self) -> Result<Inside, Error> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(inside) = &*open {
            return Ok(inside.clone());
        }
        let inside = match &self.to {
            To::Rows(sealed) => Inside { sealed: sealed.clone(), vault: None },
            To::Store { config, clock, random, person } => {
                // Looking must not make a store: an empty one would hide that the path is wrong.
                if !is_there(config.store_url().expose()) {
                    return Err(Error::NoRecord);
                }
                let vault = Vault::open(config, clock, random)?.vault;
                Inside { sealed: of_person(&vault, person.as_deref())?, vault: Some(vault) }
            }
        };
        *open = Some(inside.clone());
        Ok(inside)
    }

    pub(super) fn shut(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Whether a store has been made at this place. Only of a file it can be said without opening it.
fn is_there(url: &str) -> bool {
    url.strip_prefix("sqlite:").is_none_or(|path| Path::new(path).exists())
}

fn of_person(vault: &Vault, name: Option<&str>) -> Result<Sealed, Error> {
    let owner = match name {
        Some(name) => people::find(vault, name)?.ok_or(Error::UnknownPerson)?.owner,
        None => {
            let mut everyone = people::list(vault)?;
            let only = everyone.pop().ok_or(Error::NoRecord)?;
            if !everyone.is_empty() {
                return Err(Error::WhichPerson);
            }
            only.owner
        }
    };
    vault.owner(&owner)?.ok_or(Error::NoRecord)
}
