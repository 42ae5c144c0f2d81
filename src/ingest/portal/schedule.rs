//! When a portal is fetched from again by itself: once a day, at a time of its own, by one process.

use jiff::{SignedDuration, Timestamp};

use super::setting::Setting;
use super::{Error, refresh};
use crate::record::{Queried, QueryState};
use crate::sources::smart::vendors::Vendor;
use crate::store::{Change, Error as StoreError, Kind, RowKey, Settlement};

/// A day, less the spread: so it is read every day.
const DAY_S: i64 = 22 * 60 * 60;
/// Portals are spread over so long, so that not all of them are asked at once.
const SPREAD_S: i64 = 4 * 60 * 60;
/// After a failure it is tried again so much later.
const AGAIN_S: i64 = 60 * 60;
/// So long one process has it to itself; a fetch that takes longer holds its connection by its own lease.
const LEASE_MS: u32 = 10 * 60 * 1000;
/// So many are claimed at a time.
const CLAIMS_MAX: u32 = 1;

/// Sets the time of the next fetch, after one in which the queries ended so. A server that was down for a while
/// must not leave a record a day behind.
pub fn next(setting: &Setting, id: &str, vendor: &Vendor, queries: &[Queried]) -> Result<(), Error> {
    let mut spread = [0; 4];
    setting.random.fill(&mut spread);
    let is_down = !queries.is_empty() && queries.iter().all(|query| query.state == QueryState::Failed);
    let usual_s = match is_down {
        true => AGAIN_S,
        false => DAY_S + i64::from(u32::from_le_bytes(spread)) % SPREAD_S,
    };
    // A refresh token that is lost when it is not used in time is used in half of it.
    let within_s = vendor.refresh_within_h.map_or(usual_s, |hours| i64::from(hours) * 1_800);
    let at = setting.clock.now() + SignedDuration::from_secs(usual_s.min(within_s));
    set(setting, id, at)
}

fn set(setting: &Setting, id: &str, at: Timestamp) -> Result<(), Error> {
    let key = row(id);
    let expected = setting.rows.read_one(&key)?.map(|body| body.version);
    let put = Change::Put {
        key,
        expected,
        body: Vec::new(),
        due_at: Some(at),
        packing: crate::store::Packing::Plain,
    };
    match setting.rows.write(&[put]) {
        // Somebody else has just set it.
        Err(StoreError::Conflict) => Ok(()),
        written => Ok(written?),
    }
}

/// Forgets the time of a portal that is removed.
pub fn forget(setting: &Setting, id: &str) -> Result<(), Error> {
    let key = row(id);
    let Some(body) = setting.rows.read_one(&key)? else { return Ok(()) };
    match setting.rows.write(&[Change::Delete { key, version: body.version }]) {
        Err(StoreError::Conflict) => Ok(()),
        written => Ok(written?),
    }
}

/// Fetches from what has come due and nobody else has claimed; how many were fetched from.
pub fn run_due(setting: &Setting, is_stopped: &(dyn Fn() -> bool + Sync)) -> Result<usize, Error> {
    let Some(vault) = &setting.vault else { return Ok(0) };
    let clock = &setting.clock;
    let mut fetched = 0;
    for work in vault.due(Kind::Job, LEASE_MS, CLAIMS_MAX)? {
        let setting = Setting { rows: work.sealed.clone(), ..setting.clone() };
        let settlement = match refresh(&setting, &work.claim.key.id, &|_| (), is_stopped) {
            Ok(_) => {
                fetched += 1;
                continue; // it has set its next time itself
            }
            // A sign-in sets a new time.
            Err(Error::SignInEnded(_) | Error::NoSuchPortal) => Settlement::Remove,
            Err(_) => Settlement::DueAt(clock.now() + SignedDuration::from_secs(AGAIN_S)),
        };
        match vault.settle(&work.claim, settlement) {
            Ok(()) | Err(StoreError::Fenced) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(fetched)
}

fn row(id: &str) -> RowKey {
    RowKey::new(Kind::Job, id)
}
