//! Portals that the operator, or the person, has listed by hand: an address with a client that was registered
//! there. An assistant may name these, and what is in the directory, and nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Given, Wanted};
use crate::store::{Change, Error, Kind, RowKey, Vault};

/// The format of the row: its first byte.
const FORMAT: u8 = 1;
const TRIES_MAX: usize = 8;

/// A listed portal. Its secrets are sealed with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listed {
    /// What it is called.
    pub name: String,
    /// Its address.
    pub address: Url,
    /// The maker of the server, where it is not known by its address.
    pub vendor: Option<String>,
    /// The client that was registered there.
    pub client: Option<Given>,
    /// Where that client's sign-ins come back to, where it was registered with an address.
    pub redirect: Option<Url>,
    /// What the portal asks to be told.
    pub parameters: BTreeMap<String, String>,
}

impl Listed {
    /// A portal with what is needed to connect it.
    pub fn new(name: String, address: Url, wanted: Wanted) -> Listed {
        let Wanted { vendor, client, redirect, parameters, .. } = wanted;
        Listed { name, address, vendor, client, redirect, parameters }
    }

    /// Its address, and what connecting it needs.
    pub fn wanted(self) -> (Url, Wanted) {
        let Listed { name, address, vendor, client, redirect, parameters } = self;
        (address, Wanted { name: Some(name), vendor, client, redirect, parameters })
    }
}

/// Every listed portal, by name.
pub fn list(vault: &Vault) -> Result<Vec<Listed>, Error> {
    Ok(read(vault)?.1)
}

/// The portal of this name; letter case does not matter.
pub fn find(vault: &Vault, name: &str) -> Result<Option<Listed>, Error> {
    Ok(list(vault)?.into_iter().find(|listed| is_named(listed, name)))
}

/// Lists a portal; one of the same name is replaced.
pub fn add(vault: &Vault, listed: &Listed) -> Result<(), Error> {
    change(vault, |all| {
        all.retain(|other| !is_named(other, &listed.name));
        all.push(listed.clone());
        all.sort_by(|one, other| one.name.cmp(&other.name));
        true
    })
    .map(drop)
}

/// Takes a portal off the list; false where there was none. What is connected stays so.
pub fn remove(vault: &Vault, name: &str) -> Result<bool, Error> {
    change(vault, |all| {
        let before = all.len();
        all.retain(|listed| !is_named(listed, name));
        all.len() < before
    })
}

fn is_named(listed: &Listed, name: &str) -> bool {
    listed.name.to_lowercase() == name.trim().to_lowercase()
}

fn row() -> RowKey {
    RowKey::new(Kind::Setting, "portals")
}

fn read(vault: &Vault) -> Result<(Option<u64>, Vec<Listed>), Error> {
    let Some(body) = vault.home()?.read_one(&row())? else { return Ok((None, Vec::new())) };
    let damaged = || Error::Damaged(Kind::Setting);
    let rest = body.bytes.strip_prefix(&[FORMAT]).ok_or_else(damaged)?;
    Ok((Some(body.version), serde_json::from_slice(rest).map_err(|_| damaged())?))
}

/// Changes the list where `apply` says that something changes.
fn change(vault: &Vault, apply: impl Fn(&mut Vec<Listed>) -> bool) -> Result<bool, Error> {
    for _ in 0..TRIES_MAX {
        let (version, mut all) = read(vault)?;
        if !apply(&mut all) {
            return Ok(false);
        }
        let mut body = vec![FORMAT];
        serde_json::to_writer(&mut body, &all).map_err(Error::failed("writing the list of portals"))?;
        match vault.home()?.write(&[Change::put(row(), version, body)]) {
            Err(Error::Conflict) => {}
            written => return written.map(|()| true),
        }
    }
    Err(Error::Conflict)
}
