//! The records that were asked for last, kept open for the next call: within a number of bytes, of which the
//! longest unused go first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Error;
use crate::record::{Record, Scope, View};
use crate::store::{OwnerId, Sealed, records};

/// Views of one record that are kept beside each other: as many scopes as are likely in use.
const VIEWS_MAX: usize = 4;
/// What a person takes who has no record open: keys, and the place in here.
const PERSON_BYTES: usize = 1 << 10;
/// What a view takes beside the record, by entry: its groups, and what answers have derived from it.
const VIEW_BYTES_PER_ENTRY: usize = 160;
/// What is counted takes half as much again in the process, by the heads and holes of allocations (tried with 2,000
/// people of 1,000 entries).
const fn with_holes(counted: usize) -> usize {
    counted + counted / 2
}

/// Records kept open, by person.
pub struct Views {
    bytes_max: usize,
    people: Mutex<People>,
}

#[derive(Default)]
struct People {
    by_owner: HashMap<OwnerId, Place>,
    bytes: usize,
    uses: u64,
}

struct Place {
    person: Arc<Person>,
    bytes: usize,
    used: u64,
}

/// A person's rows, and what of them is open.
struct Person {
    sealed: Sealed,
    // Held while the record is opened, so that two calls at once open it once.
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    record: Option<(Arc<Record>, usize)>,
    /// The longest unused first.
    views: Vec<Arc<View>>,
}

impl Views {
    /// Nothing yet, and never much more than so many bytes.
    pub fn new(bytes_max: usize) -> Views {
        Views { bytes_max, people: Mutex::default() }
    }

    /// The rows of a person who is known here; no engine is asked.
    pub fn rows(&self, owner: &OwnerId) -> Option<Sealed> {
        Some(self.lock().used(owner)?.sealed.clone())
    }

    /// Makes a person's rows known.
    pub fn keep(&self, sealed: &Sealed) {
        let _ = self.person(sealed);
    }

    /// The record of this version through a scope; opened where it is not open.
    pub fn view(&self, sealed: &Sealed, version: u64, scope: &Scope) -> Result<Arc<View>, Error> {
        let person = self.person(sealed);
        let mut open = person.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = open.view(version, scope) {
            return Ok(view);
        }
        let view = open.make(&person.sealed, version, scope)?;
        let bytes = open.bytes();
        drop(open);
        self.lock().weigh(&person, bytes, self.bytes_max);
        Ok(view)
    }

    /// Leaves nothing of a person open.
    pub fn forget(&self, owner: &OwnerId) {
        self.lock().remove(owner);
    }

    /// Bytes that are held, as far as they can be told, and people who hold them.
    pub fn held(&self) -> (usize, usize) {
        let people = self.lock();
        (people.bytes, people.by_owner.len())
    }

    fn person(&self, sealed: &Sealed) -> Arc<Person> {
        let mut people = self.lock();
        if let Some(person) = people.used(sealed.owner()) {
            return person;
        }
        let person = Arc::new(Person { sealed: sealed.clone(), open: Mutex::default() });
        people.weigh(&person, PERSON_BYTES, self.bytes_max);
        person
    }

    fn lock(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl People {
    fn used(&mut self, owner: &OwnerId) -> Option<Arc<Person>> {
        self.uses += 1;
        let place = self.by_owner.get_mut(owner)?;
        place.used = self.uses;
        Some(Arc::clone(&place.person))
    }

    /// Says what a person takes, and lets others go for it.
    fn weigh(&mut self, person: &Arc<Person>, bytes: usize, bytes_max: usize) {
        let owner = person.sealed.owner().clone();
        self.remove(&owner);
        self.uses += 1;
        self.bytes += bytes;
        self.by_owner.insert(owner, Place { person: Arc::clone(person), bytes, used: self.uses });
        while self.bytes > bytes_max && self.by_owner.len() > 1 {
            let oldest = self.by_owner.iter().min_by_key(|(_, place)| place.used);
            let Some(oldest) = oldest.map(|(owner, _)| owner.clone()) else { return };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, owner: &OwnerId) {
        if let Some(place) = self.by_owner.remove(owner) {
            self.bytes -= place.bytes;
        }
    }
}

impl Open {
    fn view(&mut self, version: u64, scope: &Scope) -> Option<Arc<View>> {
        let is_it = |view: &Arc<View>| view.version() == version && view.scope() == scope;
        let place = self.views.iter().position(is_it)?;
        let view = self.views.remove(place);
        self.views.push(Arc::clone(&view));
        Some(view)
    }

    fn make(&mut self, sealed: &Sealed, version: u64, scope: &Scope) -> Result<Arc<View>, Error> {
        let kept = self.record.as_ref().filter(|(record, _)| record.version == version);
        let record = match kept {
            Some((record, _)) => Arc::clone(record),
            None => {
                // What is open is of another version: it goes before the present one comes.
                (self.record, self.views) = (None, Vec::new());
                let (opened, bytes) = records::open_weighed(sealed)?;
                self.record.insert((opened.record, bytes)).0.clone()
            }
        };
        let view = Arc::new(View::new(record, scope.clone()));
        if self.views.len() >= VIEWS_MAX {
            self.views.remove(0);
        }
        self.views.push(Arc::clone(&view));
        Ok(view)
    }

    fn bytes(&self) -> usize {
        let Some((record, bytes)) = &self.record else { return PERSON_BYTES };
        PERSON_BYTES + with_holes(bytes + self.views.len() * record.entries.len() * VIEW_BYTES_PER_ENTRY)
    }
}
