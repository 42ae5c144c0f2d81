//! A batch in one transaction: every statement is sent at once, in the order of the batch, and all of them must
//! find their row.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use deadpool_postgres::{Client, Transaction};
use jiff::Timestamp;
use tokio_postgres::Statement;

use super::super::engine::Write;
use super::super::error::Error;
use super::super::key::OwnerId;
use super::failure::is_to_be_repeated;
use super::signed;

/// How often a batch is sent again that was in the way of another.
const TRIES_MAX: usize = 8;

/// Applies the batch, or `Conflict` and nothing. After `Unreachable` it may be either.
pub async fn write(client: &mut Client, owner: &OwnerId, batch: &[Write]) -> Result<(), Error> {
    for _ in 0..TRIES_MAX {
        match write_once(client, owner, batch).await {
            Ok(true) => return Ok(()),
            Ok(false) => return Err(Error::Conflict),
            // Not a conflict: of a deadlock both sides may be right, once one of them has waited.
            Err(error) if is_to_be_repeated(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Busy)
}

async fn write_once(
    client: &mut Client,
    owner: &OwnerId,
    batch: &[Write],
) -> Result<bool, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    let statements = Statements::prepare(&transaction).await?;
    let mut answers = Vec::new();
    for write in batch {
        let mut answer = Box::pin(apply(&transaction, &statements, owner.as_str(), write));
        // A statement is on its way once it was polled: looking at each once keeps the order of the batch.
        let first = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await;
        answers.push(match first {
            Poll::Ready(changed) => Answer::Here(changed?),
            Poll::Pending => Answer::Awaited(answer),
        });
    }
    let mut is_whole = true;
    for answer in answers {
        let changed = match answer {
            Answer::Here(changed) => changed,
            Answer::Awaited(answer) => answer.await?,
        };
        is_whole &= changed == 1;
    }
    if is_whole {
        transaction.commit().await?
    } else {
        transaction.rollback().await?
    }
    Ok(is_whole)
}

enum Answer<F> {
    Here(u64),
    Awaited(Pin<Box<F>>),
}

/// Prepared before the first is sent, so that none waits for being prepared while a later one overtakes it.
struct Statements {
    insert: Statement,
    update: Statement,
    delete: Statement,
    expect: Statement,
}

impl Statements {
    async fn prepare(transaction: &Transaction<'_>) -> Result<Self, tokio_postgres::Error> {
        let insert = "INSERT INTO rows (owner, kind, id, version, due_at, fence, body)
                      VALUES ($1, $2, $3, 1, $4, 1, $5) ON CONFLICT DO NOTHING";
        let update = "UPDATE rows SET version = version + 1, due_at = $5, body = $6,
                      leased_until = 0, fence = fence + 1
                      WHERE owner = $1 AND kind = $2 AND id = $3 AND version = $4";
        let delete = "DELETE FROM rows WHERE owner = $1 AND kind = $2 AND id = $3 AND version = $4";
        // Shared: others may expect the row too, and nobody may change it before this batch is whole.
        let expect = "SELECT 1 FROM rows
                      WHERE owner = $1 AND kind = $2 AND id = $3 AND version = $4 FOR SHARE";
        Ok(Self {
            insert: transaction.prepare_cached(insert).await?,
            update: transaction.prepare_cached(update).await?,
            delete: transaction.prepare_cached(delete).await?,
            expect: transaction.prepare_cached(expect).await?,
        })
    }
}

/// How many rows it found: one, unless somebody was first.
async fn apply(
    transaction: &Transaction<'_>,
    statements: &Statements,
    owner: &str,
    write: &Write,
) -> Result<u64, tokio_postgres::Error> {
    match write {
        Write::Put { key, expected: None, body, due_at } => {
            let due_at = due_at.map(Timestamp::as_millisecond);
            transaction.execute(&statements.insert, &[&owner, &key.kind.word(), &key.id, &due_at, body]).await
        }
        Write::Put { key, expected: Some(version), body, due_at } => {
            let due_at = due_at.map(Timestamp::as_millisecond);
            transaction
                .execute(
                    &statements.update,
                    &[&owner, &key.kind.word(), &key.id, &signed(*version), &due_at, body],
                )
                .await
        }
        Write::Delete { key, version } => {
            transaction
                .execute(&statements.delete, &[&owner, &key.kind.word(), &key.id, &signed(*version)])
                .await
        }
        Write::Expect { key, version } => {
            transaction
                .execute(&statements.expect, &[&owner, &key.kind.word(), &key.id, &signed(*version)])
                .await
        }
    }
}
