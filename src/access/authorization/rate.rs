//! How often something may be asked of one process: a bucket that fills with time.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// An allowance.
#[derive(Debug)]
pub(super) struct Rate {
    burst: f64,
    per_minute: f64,
    left: Mutex<(f64, Option<Timestamp>)>,
}

impl Rate {
    /// So many at once, and so many a minute after that.
    pub fn new(burst: u32, per_minute: u32) -> Rate {
        let (burst, per_minute) = (f64::from(burst), f64::from(per_minute));
        Rate { burst, per_minute, left: Mutex::new((burst, None)) }
    }

    /// Takes one. Whether there was one left.
    pub fn take(&self, now: Timestamp) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let since = left.1.map_or(0.0, |then| now.duration_since(then).as_secs_f64().max(0.0));
        left.0 = (left.0 + since * self.per_minute / 60.0).min(self.burst);
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
    fn a_burst_passes_and_then_only_so_many_a_minute() {
        let (rate, start) = (Rate::new(5, 60), Timestamp::UNIX_EPOCH);
        assert_eq!((0..9).filter(|_| rate.take(start)).count(), 5);
        let later = start + SignedDuration::from_secs(3);
        assert_eq!((0..9).filter(|_| rate.take(later)).count(), 3);
    }
}
