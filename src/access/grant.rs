//! What a person allows: the filter through which a caller sees the record.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Caller, Error, audit};
use crate::record::Scope;
use crate::store::{Change, Kind, RowKey, Sealed};

/// The format of a stored grant. A newer one is refused.
const FORMAT: u32 = 1;
/// How often a write is tried again when another process was faster.
const TRIES_MAX: usize = 64;

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
    #[cfg(test)]
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

/// Changes the grant for programs at this machine, together with the line of the audit that tells of it. The next call
/// sees the record through it. `next` is given what was there, and is asked again where another process was faster.
pub fn change_local(
    sealed: &Sealed,
    now: Timestamp,
    next: impl Fn(Result<Grant, Error>) -> Result<Grant, Error>,
) -> Result<Grant, Error> {
    for _ in 0..TRIES_MAX {
        let (version, before) = match sealed.read_one(&row())? {
            Some(body) => (Some(body.version), read(&body.bytes)),
            // The first look stores the default, or finds that the row was removed from outside.
            None => (None, local(sealed)),
        };
        let same = before.as_ref().ok().cloned();
        let grant = next(before)?;
        if same.as_ref() == Some(&grant) {
            return Ok(grant);
        }
        let change = Change::put(row(), version, body(&grant)?);
        match audit::append_with(sealed, &changed(now), &[change]) {
            Err(Error::Store(crate::store::Error::Conflict)) => {}
            written => return written.map(|()| grant),
        }
    }
    Err(crate::store::Error::Conflict.into())
}

fn changed(now: Timestamp) -> audit::Event {
    audit::Event {
        at: now.as_second(),
        who: Caller::LocalOwner.name().to_owned(),
        tool: "access_changed: assistants at this machine local".to_owned(),
        entries: Vec::new(),
        outcome: audit::Outcome::Answered,
    }
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
