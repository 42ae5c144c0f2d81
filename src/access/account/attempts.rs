//! How often one may try to sign in: the wait after wrong tries grows.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// So many may go wrong before there is a wait.
const FREE: u32 = 5;
/// The longest wait. Whoever knows a name and tries at it again and again keeps its owner waiting all that time: a
/// passkey, a recovery code and the operator's link wait for nothing.
const WAIT_MAX_S: i64 = 15 * 60;
/// Nobody tries again after a day because of yesterday's slips.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The tries since the last time it went well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// How many, with the one that is under way.
    pub failed: u32,
    /// When the last one began.
    last_at: Option<Timestamp>,
}

impl Attempts {
    /// Whether one may try now.
    pub fn may_try(&self, now: Timestamp) -> bool {
        self.last_at.is_none_or(|last| now >= last + SignedDuration::from_secs(wait_s(self.failed)))
    }

    /// With one more try. It counts as failed from its begin, so that many at once cannot slip through.
    #[must_use]
    pub fn begun(self, now: Timestamp) -> Attempts {
        let is_old = self.last_at.is_none_or(|last| now > last + FORGOTTEN_AFTER);
        let failed = if is_old { 0 } else { self.failed };
        Attempts { failed: failed.saturating_add(1), last_at: Some(now) }
    }
}

fn wait_s(failed: u32) -> i64 {
    match failed.checked_sub(FREE) {
        None => 0,
        Some(over) => 1_i64.checked_shl(over).filter(|wait| *wait > 0).unwrap_or(WAIT_MAX_S).min(WAIT_MAX_S),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = [0, 4, 5, 6, 7, 14, 15, 200, u32::MAX].into_iter().map(wait_s).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 512, 900, 900, 900]);
    }

    #[test]
    fn a_try_counts_from_its_begin_and_is_forgotten_after_a_day() {
        let begin = Timestamp::UNIX_EPOCH;
        let mut attempts = Attempts::default();
        for _ in 0..6 {
            attempts = attempts.begun(begin);
        }
        assert!(!attempts.may_try(begin + SignedDuration::from_secs(1)));
        assert!(attempts.may_try(begin + SignedDuration::from_secs(2)));
        assert_eq!(attempts.begun(begin + SignedDuration::from_hours(25)).failed, 1);
    }
}
