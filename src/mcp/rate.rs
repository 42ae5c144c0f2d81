//! How often is answered: buckets that fill with time, so that a loop in an assistant is slowed. The owner at this
//! machine has one for all; of those who come with a token each person has one a tool.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::access::OwnerId;

/// So many buckets are kept; then those go that are full again.
const BUCKETS_MAX: usize = 10_000;

/// How many calls are answered.
#[derive(Clone, Copy, Debug)]
pub struct PerMinute {
    /// Calls that may come at once.
    pub burst: f64,
    /// Calls a minute after that.
    pub calls: f64,
}

impl Default for PerMinute {
    fn default() -> PerMinute {
        PerMinute { burst: 60.0, calls: 240.0 }
    }
}

/// What is left of the allowances.
#[derive(Debug)]
pub struct Rate {
    limit: PerMinute,
    buckets: Mutex<HashMap<Key, Bucket>>,
}

type Key = Option<(OwnerId, &'static str)>;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Timestamp,
}

impl Rate {
    /// Full allowances.
    pub fn new(limit: PerMinute) -> Rate {
        Rate { limit, buckets: Mutex::default() }
    }

    /// Takes one call from the allowance, or says in how many seconds there is one again.
    pub fn take(&self, person: Option<&OwnerId>, tool: &'static str, now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.limit.burst);
        }
        let key = person.map(|person| (person.clone(), tool));
        let bucket = buckets.entry(key).or_insert(Bucket { left: self.limit.burst, at: now });
        bucket.left = self.filled(*bucket, now);
        bucket.at = now;
        if bucket.left < 1.0 {
            let wait_s = (1.0 - bucket.left) * 60.0 / self.limit.calls;
            return Err(wait_s.ceil().max(1.0) as u64);
        }
        bucket.left -= 1.0;
        Ok(())
    }

    fn filled(&self, bucket: Bucket, now: Timestamp) -> f64 {
        let since_s = now.duration_since(bucket.at).as_secs_f64().max(0.0);
        (bucket.left + since_s * self.limit.calls / 60.0).min(self.limit.burst)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_burst_is_answered_and_then_only_so_many_a_minute() {
        let (rate, start) = (Rate::new(PerMinute::default()), Timestamp::UNIX_EPOCH);
        let taken = |at| (0..100).filter(|_| rate.take(None, "get_labs", at).is_ok()).count();
        assert_eq!(taken(start), 60);
        assert_eq!(taken(start + SignedDuration::from_secs(10)), 40);
    }

    #[test]
    fn each_person_has_an_allowance_a_tool_and_hears_when_to_ask_again() {
        let rate = Rate::new(PerMinute { burst: 2.0, calls: 6.0 });
        let take =
            |owner, tool| rate.take(Some(&OwnerId::parse(owner).unwrap()), tool, Timestamp::UNIX_EPOCH);
        assert_eq!((take("a", "get_labs"), take("a", "get_labs")), (Ok(()), Ok(())));
        assert_eq!(take("a", "get_labs"), Err(10));
        assert_eq!((take("a", "get_vitals"), take("b", "get_labs")), (Ok(()), Ok(())));
    }

    #[test]
    fn only_so_many_allowances_are_kept() {
        let rate = Rate::new(PerMinute::default());
        for number in 0..BUCKETS_MAX + 10 {
            let later = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(number as i64);
            rate.take(OwnerId::parse(&number.to_string()).as_ref(), "get_labs", later).unwrap();
        }
        assert!(rate.buckets.lock().unwrap().len() < 100);
    }
}
