//! One process at a time works on a connection: it holds a lease, which it renews while it lives.
//!
//! Whoever holds it may renew the access and keep pages. A process that dies stops renewing, and a few seconds
//! later the next one may. Every write expects the row as it was left, so a worker that was replaced notices.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Error;
use super::kept::{Busy, Kept};
use super::setting::Setting;
use crate::http::Client;
use crate::secret::Secret;
use crate::sources::smart;
use crate::sources::smart::client::Proof;
use crate::sources::smart::connection::{Access, Connection, Held};
use crate::sources::smart::tokens::{Endpoint, Tokens};
use crate::store::{Change, Error as StoreError, Kind, RowKey};

/// A lease that is not renewed for so long may be taken over.
const LEASE_MS: i64 = 5_000;

/// A connection that this process works on.
pub struct Hold<'a> {
    setting: &'a Setting,
    id: String,
    worker: String,
    state: Mutex<State>,
    /// One renewal at a time: its tokens are for all threads.
    renewing: Mutex<()>,
}

struct State {
    version: u64,
    connection: Connection,
}

impl<'a> Hold<'a> {
    /// Takes a connection, or `Busy` while another process holds it.
    pub fn take(setting: &'a Setting, id: &str) -> Result<Hold<'a>, Error> {
        let body = setting.rows.read_one(&row(id))?.ok_or(Error::NoSuchPortal)?;
        let Kept { connection, busy } = Kept::decode(&body.bytes)?;
        let now_ms = setting.clock.now().as_millisecond();
        if busy.is_some_and(|busy| busy.until_ms > now_ms) {
            return Err(Error::Busy);
        }
        let state = Mutex::new(State { version: body.version, connection });
        let worker = setting.random.hex(8);
        let hold = Hold { setting, id: id.to_owned(), worker, state, renewing: Mutex::new(()) };
        match hold.update(|_| ()) {
            Err(Error::TakenOver) => Err(Error::Busy),
            taken => taken.map(|()| hold),
        }
    }

    /// Which connection it is.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The connection as it is now.
    pub fn connection(&self) -> Connection {
        self.state().connection.clone()
    }

    /// Changes the connection and renews the lease, in one write.
    pub fn update(&self, change: impl FnOnce(&mut Connection)) -> Result<(), Error> {
        let until_ms = self.setting.clock.now().as_millisecond() + LEASE_MS;
        let busy = Some(Busy { worker: self.worker.clone(), until_ms });
        self.write(&mut self.state(), change, busy)
    }

    /// Gives the connection back.
    pub fn release(self) -> Result<(), Error> {
        self.write(&mut self.state(), |_| (), None)
    }

    fn write(
        &self,
        state: &mut State,
        change: impl FnOnce(&mut Connection),
        busy: Option<Busy>,
    ) -> Result<(), Error> {
        let mut connection = state.connection.clone();
        change(&mut connection);
        let kept = Kept { connection, busy };
        let put = Change::put(row(&self.id), Some(state.version), kept.encode()?);
        match self.setting.rows.write(&[put]) {
            Err(StoreError::Conflict) => return Err(Error::TakenOver),
            written => written?,
        }
        state.version += 1;
        state.connection = kept.connection;
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A token that is good now; `refused` is one that the server has just refused.
    pub fn token(&self, client: &Client, refused: Option<&Secret<String>>) -> Result<Secret<String>, Error> {
        let good = || self.state().connection.access.token(self.setting.now(), refused).cloned();
        if let Some(token) = good() {
            return Ok(token);
        }
        let _turn = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have renewed it meanwhile.
        match good() {
            Some(token) => Ok(token),
            None => self.renew(client),
        }
    }

    /// Uses the refresh token once: that it is on its way is on the disk before it leaves, and what comes back
    /// is on the disk before anything is read with it.
    fn renew(&self, client: &Client) -> Result<Secret<String>, Error> {
        let connection = self.connection();
        let Some(held) = connection.access.held().cloned() else { return Err(ended(&connection.access)) };
        let by_device = matches!(connection.identity.proof, Proof::Device(_));
        if held.refresh.is_none() && !by_device {
            return Err(self.end("it gave no access that lasts")?);
        }
        self.update(|connection| {
            connection.access = connection.access.renewing().unwrap_or_else(|| connection.access.clone());
        })?;
        match self.ask(client, &connection, &held) {
            Ok(tokens) => {
                let renewed = Held::from_tokens(&tokens, Some(&held));
                let token = renewed.access.clone();
                self.update(|connection| connection.access = Access::Held(renewed))?;
                Ok(token)
            }
            Err(error) if error.needs_sign_in() => Err(self.end("it no longer takes what it gave")?),
            Err(error) => {
                // The old one may still be good; the server decides of that next time.
                let spent = Held { expires_at: 0, ..held };
                self.update(|connection| connection.access = Access::Held(spent))?;
                Err(error.into())
            }
        }
    }

    fn ask(&self, client: &Client, connection: &Connection, held: &Held) -> Result<Tokens, smart::Error> {
        let Setting { clock, random, .. } = self.setting;
        let (server, identity) = (&connection.server, &connection.identity);
        let endpoint = Endpoint { client, server, identity, clock, random };
        match (&identity.proof, &held.refresh) {
            (Proof::Device(key), _) => endpoint.by_device_key(key),
            (_, Some(refresh)) => endpoint.refresh(refresh),
            (_, None) => Err(smart::Error::NotUnderstood { doing: "renewing the access" }),
        }
    }

    /// Notes that only a new sign-in helps.
    fn end(&self, why: &str) -> Result<Error, Error> {
        let why = why.to_owned();
        self.update(|connection| connection.access = Access::Ended { why: why.clone() })?;
        Ok(Error::SignInEnded(why))
    }
}

fn ended(access: &Access) -> Error {
    match access {
        Access::Ended { why } => Error::SignInEnded(why.clone()),
        Access::Held(_) | Access::Renewing(_) => Error::TakenOver,
    }
}

/// The row of a connection.
pub fn row(id: &str) -> RowKey {
    RowKey::new(Kind::Source, id)
}
