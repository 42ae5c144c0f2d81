//! Rows in memory: for tests, for trying out, and as the simplest reading of what an engine is.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::engine::{Claim, Engine, Row, Settlement, Write};
use super::error::Error;
use super::key::{Kind, OwnerId, RowKey};
use crate::clock::Clock;

/// The engine behind `memory:`.
pub struct Memory {
    clock: Clock,
    owners: Mutex<Owners>,
}

type Owners = BTreeMap<OwnerId, Rows>;
type Rows = BTreeMap<RowKey, Held>;

/// A row and the claim on it.
struct Held {
    row: Row,
    leased_until: Timestamp,
    fence: u64,
}

impl Memory {
    /// An empty store.
    pub fn new(clock: Clock) -> Self {
        Self { clock, owners: Mutex::default() }
    }

    fn owners(&self) -> MutexGuard<'_, Owners> {
        // Nothing in here panics between two changes, so a poisoned lock hides nothing half done.
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for Memory {
    fn is_near(&self) -> bool {
        true
    }

    fn get(&self, owner: &OwnerId, keys: &[RowKey]) -> Result<Vec<Option<Row>>, Error> {
        let owners = self.owners();
        let rows = owners.get(owner);
        let find = |key| rows.and_then(|rows| rows.get(key)).map(|held| held.row.clone());
        Ok(keys.iter().map(find).collect())
    }

    fn get_beside(
        &self,
        owner: &OwnerId,
        of: &RowKey,
        key: &RowKey,
    ) -> Result<Option<(u64, Option<Row>)>, Error> {
        let owners = self.owners();
        let row = |key| owners.get(owner).and_then(|rows| rows.get(key)).map(|held| &held.row);
        Ok(row(of).map(|first| (first.version, row(key).cloned())))
    }

    fn list(&self, owner: &OwnerId, kind: Kind) -> Result<Vec<(String, u64)>, Error> {
        let owners = self.owners();
        let rows = owners.get(owner).into_iter().flatten();
        let of_kind = rows.filter(|(key, _)| key.kind == kind);
        Ok(of_kind.map(|(key, held)| (key.id.clone(), held.row.version)).collect())
    }

    fn write(&self, owner: &OwnerId, batch: &[Write]) -> Result<(), Error> {
        let mut owners = self.owners();
        let rows = owners.entry(owner.clone()).or_default();
        let mut before = Vec::new();
        let applied = batch.iter().try_for_each(|write| apply(rows, write, &mut before));
        if applied.is_err() {
            for (key, held) in before.into_iter().rev() {
                match held {
                    Some(held) => rows.insert(key, held),
                    None => rows.remove(&key),
                };
            }
        }
        if rows.is_empty() {
            owners.remove(owner);
        }
        applied
    }

    fn forget(&self, owner: &OwnerId) -> Result<(), Error> {
        self.owners().remove(owner);
        Ok(())
    }

    fn due(&self, kind: Kind, lease_ms: u32, limit: u32) -> Result<Vec<Claim>, Error> {
        let now = self.clock.now();
        let expires_at = now + SignedDuration::from_millis(i64::from(lease_ms));
        let mut owners = self.owners();
        let mut ready: Vec<_> = owners
            .iter_mut()
            .flat_map(|(owner, rows)| rows.iter_mut().map(move |(key, held)| (owner, key, held)))
            .filter(|(_, key, held)| key.kind == kind && held.leased_until <= now)
            .filter_map(|(owner, key, held)| {
                held.row.due_at.filter(|due| *due <= now).map(|due| (due, owner, key, held))
            })
            .collect();
        ready.sort_by_key(|(due, owner, key, _)| (*due, *owner, *key));
        let claims = ready.into_iter().take(limit as usize).map(|(_, owner, key, held)| {
            held.leased_until = expires_at;
            held.fence = next_fence(held.fence, now);
            let (owner, key, row) = (owner.clone(), key.clone(), held.row.clone());
            Claim { owner, key, row, expires_at, fence: held.fence }
        });
        Ok(claims.collect())
    }

    fn settle(&self, claim: &Claim, settlement: Settlement) -> Result<(), Error> {
        let mut owners = self.owners();
        let rows = owners.get_mut(&claim.owner).ok_or(Error::Fenced)?;
        let held = rows.get_mut(&claim.key).filter(|held| held.fence == claim.fence).ok_or(Error::Fenced)?;
        held.leased_until = Timestamp::UNIX_EPOCH;
        held.fence += 1;
        match settlement {
            Settlement::Keep => held.row.due_at = None,
            Settlement::DueAt(due_at) => held.row.due_at = Some(due_at),
            Settlement::Remove => {
                rows.remove(&claim.key);
            }
        }
        Ok(())
    }

    fn owners(&self) -> Result<Vec<OwnerId>, Error> {
        Ok(self.owners().keys().cloned().collect())
    }
}

/// The fencing number of a new claim: never one that an earlier row in the same place has given out, since
/// claims on that one have run out, and so the time has moved past their numbers.
pub(super) fn next_fence(last: u64, now: Timestamp) -> u64 {
    last.saturating_add(1).max(u64::try_from(now.as_millisecond()).unwrap_or(0))
}

/// Applies one write and remembers what was there before.
fn apply(rows: &mut Rows, write: &Write, before: &mut Vec<(RowKey, Option<Held>)>) -> Result<(), Error> {
    let (key, expected) = match write {
        Write::Put { key, expected, .. } => (key, *expected),
        Write::Delete { key, version } | Write::Expect { key, version } => (key, Some(*version)),
    };
    if rows.get(key).map(|held| held.row.version) != expected {
        return Err(Error::Conflict);
    }
    let old = match write {
        Write::Put { body, due_at, .. } => {
            let row = Row { version: expected.unwrap_or(0) + 1, body: body.clone(), due_at: *due_at };
            let fence = rows.get(key).map_or(0, |held| held.fence) + 1;
            rows.insert(key.clone(), Held { row, leased_until: Timestamp::UNIX_EPOCH, fence })
        }
        Write::Delete { .. } => rows.remove(key),
        Write::Expect { .. } => return Ok(()),
    };
    before.push((key.clone(), old));
    Ok(())
}
