//! Claims on work that has come due: taken with a lease, ended with a fencing number.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::super::engine::{Claim, Settlement};
use super::super::error::Error;
use super::super::key::{Kind, RowKey};
use super::super::memory::next_fence;
use super::transaction::Transaction;
use super::{failure, owner_of, prepare, read_row, run, signed, unsigned};

/// Takes what is ready.
pub fn claim(
    transaction: &Transaction<'_>,
    kind: Kind,
    now: Timestamp,
    lease_ms: u32,
    limit: u32,
) -> Result<Vec<Claim>, Error> {
    let mut claims = ready(transaction, kind, now, limit)?;
    for claim in &mut claims {
        claim.expires_at = now + SignedDuration::from_millis(i64::from(lease_ms));
        claim.fence = next_fence(claim.fence, now);
        lease(transaction, claim)?;
    }
    Ok(claims)
}

/// Ends a claim, or `Fenced` and nothing.
pub fn settle(transaction: &Transaction<'_>, claim: &Claim, settlement: Settlement) -> Result<(), Error> {
    let (owner, kind, id) = (claim.owner.as_str(), claim.key.kind.word(), &claim.key.id);
    let fence = signed(claim.fence);
    let again = |due_at: Option<Timestamp>| {
        let sql = "UPDATE rows SET due_at = ?5, leased_until = 0, fence = fence + 1
                   WHERE owner = ?1 AND kind = ?2 AND id = ?3 AND fence = ?4";
        let due_at = due_at.map(Timestamp::as_millisecond);
        run(transaction, sql, params![owner, kind, id, fence, due_at])
    };
    let changed = match settlement {
        Settlement::Remove => {
            let sql = "DELETE FROM rows WHERE owner = ?1 AND kind = ?2 AND id = ?3 AND fence = ?4";
            run(transaction, sql, params![owner, kind, id, fence])?
        }
        Settlement::Keep => again(None)?,
        Settlement::DueAt(due_at) => again(Some(due_at))?,
    };
    if changed == 1 { Ok(()) } else { Err(Error::Fenced) }
}

/// Work that has come due and that nobody holds, with the last fencing number that was given out.
pub fn ready(
    transaction: &Transaction<'_>,
    kind: Kind,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Claim>, Error> {
    let sql = "SELECT owner, id, fence, version, due_at, body FROM rows
               WHERE kind = ?1 AND due_at <= ?2 AND leased_until <= ?2
               ORDER BY due_at, owner, id LIMIT ?3";
    let mut select = prepare(transaction, sql)?;
    let mut rows = select.query(params![kind.word(), now.as_millisecond(), limit]).map_err(failure)?;
    let mut claims = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        claims.push(Claim {
            owner: owner_of(&row.get::<_, String>(0).map_err(failure)?)?,
            key: RowKey::new(kind, row.get::<_, String>(1).map_err(failure)?),
            fence: unsigned(row.get(2).map_err(failure)?),
            row: read_row(row, 3).map_err(failure)?,
            expires_at: now,
        });
    }
    Ok(claims)
}

fn lease(transaction: &Transaction<'_>, claim: &Claim) -> Result<(), Error> {
    let sql = "UPDATE rows SET leased_until = ?4, fence = ?5 WHERE owner = ?1 AND kind = ?2 AND id = ?3";
    let place = (claim.owner.as_str(), claim.key.kind.word(), &claim.key.id);
    let until = claim.expires_at.as_millisecond();
    run(transaction, sql, params![place.0, place.1, place.2, until, signed(claim.fence)])?;
    Ok(())
}
