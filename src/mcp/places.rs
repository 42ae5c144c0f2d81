//! How many calls of one person are answered at a time, so that an assistant that floods keeps no place from others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::access::OwnerId;

/// Calls of one person at a time.
const EACH_MAX: usize = 16;

/// The places that are taken.
#[derive(Clone, Debug, Default)]
pub struct Places(Arc<Mutex<HashMap<OwnerId, usize>>>);

/// A place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    person: Option<OwnerId>,
}

impl Places {
    /// A place for a call of this person; `None` where they have all of theirs. The owner at this machine keeps none
    /// from anybody.
    pub fn take(&self, person: Option<&OwnerId>) -> Option<Place> {
        if let Some(person) = person {
            let mut taken = self.lock();
            let taken = taken.entry(person.clone()).or_default();
            if *taken >= EACH_MAX {
                return None;
            }
            *taken += 1;
        }
        Some(Place { places: self.clone(), person: person.cloned() })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OwnerId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(person) = &self.person else { return };
        let mut taken = self.places.lock();
        if let Some(own) = taken.get_mut(person) {
            *own -= 1;
            if *own == 0 {
                taken.remove(person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_takes_no_place_from_another_and_nothing_is_kept_of_who_has_gone() {
        let places = Places::default();
        let (anna, bert) = (OwnerId::parse("anna").unwrap(), OwnerId::parse("bert").unwrap());
        let taken: Vec<Place> = (0..EACH_MAX).map(|_| places.take(Some(&anna)).unwrap()).collect();
        assert!(places.take(Some(&anna)).is_none());
        assert!(places.take(Some(&bert)).is_some());
        assert!(places.take(None).is_some());
        drop(taken);
        assert!(places.lock().is_empty());
    }
}
