//! Invitations: a link that makes one account, once, within seven days.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::acts::{self, Act, Doer};
use super::care::Relation;
use super::error::{Error, Unusable};
use super::stored::{Role, again, put, read};
use crate::clock::hex;
use crate::secret::Secret;
use crate::store::{self, Change, Kind, OwnerId, RowKey, Sealed, Vault};

const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
const SECRET_BYTES: usize = 32;
/// Invitations that are kept at one time.
const INVITATIONS_MAX: usize = 10_000;
/// Invitations that one account makes in seven days: one that has gone astray must not use up those of all.
const OF_ACCOUNT_MAX: usize = 20;

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
    /// The account that made it; `None` for the operator.
    #[serde(default)]
    pub(super) by: Option<OwnerId>,
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
        Invitation { role, person: None, is_first: false, by: None }
    }

    /// With a record that is here already.
    #[must_use]
    pub fn with(self, person: Handed) -> Invitation {
        Invitation { person: Some(person), ..self }
    }

    /// Whether somebody who cares for a person gave it, and neither the operator nor an administrator as such.
    pub(super) fn is_by_carer(&self) -> bool {
        self.by.is_some() && self.person.is_some()
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

/// Keeps an invitation by the operator. The text is shown once: it goes behind `/sign-up?invitation=`.
pub(super) fn keep(vault: &Vault, invitation: Invitation) -> Result<Secret<String>, Error> {
    if vault.home()?.list(Kind::Invitation)?.len() >= INVITATIONS_MAX {
        return Err(Error::TooMany);
    }
    let text = Secret::new(vault.random().hex(SECRET_BYTES));
    let expires_at = vault.clock().now() + LIFE;
    write(vault, &id(text.expose()), None, &Stored { invitation, expires_at, used_by: None })?;
    Ok(text)
}

/// Keeps one by an account, which has a row for it as well, beside the line of its audit: so they are counted, and
/// go with it.
pub(super) fn keep_of(
    vault: &Vault,
    account: &Sealed,
    invitation: Invitation,
) -> Result<Secret<String>, Error> {
    let text = keep(vault, Invitation { by: Some(account.owner().clone()), ..invitation })?;
    let (id, now) = (id(text.expose()), vault.clock().now());
    let noted = again(|| {
        if account.list(Kind::Invitation)?.len() >= OF_ACCOUNT_MAX {
            return Err(Unusable::TooManyInvitations.into());
        }
        let own = Change::put(RowKey::new(Kind::Invitation, id.as_str()), None, Vec::new()).due(now + LIFE);
        acts::told(account, (Doer::Account, Act::Invitation, now), &[own])
    });
    match noted {
        Ok(()) => Ok(text),
        Err(error) => {
            remove(vault, &id)?;
            Err(error)
        }
    }
}

/// Takes the invitations of an account back: those to one person, or all. What they say of the person goes with them.
pub(super) fn take_back(vault: &Vault, account: &Sealed, person: Option<&OwnerId>) -> Result<(), Error> {
    for (id, _) in account.list(Kind::Invitation)? {
        let Some((_, stored)) = open(vault, &id)? else { continue };
        let is_meant = person.is_none() || stored.invitation.person.as_ref().map(|own| &own.owner) == person;
        if is_meant {
            remove(vault, &id)?;
        }
    }
    Ok(())
}

fn remove(vault: &Vault, id: &str) -> Result<(), Error> {
    super::session::end(&vault.home()?, &RowKey::new(Kind::Invitation, id))
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
    again(|| match open(vault, id)? {
        Some((version, stored)) if stored.used_by.as_ref() == Some(account) => {
            write(vault, id, Some(version), &Stored { used_by: None, ..stored })
        }
        _ => Ok(()),
    })
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
