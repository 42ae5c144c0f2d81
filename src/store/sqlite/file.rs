//! Opening the SQLite file: its settings, its mark, its schema, and the wait for other processes.

use std::fs::OpenOptions;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::super::error::Error;
use super::failure;
use crate::store::folder;

/// Marks the file as ours ("pchr"), so that another program's file is not written to.
const APPLICATION_ID: i32 = 0x7063_6872;
/// Raised when the tables change.
const SCHEMA: i32 = 1;
/// The body comes last: SQLite reads a row from the left, and a list does not need it.
const TABLES: &str = "
    CREATE TABLE rows (
        owner TEXT NOT NULL,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        due_at INTEGER,
        leased_until INTEGER NOT NULL DEFAULT 0,
        fence INTEGER NOT NULL,
        body BLOB NOT NULL,
        UNIQUE (owner, kind, id)
    ) STRICT;
    CREATE INDEX rows_due ON rows (kind, due_at) WHERE due_at IS NOT NULL;";
/// What every connection sets. A commit is on the disk when it returns (`FULL`; `fullfsync` is macOS's word
/// for the same), and removed bytes are overwritten.
const SETTINGS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA secure_delete = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;";

/// Waiting for another process looks again after a millisecond and gives up after about five seconds.
/// SQLite's own wait sleeps up to a tenth of a second at a time, and so misses short gaps.
const WAIT: Duration = Duration::from_millis(1);
const WAITS_MAX: i32 = 5_000;
/// Truncating the log needs one moment without a reader.
const TRUNCATIONS_MAX: usize = 400;
const TRUNCATION_PAUSE: Duration = Duration::from_millis(5);

/// A connection to the file, which is made, with its folder, where there is none.
pub fn connect(path: &Path) -> Result<Connection, Error> {
    if let Some(parent) = path.parent() {
        folder::make_private(parent).map_err(Error::failed("making the folder of the store"))?;
    }
    if !path.exists() {
        // SQLite gives its files the mode of the main one, so that one is made first.
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        folder::private(&mut options).open(path).map_err(Error::failed("making the store"))?;
    }
    let mut connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if schema(&read(&connection)?)? == 0 {
        create_in_turn(&mut connection)?;
    }
    connection.execute_batch(SETTINGS).map_err(failure)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// A connection that only reads: for a backup file. It makes nothing.
pub fn connect_to_read(path: &Path) -> Result<Connection, Error> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let is_empty = schema(&read(&connection)?)? == 0;
    if is_empty { Err(Error::Foreign) } else { Ok(connection) }
}

fn open(path: &Path, access: OpenFlags) -> Result<Connection, Error> {
    // No mutex: a connection is used by one thread at a time.
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failure)?;
    connection.busy_handler(Some(wait)).map_err(failure)?;
    Ok(connection)
}

fn wait(waits: i32) -> bool {
    thread::sleep(WAIT);
    waits < WAITS_MAX
}

fn read(connection: &Connection) -> Result<Transaction<'_>, Error> {
    connection.unchecked_transaction().map_err(failure)
}

/// The schema of the file; 0 for an empty one. Another program's file and a newer schema are refused.
///
/// In a transaction, since a file that another process makes just now would seem to be someone else's: with
/// tables, but without our mark.
fn schema(connection: &Transaction<'_>) -> Result<i32, Error> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get(0)).map_err(failure);
    let (application, schema): (i32, i32) = (number("application_id")?, number("user_version")?);
    if (application, schema) == (0, 0) {
        let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
        let tables: i64 = tables.map_err(failure)?;
        return if tables == 0 { Ok(0) } else { Err(Error::Foreign) };
    }
    if application != APPLICATION_ID {
        return Err(Error::Foreign);
    }
    if schema > SCHEMA {
        let (found, known) = (schema.unsigned_abs().into(), SCHEMA.unsigned_abs().into());
        return Err(Error::Newer { what: "this store", found, known });
    }
    Ok(schema)
}

/// Of several processes that make the store at once, some are told at once that it is busy: turning on the
/// log is the one step that SQLite does not wait for.
fn create_in_turn(connection: &mut Connection) -> Result<(), Error> {
    for _ in 0..WAITS_MAX {
        match create(connection) {
            Err(Error::Busy) => thread::sleep(WAIT),
            created => return created,
        }
    }
    Err(Error::Busy)
}

fn create(connection: &mut Connection) -> Result<(), Error> {
    let mode = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
    if mode.map_err(failure)? != "wal" {
        let doing = "turning on the write-ahead log (the store must be on a local disk)";
        return Err(Error::failed(doing)("the file system does not have it"));
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failure)?;
    // Another process may have been first while this one waited.
    if schema(&transaction)? == 0 {
        transaction.execute_batch(TABLES).map_err(failure)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failure)?;
        transaction.pragma_update(None, "user_version", SCHEMA).map_err(failure)?;
    }
    transaction.commit().map_err(failure)
}

/// Moves the log into the file and cuts it to nothing, so that removed rows are in neither.
pub fn truncate_log(connection: &Connection) -> Result<(), Error> {
    // A passive checkpoint does the bulk without holding up anyone.
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).map_err(failure)?;
    // The rest holds the write lock, so it must not sit and wait for readers: it tries again instead.
    connection.busy_handler(None).map_err(failure)?;
    let truncated = (0..TRUNCATIONS_MAX).any(|_| {
        let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        let done = matches!(busy, Ok(0));
        if !done {
            thread::sleep(TRUNCATION_PAUSE);
        }
        done
    });
    connection.busy_handler(Some(wait)).map_err(failure)?;
    if truncated { Ok(()) } else { Err(Error::Busy) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_programs_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.db");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert!(matches!(connect(&path), Err(Error::Foreign)));
        std::fs::write(&path, "no database at all, but a text of some length").unwrap();
        assert!(matches!(connect(&path), Err(Error::Foreign)));
    }

    #[test]
    fn a_newer_schema_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chart.db");
        connect(&path).unwrap().pragma_update(None, "user_version", SCHEMA + 1).unwrap();
        let error = connect(&path).unwrap_err();
        assert_eq!(
            error.to_string(),
            "this store has format 2, and this version knows 1 at most: update plainchart"
        );
    }

    #[test]
    fn the_settings_hold() {
        let folder = tempfile::tempdir().unwrap();
        let connection = connect(&folder.path().join("chart.db")).unwrap();
        let text = |name| connection.pragma_query_value(None, name, |row| row.get::<_, String>(0)).unwrap();
        let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(text("journal_mode"), "wal");
        assert_eq!(number("synchronous"), 2);
        assert_eq!(number("secure_delete"), 1);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_person_can_read_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let connection = connect(&home.join("chart.db")).unwrap();
        connection.execute_batch("INSERT INTO rows VALUES ('a', 'b', 'c', 1, NULL, 0, 1, 'x')").unwrap_err();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&home), 0o700);
        for name in ["chart.db", "chart.db-wal", "chart.db-shm"] {
            assert_eq!(mode(&home.join(name)), 0o600, "{name}");
        }
    }
}
