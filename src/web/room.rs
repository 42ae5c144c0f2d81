//! How much goes on at a time: of all pages, so that tokens are checked whatever else is asked; of one account, so
//! that it takes nobody else's turn; of what is held in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Error;
use crate::access::OwnerId;

/// Pages that are made at a time.
const PAGES_MAX: usize = 48;
/// A page waits so long for its turn.
const PAGE_WITHIN: Duration = Duration::from_secs(5);
/// MiB of uploads that are held at a time.
const UPLOADED_MIB_MAX: usize = 512;
/// Uploads that are read into a record at a time.
const READ_AT_ONCE: usize = 2;
/// An upload that has come waits so long to be read.
const READ_WITHIN: Duration = Duration::from_secs(30);

/// What one account may have going on only so often at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// Pages: a browser asks for six at a time.
    Page,
    /// An upload, from its first byte on.
    Upload,
    /// An archive of everything, until it has been taken.
    Export,
}

impl What {
    fn most(self) -> usize {
        match self {
            What::Page => 6,
            What::Upload | What::Export => 1,
        }
    }
}

type Going = Mutex<HashMap<(OwnerId, What), usize>>;

/// The room there is.
pub struct Room {
    pages: Arc<Semaphore>,
    uploaded_mib: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    going: Arc<Going>,
}

/// A place that is taken until this is dropped.
pub type Place = OwnedSemaphorePermit;

/// A place of an account that is taken until this is dropped.
#[derive(Debug)]
pub struct OwnPlace {
    going: Arc<Going>,
    whose: (OwnerId, What),
}

impl Room {
    /// All of it.
    pub fn new() -> Room {
        let of = |places| Arc::new(Semaphore::new(places));
        let (pages, uploaded_mib, reading) = (of(PAGES_MAX), of(UPLOADED_MIB_MAX), of(READ_AT_ONCE));
        Room { pages, uploaded_mib, reading, going: Arc::default() }
    }

    /// A turn to make a page.
    pub async fn page(&self) -> Result<Place, Error> {
        within(PAGE_WITHIN, &self.pages).await
    }

    /// A turn to read an upload.
    pub async fn reading(&self) -> Result<Place, Error> {
        within(READ_WITHIN, &self.reading).await
    }

    /// Memory for so many bytes of an upload.
    pub fn memory(&self, bytes: usize) -> Result<Place, Error> {
        let mib = u32::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u32::MAX);
        Arc::clone(&self.uploaded_mib).try_acquire_many_owned(mib).map_err(|_| Error::Busy)
    }

    /// A place of this account.
    pub fn of_account(&self, account: &OwnerId, what: What) -> Result<OwnPlace, Error> {
        let whose = (account.clone(), what);
        let mut going = self.going.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = going.entry(whose.clone()).or_default();
        if *taken >= what.most() {
            return Err(Error::BusyYourself);
        }
        *taken += 1;
        Ok(OwnPlace { going: Arc::clone(&self.going), whose })
    }
}

impl Drop for OwnPlace {
    fn drop(&mut self) {
        let mut going = self.going.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = going.get_mut(&self.whose) {
            *taken -= 1;
            if *taken == 0 {
                going.remove(&self.whose);
            }
        }
    }
}

async fn within(time: Duration, places: &Arc<Semaphore>) -> Result<Place, Error> {
    let turn = tokio::time::timeout(time, Arc::clone(places).acquire_owned()).await;
    turn.ok().and_then(Result::ok).ok_or(Error::Busy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Randomness;

    #[test]
    fn an_account_has_only_so_many_places_and_others_have_theirs() {
        let (room, random) = (Room::new(), Randomness::seeded(1));
        let (one, other) = (OwnerId::random(&random), OwnerId::random(&random));
        let pages: Vec<_> = (0..6).map(|_| room.of_account(&one, What::Page).unwrap()).collect();
        assert!(matches!(room.of_account(&one, What::Page), Err(Error::BusyYourself)));
        assert!(room.of_account(&other, What::Page).is_ok() && room.of_account(&one, What::Export).is_ok());
        drop(pages);
        let export = room.of_account(&one, What::Export).unwrap();
        assert!(room.of_account(&one, What::Export).is_err() && room.of_account(&one, What::Page).is_ok());
        drop(export);
        assert!(room.going.lock().unwrap().is_empty(), "nothing is kept of who is gone");
    }

    #[test]
    fn uploads_are_held_within_a_bound_of_memory() {
        let room = Room::new();
        let held: Vec<_> = (0..8).map(|_| room.memory(64 << 20).unwrap()).collect();
        assert!(matches!(room.memory(1), Err(Error::Busy)));
        drop(held);
        assert!(room.memory(1).is_ok());
    }

    #[tokio::test]
    async fn a_turn_is_waited_for_and_not_for_ever() {
        let (places, soon) = (Arc::new(Semaphore::new(1)), Duration::from_millis(20));
        let taken = within(soon, &places).await.unwrap();
        assert!(matches!(within(soon, &places).await, Err(Error::Busy)));
        tokio::spawn(async move {
            tokio::time::sleep(soon).await;
            drop(taken);
        });
        assert!(within(Duration::from_secs(60), &places).await.is_ok());
    }
}
