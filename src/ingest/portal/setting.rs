//! What every work on a portal needs.

use url::Url;

use super::{Error, Named, named};
use crate::clock::{Clock, Randomness};
use crate::http::{Client, Reach};
use crate::store::{Sealed, Vault};

/// Where a portal is worked on: whose record, and what time it is.
#[derive(Clone)]
pub struct Setting {
    /// The person's rows.
    pub rows: Sealed,
    /// The installation: its directory and what is listed by hand, where it is at hand.
    pub vault: Option<Vault>,
    /// The clock.
    pub clock: Clock,
    /// Randomness.
    pub random: Randomness,
    /// Hosts inside of a private network that the operator allows.
    pub private_hosts: Vec<String>,
}

impl Setting {
    /// The client for a portal at this address: it reaches no further than that address needs.
    pub fn client(&self, address: &Url) -> Result<Client, Error> {
        Ok(Client::new(Reach::of(address, &self.private_hosts))
            .map_err(crate::sources::smart::Error::Http)?)
    }

    /// The portal of this name.
    pub fn named(&self, name: &str) -> Result<Named, Error> {
        self.vault.as_ref().map_or(Ok(Named::Nothing), |vault| named(vault, name))
    }

    /// Seconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now().as_second()
    }
}
