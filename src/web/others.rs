//! What an account is told of what others do for the same person: that it is done, and no more where something of
//! the record is withheld from it.

use std::collections::BTreeSet;

use super::Error;
use super::site::Site;
use crate::access::account::{Care, Signed};
use crate::access::audit::Event;
use crate::access::authorization::{Given, Grant};
use crate::ingest::portal;
use crate::record::{Kind, Source, View};

/// What an account is told.
pub struct Told {
    /// Whether nothing is withheld from the account, so that nothing can be given away to it.
    is_whole: bool,
    account: String,
    /// The grants that it gave.
    own: BTreeSet<String>,
}

impl Told {
    /// What this account is told about this person.
    pub fn of(site: &Site, signed: &Signed, care: &Care) -> Result<Told, Error> {
        let told = Told::with(site, signed, care, &[]);
        if told.is_whole {
            return Ok(told);
        }
        Ok(Told::with(site, signed, care, &site.server().grants(&site.accounts().rows_of(care)?)?))
    }

    /// The same, of grants that were read already.
    pub fn with(site: &Site, signed: &Signed, care: &Care, given: &[Given]) -> Told {
        let own = given.iter().filter(|given| is_own(signed, &given.grant));
        Told {
            is_whole: care.ceiling(site.clock().today()).is_some_and(|ceiling| !ceiling.withholds()),
            account: signed.owner().as_str().to_owned(),
            own: own.map(|given| given.id.clone()).collect(),
        }
    }

    /// Whether nothing is withheld from the account.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether it is told what a grant lets be seen.
    pub fn shows(&self, given: &Given) -> bool {
        self.is_whole || self.own.contains(&given.id)
    }

    /// Whether it is told which entries an answer was made of. Of an assistant that another account let in they may
    /// be entries that the account does not see.
    pub fn shows_entries(&self, event: &Event) -> bool {
        let grant = event.who.rsplit_once(", grant ").map(|(_, id)| id);
        self.is_whole || grant.is_some_and(|id| self.own.contains(id))
    }

    /// The sources that it is told of: where something is withheld, those that it connected, and those of which it
    /// sees more than whose record it is. The name of a clinic can say all.
    pub fn sources<'a>(
        &self,
        view: &'a View,
        connected: &[portal::Status],
    ) -> impl Iterator<Item = &'a Source> {
        let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Demographics);
        let entries = kinds.flat_map(|kind| view.entries(kind));
        let seen: BTreeSet<_> = entries.map(|entry| view.source(entry).id.clone()).collect();
        let own = connected.iter().filter(|status| self.has_connected(status));
        let own: BTreeSet<_> = own.map(|status| status.id.clone()).collect();
        let is_whole = self.is_whole;
        view.sources()
            .filter(move |source| is_whole || seen.contains(&source.id) || own.contains(source.id.as_str()))
    }

    /// Whether it is told of a portal of which nothing has come yet.
    pub fn shows_portal(&self, status: &portal::Status) -> bool {
        self.is_whole || self.has_connected(status)
    }

    fn has_connected(&self, status: &portal::Status) -> bool {
        status.connected_by.as_deref() == Some(&self.account)
    }
}

/// Whether the account gave it: then it may change it, and sees all of it.
pub fn is_own(signed: &Signed, grant: &Grant) -> bool {
    grant.by.account == *signed.owner()
}

#[cfg(test)]
impl Told {
    /// Of an account from which nothing is withheld.
    pub fn all() -> Told {
        Told { is_whole: true, ..Told::less(&[]) }
    }

    /// Of one from which something is, and which gave these grants.
    pub fn less(own: &[&str]) -> Told {
        let own = own.iter().map(|id| (*id).to_owned()).collect();
        Told { is_whole: false, account: "an account".into(), own }
    }
}
