//! How fast a server is asked: its rate, the waits it asks for, and when it is asked no more.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The pace that all threads of a fetch keep together.
#[derive(Debug)]
pub struct Pace {
    in_window: Option<usize>,
    window: Duration,
    unanswered_max: u32,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    asked: VecDeque<Instant>,
    not_before: Instant,
    unanswered: u32,
}

/// What a request is told that wants to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now; it is counted.
    Now,
    /// Not before then; it has to ask again.
    Later(Instant),
    /// Not at all: nothing was answered for too long.
    Never,
}

impl Pace {
    /// At most so many requests in each window.
    pub fn new(in_window: Option<usize>, window: Duration, unanswered_max: u32) -> Pace {
        let state = State { asked: VecDeque::new(), not_before: Instant::now(), unanswered: 0 };
        Pace { in_window, window, unanswered_max, state: Mutex::new(state) }
    }

    /// Whether a request may be sent at this instant.
    pub fn turn(&self, now: Instant) -> Turn {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.unanswered >= self.unanswered_max {
            return Turn::Never;
        }
        if state.not_before > now {
            return Turn::Later(state.not_before);
        }
        let Some(max) = self.in_window else { return Turn::Now };
        while state.asked.front().is_some_and(|asked| now.duration_since(*asked) >= self.window) {
            state.asked.pop_front();
        }
        if state.asked.len() >= max.max(1)
            && let Some(oldest) = state.asked.front()
        {
            return Turn::Later(*oldest + self.window);
        }
        state.asked.push_back(now);
        Turn::Now
    }

    /// Nobody asks before then: the server wants to be left alone.
    pub fn hold(&self, until: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.not_before = state.not_before.max(until);
    }

    /// The server has answered, well or not.
    pub fn answered(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).unanswered = 0;
    }

    /// Something was given up without an answer.
    pub fn unanswered(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).unanswered += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn no_window_holds_more_requests_than_its_rate() {
        let pace = Pace::new(Some(3), MINUTE, 5);
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert!((0..3).all(|second| pace.turn(at(second)) == Turn::Now));
        assert_eq!(pace.turn(at(30)), Turn::Later(at(60)));
        assert_eq!(pace.turn(at(60)), Turn::Now);
        assert_eq!(pace.turn(at(60)), Turn::Later(at(61)));
    }

    #[test]
    fn a_wait_holds_for_everybody_and_the_longest_counts() {
        let pace = Pace::new(None, MINUTE, 5);
        let now = Instant::now() + MINUTE;
        pace.hold(now + MINUTE);
        pace.hold(now);
        assert_eq!(pace.turn(now), Turn::Later(now + MINUTE));
        assert_eq!(pace.turn(now + MINUTE), Turn::Now);
    }

    #[test]
    fn a_server_that_never_answers_is_asked_no_more() {
        let pace = Pace::new(None, MINUTE, 2);
        let now = Instant::now() + MINUTE;
        pace.unanswered();
        pace.answered();
        pace.unanswered();
        assert_eq!(pace.turn(now), Turn::Now);
        pace.unanswered();
        assert_eq!(pace.turn(now), Turn::Never);
    }
}
