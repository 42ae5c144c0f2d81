//! Transactions that cost no parsing: their statements are prepared once for each connection, like all others.

use std::ops::Deref;

use rusqlite::Connection;

/// A transaction, which is taken back unless it is committed.
pub struct Transaction<'a>(&'a Connection);

impl Transaction<'_> {
    /// One that sees the file as of one moment, and changes nothing.
    pub fn to_read(connection: &Connection) -> rusqlite::Result<Transaction<'_>> {
        begin(connection, "BEGIN DEFERRED")
    }

    /// One that writes. It has the lock from the beginning: one that reads first and then writes may fail half-way as
    /// busy.
    pub fn to_write(connection: &Connection) -> rusqlite::Result<Transaction<'_>> {
        begin(connection, "BEGIN IMMEDIATE")
    }

    /// Makes it last.
    pub fn commit(self) -> rusqlite::Result<()> {
        run(self.0, "COMMIT")
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // If this fails the connection is of no use, and its next transaction says so.
            let _ = run(self.0, "ROLLBACK");
        }
    }
}

fn begin<'a>(connection: &'a Connection, statement: &str) -> rusqlite::Result<Transaction<'a>> {
    run(connection, statement)?;
    Ok(Transaction(connection))
}

fn run(connection: &Connection, statement: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(statement)?.execute([]).map(|_| ())
}
