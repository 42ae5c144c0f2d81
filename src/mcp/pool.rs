//! A bounded pool of own threads, some of which may be given up: a tool that never ends must not hold up others.
//!
//! Threads start when there is work for them and are never waited for, so that the process can always end.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Work for one thread, and whether the thread is still wanted after it: one that was given up meanwhile ends.
pub type Job = Box<dyn FnOnce() -> Stay + Send>;

/// Whether a thread goes on to the next job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// It does.
    Yes,
    /// It was given up, and another has taken its place.
    No,
}

/// Jobs that may wait.
const WAITING_MAX: usize = 64;
/// How many threads may be given up before nothing is answered any more.
const ABANDONED_MAX: usize = 2;

/// Threads and the work that waits for them. Dropping it ends the idle ones.
pub struct Pool {
    shared: Arc<Shared>,
    size: usize,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    idle: usize,
    alive: usize,
    abandoned: usize,
    is_closed: bool,
}

/// There is no room for more work.
#[derive(Debug)]
pub struct Full;

impl Pool {
    /// A pool of at most so many threads; none is started yet.
    pub fn new(size: usize) -> Pool {
        let shared = Shared { state: Mutex::default(), changed: Condvar::new() };
        Pool { shared: Arc::new(shared), size }
    }

    /// Gives work to a thread, as soon as one is free.
    pub fn run(&self, job: Job) -> Result<(), Full> {
        let mut state = self.shared.lock();
        if state.jobs.len() >= WAITING_MAX {
            return Err(Full);
        }
        state.jobs.push_back(job);
        if state.idle < state.jobs.len() && state.alive < self.size {
            let shared = Arc::clone(&self.shared);
            let thread = std::thread::Builder::new().name("tool".into());
            match thread.spawn(move || shared.work()) {
                Ok(_) => state.alive += 1,
                Err(_) if state.alive == 0 => {
                    state.jobs.pop_back();
                    return Err(Full);
                }
                // The threads that are there will come to it.
                Err(_) => {}
            }
        }
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Gives up the thread of a job that does not end, so that another may take its place.
    pub fn abandon_one(&self) {
        let mut state = self.shared.lock();
        state.abandoned += 1;
        state.alive = state.alive.saturating_sub(1);
    }

    /// Whether so many threads were given up that nothing more should be answered.
    pub fn is_worn_out(&self) -> bool {
        self.shared.lock().abandoned >= ABANDONED_MAX
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            // Jobs catch their own panics; this one keeps the thread if one of them does not.
            if matches!(catch_unwind(AssertUnwindSafe(job)), Ok(Stay::No)) {
                return;
            }
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            state.idle += 1;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    #[test]
    fn work_goes_on_after_a_panic() {
        let pool = Pool::new(1);
        pool.run(Box::new(|| panic!("on purpose"))).unwrap();
        let (sender, receiver) = mpsc::channel();
        pool.run(Box::new(move || {
            sender.send(7).unwrap();
            Stay::Yes
        }))
        .unwrap();
        assert_eq!(receiver.recv_timeout(SOON), Ok(7));
    }

    #[test]
    fn a_thread_that_is_given_up_is_replaced_until_there_were_too_many() {
        let pool = Pool::new(1);
        let (_keep, never) = mpsc::channel::<()>();
        pool.run(Box::new(move || {
            assert!(never.recv().is_err());
            Stay::No
        }))
        .unwrap();
        let (sender, receiver) = mpsc::channel();
        let again = sender.clone();
        pool.run(Box::new(move || {
            sender.send(1).unwrap();
            Stay::Yes
        }))
        .unwrap();
        assert!(receiver.recv_timeout(Duration::from_millis(50)).is_err());
        pool.abandon_one();
        pool.run(Box::new(move || {
            again.send(2).unwrap();
            Stay::Yes
        }))
        .unwrap();
        assert_eq!(receiver.recv_timeout(SOON), Ok(1));
        assert_eq!(receiver.recv_timeout(SOON), Ok(2));
        assert!(!pool.is_worn_out());
        pool.abandon_one();
        assert!(pool.is_worn_out());
    }

    #[test]
    fn only_so_much_work_waits() {
        let pool = Pool::new(1);
        let (_keep, never) = mpsc::channel::<()>();
        pool.run(Box::new(move || {
            assert!(never.recv().is_err());
            Stay::No
        }))
        .unwrap();
        while !pool.shared.lock().jobs.is_empty() {
            std::thread::yield_now();
        }
        let taken = (0..100).filter(|_| pool.run(Box::new(|| Stay::Yes)).is_ok()).count();
        assert_eq!(taken, WAITING_MAX);
    }
}
