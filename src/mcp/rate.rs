//! How often one process answers: a bucket that fills with time, so that a loop in an assistant is slowed.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// Calls that may come at once, and calls a minute after that.
const BURST: f64 = 60.0;
const PER_MINUTE: f64 = 240.0;

/// What is left of the allowance.
#[derive(Debug)]
pub struct Rate {
    left: Mutex<(f64, Option<Timestamp>)>,
}

impl Rate {
    /// A full allowance.
    pub fn new() -> Rate {
        Rate { left: Mutex::new((BURST, None)) }
    }

    /// Takes one call from the allowance. Whether there was one left.
    pub fn take(&self, now: Timestamp) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let since = left.1.map_or(0.0, |then| now.duration_since(then).as_secs_f64().max(0.0));
        left.0 = (left.0 + since * PER_MINUTE / 60.0).min(BURST);
        left.1 = Some(now);
        let is_left = left.0 >= 1.0;
        if is_left {
            left.0 -= 1.0;
        }
        is_left
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_burst_is_answered_and_then_only_so_many_a_minute() {
        let (rate, start) = (Rate::new(), Timestamp::UNIX_EPOCH);
        let taken = (0..100).filter(|_| rate.take(start)).count();
        assert_eq!(taken, 60);
        let later = start + SignedDuration::from_secs(10);
        assert_eq!((0..100).filter(|_| rate.take(later)).count(), 40);
    }
}
