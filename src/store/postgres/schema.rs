//! The tables: made by whichever process comes first, and refused where they are not ours or newer.

use std::time::Duration;

use deadpool_postgres::Client;
use tokio_postgres::error::SqlState;

use super::super::error::Error;

/// Raised when the tables change.
const SCHEMA: i64 = 1;
/// The owner comes first in the key, no key is counted up and none points elsewhere, so that the table can be
/// spread by owner. Whether the store is whole the last table tells: some databases know no transaction over
/// tables.
const TABLES: &str = "
    CREATE TABLE rows (
        owner text NOT NULL,
        kind text NOT NULL,
        id text NOT NULL,
        version bigint NOT NULL,
        due_at bigint,
        leased_until bigint NOT NULL DEFAULT 0,
        fence bigint NOT NULL,
        body bytea NOT NULL,
        PRIMARY KEY (owner, kind, id)
    );
    CREATE INDEX rows_due ON rows (kind, due_at) WHERE due_at IS NOT NULL;
    CREATE TABLE plainchart (schema bigint PRIMARY KEY);
    INSERT INTO plainchart (schema) VALUES (1);";
/// How long another process is given to make the tables.
const WAITS_MAX: u32 = 30;
const WAIT: Duration = Duration::from_millis(100);

/// Makes the tables where there are none.
pub async fn prepare(client: &mut Client) -> Result<(), Error> {
    for _ in 0..WAITS_MAX {
        match schema(client).await? {
            Some(found) if found > SCHEMA => {
                let (found, known) = (found.unsigned_abs(), SCHEMA.unsigned_abs());
                return Err(Error::Newer { what: "this store", found, known });
            }
            Some(_) => return Ok(()),
            None => {}
        }
        // Of several processes the database lets one through, without a lock that not every database has. The
        // others find the tables there.
        if let Err(error) = create(client).await {
            let is_there =
                [SqlState::DUPLICATE_TABLE, SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_OBJECT];
            let was_slower = error.code().is_some_and(|state| is_there.contains(state));
            if !was_slower && !super::failure::is_to_be_repeated(&error) {
                return Err(error.into());
            }
            tokio::time::sleep(WAIT).await;
        }
    }
    Err(Error::Foreign)
}

async fn schema(client: &Client) -> Result<Option<i64>, Error> {
    match client.query_one("SELECT max(schema) FROM plainchart", &[]).await {
        Ok(row) => row.try_get(0).map_err(|_| Error::Foreign),
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Ok(None),
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_COLUMN) => Err(Error::Foreign),
        Err(error) => Err(error.into()),
    }
}

async fn create(client: &mut Client) -> Result<(), tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(TABLES).await?;
    transaction.commit().await
}
