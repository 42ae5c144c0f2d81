//! The place of a fetch, kept on the disk as it goes: what the fetch itself sees of the store.

use std::sync::{Mutex, PoisonError};

use super::Error;
use super::hold::Hold;
use super::staging::Staging;
use crate::http::Client;
use crate::secret::Secret;
use crate::sources::smart::fetch::{Begun, Checkpoint, Kept, Progress, Stop};

/// A fetch of a connection that this process holds.
pub struct Place<'a> {
    hold: &'a Hold<'a>,
    client: &'a Client,
    staging: &'a Staging<'a>,
    progress: &'a (dyn Fn(Progress) + Sync),
    is_stopped: &'a (dyn Fn() -> bool + Sync),
    begun: Begun,
    /// Why it could not go on.
    error: Mutex<Option<Error>>,
}

impl<'a> Place<'a> {
    /// Takes up what an earlier run of this fetch has kept.
    pub fn new(
        hold: &'a Hold<'a>,
        client: &'a Client,
        staging: &'a Staging<'a>,
        progress: &'a (dyn Fn(Progress) + Sync),
        is_stopped: &'a (dyn Fn() -> bool + Sync),
    ) -> Result<Place<'a>, Error> {
        let mut begun = Begun::default();
        for row in staging.read()? {
            row?.into_iter().for_each(|kept| begun.add(kept));
        }
        Ok(Place { hold, client, staging, progress, is_stopped, begun, error: Mutex::new(None) })
    }

    /// Why the fetch could not go on.
    pub fn into_error(self) -> Error {
        self.error.into_inner().unwrap_or_else(PoisonError::into_inner).unwrap_or(Error::TakenOver)
    }

    fn note(&self, error: Error) {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

impl Checkpoint for Place<'_> {
    fn begun(&self) -> Begun {
        self.begun.clone()
    }

    fn keep(&self, kept: Vec<Kept>) -> Result<(), Stop> {
        self.staging.keep(&kept).map_err(|error| {
            // Somebody else has taken the fetch over where its next row is there already.
            self.note(if matches!(error, crate::store::Error::Conflict) {
                Error::TakenOver
            } else {
                error.into()
            });
            Stop::NotKept("the store refused it".into())
        })
    }

    fn token(&self, refused: Option<&Secret<String>>) -> Result<Secret<String>, Stop> {
        self.hold.token(self.client, refused).map_err(|error| {
            self.note(error);
            Stop::SignedOut("no token is to be had".into())
        })
    }

    fn progress(&self, progress: Progress) {
        (self.progress)(progress);
    }

    fn is_stopped(&self) -> bool {
        (self.is_stopped)()
    }
}
