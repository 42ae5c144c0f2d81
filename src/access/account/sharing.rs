//! Care that several share: who is invited to it, who has it, and who may end it for another.

use jiff::Timestamp;

use super::Accounts;
use super::acts::{self, Act, Doer};
use super::care::{Acting, Care, Relation};
use super::carers::{carers, list};
use super::error::Error;
use super::invitation::{self, Handed, Invitation};
use super::people::{as_it_is, require_birth};
use super::session::Signed;
use super::stored::{Opened, Role};
use crate::secret::Secret;
use crate::store::OwnerId;

/// Somebody who cares for a person, as another who does sees them.
#[derive(Clone, PartialEq, Eq)]
pub struct Carer {
    /// The account.
    pub account: OwnerId,
    /// How it is called. Personal.
    pub name: String,
    /// What it is to the person.
    pub relation: Relation,
    /// Since when.
    pub since: Timestamp,
    /// Whether whoever looks may end it.
    pub may_be_ended: bool,
}

impl Accounts {
    /// An invitation to a record in this account's care: for the person themself, or for somebody else who acts for
    /// them. Needs a fresh sign-in. The text goes behind `/sign-up?invitation=`.
    ///
    /// Nobody gives more than they have: whoever comes by a parent is a parent. The person themself may see all, and
    /// nobody here can tell who uses the link: so it stands in the person's own audit.
    pub fn invite_to(
        &self,
        signed: &Signed,
        owner: &OwnerId,
        relation: Relation,
    ) -> Result<Secret<String>, Error> {
        signed.require_fresh(self.now())?;
        let today = self.vault.clock().today();
        let care =
            self.everyone(signed)?.into_iter().find(|care| care.owner == *owner).ok_or(Error::NotThere)?;
        // Whose care has ended hands the record to the person and to nobody else.
        if care.ceiling(today).is_none() && relation != Relation::Own {
            return Err(Error::NotThere);
        }
        let own = care.acting().relation(care.born);
        let relation = match relation {
            Relation::Own => Relation::Own,
            Relation::Parent | Relation::ForAdult if own == Relation::Parent => Relation::Parent,
            other => Acting { relation: other, since: today }.relation(care.born),
        };
        require_birth(relation, care.born, today)?;
        let person = self.rows_of(&care)?;
        let Care { owner, label, born, .. } = care;
        let handed = Handed { owner, label, relation, born };
        let text =
            invitation::keep_of(&self.vault, signed.rows(), Invitation::to(Role::Person).with(handed))?;
        acts::note(&person, Doer::Carer(own), Act::CareOffered(relation, signed.owner()), self.now())?;
        Ok(text)
    }

    /// Who else cares for a person in this account's care.
    pub fn carers(&self, signed: &Signed, owner: &OwnerId) -> Result<Vec<Carer>, Error> {
        let others = self.others(signed, owner)?.into_iter();
        let told = others.map(|(account, care, may_be_ended)| Carer {
            account: account.sealed.owner().clone(),
            name: account.stored.name,
            relation: care.acting().relation(care.born),
            since: care.since,
            may_be_ended,
        });
        Ok(told.collect())
    }

    /// Ends the care of another account, with the assistants that it let in. Only the person's own account may: not that
    /// of a minor's parent, and not that of another who is here as the person. Needs a fresh sign-in.
    pub fn end_care(&self, signed: &Signed, owner: &OwnerId, account: &OwnerId) -> Result<(), Error> {
        signed.require_fresh(self.now())?;
        let others = self.others(signed, owner)?.into_iter();
        let mut meant = others.filter(|(other, _, may)| *may && other.sealed.owner() == account);
        let (other, care, _) = meant.next().ok_or(Error::NotThere)?;
        self.let_go(&other, &care, Doer::Carer(Relation::Own))
    }

    /// The others who care, what they are to the person, and whether this account may end it.
    fn others(&self, signed: &Signed, owner: &OwnerId) -> Result<Vec<(Opened, Care, bool)>, Error> {
        let today = self.vault.clock().today();
        let mut own = self.everyone(signed)?.into_iter().filter(|care| care.ceiling(today).is_some());
        let own = own.find(|care| care.owner == *owner).ok_or(Error::NotThere)?;
        let mut others = Vec::new();
        for account in carers(&self.rows_of(&own)?)?.1.iter().filter(|account| *account != signed.owner()) {
            let Some(account) = Opened::of(&self.vault, account)? else { continue };
            let care = list(&account)?.1.into_iter().find(|care| care.owner == *owner);
            let Some(care) = care else { continue };
            let acting = care.acting();
            let may = match acting.relation(own.born.or(care.born)) {
                Relation::Own => false,
                Relation::Parent => acting.ceiling(own.born.or(care.born), today).is_none(),
                Relation::ForAdult => true,
            };
            others.push((account, care, may && own.relation == Relation::Own));
        }
        Ok(others)
    }

    /// A person whose record is here already comes into this account's care, unless whoever made the invitation has
    /// given up the care since.
    pub(super) fn hand_over(&self, account: &Opened, invitation: &Invitation) -> Result<(), Error> {
        let Some(Handed { owner, label, relation, born }) = invitation.person.clone() else { return Ok(()) };
        let person = self.vault.owner(&owner)?.ok_or(Error::NotInvited)?;
        if let Some(maker) = &invitation.by
            && !carers(&person)?.1.contains(maker)
        {
            return Err(Error::NotInvited);
        }
        let mut care = Care { owner, label, relation, born, since: self.now(), looked_at: 0 };
        self.look_up_birth(&mut care)?;
        self.begin_care(account, &as_it_is(care))
    }
}
