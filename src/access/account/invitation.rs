//! Invitations: a link that makes one account, once, within seven days.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::care::Relation;
use super::error::Error;
use super::stored::{Role, TRIES_MAX, put, read};
use crate::clock::hex;
use crate::secret::Secret;
use crate::store::{self, Kind, OwnerId, RowKey, Vault};

const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
const SECRET_BYTES: usize = 32;
/// Invitations that are kept at one time: an account that has gone astray must not fill the store.
const INVITATIONS_MAX: usize = 10_000;

/// What an invitation gives to whoever uses it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// What the account may do.
    pub role: Role,
    /// The record that comes with it.
    pub person: Option<Handed>,
    /// Whether it holds only as long as there is no account.
    is_first: bool,
    /// Whether an account gave it, and neither the operator nor an administrator as such.
    #[serde(default)]
    is_by_account: bool,
}

/// A person whose record is here already and comes into the care of a new account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handed {
    /// The owner of the person's rows.
    pub owner: OwnerId,
    /// What the person is called. Personal.
    pub label: String,
    /// What the new account is to the person.
    pub relation: Relation,
    /// The day of birth, where it is known.
    pub born: Option<Date>,
}

/// What an invitation's row says: used at most once, and put back only by a sign-up that was cut off.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    invitation: Invitation,
    expires_at: Timestamp,
    used_by: Option<OwnerId>,
}

impl Invitation {
    /// To make an account that may do this.
    pub fn to(role: Role) -> Invitation {
        Invitation { role, person: None, is_first: false, is_by_account: false }
    }

    /// With a record that is here already.
    #[must_use]
    pub fn with(self, person: Handed) -> Invitation {
        Invitation { person: Some(person), ..self }
    }

    /// By an account, and neither by the operator nor by an administrator as such.
    pub(super) fn by_account(self) -> Invitation {
        Invitation { is_by_account: true, ..self }
    }

    /// Whether an account gave it, and neither the operator nor an administrator as such.
    pub(super) fn is_by_account(&self) -> bool {
        self.is_by_account
    }

    /// For the first account of all.
    pub(super) fn first() -> Invitation {
        Invitation { is_first: true, ..Invitation::to(Role::Administrator) }
    }

    /// Whether it holds only as long as there is no account.
    pub(super) fn is_first(&self) -> bool {
        self.is_first
    }
}

/// Keeps an invitation. The text is shown once: it goes behind `/sign-up?invitation=`.
pub(super) fn keep(vault: &Vault, invitation: &Invitation) -> Result<Secret<String>, Error> {
    if vault.home()?.list(Kind::Invitation)?.len() >= INVITATIONS_MAX {
        return Err(Error::TooMany);
    }
    let text = Secret::new(vault.random().hex(SECRET_BYTES));
    let expires_at = vault.clock().now() + LIFE;
    write(
        vault,
        &id(text.expose()),
        None,
        &Stored { invitation: invitation.clone(), expires_at, used_by: None },
    )?;
    Ok(text)
}

/// The invitation of this text, if it holds.
pub(super) fn find(vault: &Vault, text: &str) -> Result<Option<Invitation>, Error> {
    let found = open(vault, &id(text))?.map(|(_, stored)| stored);
    let now = vault.clock().now();
    Ok(found
        .filter(|stored| stored.used_by.is_none() && now < stored.expires_at)
        .map(|stored| stored.invitation))
}

/// Uses it for an account: of two at once one wins, and the other is not invited.
pub(super) fn claim(vault: &Vault, id: &str, account: &OwnerId) -> Result<Invitation, Error> {
    let Some((version, stored)) = open(vault, id)? else { return Err(Error::NotInvited) };
    if stored.used_by.is_some() || vault.clock().now() >= stored.expires_at {
        return Err(Error::NotInvited);
    }
    let used = Stored { used_by: Some(account.clone()), ..stored };
    match write(vault, id, Some(version), &used) {
        Err(Error::Store(store::Error::Conflict)) => Err(Error::NotInvited),
        written => written.map(|()| used.invitation),
    }
}

/// Gives an invitation back that this account has used and has no use of. May be called again.
pub(super) fn give_back(vault: &Vault, id: &str, account: &OwnerId) -> Result<(), Error> {
    for _ in 0..TRIES_MAX {
        let Some((version, stored)) = open(vault, id)? else { return Ok(()) };
        if stored.used_by.as_ref() != Some(account) {
            return Ok(());
        }
        match write(vault, id, Some(version), &Stored { used_by: None, ..stored }) {
            Err(Error::Store(store::Error::Conflict)) => {}
            written => return written,
        }
    }
    Err(store::Error::Conflict.into())
}

/// The id of the row: a hash, so that the row does not tell the text.
pub(super) fn id(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn open(vault: &Vault, id: &str) -> Result<Option<(u64, Stored)>, Error> {
    let body = vault.home()?.read_one(&RowKey::new(Kind::Invitation, id))?;
    body.map(|body| Ok((body.version, read(&body.bytes, Kind::Invitation)?))).transpose()
}

/// The row comes due when it expires, to be removed.
fn write(vault: &Vault, id: &str, expected: Option<u64>, stored: &Stored) -> Result<(), Error> {
    let change = put(RowKey::new(Kind::Invitation, id), expected, stored)?;
    Ok(vault.home()?.write(&[change.due(stored.expires_at)])?)
}
