//! What access tokens opened when they were looked at last. Each call looks at the row of its grant; a row that has not
//! changed by a byte says the same as before, and need not be opened and read again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::bearer::Bearer;
use super::token::Hash;
use crate::access::account::Acting;
use crate::record::Scope;
use crate::store::Row;

/// Tokens that are remembered. With one more all are forgotten, which costs each a reading.
const TOKENS_MAX: usize = 10_000;

/// Tokens that were good.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<Hash, Seen>>);

/// A token that was good.
#[derive(Clone)]
pub(super) struct Seen {
    /// The row of its grant, as it was, sealed.
    pub row: Row,
    /// Who calls.
    pub bearer: Arc<Bearer>,
    /// What may be seen.
    pub scope: Arc<Scope>,
    /// What the account that gave it is to the person.
    pub by: Acting,
    /// Whether portals may be asked for what is new.
    pub may_update: bool,
    /// Until when.
    pub until: Timestamp,
}

impl Known {
    /// What a token opens, if all is as it was.
    pub(super) fn get(&self, token: Hash, row: &Row, now: Timestamp) -> Option<Seen> {
        let seen = self.lock();
        let seen = seen.get(&token)?;
        (seen.row == *row && now < seen.until).then(|| seen.clone())
    }

    /// Remembers a token that is good.
    pub(super) fn keep(&self, token: Hash, seen: Seen) {
        let mut all = self.lock();
        if all.len() >= TOKENS_MAX {
            all.clear();
        }
        all.insert(token, seen);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
