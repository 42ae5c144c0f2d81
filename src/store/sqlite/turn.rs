//! Writers of one process take turns. The batches of those who wait are written in the transaction of whoever's turn
//! it is: one commit, and so one wait for the disk, for all of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use crate::store::engine::Write;
use crate::store::error::Error;
use crate::store::key::OwnerId;

/// Batches of one transaction, so that no transaction gets long.
const TOGETHER_MAX: usize = 32;
/// Larger batches wait for a turn of their own.
const TOGETHER_BYTES_MAX: usize = 32 << 10;

/// Whose turn it is, and who waits.
#[derive(Default)]
pub struct Turn {
    taken: Mutex<()>,
    waiting: Mutex<Vec<Arc<Batch>>>,
}

/// A batch that waits.
pub struct Batch {
    /// Whose rows.
    pub owner: OwnerId,
    /// What to write.
    pub writes: Vec<Write>,
    written: Mutex<Option<Result<(), Error>>>,
}

/// What came of waiting for a turn.
pub enum Came<'a> {
    /// The turn, with the batches of others that are to be written along.
    Turn(MutexGuard<'a, ()>, Vec<Arc<Batch>>),
    /// Somebody else has written the batch.
    Written(Result<(), Error>),
}

impl Turn {
    /// Waits for the turn.
    pub fn wait(&self) -> MutexGuard<'_, ()> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn, or for somebody else to have written the batch.
    pub fn wait_with(&self, owner: &OwnerId, writes: &[Write]) -> Came<'_> {
        let (turn, own) = match self.taken.try_lock() {
            Ok(turn) => (turn, None),
            Err(TryLockError::Poisoned(poisoned)) => (poisoned.into_inner(), None),
            Err(TryLockError::WouldBlock) => {
                let own = is_small(writes).then(|| self.add(owner, writes));
                (self.wait(), own)
            }
        };
        if let Some(own) = own {
            if let Some(written) = own.take() {
                return Came::Written(written);
            }
            self.waiting().retain(|other| !Arc::ptr_eq(other, &own));
        }
        let mut waiting = self.waiting();
        let most = waiting.len().min(TOGETHER_MAX);
        let others = waiting.drain(..most).collect();
        drop(waiting);
        Came::Turn(turn, others)
    }

    /// How many wait.
    #[cfg(test)]
    pub fn are_waiting(&self) -> usize {
        self.waiting().len()
    }

    fn add(&self, owner: &OwnerId, writes: &[Write]) -> Arc<Batch> {
        let (owner, writes) = (owner.clone(), writes.to_vec());
        let batch = Arc::new(Batch { owner, writes, written: Mutex::default() });
        self.waiting().push(Arc::clone(&batch));
        batch
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Arc<Batch>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Batch {
    /// Says what became of it. One of which nothing is said is written by whoever waits for it.
    pub fn is_written(&self, written: Result<(), Error>) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(written);
    }

    fn take(&self) -> Option<Result<(), Error>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn is_small(writes: &[Write]) -> bool {
    let bytes = writes.iter().map(|write| match write {
        Write::Put { body, .. } => body.len(),
        Write::Delete { .. } | Write::Expect { .. } => 0,
    });
    bytes.sum::<usize>() <= TOGETHER_BYTES_MAX
}
