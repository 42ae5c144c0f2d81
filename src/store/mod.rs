//! Keeps everything as sealed rows, in any engine: what an engine holds cannot be read without the master key.
//!
//! From the outside in: a [`Vault`] gives a [`Sealed`] store per owner; that seals bodies ([`seal`]) under a
//! data key, which a master key wraps ([`keys`]); a person's record is the rows that one [`Manifest`] names;
//! and an [`Engine`] moves opaque rows and knows nothing.

pub mod backup;
pub mod engine;
mod error;
pub(crate) mod folder;
mod key;
pub mod keys;
pub mod manifest;
mod memory;
mod owner_key;
pub mod pack;
pub mod parallel;
pub mod people;
mod postgres;
pub mod records;
pub mod rotation;
mod save;
pub mod seal;
mod sealed;
mod sqlite;
mod vault;

#[cfg(test)]
mod contract;

use std::path::Path;
use std::sync::Arc;

use crate::clock::Clock;

pub use engine::{Claim, Engine, Row, Settlement, Write};
pub use error::Error;
pub use key::{Kind, OwnerId, RowKey};
pub use manifest::{Loaded, Manifest, Name};
pub use save::Save;
pub use seal::Packing;
pub use sealed::{Body, Change, Sealed};
pub use vault::{Opening, Vault, Work};

/// Opens the engine that a URL names: `memory:`, `sqlite:PATH` or `postgres://HOST/DATABASE`.
///
/// The clock is the engine's own: leases run on it. (PostgreSQL takes the database's for the system's.)
pub fn open(url: &str, clock: Clock) -> Result<Arc<dyn Engine>, Error> {
    match url.split_once(':') {
        Some(("memory", "")) => Ok(Arc::new(memory::Memory::new(clock))),
        Some(("sqlite", path)) if !path.is_empty() => {
            Ok(Arc::new(sqlite::Sqlite::open(Path::new(path), clock)?))
        }
        Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
            Ok(Arc::new(postgres::Postgres::open(url, clock)?))
        }
        _ => Err(Error::UnknownEngine),
    }
}

/// A URL of a store as it may be shown: without a password.
pub fn shown(url: &str) -> String {
    match url.split_once(':') {
        Some(("memory" | "sqlite", _)) => url.to_owned(),
        _ => postgres::Address::parse(url).map_or_else(|_| String::from("not understood"), |at| at.shown()),
    }
}
