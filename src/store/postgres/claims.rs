//! Claims on work that has come due: taken with a lease, ended with a fencing number, a row at a time, so that
//! nothing is locked across owners.

use deadpool_postgres::Client;
use jiff::Timestamp;

use super::super::engine::{Claim, Settlement};
use super::super::error::Error;
use super::super::key::{Kind, RowKey};
use super::{column, owner_of, read_row, signed, unsigned};

/// What is due may have been taken by others between looking and claiming; then it is looked again.
const LOOKS_MAX: usize = 4;

/// The time on the database's clock, in milliseconds.
pub async fn now(client: &Client) -> Result<i64, Error> {
    let sql = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    let statement = client.prepare_cached(sql).await?;
    column(&client.query_one(&statement, &[]).await?, 0)
}

/// Takes what is ready.
pub async fn claim(
    client: &Client,
    kind: Kind,
    now: i64,
    lease_ms: u32,
    limit: u32,
) -> Result<Vec<Claim>, Error> {
    let mut claims = Vec::new();
    for _ in 0..LOOKS_MAX {
        let missing = limit as usize - claims.len();
        let ready = ready(client, kind, now, missing).await?;
        let found = ready.len();
        for (owner, id, fence) in ready {
            claims.extend(take(client, (&owner, kind, &id), fence, now, lease_ms).await?);
        }
        // All that was found was had, or there is nothing more.
        if claims.len() == limit as usize || found == 0 {
            break;
        }
    }
    Ok(claims)
}

/// Work that has come due and that nobody holds, with the last fencing number that was given out.
async fn ready(
    client: &Client,
    kind: Kind,
    now: i64,
    limit: usize,
) -> Result<Vec<(String, String, i64)>, Error> {
    let sql = "SELECT owner, id, fence FROM rows
               WHERE kind = $1 AND due_at <= $2 AND leased_until <= $2
               ORDER BY due_at, owner, id LIMIT $3";
    let statement = client.prepare_cached(sql).await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = client.query(&statement, &[&kind.word(), &now, &limit]).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?))).collect()
}

/// Claims a row that is as it was seen; of several workers it is so for one. The number is that of
/// `memory::next_fence`.
async fn take(
    client: &Client,
    (owner, kind, id): (&str, Kind, &str),
    fence: i64,
    now: i64,
    lease_ms: u32,
) -> Result<Option<Claim>, Error> {
    let sql = "UPDATE rows SET leased_until = $5, fence = greatest(fence + 1, $6)
               WHERE owner = $1 AND kind = $2 AND id = $3 AND fence = $4
               AND due_at <= $6 AND leased_until <= $6
               RETURNING version, due_at, body, fence";
    let until = now + i64::from(lease_ms);
    let statement = client.prepare_cached(sql).await?;
    let taken = client.query_opt(&statement, &[&owner, &kind.word(), &id, &fence, &until, &now]).await?;
    let Some(row) = taken else { return Ok(None) };
    Ok(Some(Claim {
        owner: owner_of(owner)?,
        key: RowKey::new(kind, id),
        fence: unsigned(column(&row, 3)?),
        row: read_row(&row, 0)?,
        expires_at: Timestamp::from_millisecond(until)
            .map_err(Error::failed("reading the database's clock"))?,
    }))
}

/// Ends a claim, or `Fenced` and nothing.
pub async fn settle(client: &Client, claim: &Claim, settlement: Settlement) -> Result<(), Error> {
    let (owner, kind, id) = (claim.owner.as_str(), claim.key.kind.word(), claim.key.id.as_str());
    let fence = signed(claim.fence);
    let due_at = match settlement {
        Settlement::Remove => {
            let sql = "DELETE FROM rows WHERE owner = $1 AND kind = $2 AND id = $3 AND fence = $4";
            let statement = client.prepare_cached(sql).await?;
            return settled(client.execute(&statement, &[&owner, &kind, &id, &fence]).await?);
        }
        Settlement::Keep => None,
        Settlement::DueAt(due_at) => Some(due_at.as_millisecond()),
    };
    let sql = "UPDATE rows SET due_at = $5, leased_until = 0, fence = fence + 1
               WHERE owner = $1 AND kind = $2 AND id = $3 AND fence = $4";
    let statement = client.prepare_cached(sql).await?;
    settled(client.execute(&statement, &[&owner, &kind, &id, &fence, &due_at]).await?)
}

fn settled(rows: u64) -> Result<(), Error> {
    if rows == 1 { Ok(()) } else { Err(Error::Fenced) }
}
