//! What the pages work with: the accounts, the records behind them, and the address that everyone knows.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::jobs::Jobs;
use super::room::Room;
use super::{Error, others};
use crate::access::account::{self, Accounts, Care, Policy, Signed};
use crate::access::authorization::{self, Given, PublicUrl};
use crate::clock::{Clock, Randomness};
use crate::ingest::portal::{self, Setting};
use crate::insight::Context;
use crate::record::{Source, View};

/// A page waits for its answer to the end.
static NEVER: AtomicBool = AtomicBool::new(false);

/// The installation as the pages see it. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    accounts: Arc<Accounts>,
    server: Arc<authorization::Server>,
    portals: Setting,
    jobs: Jobs,
    room: Room,
}

impl Site {
    /// The pages of these accounts. `portals` is what work on portals needs; its rows are those of each person.
    pub fn new(accounts: Arc<Accounts>, server: Arc<authorization::Server>, portals: Setting) -> Site {
        Site(Arc::new(Inner { accounts, server, portals, jobs: Jobs::default(), room: Room::new() }))
    }

    /// The accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// Whether an account can invite others to a record. Where whoever runs the server alone invites, it would open nothing.
    pub fn may_invite(&self) -> bool {
        self.0.accounts.policy() != Policy::Closed
    }

    /// Whether people sign in at the operator's identity provider, and nowhere else.
    pub fn has_provider(&self) -> bool {
        self.0.accounts.provider().is_some()
    }

    /// The authorization server.
    pub fn server(&self) -> &authorization::Server {
        &self.0.server
    }

    /// The address that everyone knows.
    pub fn public(&self) -> &PublicUrl {
        self.0.server.public()
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.portals.clock
    }

    /// Randomness.
    pub fn random(&self) -> &Randomness {
        &self.0.portals.random
    }

    /// What work on portals needs, of nobody.
    pub fn portals(&self) -> &Setting {
        &self.0.portals
    }

    /// The fetches that are under way.
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// How much may go on at a time.
    pub fn room(&self) -> &Room {
        &self.0.room
    }

    /// Runs what blocks where that holds up nobody else, when it is its turn.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Site) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (site, turn) = (self.clone(), self.0.room.page().await?);
        let work = move || {
            // It goes on where nobody waits for it any more, and takes its place for so long.
            let _turn = turn;
            work(&site)
        };
        // A panic in there has been logged, and is an answer like any other failure.
        tokio::task::spawn_blocking(work).await.unwrap_or(Err(Error::Broken))
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
        let people = self.0.accounts.people(signed)?;
        let named = people.into_iter().find(|care| care.owner.as_str() == id);
        named.ok_or(Error::Account(account::Error::NotThere))
    }

    /// The record of a person as far as the account may see it.
    pub fn view(&self, care: &Care) -> Result<View, Error> {
        Ok(self.0.accounts.view_of(care)?)
    }

    /// The sources of a view that the account is told of.
    pub fn sources<'a>(
        &self,
        signed: &Signed,
        care: &Care,
        view: &'a View,
    ) -> Result<Vec<&'a Source>, Error> {
        let told = others::Told::of(self, signed, care)?;
        if told.is_whole() {
            return Ok(view.sources().collect());
        }
        let connected = portal::list(&self.0.accounts.rows_of(care)?).map_err(portal::Error::Store)?;
        Ok(told.sources(view, &connected).collect())
    }

    /// What work on this person's portals needs.
    pub fn setting(&self, care: &Care) -> Result<Setting, Error> {
        Ok(Setting { rows: self.0.accounts.rows_of(care)?, ..self.0.portals.clone() })
    }

    /// The assistants that may read a person's record.
    pub fn grants(&self, care: &Care) -> Result<Vec<Given>, Error> {
        let mut given = self.0.server.grants(&self.0.accounts.rows_of(care)?)?;
        given.retain(|given| given.grant.is_live_at(self.clock().now()));
        Ok(given)
    }

    /// What an answer from a view looks at.
    pub fn context<'a>(
        &self,
        view: &'a View,
        arguments: &'a serde_json::Map<String, serde_json::Value>,
    ) -> Context<'a> {
        Context {
            view,
            today: self.clock().today(),
            tool: "",
            arguments,
            stop: &NEVER,
            checked: Cell::new(0),
        }
    }
}
