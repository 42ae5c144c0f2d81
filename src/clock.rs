//! The only place that asks for the time or for randomness; both are values handed to whoever needs them.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// What time it is: the system's, or an instant that a test has chosen.
#[derive(Clone, Debug)]
pub struct Clock {
    instant: Instant,
    today: Option<Date>,
}

#[derive(Clone, Debug)]
enum Instant {
    System,
    /// Milliseconds since 1970, shared by the clones so that a test can move all of them on.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self { instant: Instant::System, today: None }
    }

    /// A clock that stands still at an instant (to the millisecond) until it is moved on.
    pub fn fixed(at: Timestamp) -> Self {
        Self { instant: Instant::Fixed(Arc::new(AtomicI64::new(at.as_millisecond()))), today: None }
    }

    /// The same clock with another idea of today's date (`--today`); instants stay as they are.
    #[must_use]
    pub fn with_today(self, today: Date) -> Self {
        Self { today: Some(today), ..self }
    }

    /// Whether it is the system's.
    pub fn is_system(&self) -> bool {
        matches!(self.instant, Instant::System)
    }

    /// The instant.
    pub fn now(&self) -> Timestamp {
        match &self.instant {
            Instant::System => system_now(),
            Instant::Fixed(ms) => {
                Timestamp::from_millisecond(ms.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// Today's date: the override, else the date in the system's time zone (UTC for a fixed clock, so that
    /// a test says the same everywhere).
    pub fn today(&self) -> Date {
        let zone = match &self.instant {
            Instant::System => TimeZone::system(),
            Instant::Fixed(_) => TimeZone::UTC,
        };
        self.today.unwrap_or_else(|| self.now().to_zoned(zone).date())
    }

    /// Moves a fixed clock, and every clone of it, on. The system's clock is left alone.
    pub fn advance(&self, by: SignedDuration) {
        if let Instant::Fixed(ms) = &self.instant {
            let by_ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            ms.fetch_add(by_ms, Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn system_now() -> Timestamp {
    Timestamp::now()
}

/// Where random bytes come from: the operating system, or a seed that a test has chosen.
#[derive(Clone, Debug)]
pub struct Randomness(Origin);

#[derive(Clone, Debug)]
enum Origin {
    System,
    Seeded(Arc<Stream>),
}

/// SHA-256 over a seed and a counter: the same bytes in every run, on every platform.
#[derive(Debug)]
struct Stream {
    seed: u64,
    block: AtomicU64,
    // Held while a request is served, so that two threads do not share one request's blocks.
    turn: Mutex<()>,
}

impl Randomness {
    /// The operating system's randomness: the only kind that keys may come from outside tests.
    pub fn system() -> Self {
        Self(Origin::System)
    }

    /// The same bytes for the same seed. For tests only: whoever knows the seed knows the keys.
    pub fn seeded(seed: u64) -> Self {
        Self(Origin::Seeded(Arc::new(Stream { seed, block: AtomicU64::new(0), turn: Mutex::new(()) })))
    }

    /// Fills the bytes.
    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.0 {
            // A key made of anything else would be worse than an end, and no caller could do better.
            Origin::System => {
                assert!(getrandom::fill(bytes).is_ok(), "the operating system gives no randomness");
            }
            Origin::Seeded(stream) => stream.fill(bytes),
        }
    }

    /// An unguessable name of so many random bytes, in hexadecimal.
    pub fn hex(&self, bytes: usize) -> String {
        let mut random = vec![0; bytes];
        self.fill(&mut random);
        hex(&random)
    }
}

impl Stream {
    fn fill(&self, bytes: &mut [u8]) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(32) {
            let block = self.block.fetch_add(1, Ordering::SeqCst);
            let digest = Sha256::new()
                .chain_update(self.seed.to_le_bytes())
                .chain_update(block.to_le_bytes())
                .finalize();
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }
}

/// Bytes in lowercase hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told_and_with_all_its_clones() {
        let clock = Clock::fixed("2026-03-01T23:30:00Z".parse().unwrap());
        let clone = clock.clone();
        assert_eq!(clock.today(), jiff::civil::date(2026, 3, 1));
        clone.advance(SignedDuration::from_mins(45));
        assert_eq!(clock.now().to_string(), "2026-03-02T00:15:00Z");
        assert_eq!(clock.today(), jiff::civil::date(2026, 3, 2));
    }

    #[test]
    fn today_can_be_another_day_while_instants_stay() {
        let clock = Clock::fixed(Timestamp::UNIX_EPOCH).with_today(jiff::civil::date(2020, 2, 29));
        assert_eq!(clock.today(), jiff::civil::date(2020, 2, 29));
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn a_seed_gives_the_same_bytes_and_never_twice_the_same() {
        let (one, other) = (Randomness::seeded(7), Randomness::seeded(7));
        let first = one.hex(40);
        assert_eq!(first, other.hex(40));
        assert_ne!(first, one.hex(40));
        assert_ne!(Randomness::seeded(8).hex(40), first);
    }

    #[test]
    fn the_system_gives_different_bytes_each_time() {
        let random = Randomness::system();
        assert_ne!(random.hex(16), random.hex(16));
        assert_eq!(random.hex(16).len(), 32);
    }
}
