//! Who may see what: a caller comes in, and a view of one person's record or a refusal goes out.
//!
//! Every answer that is made from a view is noted in the person's audit chain before it is sent.

pub mod account;
pub mod audit;
pub mod authorization;
mod caller;
mod door;
mod error;
pub mod grant;
mod seen;

use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Clock;
use crate::record::View;
pub use crate::store::OwnerId;
use crate::store::{self, Sealed, Vault, records};

pub use audit::{Event, Outcome};
pub use caller::Caller;
pub use door::Door;
use door::Inside;
pub use error::Error;
pub use grant::Grant;
pub use seen::Seen;

/// What work on a record needs.
pub struct Work {
    /// The person's rows.
    pub sealed: Sealed,
    /// The installation, where the record was come to through it.
    pub vault: Option<Vault>,
    /// The clock.
    pub clock: Clock,
}

/// The way to one person's record. It is opened with the first call, so that a process starts even where the
/// store is locked or missing, and finds it as soon as it is there.
pub struct Access {
    door: Door,
    clock: Clock,
    kept: Mutex<Option<Arc<View>>>,
}

impl Access {
    /// The way through a door to the record behind it.
    pub fn new(door: Door, clock: Clock) -> Access {
        Access { door, clock, kept: Mutex::new(None) }
    }

    /// What the caller may see now: the present record through the present grant.
    pub fn see(&self, caller: &Caller) -> Result<Seen, Error> {
        let sealed = self.door.open()?.sealed;
        let seen = self.look(caller, &sealed);
        if let Err(Error::Store(store::Error::NoPerson)) = &seen {
            // Erased, and perhaps imported again: the next call opens the door anew.
            self.door.shut();
            self.keep(None);
        }
        seen
    }

    /// Notes what became of a call. Nothing is answered before this has been written.
    pub fn note(&self, event: &Event) -> Result<(), Error> {
        audit::append(&self.door.open()?.sealed, event)
    }

    /// What work on the record needs, for a caller who may do such work.
    pub fn work(&self, caller: &Caller) -> Result<Work, Error> {
        match caller {
            // Whoever has the key may have anything done.
            Caller::LocalOwner => {
                let Inside { sealed, vault } = self.door.open()?;
                Ok(Work { sealed, vault, clock: self.clock.clone() })
            }
        }
    }

    /// The version of the record: another one after every change, whoever made it.
    pub fn version(&self) -> Result<u64, Error> {
        Ok(self.door.open()?.sealed.saved()?)
    }

    /// The clock that grants and the audit run on.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn look(&self, caller: &Caller, sealed: &Sealed) -> Result<Seen, Error> {
        let grant = match caller {
            Caller::LocalOwner => grant::local(sealed)?,
        };
        if !grant.is_valid_at(self.clock.now()) {
            return Err(Error::Expired);
        }
        let scope = grant.scope();
        let version = sealed.saved()?;
        // Held while the record is opened, so that two calls at once open it once.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_present = |view: &&Arc<View>| view.version() == version && *view.scope() == scope;
        if let Some(view) = kept.as_ref().filter(is_present) {
            return Ok(Seen::new(Arc::clone(view), sealed.clone()));
        }
        let view = Arc::new(View::new(records::open(sealed)?.record, scope));
        *kept = Some(Arc::clone(&view));
        Ok(Seen::new(view, sealed.clone()))
    }

    fn keep(&self, view: Option<Arc<View>>) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = view;
    }
}

#[cfg(test)]
mod tests;
