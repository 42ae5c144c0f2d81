//! Fetches from portals that go on in threads of their own while pages are looked at.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ingest::portal::{self, FetchProgress, Setting};

/// Fetches at a time, of this process.
const JOBS_MAX: usize = 8;

/// What is under way, by the id of the connection. Cheap to clone.
#[derive(Clone, Default)]
pub struct Jobs(Arc<Mutex<HashMap<String, Option<FetchProgress>>>>);

impl Jobs {
    /// Begins to fetch, unless that is under way; false where too much is.
    pub fn begin(&self, setting: Setting, id: &str) -> bool {
        {
            let mut jobs = self.lock();
            if jobs.contains_key(id) {
                return true;
            }
            if jobs.len() >= JOBS_MAX {
                return false;
            }
            jobs.insert(id.to_owned(), None);
        }
        let (jobs, id) = (self.clone(), id.to_owned());
        std::thread::spawn(move || {
            let progress = |progress| {
                jobs.lock().insert(id.clone(), Some(progress));
            };
            let ended = Ended { jobs: &jobs, id: &id };
            // What went wrong is noted at the source, where the page tells it.
            if let Err(error) = portal::refresh(&setting, &id, &progress, &|| false) {
                tracing::info!(%error, "a portal was not read");
            }
            drop(ended);
        });
        true
    }

    /// Whether this one is under way.
    pub fn is_running(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    /// How far it is.
    pub fn progress(&self, id: &str) -> Option<String> {
        let jobs = self.lock();
        let progress = jobs.get(id)?.as_ref()?;
        Some(format!("{} of {}", progress.done, progress.of))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Option<FetchProgress>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
    }
}
