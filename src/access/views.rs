//! The records that were asked for last, kept open for the next call: within a number of bytes, of which the
//! longest unused go first.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Births, Error};
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

struct Open {
    /// What all of it takes.
    bytes: usize,
    record: Option<Opened>,
    /// The longest unused first.
    views: Vec<Arc<View>>,
}

/// A record, and what was worked out as it was opened.
struct Opened {
    record: Arc<Record>,
    bytes: usize,
    births: Births,
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
        self.of_person(sealed, |open, sealed| match open.view(version, scope) {
            Some(view) => Ok(view),
            None => open.make(sealed, version, scope),
        })
    }

    /// The births that the record of this version tells; opened where it is not open.
    pub fn births(&self, sealed: &Sealed, version: u64) -> Result<Births, Error> {
        self.of_person(sealed, |open, sealed| Ok(open.record(sealed, version)?.births.clone()))
    }

    /// Works with what of a person is open, and says what it takes then.
    fn of_person<T>(
        &self,
        sealed: &Sealed,
        work: impl FnOnce(&mut Open, &Sealed) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let person = self.person(sealed);
        let mut open = person.open.lock().unwrap_or_else(PoisonError::into_inner);
        let before = open.bytes;
        let done = work(&mut open, &person.sealed)?;
        let bytes = open.bytes;
        drop(open);
        if bytes != before {
            self.lock().weigh(&person, bytes, self.bytes_max);
        }
        Ok(done)
    }

    /// Leaves nothing of a person open.
    pub fn forget(&self, owner: &OwnerId) {
        self.lock().remove(owner);
    }

    /// Leaves nothing open of people who are none of these.
    pub fn keep_only(&self, people: &HashSet<OwnerId>) {
        let mut held = self.lock();
        let gone: Vec<OwnerId> =
            held.by_owner.keys().filter(|owner| !people.contains(*owner)).cloned().collect();
        gone.iter().for_each(|owner| held.remove(owner));
    }

    /// Whether nothing of anybody is open.
    pub fn is_empty(&self) -> bool {
        self.lock().by_owner.is_empty()
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
        let open = Mutex::new(Open { bytes: PERSON_BYTES, record: None, views: Vec::new() });
        let person = Arc::new(Person { sealed: sealed.clone(), open });
        people.add(&person, self.bytes_max);
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

    fn add(&mut self, person: &Arc<Person>, bytes_max: usize) {
        self.uses += 1;
        let place = Place { person: Arc::clone(person), bytes: PERSON_BYTES, used: self.uses };
        self.bytes += place.bytes;
        self.by_owner.insert(person.sealed.owner().clone(), place);
        self.make_room(bytes_max);
    }

    /// Says what a person takes. One who was forgotten while their record was opened stays forgotten.
    fn weigh(&mut self, person: &Arc<Person>, bytes: usize, bytes_max: usize) {
        self.uses += 1;
        let place = self.by_owner.get_mut(person.sealed.owner());
        let Some(place) = place.filter(|place| Arc::ptr_eq(&place.person, person)) else { return };
        self.bytes = self.bytes - place.bytes + bytes;
        (place.bytes, place.used) = (bytes, self.uses);
        self.make_room(bytes_max);
    }

    /// Lets others go than whoever was used last.
    fn make_room(&mut self, bytes_max: usize) {
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
        let record = Arc::clone(&self.record(sealed, version)?.record);
        let view = Arc::new(View::new(record, scope.clone()));
        if self.views.len() >= VIEWS_MAX {
            self.views.remove(0);
        }
        self.views.push(Arc::clone(&view));
        self.weigh();
        Ok(view)
    }

    fn record(&mut self, sealed: &Sealed, version: u64) -> Result<&Opened, Error> {
        if self.record.as_ref().is_none_or(|open| open.record.version != version) {
            // What is open is of another version: it goes before the present one comes.
            (self.record, self.views) = (None, Vec::new());
            let (opened, bytes) = records::open_weighed(sealed)?;
            let births = Births::of(&opened.record);
            self.record = Some(Opened { record: opened.record, bytes, births });
            self.weigh();
        }
        self.record.as_ref().ok_or(Error::NoRecord)
    }

    fn weigh(&mut self) {
        let Some(Opened { record, bytes, .. }) = &self.record else { return };
        let entries = record.entries.len() * VIEW_BYTES_PER_ENTRY;
        let views = self.views.iter().map(|view| entries + view.bytes_of_copies());
        self.bytes = PERSON_BYTES + with_holes(bytes + views.sum::<usize>());
    }
}
