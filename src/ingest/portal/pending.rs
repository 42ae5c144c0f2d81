//! Sign-ins that wait for a browser which comes back to a server: sealed rows of whoever has begun them, so that any
//! process of the installation can go on with one, once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::sign_in::Waiting;
use super::{Given, Wanted};
use crate::clock::hex;
use crate::sources::smart::authorize::SignIn;
use crate::sources::smart::client::Identity;
use crate::sources::smart::discovery::Found;
use crate::sources::smart::server::Server;
use crate::sources::smart::vendors;
use crate::store::{Change, Error, Kind, OwnerId, RowKey, Sealed};

/// The format of a row: its first byte.
const FORMAT: u8 = 1;
/// So long a sign-in waits for the person.
const WAITS_S: i64 = 10 * 60;
/// Sign-ins that wait at a time; with one more the oldest is over.
const WAITING_MAX: usize = 8;

/// What a row holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// For whose record.
    person: OwnerId,
    /// When it began (seconds since 1970).
    at: i64,
    base: Url,
    server: Server,
    vendor: String,
    types: Option<Vec<String>>,
    identity: Identity,
    sign_in: SignIn,
    name: Option<String>,
    client: Option<Given>,
    parameters: BTreeMap<String, String>,
}

/// Keeps a sign-in until the browser is back.
pub fn keep(rows: &Sealed, waiting: Waiting, person: &OwnerId, now: i64) -> Result<(), Error> {
    make_room(rows, now)?;
    let Waiting { found, identity, sign_in, wanted } = waiting;
    let key = row(sign_in.state());
    let kept = Kept {
        person: person.clone(),
        at: now,
        base: found.base,
        server: found.server,
        vendor: found.vendor.name.to_owned(),
        types: found.types.map(|types| types.into_iter().collect()),
        identity,
        sign_in,
        name: wanted.name,
        client: wanted.client,
        parameters: wanted.parameters,
    };
    let mut body = vec![FORMAT];
    serde_json::to_writer(&mut body, &kept).map_err(Error::failed("writing a sign-in"))?;
    rows.write(&[Change::put(key, None, body)])
}

/// The sign-in that this address belongs to, and for whose record it is; it is given once. `None` where it is over,
/// or was begun by somebody else.
pub fn take(rows: &Sealed, came_back: &Url, now: i64) -> Result<Option<(Waiting, OwnerId)>, Error> {
    let state = came_back.query_pairs().find(|(name, _)| name == "state").map(|(_, value)| value);
    let Some(key) = state.map(|state| row(&state)) else { return Ok(None) };
    let Some(body) = rows.read_one(&key)? else { return Ok(None) };
    match rows.write(&[Change::Delete { key, version: body.version }]) {
        // Of two that come back with the same, one goes on.
        Err(Error::Conflict) => return Ok(None),
        written => written?,
    }
    let kept = read(&body.bytes)?;
    if now - kept.at > WAITS_S {
        return Ok(None);
    }
    let Kept { person, base, server, vendor, types, identity, sign_in, name, client, parameters, .. } = kept;
    let types = types.map(|types| types.into_iter().collect());
    let found = Found { base, server, vendor: vendors::of_name(&vendor), types };
    let wanted = Wanted { name, vendor: Some(vendor), client, redirect: None, parameters };
    Ok(Some((Waiting { found, identity, sign_in, wanted }, person)))
}

/// Removes what nobody has come back with.
fn make_room(rows: &Sealed, now: i64) -> Result<(), Error> {
    let ids = rows.list(Kind::Code)?;
    let keys: Vec<RowKey> = ids.into_iter().map(|(id, _)| RowKey::new(Kind::Code, id)).collect();
    let mut waiting = Vec::new();
    for (key, body) in keys.iter().zip(rows.read(&keys)?) {
        let Some(body) = body else { continue };
        waiting.push((read(&body.bytes)?.at, key.clone(), body.version));
    }
    waiting.sort_by_key(|(at, _, _)| std::cmp::Reverse(*at));
    for (place, (at, key, version)) in waiting.into_iter().enumerate() {
        if place + 1 < WAITING_MAX && now - at <= WAITS_S {
            continue;
        }
        match rows.write(&[Change::Delete { key, version }]) {
            Ok(()) | Err(Error::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn read(bytes: &[u8]) -> Result<Kept, Error> {
    let rest = bytes.strip_prefix(&[FORMAT]).ok_or(Error::Damaged(Kind::Code))?;
    serde_json::from_slice(rest).map_err(|_| Error::Damaged(Kind::Code))
}

/// The row does not tell the state.
fn row(state: &str) -> RowKey {
    RowKey::new(Kind::Code, hex(&Sha256::digest(state)))
}
