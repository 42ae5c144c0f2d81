//! Rows in one SQLite file, which a running server and a stdio process may share.

mod claims;
mod file;
mod transaction;
mod turn;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::engine::{Claim, Engine, Row, Settlement, Write};
use super::error::Error;
use super::key::{Kind, OwnerId, RowKey};
use crate::clock::Clock;

pub(super) use file::{connect, connect_to_read, truncate_log};
use transaction::Transaction;
use turn::{Came, Turn};

/// One step of forgetting removes so many bytes at most, since secure deletion writes each of them again
/// and other writers wait meanwhile.
const FORGET_BYTES_MAX: u64 = 1 << 20;
const FORGET_ROWS_MAX: u32 = 256;
/// Connections that are kept open for the next call.
const IDLE_MAX: usize = 8;

/// The engine behind `sqlite:PATH`.
pub struct Sqlite {
    path: PathBuf,
    clock: Clock,
    idle: Mutex<Vec<Connection>>,
    // Writers of this process queue here, where waking up is immediate, and not in SQLite, where it is polled.
    turn: Turn,
}

impl Sqlite {
    /// Opens the file, and makes it (with its folder) where there is none.
    pub fn open(path: &Path, clock: Clock) -> Result<Self, Error> {
        let first = connect(path)?;
        Ok(Self { path: path.to_path_buf(), clock, idle: Mutex::new(vec![first]), turn: Turn::default() })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path)?,
        };
        let result = work(&mut connection);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(connection);
        }
        result
    }

    fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.with(|connection| {
            let transaction = Transaction::to_read(connection).map_err(failure)?;
            work(&transaction)
        })
    }

    fn change<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let _turn = self.turn.wait();
        self.in_turn(work)
    }

    /// Only for whoever has the turn.
    fn in_turn<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.with(|connection| {
            let transaction = Transaction::to_write(connection).map_err(failure)?;
            let result = work(&transaction)?;
            transaction.commit().map_err(failure)?;
            Ok(result)
        })
    }
}

impl Engine for Sqlite {
    fn is_near(&self) -> bool {
        true
    }

    fn get(&self, owner: &OwnerId, keys: &[RowKey]) -> Result<Vec<Option<Row>>, Error> {
        self.read(|transaction| {
            let mut select = prepare(
                transaction,
                "SELECT version, due_at, body FROM rows WHERE owner = ?1 AND kind = ?2 AND id = ?3",
            )?;
            let rows = keys.iter().map(|key| {
                let place = params![owner.as_str(), key.kind.word(), key.id];
                select.query_row(place, |row| read_row(row, 0)).optional().map_err(failure)
            });
            rows.collect()
        })
    }

    fn get_beside(
        &self,
        owner: &OwnerId,
        of: &RowKey,
        key: &RowKey,
    ) -> Result<Option<(u64, Option<Row>)>, Error> {
        // One statement sees one moment, and needs no transaction around it.
        self.with(|connection| {
            let sql = "SELECT first.version, rows.version, rows.due_at, rows.body FROM rows AS first
                       LEFT JOIN rows ON rows.owner = ?1 AND rows.kind = ?4 AND rows.id = ?5
                       WHERE first.owner = ?1 AND first.kind = ?2 AND first.id = ?3";
            let mut select = connection.prepare_cached(sql).map_err(failure)?;
            let places = params![owner.as_str(), of.kind.word(), of.id, key.kind.word(), key.id];
            let found = select.query_row(places, |row| {
                let second = row.get::<_, Option<i64>>(1)?.map(|_| read_row(row, 1)).transpose()?;
                Ok((unsigned(row.get(0)?), second))
            });
            found.optional().map_err(failure)
        })
    }

    fn list(&self, owner: &OwnerId, kind: Kind) -> Result<Vec<(String, u64)>, Error> {
        self.read(|transaction| {
            let sql = "SELECT id, version FROM rows WHERE owner = ?1 AND kind = ?2 ORDER BY id";
            let mut select = prepare(transaction, sql)?;
            let rows = select.query_map(params![owner.as_str(), kind.word()], |row| {
                Ok((row.get(0)?, unsigned(row.get(1)?)))
            });
            rows.and_then(Iterator::collect).map_err(failure)
        })
    }

    fn write(&self, owner: &OwnerId, batch: &[Write]) -> Result<(), Error> {
        let (_turn, others) = match self.turn.wait_with(owner, batch) {
            Came::Written(written) => return written,
            Came::Turn(turn, others) => (turn, others),
        };
        if others.is_empty() {
            return self.in_turn(|transaction| apply_all(transaction, owner, batch));
        }
        let (own, of_others) = self.in_turn(|transaction| {
            let own = apart(transaction, owner, batch)?;
            let of_others = others.iter().map(|other| apart(transaction, &other.owner, &other.writes));
            Ok((own, of_others.collect::<Result<Vec<_>, Error>>()?))
        })?;
        for (other, written) in others.iter().zip(of_others) {
            other.is_written(written);
        }
        own
    }

    fn forget(&self, owner: &OwnerId) -> Result<(), Error> {
        while self.change(|transaction| forget_some(transaction, owner))? {}
        self.with(|connection| truncate_log(connection))
    }

    fn due(&self, kind: Kind, lease_ms: u32, limit: u32) -> Result<Vec<Claim>, Error> {
        let now = self.clock.now();
        // Looking takes no lock, and mostly there is nothing.
        if self.read(|transaction| claims::ready(transaction, kind, now, 1))?.is_empty() {
            return Ok(Vec::new());
        }
        self.change(|transaction| claims::claim(transaction, kind, now, lease_ms, limit))
    }

    fn settle(&self, claim: &Claim, settlement: Settlement) -> Result<(), Error> {
        self.change(|transaction| claims::settle(transaction, claim, settlement))
    }

    fn owners(&self) -> Result<Vec<OwnerId>, Error> {
        // Each step seeks to the next owner, so that the rows between are not walked.
        let sql = "WITH RECURSIVE each(owner) AS (
                       SELECT min(owner) FROM rows
                       UNION ALL
                       SELECT (SELECT min(owner) FROM rows WHERE owner > each.owner) FROM each
                       WHERE each.owner IS NOT NULL)
                   SELECT owner FROM each WHERE owner IS NOT NULL";
        self.read(|transaction| {
            let mut select = prepare(transaction, sql)?;
            let mut rows = select.query([]).map_err(failure)?;
            let mut owners = Vec::new();
            while let Some(row) = rows.next().map_err(failure)? {
                owners.push(owner_of(&row.get::<_, String>(0).map_err(failure)?)?);
            }
            Ok(owners)
        })
    }
}

fn apply_all(transaction: &Transaction<'_>, owner: &OwnerId, batch: &[Write]) -> Result<(), Error> {
    batch.iter().try_for_each(|write| apply(transaction, owner, write))
}

/// Applies a batch so that it alone is taken back if it fails. The outer error is of the transaction as a whole.
fn apart(
    transaction: &Transaction<'_>,
    owner: &OwnerId,
    batch: &[Write],
) -> Result<Result<(), Error>, Error> {
    run(transaction, "SAVEPOINT batch", [])?;
    let applied = apply_all(transaction, owner, batch);
    if applied.is_err() {
        run(transaction, "ROLLBACK TO batch", [])?;
    }
    run(transaction, "RELEASE batch", [])?;
    Ok(applied)
}

fn apply(transaction: &Transaction<'_>, owner: &OwnerId, write: &Write) -> Result<(), Error> {
    let owner = owner.as_str();
    let changed = match write {
        Write::Put { key, expected: None, body, due_at } => {
            let sql = "INSERT INTO rows (owner, kind, id, version, due_at, fence, body)
                       VALUES (?1, ?2, ?3, 1, ?4, 1, ?5) ON CONFLICT DO NOTHING";
            let due_at = due_at.map(Timestamp::as_millisecond);
            run(transaction, sql, params![owner, key.kind.word(), key.id, due_at, body])?
        }
        Write::Put { key, expected: Some(version), body, due_at } => {
            let sql = "UPDATE rows SET version = version + 1, due_at = ?5, body = ?6,
                       leased_until = 0, fence = fence + 1
                       WHERE owner = ?1 AND kind = ?2 AND id = ?3 AND version = ?4";
            let due_at = due_at.map(Timestamp::as_millisecond);
            run(transaction, sql, params![owner, key.kind.word(), key.id, signed(*version), due_at, body])?
        }
        Write::Delete { key, version } => {
            let sql = "DELETE FROM rows WHERE owner = ?1 AND kind = ?2 AND id = ?3 AND version = ?4";
            run(transaction, sql, params![owner, key.kind.word(), key.id, signed(*version)])?
        }
        Write::Expect { key, version } => {
            let sql = "SELECT 1 FROM rows WHERE owner = ?1 AND kind = ?2 AND id = ?3 AND version = ?4";
            let place = params![owner, key.kind.word(), key.id, signed(*version)];
            usize::from(prepare(transaction, sql)?.exists(place).map_err(failure)?)
        }
    };
    if changed == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Removes a few rows of an owner. Whether there may be more.
fn forget_some(transaction: &Transaction<'_>, owner: &OwnerId) -> Result<bool, Error> {
    let sql = "SELECT rowid, length(body) FROM rows WHERE owner = ?1 LIMIT ?2";
    let mut select = prepare(transaction, sql)?;
    let mut rows = select.query(params![owner.as_str(), FORGET_ROWS_MAX]).map_err(failure)?;
    let (mut bytes, mut chosen) = (0, Vec::new());
    while bytes < FORGET_BYTES_MAX
        && let Some(row) = rows.next().map_err(failure)?
    {
        chosen.push(row.get::<_, i64>(0).map_err(failure)?);
        bytes += unsigned(row.get(1).map_err(failure)?);
    }
    drop(rows);
    for rowid in &chosen {
        run(transaction, "DELETE FROM rows WHERE rowid = ?1", params![rowid])?;
    }
    Ok(!chosen.is_empty())
}

/// A row's version, due time and body, from the given column on.
fn read_row(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Row> {
    let due_at: Option<i64> = row.get(column + 1)?;
    Ok(Row {
        version: unsigned(row.get(column)?),
        due_at: due_at.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        body: row.get(column + 2)?,
    })
}

fn owner_of(text: &str) -> Result<OwnerId, Error> {
    OwnerId::parse(text).ok_or(Error::Foreign)
}

fn prepare<'a>(transaction: &'a Transaction<'_>, sql: &str) -> Result<CachedStatement<'a>, Error> {
    transaction.prepare_cached(sql).map_err(failure)
}

fn run(transaction: &Transaction<'_>, sql: &str, values: impl rusqlite::Params) -> Result<usize, Error> {
    prepare(transaction, sql)?.execute(values).map_err(failure)
}

// SQLite has no unsigned integers. Versions and fencing numbers never come near the sign.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// SQLite's errors in the store's words.
pub(super) fn failure(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, NotADatabase};
    match error.sqlite_error_code() {
        Some(DatabaseBusy | DatabaseLocked) => Error::Busy,
        Some(NotADatabase) => Error::Foreign,
        _ => Error::failed("the SQLite file")(error),
    }
}

#[cfg(test)]
mod tests;
