//! Who may see what: a caller comes in, and a view of one person's record or a refusal goes out.
//!
//! Every answer that is made from a view is noted in the person's audit chain before it is sent.

pub mod account;
pub mod audit;
pub mod authorization;
mod births;
mod caller;
mod door;
mod error;
pub mod grant;
pub mod identity;
mod ledger;
mod seen;
mod views;

use account::Relation;
use authorization::Inside;

use crate::clock::Clock;
use crate::record::Scope;
pub use crate::store::OwnerId;
use crate::store::{self, Sealed, Vault};

pub use audit::{Event, Outcome};
use births::Births;
pub use caller::Caller;
pub use door::Door;
pub use error::Error;
pub use grant::Grant;
use ledger::Ledger;
pub use seen::Seen;
use views::Views;

/// What work on a record needs.
pub struct Work {
    /// The person's rows.
    pub sealed: Sealed,
    /// The installation, where the record was come to through it.
    pub vault: Option<Vault>,
    /// The clock.
    pub clock: Clock,
}

/// What is kept open of the people of an installation, in bytes.
const INSTALLATION_BYTES_MAX: usize = 512 << 20;

/// The way to records. Nothing is opened before the first call, so that a process starts even where the store is
/// locked or missing, and finds it as soon as it is there.
pub struct Access {
    way: Way,
    clock: Clock,
    views: Views,
    ledger: Ledger,
}

enum Way {
    /// To one person, for whoever runs this program.
    Door(Door),
    /// To everyone in an installation, for assistants with tokens.
    Installation(Vault),
}

impl Access {
    /// The way through a door to the record behind it.
    pub fn new(door: Door, clock: Clock) -> Access {
        Access::by(Way::Door(door), clock, usize::MAX)
    }

    /// The way to the people of an installation, each for the assistants that they have let in.
    pub fn of_installation(vault: Vault, clock: Clock) -> Access {
        Access::by(Way::Installation(vault), clock, INSTALLATION_BYTES_MAX)
    }

    /// The same, with another limit of what is kept open.
    #[must_use]
    pub fn with_bytes_max(self, bytes_max: usize) -> Access {
        Access { views: Views::new(bytes_max), ..self }
    }

    fn by(way: Way, clock: Clock, bytes_max: usize) -> Access {
        Access { way, clock, views: Views::new(bytes_max), ledger: Ledger::default() }
    }

    /// What the caller may see now: the present record through the present grant.
    pub fn see(&self, caller: &Caller) -> Result<Seen, Error> {
        let sealed = self.rows(caller)?;
        let seen = self.look(caller, &sealed);
        if let Err(Error::Store(store::Error::NoPerson)) = &seen {
            // Erased, and perhaps imported again: the next call opens the door anew.
            self.views.forget(sealed.owner());
            if let Way::Door(door) = &self.way {
                door.shut();
            }
        }
        seen
    }

    /// Notes what became of a call. Nothing is answered before this has been written.
    pub fn note(&self, caller: &Caller, event: Event) -> Result<(), Error> {
        self.ledger.append(&self.rows(caller)?, event)
    }

    /// What work on the record needs, for a caller who may have such work done.
    pub fn work(&self, caller: &Caller) -> Result<Work, Error> {
        let sealed = self.rows(caller)?;
        match caller {
            // Whoever has the key may have anything done.
            Caller::LocalOwner => Ok(Work { sealed, vault: self.vault()?, clock: self.clock.clone() }),
            // No grant says more than what may be read.
            Caller::Assistant(_) => Err(Error::ReadOnly),
        }
    }

    /// What work that has come due needs, whoever it is for; the rows are those of whoever serves.
    pub fn due_work(&self) -> Result<Work, Error> {
        let sealed = match &self.way {
            Way::Door(door) => door.open()?.sealed,
            Way::Installation(vault) => vault.home()?,
        };
        Ok(Work { sealed, vault: self.vault()?, clock: self.clock.clone() })
    }

    /// Whose record the caller asks about.
    pub fn owner(&self, caller: &Caller) -> Result<OwnerId, Error> {
        Ok(self.rows(caller)?.owner().clone())
    }

    /// Removes what has run out in an installation: codes, grants and clients that nobody uses; and what is still open
    /// of people who were deleted, by whichever process.
    pub fn tidy(&self) -> Result<(), Error> {
        let Way::Installation(vault) = &self.way else { return Ok(()) };
        if !self.views.is_empty() {
            self.views.keep_only(&vault.owners()?.into_iter().collect());
        }
        authorization::tidy(vault).map(|_| ())
    }

    /// Leaves nothing open of a person who is not kept here any more.
    pub fn forget(&self, owner: &OwnerId) {
        self.views.forget(owner);
    }

    /// The version of the caller's record: another one after every change, whoever made it.
    pub fn version(&self, caller: &Caller) -> Result<u64, Error> {
        Ok(self.rows(caller)?.saved()?)
    }

    /// The rows of a person of the installation; `None` where there is no such person.
    pub fn rows_of(&self, owner: &OwnerId) -> Result<Option<Sealed>, Error> {
        let Way::Installation(vault) = &self.way else { return Ok(None) };
        if let Some(sealed) = self.views.rows(owner) {
            return Ok(Some(sealed));
        }
        let sealed = vault.owner(owner)?;
        sealed.iter().for_each(|sealed| self.views.keep(sealed));
        Ok(sealed)
    }

    /// Whether the store can be read now.
    pub fn is_readable(&self) -> bool {
        self.due_work().and_then(|work| Ok(work.sealed.saved()?)).is_ok()
    }

    /// What is kept open: bytes, as far as they can be told, and people.
    pub fn held(&self) -> (usize, usize) {
        self.views.held()
    }

    /// The clock that grants and the audit run on.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn look(&self, caller: &Caller, sealed: &Sealed) -> Result<Seen, Error> {
        let view = match caller {
            Caller::LocalOwner => {
                let grant = grant::local(sealed)?;
                if !grant.is_valid_at(self.clock.now()) {
                    return Err(Error::Expired);
                }
                self.views.view(sealed, sealed.saved()?, &grant.scope())?
            }
            // The check of the token has read the grant and the version just now.
            Caller::Assistant(inside) => self.views.view(sealed, inside.version, &self.of_age(inside)?)?,
        };
        Ok(Seen::new(view, sealed.clone()))
    }

    /// What an assistant may see by the age that the record tells today: a birthday, or a birth that came with the last
    /// fetch, needs nobody to open a page to take effect. Where the record tells none, what was given stands.
    fn of_age(&self, inside: &Inside) -> Result<Scope, Error> {
        if inside.by.relation == Relation::Own {
            return Ok(inside.scope.clone());
        }
        let today = self.clock.today();
        let births = self.views.births(&inside.sealed, inside.version)?;
        let Some(born) = births.known_to(inside.by.relation, today) else { return Ok(inside.scope.clone()) };
        let ceiling = inside.by.ceiling(Some(born), today).ok_or(Error::Expired)?;
        Ok(account::within(&inside.scope, &ceiling))
    }

    fn rows(&self, caller: &Caller) -> Result<Sealed, Error> {
        match (&self.way, caller) {
            (Way::Door(door), Caller::LocalOwner) => Ok(door.open()?.sealed),
            (Way::Installation(_), Caller::Assistant(inside)) => Ok(inside.sealed.clone()),
            // Nobody is the owner of an installation's records by running it, and a token opens no door.
            (Way::Installation(_), Caller::LocalOwner) | (Way::Door(_), Caller::Assistant(_)) => {
                Err(Error::NoRecord)
            }
        }
    }

    fn vault(&self) -> Result<Option<Vault>, Error> {
        match &self.way {
            Way::Door(door) => Ok(door.open()?.vault),
            Way::Installation(vault) => Ok(Some(vault.clone())),
        }
    }
}

#[cfg(test)]
mod tests;
