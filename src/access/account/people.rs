//! The people in an account's care: a list of the account, and for each person the list of who cares for them, so
//! that a record goes with the last of them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Accounts;
use super::acts::{Act, Doer};
use super::care::{Care, Relation, within};
use super::carers::{carers, change, change_carers, list};
use super::error::{Error, Unusable};
use super::invitation;
use super::session::Signed;
use super::stored::Opened;
use crate::access::authorization::{self, Allowed};
use crate::access::births::Births;
use crate::record::View;
use crate::store::{self, OwnerId, Sealed, people, records};

const PEOPLE_MAX: usize = 20;

impl Accounts {
    /// The people in this account's care, with their birth as the record has it now.
    pub fn people(&self, signed: &Signed) -> Result<Vec<Care>, Error> {
        let today = self.vault.clock().today();
        let mut everyone = self.everyone(signed)?;
        everyone.retain(|care| care.ceiling(today).is_some());
        Ok(everyone)
    }

    /// Those whose care has ended by their age. They may be let go, or invited to their own record.
    pub fn grown_up(&self, signed: &Signed) -> Result<Vec<Care>, Error> {
        let today = self.vault.clock().today();
        let mut everyone = self.everyone(signed)?;
        everyone.retain(|care| care.ceiling(today).is_none());
        Ok(everyone)
    }

    pub(super) fn everyone(&self, signed: &Signed) -> Result<Vec<Care>, Error> {
        let mut everyone = list(&signed.account)?.1;
        let mut found = Vec::new();
        for care in &mut everyone {
            if self.look_up_birth(care)? {
                self.cut_grants(signed.owner(), care)?;
                found.push(care.clone());
            }
        }
        if !found.is_empty() {
            change(&signed.account, |kept| {
                for care in kept {
                    let new =
                        found.iter().find(|new| new.owner == care.owner && new.looked_at > care.looked_at);
                    if let Some(new) = new {
                        (care.born, care.looked_at) = (new.born, new.looked_at);
                    }
                }
                Ok(())
            })?;
        }
        Ok(everyone)
    }

    /// The rows of a person in this account's care.
    pub fn rows_of(&self, care: &Care) -> Result<Sealed, Error> {
        self.vault.owner(&care.owner)?.ok_or(Error::NotThere)
    }

    /// The record of a person in this account's care, as far as the account may see it today.
    pub fn view_of(&self, care: &Care) -> Result<View, Error> {
        let ceiling = care.ceiling(self.vault.clock().today()).ok_or(Error::NotThere)?;
        Ok(View::new(records::open(&self.rows_of(care)?)?.record, ceiling))
    }

    /// Adds a person with an empty record. A parent says when the child was born, and who acts for a minor is a parent.
    pub fn add_person(
        &self,
        signed: &Signed,
        label: &str,
        relation: Relation,
        born: Option<Date>,
    ) -> Result<Care, Error> {
        let label = people::checked(label).map_err(|_| Unusable::Label)?.to_owned();
        require_birth(relation, born, self.vault.clock().today())?;
        let owner = OwnerId::random(self.random());
        let care = as_it_is(Care { owner, label, relation, born, since: self.now(), looked_at: 0 });
        if list(&signed.account)?.1.len() >= PEOPLE_MAX {
            return Err(Unusable::TooManyPeople.into());
        }
        self.vault.create(&care.owner)?;
        let begun = self.begin_care(&signed.account, &care);
        if begun.is_err() {
            self.vault.forget(&care.owner)?;
        }
        begun.map(|()| care)
    }

    /// Gives a person another name in this account.
    pub fn rename_person(&self, signed: &Signed, owner: &OwnerId, label: &str) -> Result<(), Error> {
        let label = people::checked(label).map_err(|_| Unusable::Label)?;
        change(&signed.account, |everyone| {
            let care = everyone.iter_mut().find(|care| care.owner == *owner).ok_or(Error::NotThere)?;
            label.clone_into(&mut care.label);
            Ok(())
        })
    }

    /// Lets a person go. A record that nobody cares for any more is forgotten, rows and key. Needs a fresh sign-in.
    ///
    /// Portals are told first by the caller, where the person is one of [`Accounts::cared_for_alone`].
    pub fn remove_person(&self, signed: &Signed, owner: &OwnerId) -> Result<(), Error> {
        signed.require_fresh(self.now())?;
        let care = list(&signed.account)?.1.into_iter().find(|care| care.owner == *owner);
        let care = care.ok_or(Error::NotThere)?;
        self.let_go(&signed.account, &care, Doer::Carer(care.relation))
    }

    /// The people that would be forgotten with this account.
    pub fn cared_for_alone(&self, account: &OwnerId) -> Result<Vec<Care>, Error> {
        let mut everyone = list(&self.opened(account)?)?.1;
        let listed: BTreeSet<OwnerId> =
            people::list(&self.vault)?.into_iter().map(|person| person.owner).collect();
        let mut alone = Vec::new();
        everyone.retain(|care| !listed.contains(&care.owner));
        for care in everyone {
            let Some(person) = self.vault.owner(&care.owner)? else { continue };
            if carers(&person)?.1.iter().all(|carer| carer == account) {
                alone.push(care);
            }
        }
        Ok(alone)
    }

    /// The account's people are on the list of the command line no longer. May be called again.
    pub(super) fn take_off_the_list(&self, account: &Opened) -> Result<(), Error> {
        let listed = people::list(&self.vault)?;
        for care in list(account)?.1 {
            if listed.iter().any(|person| person.owner == care.owner) {
                people::release(&self.vault, &care.owner)?;
            }
        }
        Ok(())
    }

    /// The account's list first: whoever is on it is let go with the account, wherever this is cut off.
    pub(super) fn begin_care(&self, account: &Opened, care: &Care) -> Result<(), Error> {
        change(account, |everyone| {
            if everyone.len() >= PEOPLE_MAX {
                return Err(Unusable::TooManyPeople.into());
            }
            if !everyone.iter().any(|other| other.owner == care.owner) {
                everyone.push(care.clone());
            }
            Ok(())
        })?;
        let own = account.sealed.owner();
        let line = (Doer::Carer(care.relation), Act::CareBegun(care.relation, own), self.now());
        change_carers(&self.rows_of(care)?, line, |carers| carers.insert(own.clone()))?;
        Ok(())
    }

    /// Lets everyone of an account go. May be called again.
    pub(super) fn let_everyone_go(&self, account: &Opened) -> Result<(), Error> {
        for care in list(account)?.1 {
            self.let_go(account, &care, Doer::Carer(care.relation))?;
        }
        Ok(())
    }

    /// The account's list last: after a failure the person is still on it, to be let go again.
    pub(super) fn let_go(&self, account: &Opened, care: &Care, who: Doer) -> Result<(), Error> {
        let (owner, own) = (&care.owner, account.sealed.owner());
        if let Some(person) = self.vault.owner(owner)? {
            invitation::take_back(&self.vault, &account.sealed, Some(owner))?;
            match self.leave_person(&person, own, (who, Act::CareEnded(care.relation, own), self.now())) {
                // The last of the others has let the person go at this moment.
                Err(Error::Store(store::Error::NoPerson)) => {}
                left => left?,
            }
        }
        change(account, |everyone| {
            everyone.retain(|care| care.owner != *owner);
            Ok(())
        })
    }

    fn leave_person(
        &self,
        person: &Sealed,
        account: &OwnerId,
        line: (Doer, Act<'_>, Timestamp),
    ) -> Result<(), Error> {
        let left = change_carers(person, line, |carers| carers.remove(account))?;
        if left.is_empty() && !self.is_of_the_operator(person.owner())? {
            return Ok(self.vault.forget(person.owner())?);
        }
        Ok(authorization::cut(person, account, self.now(), |_| None)?)
    }

    /// Whether the command line still has the person: a sign-up that was cut off takes no record with it.
    fn is_of_the_operator(&self, owner: &OwnerId) -> Result<bool, Error> {
        Ok(people::list(&self.vault)?.iter().any(|person| person.owner == *owner))
    }

    /// What the account lets assistants see is cut to what it may see itself, by what is known of the birth now.
    fn cut_grants(&self, account: &OwnerId, care: &Care) -> Result<(), Error> {
        let today = self.vault.clock().today();
        let cut = authorization::cut(&self.rows_of(care)?, account, self.now(), |grant| {
            let scope = within(&grant.scope, &care.ceiling(today)?);
            let ends_at = care.ends_at_for(&scope, today).unwrap_or(grant.expires_at);
            Some(Allowed { scope, expires_at: ends_at.min(grant.expires_at) })
        });
        Ok(cut?)
    }

    /// Whether the record, since it was last looked at, tells a birth. It counts and not what was typed.
    pub(super) fn look_up_birth(&self, care: &mut Care) -> Result<bool, Error> {
        let Some(person) = self.vault.owner(&care.owner)? else { return Ok(false) };
        let version = person.saved()?;
        if version <= care.looked_at.max(1) {
            return Ok(false);
        }
        care.born = self.birth(&care.owner, care.relation)?.or(care.born);
        care.looked_at = version;
        Ok(true)
    }

    /// The birth that the record tells whoever is this to the person.
    pub(super) fn birth(&self, owner: &OwnerId, relation: Relation) -> Result<Option<Date>, Error> {
        let Some(person) = self.vault.owner(owner)? else { return Ok(None) };
        let births = Births::of(&records::open(&person)?.record);
        Ok(births.known_to(relation, self.vault.clock().today()))
    }
}

/// A parent's care ends by the child's birth, so that it must be known; nobody is born on a day to come.
pub(super) fn require_birth(relation: Relation, born: Option<Date>, today: Date) -> Result<(), Error> {
    let is_good = born.map_or(relation != Relation::Parent, |born| born <= today);
    if is_good { Ok(()) } else { Err(Unusable::Birth.into()) }
}

/// Care that begins, called what it is by the birth.
pub(super) fn as_it_is(care: Care) -> Care {
    Care { relation: care.acting().relation(care.born), ..care }
}
