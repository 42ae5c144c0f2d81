//! A bounded pool of own threads, some of which may be given up: a tool that never ends must not hold up others.
//!
//! Threads start when there is work for them and are never waited for, so that the process can always end.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
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
const WAITING_MAX: usize = 256;
/// How many threads may be given up before nothing is answered any more.
const ABANDONED_MAX: usize = 2;
/// Threads that compute at the same time, at the least.
const AT_ONCE_MIN: usize = 2;

/// Threads and the work that waits for them. Dropping it ends the idle ones.
///
/// As many threads work as there are processors, so that what comes in a burst is done by few threads and not by one
/// that is woken for each. A thread that waits for the disk is not one of them, and when work has waited for a while
/// another thread takes it up, whatever the others do.
pub struct Pool {
    shared: Arc<Shared>,
    size: usize,
    at_once: usize,
}

struct Shared {
    state: Mutex<State>,
    called: Condvar,
    abandoned: AtomicUsize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// Threads at a job, without those that wait for something else meanwhile.
    working: usize,
    /// Threads on their way to work.
    called: usize,
    idle: usize,
    alive: usize,
    is_closed: bool,
}

/// There is no room for more work.
#[derive(Debug)]
pub struct Full;

impl Pool {
    /// A pool of at most so many threads; none is started yet.
    pub fn new(size: usize) -> Pool {
        let shared =
            Shared { state: Mutex::default(), called: Condvar::new(), abandoned: AtomicUsize::new(0) };
        let processors = std::thread::available_parallelism().map_or(AT_ONCE_MIN, usize::from);
        Pool { shared: Arc::new(shared), size, at_once: processors.max(AT_ONCE_MIN) }
    }

    /// Gives work to a thread, as soon as one is free.
    pub fn run(&self, job: Job) -> Result<(), Full> {
        let mut state = self.shared.lock();
        if state.jobs.len() >= WAITING_MAX {
            return Err(Full);
        }
        state.jobs.push_back(job);
        if state.working + state.called < self.at_once {
            self.call_another(&mut state);
        }
        if state.alive == 0 {
            state.jobs.pop_back();
            return Err(Full);
        }
        Ok(())
    }

    /// Lets another thread take up work that has waited for a while.
    pub fn hurry(&self) {
        let mut state = self.shared.lock();
        if state.jobs.len() > state.called {
            self.call_another(&mut state);
        }
    }

    /// Does what waits for something else than a processor, on a thread of this pool: another may work meanwhile.
    pub fn wait_for<T>(&self, what: impl FnOnce() -> T) -> T {
        let mut state = self.shared.lock();
        state.working = state.working.saturating_sub(1);
        if !state.jobs.is_empty() {
            self.call_another(&mut state);
        }
        drop(state);
        let _back = Back(&self.shared);
        what()
    }

    /// Gives up the thread of a job that does not end, so that another may take its place.
    pub fn abandon_one(&self) {
        let mut state = self.shared.lock();
        self.shared.abandoned.fetch_add(1, Ordering::Relaxed);
        state.alive = state.alive.saturating_sub(1);
        state.working = state.working.saturating_sub(1);
        if !state.jobs.is_empty() {
            self.call_another(&mut state);
        }
    }

    /// Whether so many threads were given up that nothing more should be answered.
    pub fn is_worn_out(&self) -> bool {
        self.shared.abandoned.load(Ordering::Relaxed) >= ABANDONED_MAX
    }

    /// Wakes or starts a thread, if there may be one more.
    fn call_another(&self, state: &mut State) {
        if state.idle > state.called {
            state.called += 1;
            self.shared.called.notify_one();
        } else if state.alive < self.size {
            let shared = Arc::clone(&self.shared);
            let thread = std::thread::Builder::new().name("tool".into());
            // If there is no room for another, the threads that are there will come to it.
            if thread.spawn(move || shared.work()).is_ok() {
                state.alive += 1;
                state.called += 1;
            }
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.called.notify_all();
    }
}

/// The end of a wait, however it ends.
struct Back<'a>(&'a Shared);

impl Drop for Back<'_> {
    fn drop(&mut self) {
        self.0.lock().working += 1;
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        self.lock().come();
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
            state.working = state.working.saturating_sub(1);
            state.idle += 1;
            while state.called == 0 && !state.is_closed {
                state = self.called.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.idle -= 1;
            state.come();
        }
    }
}

impl State {
    fn come(&mut self) {
        self.called = self.called.saturating_sub(1);
        self.working += 1;
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
        let taken = (0..2 * WAITING_MAX).filter(|_| pool.run(Box::new(|| Stay::Yes)).is_ok()).count();
        assert_eq!(taken, WAITING_MAX);
    }
}
