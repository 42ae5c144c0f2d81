//! Portals: records stores that a person has signed in to, and what is fetched from them.
//!
//! [`sign_in`] is the path of a new connection, [`refresh()`] that of a fetch. A connection is one sealed row
//! that one process at a time may work on (`hold`); what a fetch brings waits in sealed rows (`staging`)
//! until it is whole, and then goes the way of every import.

mod checkpoint;
mod error;
mod hold;
mod kept;
mod listed;
mod named;
pub mod pending;
mod refresh;
mod remove;
mod schedule;
mod setting;
pub mod sign_in;
mod signed_in;
mod staging;
mod trouble;
mod wanted;
mod whose;

pub use crate::sources::smart::Error as PeerError;
pub use crate::sources::smart::fetch::Progress as FetchProgress;
pub use error::Error;
pub use kept::{Status, list};
pub use listed::{
    Listed, add as add_listed, find as find_listed, list as list_listed, remove as remove_listed,
};
pub use named::{Named, named};
pub use refresh::{Refreshed, refresh};
pub use remove::{Removed, remove};
pub use schedule::run_due;
pub use setting::Setting;
pub use sign_in::{Begun, Waiting};
pub use signed_in::SignedIn;
pub use wanted::{Given, Wanted, again};

#[cfg(test)]
mod tests;
