//! The whole store as one file, taken while it is in use, and put back.
//!
//! A backup holds sealed rows and wrapped keys, and not the master key: keep that apart. A PostgreSQL store
//! is backed up with PostgreSQL's own means.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::error::Error;
use super::key::Kind;
use super::owner_key::master_id;
use super::sqlite::{connect, connect_to_read, failure, truncate_log};
use super::{folder, seal};

/// A restore waits so often for running processes to pause, each time so long.
const WAITS_MAX: usize = 1_000;
const WAIT: Duration = Duration::from_millis(5);

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// How many owners, the installation itself included.
    pub owners: u64,
    /// How many rows.
    pub rows: u64,
    /// The ids of the master keys that open it.
    pub masters: Vec<String>,
}

/// Whether a restore may replace what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Only an empty store is filled.
    Never,
    /// What is there is lost.
    Allowed,
}

/// Takes a backup of the store file, which other processes may go on using. An existing file is not
/// overwritten, and no half of a backup is ever left under the name.
pub fn take(store: &Path, to: &Path) -> Result<Contents, Error> {
    if !store.exists() {
        return Err(Error::Foreign);
    }
    if to.exists() {
        return Err(Error::NotEmpty);
    }
    let partial = beside(to);
    let taken = copy_out(store, &partial).and_then(|()| inspect(&partial));
    let kept = taken.and_then(|contents| {
        fs::rename(&partial, to).map_err(Error::failed("naming the backup"))?;
        Ok(contents)
    });
    if kept.is_err() {
        // The reason of the failure is what matters; a partial file that stays is overwritten next time.
        let _ = fs::remove_file(&partial);
    }
    kept
}

/// Checks a backup from end to end, as far as that goes without the key.
pub fn inspect(backup: &Path) -> Result<Contents, Error> {
    let connection = connect_to_read(backup)?;
    let verdict = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    if verdict.map_err(failure)? != "ok" {
        return Err(Error::Foreign);
    }
    must_be_readable(&connection)?;
    let count = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(failure);
    Ok(Contents {
        owners: count("SELECT count(DISTINCT owner) FROM rows")?.unsigned_abs(),
        rows: count("SELECT count(*) FROM rows")?.unsigned_abs(),
        masters: masters(&connection)?,
    })
}

/// Puts a backup in the place of the store: all of it, or nothing.
pub fn restore(backup: &Path, store: &Path, overwrite: Overwrite) -> Result<Contents, Error> {
    let contents = inspect(backup)?;
    let source = connect_to_read(backup)?;
    let mut target = connect(store)?;
    let is_empty =
        !target.prepare("SELECT 1 FROM rows").and_then(|mut rows| rows.exists([])).map_err(failure)?;
    if !is_empty && overwrite == Overwrite::Never {
        return Err(Error::NotEmpty);
    }
    copy(&source, &mut target)?;
    truncate_log(&target)?;
    Ok(contents)
}

fn copy_out(store: &Path, partial: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    folder::private(&mut options).open(partial).map_err(Error::failed("making the backup"))?;
    let source = connect(store)?;
    let mut target = Connection::open(partial).map_err(failure)?;
    copy(&source, &mut target)?;
    // Without a log beside it a backup is one file, and opens where nothing may be written.
    target.pragma_update(None, "journal_mode", "DELETE").map_err(failure)?;
    target.close().map_err(|(_, error)| failure(error))?;
    let file = File::open(partial).and_then(|file| file.sync_all());
    file.map_err(Error::failed("writing the backup to the disk"))
}

/// All pages in one step: it reads one moment of the source, and a log lets others write meanwhile. Several
/// steps would begin again with every write of another process.
fn copy(source: &Connection, target: &mut Connection) -> Result<(), Error> {
    let backup = Backup::new(source, target).map_err(failure)?;
    for _ in 0..WAITS_MAX {
        match backup.step(-1).map_err(failure)? {
            StepResult::Done => return Ok(()),
            _ => thread::sleep(WAIT),
        }
    }
    Err(Error::Busy)
}

/// Every sealed row begins with its format. A presence has no body.
fn must_be_readable(connection: &Connection) -> Result<(), Error> {
    let sql = "SELECT max(hex(substr(body, 1, 1))) FROM rows WHERE kind <> ?1";
    let newest = connection.query_row(sql, [Kind::Presence.word()], |row| row.get::<_, Option<String>>(0));
    let newest = newest.map_err(failure)?.unwrap_or_default();
    let found = u64::from_str_radix(&newest, 16).unwrap_or(0);
    let known = seal::FORMAT.into();
    if found > known { Err(Error::Newer { what: "this backup", found, known }) } else { Ok(()) }
}

fn masters(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut select = connection.prepare("SELECT body FROM rows WHERE kind = ?1").map_err(failure)?;
    let mut rows = select.query([Kind::Key.word()]).map_err(failure)?;
    let mut masters = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        let wrapped: Vec<u8> = row.get(0).map_err(failure)?;
        masters.push(master_id(&wrapped)?.to_owned());
    }
    masters.sort();
    masters.dedup();
    Ok(masters)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests;
