//! The threads of a fetch, and what they share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::brought::Brought;
use super::hand::{Hand, Tray};
use super::pace::Pace;
use super::paging::Task;
use super::{Begun, Checkpoint, Job, Kept, Mark, Progress, Stop};
use crate::record::{Queried, Text};
use crate::secret::Secret;

/// A token that was renewed is not renewed again within this time: it was not the token that was refused.
const RENEWED_FOR: Duration = Duration::from_secs(60);

/// A fetch under way.
pub struct Fetch<'a> {
    /// What is to be fetched.
    pub job: &'a Job<'a>,
    /// Keeps the place.
    pub checkpoint: &'a dyn Checkpoint,
    /// What an earlier run has kept.
    pub begun: Begun,
    /// The pace that is kept.
    pub pace: Pace,
    /// What came so far.
    pub brought: Brought,
    /// When its time is over.
    pub until: Instant,
    counts: Counts,
    stop: Mutex<Option<Stop>>,
    renewed: Mutex<Option<Instant>>,
    outcomes: Mutex<HashMap<Text, Queried>>,
    chased: Mutex<Vec<Queried>>,
}

#[derive(Debug, Default)]
struct Counts {
    done: AtomicU32,
    of: AtomicU32,
    pages: AtomicU32,
    resources: AtomicU64,
    bytes: AtomicU64,
}

impl<'a> Fetch<'a> {
    /// Begins, or goes on where an earlier run was cut off.
    pub fn new(job: &'a Job<'a>, checkpoint: &'a dyn Checkpoint) -> Fetch<'a> {
        let begun = checkpoint.begun();
        // Signing in counts for some servers too.
        let in_window = job.vendor.per_minute.map(|count| (count - count / 10) as usize);
        let counts = Counts::default();
        for mark in &begun.marks {
            counts.pages.fetch_add(1, Ordering::Relaxed);
            counts.resources.fetch_add(mark.read.into(), Ordering::Relaxed);
            counts.bytes.fetch_add(mark.bytes, Ordering::Relaxed);
        }
        Fetch {
            job,
            checkpoint,
            brought: Brought::new(&begun, job.limits.references_max),
            begun,
            pace: Pace::new(in_window, Duration::from_secs(60), job.limits.unanswered_max),
            until: Instant::now() + Duration::from_millis(job.limits.total_ms),
            counts,
            stop: Mutex::new(None),
            renewed: Mutex::new(None),
            outcomes: Mutex::default(),
            chased: Mutex::default(),
        }
    }

    /// Does the tasks, as many at a time as the limits say. While pages are being kept, the threads that
    /// ask go on.
    pub fn run<T: Sync>(
        &self,
        tasks: &[T],
        work: impl Fn(&T, &Hand<'_>) -> Result<(), Stop> + Sync,
    ) -> Result<(), Stop> {
        let next = AtomicUsize::new(0);
        let work = |hand: &Hand<'_>| {
            while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Err(stop) = self.go_on().and_then(|()| work(task, hand)) {
                    return self.stop(stop);
                }
            }
        };
        let work = &work;
        let threads = self.job.limits.at_a_time.clamp(1, tasks.len().max(1));
        let tray = &Tray::default();
        let hands: Vec<Hand<'_>> = (0..threads).map(|_| tray.hand()).collect();
        thread::scope(|scope| {
            scope.spawn(move || self.keep_all(tray));
            for hand in hands {
                scope.spawn(move || work(&hand));
            }
        });
        lock(&self.stop).take().map_or(Ok(()), Err)
    }

    fn keep_all(&self, tray: &Tray) {
        let within = Duration::from_millis(self.job.limits.keep_ms);
        while let Some(batch) = tray.take(within) {
            if let Err(stop) = self.keep(batch) {
                self.stop(stop);
                return tray.close();
            }
        }
    }

    fn keep(&self, batch: Vec<Kept>) -> Result<(), Stop> {
        let ended: Vec<Queried> = batch
            .iter()
            .filter_map(|kept| match kept {
                Kept::Ended(queried) => Some(queried.clone()),
                Kept::Page(_) => None,
            })
            .collect();
        self.checkpoint.keep(batch)?;
        ended.into_iter().for_each(|queried| self.remember(queried));
        Ok(())
    }

    /// Counts a page that came.
    pub fn count(&self, mark: &Mark) {
        self.counts.pages.fetch_add(1, Ordering::Relaxed);
        self.counts.resources.fetch_add(mark.read.into(), Ordering::Relaxed);
        self.counts.bytes.fetch_add(mark.bytes, Ordering::Relaxed);
        self.tell();
    }

    /// Takes the outcome of a query, one of an earlier run too.
    pub fn remember(&self, queried: Queried) {
        lock(&self.outcomes).insert(queried.id.clone(), queried);
        self.count_done();
    }

    /// Takes and keeps the outcomes of what was read singly.
    pub fn keep_chased(&self, chased: Vec<Queried>) -> Result<(), Stop> {
        if chased.is_empty() {
            return Ok(());
        }
        self.checkpoint.keep(chased.iter().cloned().map(Kept::Ended).collect())?;
        *lock(&self.chased) = chased;
        Ok(())
    }

    /// How a query has ended, once it has.
    pub fn outcome(&self, query: &str) -> Option<Queried> {
        lock(&self.outcomes).get(query).cloned()
    }

    /// All outcomes, in the order of the plan.
    pub fn ended(&self, tasks: &[Task]) -> Vec<Queried> {
        let mut outcomes = lock(&self.outcomes);
        let plan = tasks.iter().filter_map(|task| outcomes.remove(&task.id));
        plan.chain(std::mem::take(&mut *lock(&self.chased))).collect()
    }

    /// An error where the fetch is to end.
    pub fn go_on(&self) -> Result<(), Stop> {
        if self.checkpoint.is_stopped() || lock(&self.stop).is_some() {
            return Err(Stop::Asked);
        }
        Ok(())
    }

    /// True where the fetch as a whole has come to one of its limits.
    pub fn is_full(&self) -> bool {
        let limits = &self.job.limits;
        self.counts.pages.load(Ordering::Relaxed) >= limits.total_pages_max
            || self.counts.bytes.load(Ordering::Relaxed) >= limits.total_bytes_max
    }

    /// Notes that there is so much more to do.
    pub fn expect(&self, more: usize) {
        self.counts.of.fetch_add(u32::try_from(more).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    /// Notes that one more thing is done.
    pub fn count_done(&self) {
        self.counts.done.fetch_add(1, Ordering::Relaxed);
        self.tell();
    }

    fn tell(&self) {
        let Counts { done, of, resources, bytes, .. } = &self.counts;
        self.checkpoint.progress(Progress {
            done: done.load(Ordering::Relaxed),
            of: of.load(Ordering::Relaxed),
            resources: resources.load(Ordering::Relaxed),
            bytes: bytes.load(Ordering::Relaxed),
        });
    }

    /// The first reason to end counts; what comes after it comes of it.
    fn stop(&self, stop: Stop) {
        lock(&self.stop).get_or_insert(stop);
    }

    /// A newer token than this one that was refused; `None` where it was not the token.
    pub fn renewed(&self, refused: &Secret<String>) -> Result<Option<Secret<String>>, Stop> {
        let is_other = |token: &Secret<String>| token.expose() != refused.expose();
        let mut renewed = lock(&self.renewed);
        let present = self.checkpoint.token(None)?;
        if is_other(&present) {
            return Ok(Some(present)); // another thread has been here
        }
        if renewed.is_some_and(|at| at.elapsed() < RENEWED_FOR) {
            return Ok(None);
        }
        let new = self.checkpoint.token(Some(refused))?;
        *renewed = Some(Instant::now());
        Ok(Some(new).filter(is_other))
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
