//! Connections as sealed rows: one row each, which only the process that holds it may change.

use serde::{Deserialize, Serialize};

use crate::sources::smart::connection::{Access, Connection};
use crate::store::{Error, Kind, RowKey, Sealed};

/// The format of a row: its first byte. Readers for old numbers stay.
const FORMAT: u8 = 1;

/// What a row holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The connection.
    pub connection: Connection,
    /// Who works on it.
    pub busy: Option<Busy>,
}

/// A worker, and until when it may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// A random name.
    pub worker: String,
    /// Until when (milliseconds since 1970).
    pub until_ms: i64,
}

/// A connection as a person may see it: no tokens, no secrets.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Its id.
    pub id: String,
    /// What the source is called.
    pub name: String,
    /// The host that is asked.
    pub host: String,
    /// The maker of the server.
    pub vendor: String,
    /// Who signed in, where that is somebody else than the patient.
    pub acts_as: Option<String>,
    /// Which account has connected it, where accounts connect.
    #[serde(skip)]
    pub connected_by: Option<String>,
    /// What was not granted.
    pub not_granted: Vec<String>,
    /// When it was last fetched to the end (seconds since 1970).
    pub fetched_at: Option<i64>,
    /// When a fetch was last begun (seconds since 1970).
    pub tried_at: Option<i64>,
    /// A fetch that was cut off and will go on.
    pub is_cut_off: bool,
    /// Why only a new sign-in helps.
    pub needs_sign_in: Option<String>,
    /// Why the last try failed.
    pub failed: Option<String>,
}

/// Every connection of a person.
pub fn list(rows: &Sealed) -> Result<Vec<Status>, Error> {
    let all = all(rows)?.into_iter();
    Ok(all.map(|(id, _, kept)| Status::of(id, &kept)).collect())
}

/// Every connection with its id and version, in the order in which they were connected.
pub fn all(rows: &Sealed) -> Result<Vec<(String, u64, Kept)>, Error> {
    let ids: Vec<RowKey> =
        rows.list(Kind::Source)?.into_iter().map(|(id, _)| RowKey::new(Kind::Source, id)).collect();
    let bodies = rows.read(&ids)?;
    let mut found = Vec::new();
    for (key, body) in ids.into_iter().zip(bodies) {
        let Some(body) = body else { continue };
        found.push((key.id, body.version, Kept::decode(&body.bytes)?));
    }
    found.sort_by(|one, other| {
        let order = |kept: &Kept| (kept.connection.connected_at, kept.connection.name.clone());
        order(&one.2).cmp(&order(&other.2))
    });
    Ok(found)
}

impl Kept {
    /// Whether a person means this one: by its name, in any case of letters, or its id.
    pub fn is_called(&self, id: &str, name: &str) -> bool {
        id == name || self.connection.name.to_lowercase() == name.trim().to_lowercase()
    }

    /// As bytes for a seal.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![FORMAT];
        serde_json::to_writer(&mut bytes, self).map_err(Error::failed("writing a connection"))?;
        Ok(bytes)
    }

    /// From a row.
    pub fn decode(bytes: &[u8]) -> Result<Kept, Error> {
        match bytes.split_first() {
            Some((&FORMAT, rest)) => serde_json::from_slice(rest).map_err(|_| Error::Damaged(Kind::Source)),
            Some((&found, _)) if found > FORMAT => {
                Err(Error::Newer { what: "a connection", found: found.into(), known: FORMAT.into() })
            }
            _ => Err(Error::Damaged(Kind::Source)),
        }
    }
}

impl Status {
    /// Whether a person means this one: by its name, in any case of letters, or its id.
    pub fn is_called(&self, name: &str) -> bool {
        self.id == name || self.name.to_lowercase() == name.trim().to_lowercase()
    }

    fn of(id: String, kept: &Kept) -> Status {
        let Connection { name, base, vendor, acts_as, not_granted, fetched_at, .. } = &kept.connection;
        let needs_sign_in = match &kept.connection.access {
            Access::Ended { why } => Some(why.clone()),
            Access::Held(_) | Access::Renewing(_) => None,
        };
        Status {
            id,
            name: name.clone(),
            host: crate::http::host(base),
            vendor: vendor.clone(),
            acts_as: acts_as.clone(),
            connected_by: kept.connection.connected_by.clone(),
            not_granted: not_granted.clone(),
            fetched_at: *fetched_at,
            tried_at: kept.connection.tried_at,
            is_cut_off: kept.connection.fetch.is_some(),
            needs_sign_in,
            failed: kept.connection.failed.as_ref().map(|(_, why)| why.clone()),
        }
    }
}
