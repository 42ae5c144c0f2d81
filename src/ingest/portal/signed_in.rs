//! A person who has signed in: held against the record, and kept.

use super::kept::{self, Kept};
use super::setting::Setting;
use super::{Error, hold, schedule, whose};
use crate::http::Client;
use crate::sources::smart::connection::Connection;
use crate::sources::smart::tokens::Endpoint;
use crate::sources::smart::vendors;
use crate::store::{Change, Error as StoreError, OwnerId};

/// A person who has signed in; nothing is stored yet.
pub struct SignedIn<'a> {
    pub(super) setting: &'a Setting,
    pub(super) client: Client,
    pub(super) connection: Connection,
    /// The Patient of the portal, as it came.
    pub(super) patient: Vec<u8>,
}

impl SignedIn<'_> {
    /// What was not granted: types of resource, and `offline_access`.
    pub fn not_granted(&self) -> &[String] {
        &self.connection.not_granted
    }

    /// Who signed in, where that is somebody else than the patient.
    pub fn acts_as(&self) -> Option<&str> {
        self.connection.acts_as.as_deref()
    }

    /// Whether the patient of the portal is the person of the record, by the rule of an import.
    pub fn check(&self, label: Option<&str>, is_same_person: bool) -> Result<(), Error> {
        whose::check(self.setting, &self.connection, &self.patient, label, is_same_person)
    }

    /// The same, connected by this account.
    #[must_use]
    pub fn by(mut self, account: &OwnerId) -> Self {
        self.connection.connected_by = Some(account.as_str().to_owned());
        self
    }

    /// Keeps the connection, and gives its id. One to the same record at the same server takes the place of
    /// the one before.
    pub fn keep(mut self, is_same_person: bool) -> Result<String, Error> {
        self.connection.is_same_person = is_same_person;
        let rows = &self.setting.rows;
        for (id, version, before) in kept::all(rows)? {
            let (old, new) = (&before.connection, &self.connection);
            if old.base != new.base || old.patient != new.patient {
                continue;
            }
            let connection = Connection {
                name: old.name.clone(),
                fetch: old.fetch.clone(),
                fetches: old.fetches,
                tried_at: None,
                fetched_at: old.fetched_at,
                is_same_person: is_same_person || old.is_same_person,
                ..self.connection.clone()
            };
            let kept = Kept { connection, busy: before.busy };
            let written = rows.write(&[Change::put(hold::row(&id), Some(version), kept.encode()?)]);
            match written {
                Err(StoreError::Conflict) => return Err(Error::Busy),
                written => written?,
            }
            // Nobody holds the old access any more. One of the same client may be the new one's too.
            if old.identity.id != new.identity.id {
                // That it could not be given back changes nothing for the new one.
                let _ = give_back(self.setting, &self.client, old);
            }
            schedule::next(self.setting, &id, vendors::of_name(&new.vendor), &[])?;
            return Ok(id);
        }
        let id = self.setting.random.hex(8);
        let kept = Kept { connection: self.connection, busy: None };
        rows.write(&[Change::put(hold::row(&id), None, kept.encode()?)])?;
        schedule::next(self.setting, &id, vendors::of_name(&kept.connection.vendor), &[])?;
        Ok(id)
    }

    /// Gives the access back: the person has said no.
    pub fn give_back(self) -> Result<(), Error> {
        give_back(self.setting, &self.client, &self.connection)
    }
}

/// Gives the access of a connection back at its server.
pub fn give_back(setting: &Setting, client: &Client, connection: &Connection) -> Result<(), Error> {
    let Some(held) = connection.access.held() else { return Ok(()) };
    let Setting { clock, random, .. } = setting;
    let (server, identity) = (&connection.server, &connection.identity);
    let endpoint = Endpoint { client, server, identity, clock, random };
    let token = held.refresh.as_ref().unwrap_or(&held.access);
    Ok(endpoint.revoke(token, held.refresh.is_some())?)
}
