//! Making an account: whom the operator lets in, and in which order the rows are written, so that a process that
//! dies between two of them leaves nothing behind for long.

use std::net::IpAddr;

use jiff::SignedDuration;

use super::acts::{self, Act, Doer};
use super::error::Error;
use super::login::Login;
use super::logins::Handle;
use super::name::Name;
use super::password::Password;
use super::session::{self, SessionToken};
use super::sign_in;
use super::stored::{Opened, Role, State, Stored, put, row};
use super::{Accounts, Invitation, invitation};
use crate::secret::Secret;
use crate::store::{self, Change, Kind, OwnerId, RowKey};

/// A sign-up that has not ended after so long was cut off.
const JOINING: SignedDuration = SignedDuration::from_mins(10);

/// Whom the operator lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Nobody but who has an invitation of the operator or of an administrator.
    Closed,
    /// Who has an invitation, also one of somebody who shares the care for a record.
    Invitation,
    /// Everybody.
    Open,
}

/// Who wants an account.
#[derive(Clone, Copy)]
pub struct Joiner<'a> {
    /// The name as typed.
    pub name: &'a str,
    /// The password as typed.
    pub password: &'a Secret<String>,
    /// The invitation, where there is one.
    pub invitation: Option<&'a str>,
}

impl Accounts {
    /// Makes an account and signs it in. Of two who take one name, or use one invitation, one wins.
    pub fn sign_up(&self, joiner: Joiner<'_>, peer: IpAddr) -> Result<SessionToken, Error> {
        let role = self.admitted(joiner.invitation)?;
        let name = Name::parse(joiner.name)?;
        let password = Password::parse(joiner.password.expose(), &name)?;
        // What costs nobody a hash is no try.
        self.peers.take(peer, self.now())?;
        let login = self.logins.owner(Handle::Name(&name));
        let hash = self.hashing.hash(&password, self.random())?;
        let invitation = joiner.invitation.map(invitation::id);
        let stored = Stored::joining(name.shown().to_owned(), login, role, invitation, self.now());
        let account = self.join(stored, &[sign_in::password_row(&hash, None)?])?;
        // The try is not given back: one address makes only so many accounts.
        session::begin(&account, self.random(), self.now(), Some(self.now()))
    }

    /// What an invitation gives, if it holds: for the page that asks for name and password.
    pub fn invitation(&self, text: &str) -> Result<Option<Invitation>, Error> {
        let found = invitation::find(&self.vault, text)?;
        Ok(match found {
            Some(found) if found.is_first() && self.has_any()? => None,
            Some(found) if found.is_by_carer() && self.policy == Policy::Closed => None,
            other => other,
        })
    }

    /// What an account that is made now may do.
    pub(super) fn admitted(&self, invitation: Option<&str>) -> Result<Role, Error> {
        let invitation =
            invitation.map(|text| self.invitation(text)?.ok_or(Error::NotInvited)).transpose()?;
        match (self.policy, invitation) {
            (_, Some(invitation)) => Ok(invitation.role),
            (Policy::Open, None) => Ok(Role::Person),
            (Policy::Closed | Policy::Invitation, None) => Err(Error::NotInvited),
        }
    }

    /// Writes the account, then the name that leads to it, then what the invitation brings; opened last.
    pub(super) fn join(&self, stored: Stored, others: &[Change]) -> Result<Opened, Error> {
        let owner = OwnerId::random(self.random());
        // Listed before it is there: what is cut off from here on comes due and is taken back.
        let listed = Change::put(listed(&owner), None, Vec::new()).due(self.now() + JOINING);
        self.vault.home()?.write(&[listed])?;
        let account = self.finish_joining(&owner, &stored, others).inspect_err(|_| {
            // If this fails too the sweep does it.
            let _ = self.take_back(&owner);
        })?;
        // It is open, and a record may be in its care alone: from here on nothing takes it back.
        if let Err(error) = self.take_off_the_list(&account).and_then(|()| self.is_done(&owner)) {
            tracing::warn!(%error, "a sign-up is done, and still listed as work: the sweep takes it off");
        }
        Ok(account)
    }

    fn finish_joining(&self, owner: &OwnerId, stored: &Stored, others: &[Change]) -> Result<Opened, Error> {
        let sealed = self.vault.create(owner)?;
        sealed.write(&[&[put(row(), None, stored)?], others].concat())?;
        let account = Opened { sealed, version: 1, stored: stored.clone() };
        Login::take(&self.vault, &stored.login, owner)?;
        if let State::Joining { invitation: Some(id) } = &stored.state {
            let invitation = invitation::claim(&self.vault, id, owner)?;
            self.hand_over(&account, &invitation)?;
            acts::note(&account.sealed, Doer::Account, Act::Invitation, self.now())?;
        }
        let line = (Doer::Account, Act::SignUp, self.now());
        account.change(Some(line), |account| match account.stored.state {
            State::Joining { .. } => Ok((account.stored.in_state(State::Open), Vec::new())),
            // It took so long that it was taken for cut off, and taken back.
            State::Open | State::Locked { .. } | State::Leaving { .. } => Err(Error::NotThere),
        })
    }

    /// The account stays listed and is no longer due.
    fn is_done(&self, owner: &OwnerId) -> Result<(), Error> {
        match self.vault.home()?.write(&[Change::put(listed(owner), Some(1), Vec::new())]) {
            // The sweep has looked at it meanwhile, and found it open.
            Err(store::Error::Conflict) => Ok(()),
            written => Ok(written?),
        }
    }
}

/// The row of the installation that says there is an account. It says nothing of whose it is.
pub(super) fn listed(owner: &OwnerId) -> RowKey {
    RowKey::new(Kind::Account, owner.as_str())
}
