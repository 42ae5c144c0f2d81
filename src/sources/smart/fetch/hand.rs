//! The way of what came to where it is kept: the threads that ask hand over, and one takes all that has come.
//!
//! Whoever takes is woken once for each batch, and not for each page: waking a thread costs more than a page.

use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Kept, Page, Stop};
use crate::record::Queried;

/// So many bytes are taken without waiting for more.
const BATCH_BYTES: usize = 2 << 20;
/// When so many wait, nobody hands over more.
const WAITING_BYTES_MAX: usize = 4 * BATCH_BYTES;

/// Between those who ask and the one who keeps.
#[derive(Default)]
pub struct Tray {
    state: Mutex<State>,
    has_come: Condvar,
    has_room: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Kept>,
    bytes: usize,
    hands: usize,
    is_closed: bool,
}

/// One of those who hand over.
pub struct Hand<'a>(&'a Tray);

impl Tray {
    /// One more who hands over. All of them are there before anything is taken.
    pub fn hand(&self) -> Hand<'_> {
        self.lock().hands += 1;
        Hand(self)
    }

    /// All that has come within this time of the first of it; `None` after the last hand is gone.
    pub fn take(&self, within: Duration) -> Option<Vec<Kept>> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if state.hands == 0 {
                return None;
            }
            state = self.has_come.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let until = Instant::now() + within;
        while state.bytes < BATCH_BYTES && state.hands > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.has_come.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.bytes = 0;
        self.has_room.notify_all();
        Some(mem::take(&mut state.waiting))
    }

    /// Nothing is taken any more.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.has_room.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hand<'_> {
    /// Hands a page over.
    pub fn page(&self, page: Page) -> Result<(), Stop> {
        self.give(Kept::Page(page))
    }

    /// Hands over how a query ended.
    pub fn ended(&self, queried: Queried) -> Result<(), Stop> {
        self.give(Kept::Ended(queried))
    }

    fn give(&self, kept: Kept) -> Result<(), Stop> {
        let mut state = self.0.lock();
        while state.bytes >= WAITING_BYTES_MAX && !state.is_closed {
            state = self.0.has_room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_closed {
            return Err(Stop::Asked);
        }
        let (before, is_first) = (state.bytes, state.waiting.is_empty());
        state.bytes += kept.size();
        state.waiting.push(kept);
        if is_first || (before < BATCH_BYTES && state.bytes >= BATCH_BYTES) {
            self.0.has_come.notify_one();
        }
        Ok(())
    }
}

impl Drop for Hand<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.hands -= 1;
        if state.hands == 0 {
            self.0.has_come.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;
    use crate::sources::smart::fetch::Mark;

    const LONG: Duration = Duration::from_secs(60);

    fn page(number: u32, bytes: usize) -> Page {
        Page { mark: Mark { number, ..Mark::default() }, packed: vec![0; bytes] }
    }

    fn numbers(kept: &[Kept]) -> Vec<u32> {
        let number = |kept: &Kept| match kept {
            Kept::Page(page) => page.mark.number,
            Kept::Ended(_) => panic!("nothing has ended"),
        };
        kept.iter().map(number).collect()
    }

    #[test]
    fn what_was_handed_over_is_taken_together_in_its_order_and_then_comes_the_end() {
        let tray = Tray::default();
        let hand = tray.hand();
        (0..3).for_each(|number| hand.page(page(number, 10)).unwrap());
        drop(hand);
        assert_eq!(numbers(&tray.take(LONG).unwrap()), [0, 1, 2]);
        assert!(tray.take(LONG).is_none());
    }

    #[test]
    fn a_full_batch_is_taken_at_once_and_a_small_one_after_its_time() {
        let tray = Tray::default();
        let hand = tray.hand();
        hand.page(page(0, BATCH_BYTES)).unwrap();
        assert_eq!(numbers(&tray.take(LONG).unwrap()), [0]);
        hand.page(page(1, 10)).unwrap();
        assert_eq!(numbers(&tray.take(Duration::from_millis(1)).unwrap()), [1]);
    }

    #[test]
    fn whoever_hands_over_too_much_waits_until_there_is_room_or_nobody_takes_any_more() {
        let tray = Tray::default();
        let (told, done) = mpsc::channel();
        thread::scope(|scope| {
            let hand = tray.hand();
            scope.spawn(move || {
                hand.page(page(0, WAITING_BYTES_MAX)).unwrap();
                hand.page(page(1, WAITING_BYTES_MAX)).unwrap();
                told.send(hand.page(page(2, 10))).unwrap();
            });
            assert!(done.recv_timeout(Duration::from_millis(20)).is_err());
            assert_eq!(numbers(&tray.take(LONG).unwrap()), [0]);
            while tray.lock().waiting.is_empty() {
                thread::yield_now();
            }
            assert!(done.recv_timeout(Duration::from_millis(20)).is_err());
            tray.close();
            assert!(matches!(done.recv().unwrap(), Err(Stop::Asked)));
        });
    }
}
