//! Accounts: who signs in at this installation, how, and for whom they care.
//!
//! An account is rows under an owner of its own; a name leads to it through a keyed hash (`logins`). Signing in
//! gives a [`SessionToken`] for a cookie, and a cookie gives [`Signed`], which every further act asks for. All of
//! it blocks: the store, and hashing on purpose.

mod acts;
mod administration;
mod attempts;
mod care;
mod carers;
mod error;
mod form;
mod invitation;
mod leaving;
mod login;
mod logins;
mod name;
mod passkeys;
mod password;
mod peers;
mod people;
mod recovery;
mod session;
mod sharing;
mod sign_in;
mod sign_up;
mod stored;
mod subject;

use jiff::Timestamp;

pub use administration::Listed;
pub use care::{Acting, Care, Relation, within};
pub use error::{Error, Unusable};
pub use form::FormKey;
pub use invitation::{Handed, Invitation};
pub use logins::Handle;
pub use name::Name;
pub use passkeys::{Passkey, PasskeyChallenge};
pub use password::{COST, Cost};
pub use recovery::RecoveryCodes;
pub use session::{Session, SessionToken, Signed};
pub use sharing::Carer;
pub use sign_up::{Joiner, Policy};
pub use stored::{Role, State};

use super::audit::{self, Line};
use super::identity::Provider;
use crate::clock::Randomness;
use crate::store::{OwnerId, Vault};

/// Lines that an account is shown of its audit.
const ACTS_MAX: u64 = 50;

/// The accounts of an installation. One a process: the tries of each address are counted in it.
pub struct Accounts {
    vault: Vault,
    policy: Policy,
    logins: logins::Logins,
    hashing: password::Hashing,
    peers: peers::Peers,
    passkeys: Option<webauthn_rs::Webauthn>,
    provider: Option<Provider>,
}

impl Accounts {
    /// The accounts in this store, open to whom the operator lets in. The cost is [`COST`] but in tests.
    pub fn new(vault: Vault, policy: Policy, cost: Cost) -> Result<Accounts, Error> {
        let logins = logins::Logins::open(&vault)?;
        let hashing = password::Hashing::new(cost, vault.random())?;
        let peers = peers::Peers::default();
        Ok(Accounts { vault, policy, logins, hashing, peers, passkeys: None, provider: None })
    }

    /// Whom the operator lets in.
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// Who is signed in with the cookie of this text; `None` where the session has ended or never was.
    pub fn session(&self, cookie: &str) -> Result<Option<Signed>, Error> {
        let Some(token) = SessionToken::parse(cookie) else { return Ok(None) };
        session::find(&self.vault, &token, self.now())
    }

    /// Ends this session.
    pub fn sign_out(&self, signed: &Signed) -> Result<(), Error> {
        session::end(signed.rows(), &signed.row())?;
        acts::note(signed.rows(), acts::Doer::Account, acts::Act::SignOut, self.now())
    }

    /// What was done with this account lately, by whomever: the last lines of its own audit, the newest first.
    pub fn acts(&self, signed: &Signed) -> Result<Vec<Line>, Error> {
        let mut lines = audit::read(signed.rows(), ACTS_MAX)?;
        lines.reverse();
        Ok(lines)
    }

    fn opened(&self, owner: &OwnerId) -> Result<stored::Opened, Error> {
        stored::Opened::of(&self.vault, owner)?.ok_or(Error::NotThere)
    }

    fn now(&self) -> Timestamp {
        self.vault.clock().now()
    }

    fn random(&self) -> &Randomness {
        self.vault.random()
    }
}

#[cfg(test)]
mod tests;
