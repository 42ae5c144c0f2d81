//! What the operator does: invite, list, lock and remove accounts. None of it shows a record; a recovery link
//! (`recovery`) opens an account to whoever has it, and its owner is told.

use jiff::Timestamp;

use super::Accounts;
use super::acts::{Act, Doer};
use super::error::Error;
use super::invitation::{self, Invitation};
use super::logins::Handle;
use super::name::Name;
use super::people::require_birth;
use super::session::Signed;
use super::stored::{Opened, Role, State, Stored};
use crate::secret::Secret;
use crate::store::{Kind, OwnerId};

/// An account as the operator sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// The owner of its rows.
    pub owner: OwnerId,
    /// How it is called. Personal.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Where it stands.
    pub state: State,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Accounts {
    /// Every account, in the order in which they were made.
    pub fn list(&self) -> Result<Vec<Listed>, Error> {
        let mut everyone = Vec::new();
        for (id, _) in self.vault.home()?.list(Kind::Account)? {
            let Some(owner) = OwnerId::parse(&id) else { continue };
            let Some(Opened { stored, .. }) = Opened::of(&self.vault, &owner)? else { continue };
            let Stored { name, role, state, made_at, .. } = stored;
            everyone.push(Listed { owner, name, role, state, made_at });
        }
        everyone.sort_by(|one, other| (one.made_at, &one.owner).cmp(&(other.made_at, &other.owner)));
        Ok(everyone)
    }

    /// The account that signs in with this name, or else the only one that is called so, or that has this id.
    pub fn find(&self, name: &str) -> Result<Option<OwnerId>, Error> {
        let Ok(name) = Name::parse(name) else { return Ok(None) };
        let login = self.logins.find(&self.vault, Handle::Name(&name))?;
        if let Some(owner) = login.and_then(|login| login.account().cloned()) {
            return Ok(Some(owner));
        }
        let is_meant = |own: &Listed| {
            let is_called = Name::parse(&own.name).is_ok_and(|own| own.folded() == name.folded());
            is_called || own.owner.as_str() == name.folded()
        };
        let mut meant = self.list()?.into_iter().filter(is_meant);
        let first = meant.next();
        Ok(first.filter(|_| meant.next().is_none()).map(|own| own.owner))
    }

    /// An invitation. The text goes behind `/sign-up?invitation=`, and is shown once. To a parent the day of birth must
    /// be known, here or in the record: by it their care ends.
    pub fn invite_as_operator(&self, invitation: &Invitation) -> Result<Secret<String>, Error> {
        if let Some(handed) = &invitation.person {
            let born = self.birth(&handed.owner, handed.relation)?.or(handed.born);
            require_birth(handed.relation, born, self.vault.clock().today())?;
        }
        invitation::keep(&self.vault, invitation.clone())
    }

    /// An invitation by an administrator who is signed in.
    pub fn invite_as_administrator(&self, signed: &Signed, role: Role) -> Result<Secret<String>, Error> {
        if signed.role() != Role::Administrator {
            return Err(Error::NotThere);
        }
        signed.require_fresh(self.now())?;
        invitation::keep_of(&self.vault, signed.rows(), Invitation::to(role))
    }

    /// An invitation for the first account, which is an administrator's; `None` where there are accounts.
    pub fn first_administrator_invitation(&self) -> Result<Option<Secret<String>>, Error> {
        if self.has_any()? {
            return Ok(None);
        }
        invitation::keep(&self.vault, Invitation::first()).map(Some)
    }

    /// Locks an account: its sessions end, and it cannot sign in. Its assistants are not touched.
    pub fn lock(&self, account: &OwnerId) -> Result<(), Error> {
        let at = self.now();
        self.turn(account, Act::Lock, &|account| match account.stored.state {
            State::Open => Ok(account.stored.without_sessions().in_state(State::Locked { at })),
            State::Locked { .. } => Ok(account.stored.clone()),
            State::Joining { .. } | State::Leaving { .. } => Err(Error::NotThere),
        })
    }

    /// Unlocks it.
    pub fn unlock(&self, account: &OwnerId) -> Result<(), Error> {
        self.turn(account, Act::Unlock, &|account| match account.stored.state {
            State::Open | State::Locked { .. } => Ok(account.stored.in_state(State::Open)),
            State::Joining { .. } | State::Leaving { .. } => Err(Error::NotThere),
        })
    }

    /// Deletes an account as its owner could, with every record that only it cares for.
    pub fn remove(&self, account: &OwnerId) -> Result<(), Error> {
        self.leave(account)
    }

    /// Whether there is an account in use.
    pub(super) fn has_any(&self) -> Result<bool, Error> {
        for (id, _) in self.vault.home()?.list(Kind::Account)? {
            let Some(owner) = OwnerId::parse(&id) else { continue };
            if Opened::of(&self.vault, &owner)?.is_some_and(|account| account.is_in_use()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn turn(
        &self,
        account: &OwnerId,
        act: Act<'_>,
        to: &dyn Fn(&Opened) -> Result<Stored, Error>,
    ) -> Result<(), Error> {
        let line = (Doer::Administrator, act, self.now());
        self.opened(account)?.change(Some(line), |account| Ok((to(account)?, Vec::new())))?;
        Ok(())
    }
}
