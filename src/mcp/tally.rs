//! What became of calls, counted by tool and outcome: for the metrics of a server.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::access::Outcome;

/// The counts since the process began.
#[derive(Debug, Default)]
pub struct Tally {
    ended: Mutex<BTreeMap<(&'static str, Outcome), u64>>,
    slowed: AtomicU64,
}

impl Tally {
    /// Counts a call that has ended.
    pub fn ended(&self, tool: &'static str, outcome: Outcome) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner).entry((tool, outcome)).or_default() += 1;
    }

    /// Counts a call that came too soon after others.
    pub fn slowed(&self) {
        self.slowed.fetch_add(1, Ordering::Relaxed);
    }

    /// All that have ended, by tool and outcome.
    pub fn all_ended(&self) -> BTreeMap<(&'static str, Outcome), u64> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All that came too soon.
    pub fn all_slowed(&self) -> u64 {
        self.slowed.load(Ordering::Relaxed)
    }
}
