//! Rows in a PostgreSQL database, which many processes on many machines may share.
//!
//! All that a call needs to know is in the rows: nothing is kept in a process, no lock outlives a transaction,
//! and every statement but those that look for work names one owner.

mod address;
mod claims;
mod connections;
mod failure;
mod schema;
mod tls;
mod writing;

use deadpool_postgres::Client;
use jiff::Timestamp;
use tokio_postgres::types::{FromSql, ToSql};

use super::engine::{Claim, Engine, Row, Settlement, Write};
use super::error::Error;
use super::key::{Kind, OwnerId, RowKey};
use crate::clock::Clock;
use connections::Connections;

pub(super) use address::Address;

/// One step of forgetting removes so many rows, to stay far below the server's limit for a statement.
const FORGET_ROWS_MAX: i64 = 256;

/// The engine behind `postgres://`.
pub struct Postgres {
    connections: Connections,
    clock: Clock,
}

impl Postgres {
    /// Connects to the server, and makes the tables where there are none.
    ///
    /// Leases run on the database's clock, since the machines' own may differ. A clock that stands still, which
    /// is a test's, takes its place.
    pub fn open(url: &str, clock: Clock) -> Result<Self, Error> {
        let connections = Connections::new(&Address::parse(url)?)?;
        connections.run(schema::prepare)?;
        Ok(Self { connections, clock })
    }

    async fn now(&self, client: &Client) -> Result<i64, Error> {
        if self.clock.is_system() { claims::now(client).await } else { Ok(self.clock.now().as_millisecond()) }
    }
}

impl Engine for Postgres {
    fn is_near(&self) -> bool {
        false
    }

    fn get(&self, owner: &OwnerId, keys: &[RowKey]) -> Result<Vec<Option<Row>>, Error> {
        // One statement sees one moment.
        let sql = "SELECT asked.place, rows.version, rows.due_at, rows.body
                   FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked (kind, id, place)
                   JOIN rows ON rows.owner = $1 AND rows.kind = asked.kind AND rows.id = asked.id";
        let kinds: Vec<&str> = keys.iter().map(|key| key.kind.word()).collect();
        let ids: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
        self.connections.run(async |client: &mut Client| {
            let statement = client.prepare_cached(sql).await?;
            let mut found = vec![None; keys.len()];
            for row in client.query(&statement, &[&owner.as_str(), &kinds, &ids]).await? {
                let place = usize::try_from(column::<i64>(&row, 0)? - 1).map_err(|_| Error::Foreign)?;
                *found.get_mut(place).ok_or(Error::Foreign)? = Some(read_row(&row, 1)?);
            }
            Ok(found)
        })
    }

    fn get_beside(
        &self,
        owner: &OwnerId,
        of: &RowKey,
        key: &RowKey,
    ) -> Result<Option<(u64, Option<Row>)>, Error> {
        // One statement sees one moment.
        let sql = "SELECT first.version, rows.version, rows.due_at, rows.body FROM rows AS first
                   LEFT JOIN rows ON rows.owner = $1 AND rows.kind = $4 AND rows.id = $5
                   WHERE first.owner = $1 AND first.kind = $2 AND first.id = $3";
        self.connections.run(async |client: &mut Client| {
            let statement = client.prepare_cached(sql).await?;
            let places: &[&(dyn ToSql + Sync)] =
                &[&owner.as_str(), &of.kind.word(), &of.id, &key.kind.word(), &key.id];
            let Some(row) = client.query_opt(&statement, places).await? else { return Ok(None) };
            let second = column::<Option<i64>>(&row, 1)?.map(|_| read_row(&row, 1)).transpose()?;
            Ok(Some((unsigned(column(&row, 0)?), second)))
        })
    }

    fn list(&self, owner: &OwnerId, kind: Kind) -> Result<Vec<(String, u64)>, Error> {
        let sql = "SELECT id, version FROM rows WHERE owner = $1 AND kind = $2";
        self.connections.run(async |client: &mut Client| {
            let statement = client.prepare_cached(sql).await?;
            let rows = client.query(&statement, &[&owner.as_str(), &kind.word()]).await?;
            let of_row = |row| Ok((column(row, 0)?, unsigned(column(row, 1)?)));
            let mut rows = rows.iter().map(of_row).collect::<Result<Vec<(String, u64)>, Error>>()?;
            // Here, since a database sorts text by the rules of its language.
            rows.sort_unstable();
            Ok(rows)
        })
    }

    fn write(&self, owner: &OwnerId, batch: &[Write]) -> Result<(), Error> {
        self.connections.run(async |client: &mut Client| writing::write(client, owner, batch).await)
    }

    fn forget(&self, owner: &OwnerId) -> Result<(), Error> {
        let sql = "DELETE FROM rows WHERE owner = $1 AND (kind, id) IN
                   (SELECT kind, id FROM rows WHERE owner = $1 LIMIT $2)";
        let forget_some = async |client: &mut Client| {
            let statement = client.prepare_cached(sql).await?;
            Ok(client.execute(&statement, &[&owner.as_str(), &FORGET_ROWS_MAX]).await? > 0)
        };
        while self.connections.run(forget_some)? {}
        Ok(())
    }

    fn due(&self, kind: Kind, lease_ms: u32, limit: u32) -> Result<Vec<Claim>, Error> {
        self.connections.run(async |client: &mut Client| {
            let now = self.now(client).await?;
            claims::claim(client, kind, now, lease_ms, limit).await
        })
    }

    fn settle(&self, claim: &Claim, settlement: Settlement) -> Result<(), Error> {
        self.connections.run(async |client: &mut Client| claims::settle(client, claim, settlement).await)
    }

    fn owners(&self) -> Result<Vec<OwnerId>, Error> {
        self.connections.run(async |client: &mut Client| {
            let statement = client.prepare_cached("SELECT DISTINCT owner FROM rows").await?;
            let rows = client.query(&statement, &[]).await?;
            let owners = rows.iter().map(|row| owner_of(column(row, 0)?));
            let mut owners = owners.collect::<Result<Vec<OwnerId>, Error>>()?;
            owners.sort_unstable();
            Ok(owners)
        })
    }
}

/// A row's version, due time and body, from the given column on.
fn read_row(row: &tokio_postgres::Row, at: usize) -> Result<Row, Error> {
    let due_at: Option<i64> = column(row, at + 1)?;
    Ok(Row {
        version: unsigned(column(row, at)?),
        due_at: due_at.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        body: column(row, at + 2)?,
    })
}

/// A column of another type than ours is in somebody else's table.
fn column<'a, T: FromSql<'a>>(row: &'a tokio_postgres::Row, at: usize) -> Result<T, Error> {
    row.try_get(at).map_err(|_| Error::Foreign)
}

fn owner_of(text: &str) -> Result<OwnerId, Error> {
    OwnerId::parse(text).ok_or(Error::Foreign)
}

// PostgreSQL has no unsigned integers. Versions and fencing numbers never come near the sign.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
#[cfg(feature = "postgres-peer")]
pub(super) mod tests;
