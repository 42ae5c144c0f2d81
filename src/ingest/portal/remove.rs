//! Ends a connection: the access is given back at the portal, and what it brought stays or goes.

use super::hold::{self, Hold};
use super::setting::Setting;
use super::{Error, schedule, signed_in, staging, trouble};
use crate::ingest::drop_source;
use crate::record::Trouble;
use crate::store::Change;

/// What became of a connection that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// What it was called.
    pub name: String,
    /// Why the portal could not be told that the access has ended.
    pub not_revoked: Option<String>,
    /// How many entries went with it.
    pub entries: usize,
}

/// Removes a connection. With `with_entries` everything that it brought goes too, originals and all.
pub fn remove(setting: &Setting, id: &str, with_entries: bool) -> Result<Removed, Error> {
    let held = Hold::take(setting, id)?;
    let connection = held.connection();
    let given_back = setting
        .client(&connection.base)
        .and_then(|client| signed_in::give_back(setting, &client, &connection));
    // The connection goes first: after a crash nothing is fetched again into what was to go.
    let version = setting.rows.read_one(&hold::row(id))?.map(|body| body.version);
    if let Some(version) = version {
        setting.rows.write(&[Change::Delete { key: hold::row(id), version }])?;
    }
    schedule::forget(setting, id)?;
    staging::clear_all(&setting.rows, id)?;
    let entries = match with_entries {
        true => drop_source(&setting.rows, id)?,
        false => {
            let (at, why) = (setting.now(), "it is no longer connected".into());
            trouble::note(setting, id, &connection.name, Trouble { at, why, needs_sign_in: true })?;
            0
        }
    };
    let not_revoked = given_back.err().map(|error| error.to_string());
    Ok(Removed { name: connection.name, not_revoked, entries })
}
