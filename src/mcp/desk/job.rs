//! One piece of work on a portal: where it stands, for whoever asks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use crate::access::OwnerId;
use crate::ingest::portal::Refreshed;

/// How a piece of work ended: what a fetch did, or why there was none.
pub type Ended = Result<Refreshed, String>;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A portal that is connected is fetched from.
    Fetch,
    /// A person is to sign in.
    SignIn,
}

/// How far a fetch is: queries that have ended, of all that are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Ended.
    pub done: u32,
    /// All.
    pub of: u32,
}

impl Progress {
    /// Two fetches together.
    #[must_use]
    pub fn and(self, other: Progress) -> Progress {
        Progress { done: self.done + other.done, of: self.of + other.of }
    }
}

/// A piece of work. Its clones are the same one.
#[derive(Clone)]
pub struct Job {
    owner: OwnerId,
    name: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The id of a connection, or the address of a portal that is not connected yet.
    id: String,
    start: Option<Url>,
    progress: Option<Progress>,
    ended: Option<Ended>,
}

impl Job {
    /// Begins it. A fetch is under way at once; a sign-in waits.
    pub fn new(owner: &OwnerId, what: What, id: &str, name: &str) -> Job {
        let progress = (what == What::Fetch).then(Progress::default);
        let state = Arc::new(Mutex::new(State { id: id.to_owned(), progress, ..State::default() }));
        Job { owner: owner.clone(), name: name.to_owned(), state }
    }

    /// Whether it is about this person's record.
    pub fn is_for(&self, owner: &OwnerId) -> bool {
        self.owner == *owner
    }

    /// Whether it is about this portal of this person.
    pub fn is_of(&self, owner: &OwnerId, id: &str) -> bool {
        self.is_for(owner) && self.lock().id == id
    }

    /// The portal is connected now, under this id.
    pub fn is_connected(&self, id: &str) {
        let mut state = self.lock();
        state.id = id.to_owned();
        state.progress = Some(Progress::default());
    }

    /// What the portal is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the person signs in, for a sign-in that waits.
    pub fn start(&self) -> Option<Url> {
        self.lock().start.clone()
    }

    /// How far the fetch is; `None` for a sign-in that waits.
    pub fn progress(&self) -> Option<Progress> {
        self.lock().progress
    }

    /// How it ended.
    pub fn ended(&self) -> Option<Ended> {
        self.lock().ended.clone()
    }

    /// The sign-in waits at this address.
    pub fn waits_at(&self, start: Url) {
        self.lock().start = Some(start);
    }

    /// The fetch is so far.
    pub fn goes_on(&self, done: u32, of: u32) {
        self.lock().progress = Some(Progress { done, of });
    }

    /// It has ended.
    pub fn end(&self, ended: Ended) {
        self.lock().ended = Some(ended);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
