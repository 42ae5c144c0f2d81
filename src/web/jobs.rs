//! Fetches from portals that go on in threads of their own while pages are looked at.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::ingest::portal::{self, FetchProgress, Setting};

/// Fetches at a time, of this process.
const JOBS_MAX: usize = 8;
/// One that is told to stop does so within this, or is not waited for.
const STOPS_WITHIN: Duration = Duration::from_secs(20);

/// What is under way, by the id of the connection. Cheap to clone.
#[derive(Clone, Default)]
pub struct Jobs(Arc<Inner>);

#[derive(Default)]
struct Inner {
    jobs: Mutex<HashMap<String, Job>>,
    ended: Condvar,
}

#[derive(Default)]
struct Job {
    progress: Option<FetchProgress>,
    is_stopped: Arc<AtomicBool>,
}

impl Jobs {
    /// Begins to fetch, unless that is under way; false where too much is.
    pub fn begin(&self, setting: Setting, id: &str) -> bool {
        let is_stopped = Arc::new(AtomicBool::new(false));
        {
            let mut jobs = self.lock();
            if jobs.contains_key(id) {
                return true;
            }
            if jobs.len() >= JOBS_MAX {
                return false;
            }
            jobs.insert(id.to_owned(), Job { progress: None, is_stopped: Arc::clone(&is_stopped) });
        }
        let (jobs, id) = (self.clone(), id.to_owned());
        std::thread::spawn(move || {
            let _ended = Ended { jobs: &jobs, id: &id };
            let progress = |progress| {
                if let Some(job) = jobs.lock().get_mut(&id) {
                    job.progress = Some(progress);
                }
            };
            // What went wrong is noted at the source, where the page tells it.
            if let Err(error) =
                portal::refresh(&setting, &id, &progress, &|| is_stopped.load(Ordering::Relaxed))
            {
                tracing::info!(error = error.kind(), "a portal was not read");
            }
        });
        true
    }

    /// Stops the fetch from this connection, and waits until it has.
    pub fn stop(&self, id: &str) {
        let jobs = self.lock();
        let Some(job) = jobs.get(id) else { return };
        job.is_stopped.store(true, Ordering::Relaxed);
        // What goes on for longer still holds the connection, which then says so.
        let _ = self.0.ended.wait_timeout_while(jobs, STOPS_WITHIN, |jobs| jobs.contains_key(id));
    }

    /// Whether this one is under way.
    pub fn is_running(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    /// How far it is.
    pub fn progress(&self, id: &str) -> Option<String> {
        let jobs = self.lock();
        let progress = jobs.get(id)?.progress.as_ref()?;
        Some(format!("{} of {}", progress.done, progress.of))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Job>> {
        self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a job off the list, also where its thread panics.
struct Ended<'a> {
    jobs: &'a Jobs,
    id: &'a str,
}

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.jobs.lock().remove(self.id);
        self.jobs.0.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_is_told_to_stop_is_waited_for() {
        let jobs = Jobs::default();
        let is_stopped = Arc::new(AtomicBool::new(false));
        jobs.lock().insert("a".into(), Job { progress: None, is_stopped: Arc::clone(&is_stopped) });
        let running = jobs.clone();
        let job = std::thread::spawn(move || {
            let _ended = Ended { jobs: &running, id: "a" };
            while !is_stopped.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
        });
        assert!(jobs.is_running("a"));
        jobs.stop("a");
        assert!(!jobs.is_running("a"));
        job.join().unwrap();
        jobs.stop("a");
    }
}
