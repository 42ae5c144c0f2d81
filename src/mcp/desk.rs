//! Where work on portals goes on in threads of its own, whether or not an assistant waits for it: fetches, and
//! sign-ins that wait for the person's browser.

mod job;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use crate::access::OwnerId;
use crate::clock::Randomness;
use crate::ingest::portal::{self, Begun, Refreshed, Setting, Wanted, sign_in};
pub use job::{Ended, Progress};
use job::{Job, What};

/// What goes out from here.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Randomness for sign-ins.
    pub random: Randomness,
    /// Hosts inside of a private network that the operator allows.
    pub private_hosts: Vec<String>,
}

/// How long a sign-in waits for the person.
pub const SIGN_IN_S: u64 = 600;
/// How long a call waits for the portal to say how it is signed in to.
const BEGIN_WAIT: Duration = Duration::from_secs(7);
/// Sign-ins that wait at a time.
const SIGN_INS_MAX: usize = 4;
/// Fetches that are under way at a time, of everyone; and what has ended and waits to be told.
const FETCHES_MAX: usize = 32;
const ENDED_MAX: usize = 512;

/// The desk of one server, for everyone whose records it keeps. Cheap to clone; what is under way ends with the last clone.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    outgoing: Outgoing,
    jobs: Mutex<Vec<Job>>,
    is_over: Arc<AtomicBool>,
}

/// Why no sign-in could be begun.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    /// The portal cannot be connected to.
    #[error(transparent)]
    Portal(#[from] portal::Error),
    /// It takes long to answer.
    #[error("the portal takes long to answer")]
    Slow,
    /// Others wait already.
    #[error("other sign-ins are waiting for the person already")]
    TooMany,
}

impl Default for Outgoing {
    /// The system's randomness, and no host inside.
    fn default() -> Outgoing {
        Outgoing { random: Randomness::system(), private_hosts: Vec::new() }
    }
}

impl Desk {
    /// An empty desk.
    pub fn new(outgoing: Outgoing) -> Desk {
        Desk(Arc::new(Inner { outgoing, jobs: Mutex::default(), is_over: Arc::default() }))
    }

    /// What goes out.
    pub fn outgoing(&self) -> &Outgoing {
        &self.0.outgoing
    }

    /// Begins to fetch from a portal, unless that is under way; false where too much is.
    pub fn fetch(&self, setting: &Setting, status: &portal::Status) -> bool {
        let owner = setting.rows.owner();
        let mut jobs = self.0.lock();
        if jobs.iter().any(|job| job.is_of(owner, &status.id) && job.ended().is_none()) {
            return true;
        }
        if jobs.iter().filter(|job| job.ended().is_none()).count() >= FETCHES_MAX {
            return false;
        }
        if jobs.len() >= ENDED_MAX {
            jobs.retain(|job| job.ended().is_none());
        }
        jobs.retain(|job| !job.is_of(owner, &status.id));
        let job = Job::new(owner, What::Fetch, &status.id, &status.name);
        jobs.push(job.clone());
        let (setting, id, is_over) = (setting.clone(), status.id.clone(), Arc::clone(&self.0.is_over));
        std::thread::spawn(move || {
            job.end(fetched(&setting, &id, &job, &is_over));
        });
        true
    }

    /// Begins a sign-in, and gives the address that the person opens on this machine. Once they have signed in
    /// the record is fetched. The same portal asked for again gives the same address while it waits.
    pub fn sign_in(&self, setting: &Setting, address: &Url, wanted: Wanted) -> Result<Url, NotBegun> {
        let (key, owner) = (address.to_string(), setting.rows.owner());
        {
            let mut jobs = self.0.lock();
            let waiting = |job: &Job| job.ended().is_none() && job.start().is_some();
            if let Some(start) =
                jobs.iter().filter(|job| job.is_of(owner, &key) && waiting(job)).find_map(Job::start)
            {
                return Ok(start);
            }
            if jobs.iter().filter(|job| waiting(job)).count() >= SIGN_INS_MAX {
                return Err(NotBegun::TooMany);
            }
            jobs.retain(|job| !job.is_of(owner, &key));
        }
        let name = wanted.name.clone().unwrap_or_else(|| crate::http::host(address));
        let job = Job::new(owner, What::SignIn, &key, &name);
        self.0.lock().push(job.clone());
        let (sender, receiver) = sync_channel(1);
        let (setting, address, is_over) = (setting.clone(), address.clone(), Arc::clone(&self.0.is_over));
        std::thread::spawn(move || {
            let begun = match sign_in::begin(&setting, &address, wanted) {
                Ok(begun) => begun,
                Err(error) => {
                    job.end(Err(error.to_string()));
                    // Nobody waits any more where this fails: the job tells it.
                    let _ = sender.send(Err(error));
                    return;
                }
            };
            job.waits_at(begun.start());
            let _ = sender.send(Ok(begun.start()));
            job.end(signed_in(&setting, begun, &job, &is_over));
        });
        receiver.recv_timeout(BEGIN_WAIT).map_err(|_| NotBegun::Slow)?.map_err(NotBegun::from)
    }

    /// How far a person's fetches are; `None` where none is under way.
    pub fn progress(&self, owner: &OwnerId) -> Option<Progress> {
        let jobs = self.0.lock();
        let running = jobs.iter().filter(|job| job.is_for(owner) && job.ended().is_none());
        running.filter_map(Job::progress).reduce(Progress::and)
    }

    /// How far the fetch from one portal is.
    pub fn progress_of(&self, owner: &OwnerId, id: &str) -> Option<Progress> {
        let jobs = self.0.lock();
        let running = jobs.iter().filter(|job| job.is_of(owner, id) && job.ended().is_none());
        running.filter_map(Job::progress).next()
    }

    /// What of a person's has ended and was not told yet, by the name of the portal; it is told once.
    pub fn take_ended(&self, owner: &OwnerId) -> Vec<(String, Ended)> {
        let mut jobs = self.0.lock();
        let own = jobs.iter().filter(|job| job.is_for(owner));
        let ended = own.filter_map(|job| Some((job.name().to_owned(), job.ended()?))).collect();
        jobs.retain(|job| !job.is_for(owner) || job.ended().is_none());
        ended
    }
}

fn fetched(setting: &Setting, id: &str, job: &Job, is_over: &AtomicBool) -> Result<Refreshed, String> {
    let progress = |progress: portal::FetchProgress| job.goes_on(progress.done, progress.of);
    let stopped = || is_over.load(Ordering::Relaxed);
    portal::refresh(setting, id, &progress, &stopped).map_err(|error| error.to_string())
}

/// Waits for the person, and fetches once they have signed in.
fn signed_in(
    setting: &Setting,
    begun: Begun<'_>,
    job: &Job,
    is_over: &AtomicBool,
) -> Result<Refreshed, String> {
    let until = Instant::now() + Duration::from_secs(SIGN_IN_S);
    let is_late = || Instant::now() > until || is_over.load(Ordering::Relaxed);
    let signed_in = begun.wait(&is_late, &|| None).map_err(|error| error.to_string())?;
    if let Err(error) = signed_in.check(None, false) {
        // Who it is only the person can say, at the command line.
        let why = format!("{error}; to decide it: plainchart connect at the command line");
        let _ = signed_in.give_back();
        return Err(why);
    }
    let id = signed_in.keep(false).map_err(|error| error.to_string())?;
    job.is_connected(&id);
    fetched(setting, &id, job, is_over)
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Vec<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}
