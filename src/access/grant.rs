//! What a person allows: the filter through which a caller sees the record.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, audit};
use crate::record::Scope;
use crate::store::{Change, Kind, RowKey, Sealed};

/// The format of a stored grant. A newer one is refused.
const FORMAT: u32 = 1;
/// How often a write is tried again when another process was faster.
const TRIES_MAX: usize = 8;

/// What one assistant may see of one person's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    format: u32,
    /// Whom it is for; `None` for whatever runs at this machine.
    pub assistant: Option<String>,
    /// What may be seen; `None` for everything, also what later versions know of.
    pub scope: Option<Scope>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

impl Grant {
    /// Everything, to the owner at this machine: the default until the person changes it.
    pub fn of_owner() -> Grant {
        Grant { format: FORMAT, assistant: None, scope: None, expires_at: None }
    }

    /// The same grant with another scope.
    #[must_use]
    pub fn with_scope(self, scope: Scope) -> Grant {
        Grant { scope: (scope != Scope::everything()).then_some(scope), ..self }
    }

    /// The same grant with an end.
    #[must_use]
    pub fn until(self, expires_at: Timestamp) -> Grant {
        Grant { expires_at: Some(expires_at), ..self }
    }

    /// The filter.
    pub fn scope(&self) -> Scope {
        self.scope.clone().unwrap_or_else(Scope::everything)
    }

    /// Whether it still holds.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

/// The grant under which programs at this machine see the record. The default is stored with the first look.
///
/// Once anything was audited there must be one: a row that was removed from outside must not widen what is seen.
pub fn local(sealed: &Sealed) -> Result<Grant, Error> {
    let mut is_alone = false;
    for _ in 0..TRIES_MAX {
        let rows = sealed.read(&[row(), audit::head_row()])?;
        let [grant, head] = rows.as_slice() else { return Err(Error::BrokenGrant) };
        match (grant, head) {
            (Some(body), _) => return read(&body.bytes),
            // Another process may have written both between the two looks: the second time it is certain.
            (None, Some(_)) if is_alone => return Err(Error::BrokenGrant),
            (None, Some(_)) => {
                is_alone = true;
                continue;
            }
            (None, None) => {}
        }
        match sealed.write(&[Change::put(row(), None, body(&Grant::of_owner())?)]) {
            // Another process has stored it just now.
            Err(crate::store::Error::Conflict) => {}
            written => return Ok(written.map(|()| Grant::of_owner())?),
        }
    }
    Err(crate::store::Error::Conflict.into())
}

/// Changes the grant for programs at this machine. The next call sees the record through it.
pub fn set_local(sealed: &Sealed, grant: &Grant) -> Result<(), Error> {
    for _ in 0..TRIES_MAX {
        let version = sealed.list(Kind::Grant)?.into_iter().find(|(id, _)| *id == row().id);
        let change = Change::put(row(), version.map(|(_, version)| version), body(grant)?);
        match sealed.write(&[change]) {
            Err(crate::store::Error::Conflict) => {}
            written => return Ok(written?),
        }
    }
    Err(crate::store::Error::Conflict.into())
}

fn row() -> RowKey {
    RowKey::new(Kind::Grant, "local")
}

fn body(grant: &Grant) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(grant).map_err(|_| Error::BrokenGrant)
}

fn read(bytes: &[u8]) -> Result<Grant, Error> {
    // What cannot be understood must not be taken for everything.
    let grant: Grant = serde_json::from_slice(bytes).map_err(|_| Error::BrokenGrant)?;
    if grant.format > FORMAT { Err(Error::BrokenGrant) } else { Ok(grant) }
}
