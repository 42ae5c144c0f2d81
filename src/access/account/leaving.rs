//! Deleting an account, and what is left of those that were cut off while they came or went.

use jiff::SignedDuration;

use super::Accounts;
use super::error::Error;
use super::invitation;
use super::login::Login;
use super::sign_up::listed;
use super::stored::{Opened, State};
use crate::store::{self, Change, Kind, OwnerId, Settlement, Work};

/// How long one process has for one account before another may go on with it.
const LEASE_MS: u32 = 120_000;
const CLAIMS_MAX: u32 = 50;
/// Batches of one sweep: there is always a next.
const BATCHES_MAX: usize = 1_000;
/// A deletion that has not ended after so long was cut off.
const LEAVING: SignedDuration = SignedDuration::from_mins(5);

impl Accounts {
    /// Deletes the account: forgets every person that only it cares for, then itself, rows and keys. Assistants
    /// are cut off with that. What is cut off here is gone on with by [`Accounts::sweep`].
    ///
    /// Portals are told first by the caller, for each of [`Accounts::cared_for_alone`].
    pub fn delete(&self, signed: &super::Signed) -> Result<(), Error> {
        signed.require_fresh(self.now())?;
        self.leave(signed.owner())
    }

    /// Removes what has come due: sign-ups that were cut off, accounts that are half deleted, sessions, invitations and
    /// used challenges that have ended. To be called every few minutes; several processes share the work. What fails is
    /// logged, and holds up nothing else.
    pub fn sweep(&self) -> Result<(), Error> {
        for kind in [Kind::Session, Kind::Invitation, Kind::Login] {
            self.each_due(kind, |work| self.settle(work, Settlement::Remove))?;
        }
        self.each_due(Kind::Account, |work| {
            let Some(owner) = OwnerId::parse(&work.claim.key.id) else { return Ok(()) };
            match Opened::of(&self.vault, &owner)? {
                Some(account) if account.is_in_use() => {
                    self.take_off_the_list(&account)?;
                    self.settle(work, Settlement::Keep)
                }
                _ => self.take_back(&owner),
            }
        })
    }

    /// Who was faster has done it.
    fn settle(&self, work: &Work, settlement: Settlement) -> Result<(), Error> {
        match self.vault.settle(&work.claim, settlement) {
            Err(store::Error::Fenced) => Ok(()),
            settled => Ok(settled?),
        }
    }

    /// Does what has come due of a kind, a batch at a time.
    fn each_due(&self, kind: Kind, work: impl Fn(&Work) -> Result<(), Error>) -> Result<(), Error> {
        for _ in 0..BATCHES_MAX {
            let due = self.vault.due(kind, LEASE_MS, CLAIMS_MAX)?;
            for one in &due {
                if let Err(error) = work(one) {
                    tracing::warn!(kind = kind.word(), %error, "what has come due could not be done");
                }
            }
            if due.len() < CLAIMS_MAX as usize {
                break;
            }
        }
        Ok(())
    }

    /// Lets an account go, from wherever it stands. May be called again after a failure.
    pub(super) fn leave(&self, owner: &OwnerId) -> Result<(), Error> {
        self.leave_where(owner, |_| true)
    }

    /// Takes back a sign-up that was cut off, or goes on with a deletion. An account that has opened meanwhile, or
    /// whose opening was written though nobody could be told, stays.
    pub(super) fn take_back(&self, owner: &OwnerId) -> Result<(), Error> {
        self.leave_where(owner, |account| !account.is_in_use())
    }

    fn leave_where(&self, owner: &OwnerId, may_go: impl Fn(&Opened) -> bool) -> Result<(), Error> {
        if let Some(account) = Opened::of(&self.vault, owner)? {
            self.list_work(owner)?;
            let account = account.change(None, |account| {
                if !may_go(account) {
                    return Err(Error::NotThere);
                }
                let invitation = match &account.stored.state {
                    State::Joining { invitation } | State::Leaving { invitation } => invitation.clone(),
                    State::Open | State::Locked { .. } => None,
                };
                Ok((account.stored.without_sessions().in_state(State::Leaving { invitation }), Vec::new()))
            })?;
            self.let_everyone_go(&account)?;
            invitation::take_back(&self.vault, &account.sealed, None)?;
            if let State::Leaving { invitation: Some(id) } = &account.stored.state {
                invitation::give_back(&self.vault, id, owner)?;
            }
            Login::release(&self.vault, &account.stored.login, owner)?;
        }
        self.vault.forget(owner)?;
        self.unlist(owner)
    }

    /// The account comes due, so that a sweep goes on with it if this process dies; not while it still works on it.
    fn list_work(&self, owner: &OwnerId) -> Result<(), Error> {
        let home = self.vault.home()?;
        let row = home.read_one(&listed(owner))?;
        if row.as_ref().is_some_and(|row| row.due_at.is_some()) {
            return Ok(());
        }
        let version = row.map(|row| row.version);
        let due_at = self.now() + LEAVING;
        match home.write(&[Change::put(listed(owner), version, Vec::new()).due(due_at)]) {
            // Another process lets the same account go.
            Ok(()) | Err(store::Error::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn unlist(&self, owner: &OwnerId) -> Result<(), Error> {
        super::session::end(&self.vault.home()?, &listed(owner))
    }
}
