//! What the pages work with: the accounts, the records behind them, and the address that everyone knows.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::Error;
use crate::access::account::{self, Accounts, Care, Signed};
use crate::access::authorization::PublicUrl;
use crate::clock::{Clock, Randomness};

/// Uploads that are read at a time: each is held in memory.
const UPLOADS_AT_ONCE: usize = 2;

/// The installation as the pages see it. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    accounts: Arc<Accounts>,
    public: PublicUrl,
    clock: Clock,
    random: Randomness,
    uploads: Arc<Semaphore>,
}

impl Site {
    /// The pages of these accounts.
    pub fn new(accounts: Arc<Accounts>, public: PublicUrl, clock: Clock, random: Randomness) -> Site {
        let uploads = Arc::new(Semaphore::new(UPLOADS_AT_ONCE));
        Site(Arc::new(Inner { accounts, public, clock, random, uploads }))
    }

    /// The accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// The address that everyone knows.
    pub fn public(&self) -> &PublicUrl {
        &self.0.public
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Randomness.
    pub fn random(&self) -> &Randomness {
        &self.0.random
    }

    /// Room for an upload.
    pub fn uploads(&self) -> &Arc<Semaphore> {
        &self.0.uploads
    }

    /// Runs what blocks where that holds up nobody else.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Site) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let site = self.clone();
        // A panic in there has been logged, and is an answer like any other failure.
        tokio::task::spawn_blocking(move || work(&site)).await.unwrap_or(Err(Error::Broken))
    }

    /// The person that is meant: by id, or the first in care.
    pub fn person(&self, signed: &Signed, id: Option<&str>) -> Result<Option<Care>, Error> {
        let people = self.0.accounts.people(signed)?;
        match id {
            None | Some("") => Ok(people.into_iter().next()),
            Some(id) => {
                let found = people.into_iter().find(|care| care.owner.as_str() == id);
                found.map(Some).ok_or(Error::NotFound)
            }
        }
    }

    /// The person that a form names. A form that names nobody in care does nothing.
    pub fn named_person(&self, signed: &Signed, id: &str) -> Result<Care, Error> {
        self.person(signed, Some(id).filter(|id| !id.is_empty()))?.ok_or(Error::Account(account::Error::NotThere))
    }
}
