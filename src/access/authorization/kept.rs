//! Grants as rows of the person. What changes access and its line in the audit are one write: there is no grant
//! without its line, and no line about what did not happen.

use jiff::Timestamp;

use super::grant::{Grant, State};
use crate::access::{Error, audit};
use crate::store::{self, Change, Kind, Packing, RowKey, Sealed};

/// How often a change is tried again when another process was faster. The audit of a busy person is written often.
const TRIES_MAX: usize = 64;
/// Grants that hold at one time, and rows with those that ended lately.
const LIVE_MAX: usize = 50;
const ROWS_MAX: usize = 500;

/// A grant with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The id, in addresses and tokens.
    pub id: String,
    /// The grant.
    pub grant: Grant,
}

/// What becomes of a grant.
pub(super) enum Next {
    /// It is another now, and a line tells of it.
    Told(Box<Grant>, audit::Event),
    /// It is another now, in a way that changes nobody's access.
    Quiet(Box<Grant>),
    /// It stays.
    Same,
}

/// A person's grants to assistants, the newest first. What was only offered is not among them.
pub(super) fn list(person: &Sealed) -> Result<Vec<Given>, Error> {
    let mut given = all(person)?;
    given.retain(|given| !matches!(given.grant.state, State::Offered(_)));
    given.sort_by_key(|given| std::cmp::Reverse(given.grant.given_at));
    Ok(given)
}

/// One of them; `None` if there is none of this id.
pub(super) fn find(person: &Sealed, id: &str) -> Result<Option<Given>, Error> {
    let Some(key) = row(id) else { return Ok(None) };
    let Some(body) = person.read_one(&key)? else { return Ok(None) };
    Ok(Some(Given { id: key.id, grant: Grant::read(&body.bytes)? }))
}

/// Keeps a new one, with its line. `None` if the person has too many.
pub(super) fn add(
    person: &Sealed,
    id: &str,
    grant: &Grant,
    event: &audit::Event,
    now: Timestamp,
) -> Result<Option<()>, Error> {
    let all = all(person)?;
    let live = all.iter().filter(|given| given.grant.is_live_at(now)).count();
    if live >= LIVE_MAX || all.len() >= ROWS_MAX {
        return Ok(None);
    }
    let Some(key) = row(id) else { return Ok(None) };
    for _ in 0..TRIES_MAX {
        match audit::append_with(person, event, &[put(key.clone(), None, grant)?]) {
            Err(Error::Store(store::Error::Conflict)) => {}
            written => return written.map(Some),
        }
    }
    Err(store::Error::Conflict.into())
}

/// Changes one by what `next` makes of it, which is asked again whenever another process was faster. What it is
/// now; `None` if there is none of this id.
pub(super) fn change<E: From<Error>>(
    person: &Sealed,
    id: &str,
    next: impl Fn(Grant) -> Result<Next, E>,
) -> Result<Option<Grant>, E> {
    let Some(key) = row(id) else { return Ok(None) };
    for _ in 0..TRIES_MAX {
        let Some(body) = person.read_one(&key).map_err(Error::from)? else { return Ok(None) };
        let grant = Grant::read(&body.bytes).map_err(Error::from)?;
        let (written, grant) = match next(grant.clone())? {
            Next::Same => return Ok(Some(grant)),
            Next::Quiet(grant) => {
                let change = put(key.clone(), Some(body.version), &grant).map_err(E::from)?;
                (person.write(&[change]).map_err(Error::from), grant)
            }
            Next::Told(grant, event) => {
                let change = put(key.clone(), Some(body.version), &grant).map_err(E::from)?;
                (audit::append_with(person, &event, &[change]), grant)
            }
        };
        match written {
            Err(Error::Store(store::Error::Conflict)) => {}
            written => return written.map(|()| Some(*grant)).map_err(E::from),
        }
    }
    Err(Error::from(store::Error::Conflict).into())
}

/// The row of a grant to an assistant; `None` for what cannot be one, such as the grant for this machine.
pub(super) fn row(id: &str) -> Option<RowKey> {
    is_grant_id(id).then(|| RowKey::new(Kind::Grant, id))
}

/// Whether a grant to an assistant can have this id. The demo's token has no grant.
pub fn is_grant_id(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// All of them, with those that were only offered.
pub(super) fn all(person: &Sealed) -> Result<Vec<Given>, Error> {
    let ids = person.list(Kind::Grant)?;
    let keys: Vec<RowKey> = ids.iter().filter_map(|(id, _)| row(id)).collect();
    let mut given = Vec::new();
    for (key, body) in keys.iter().zip(person.read(&keys)?) {
        let Some(body) = body else { continue };
        given.push(Given { id: key.id.clone(), grant: Grant::read(&body.bytes)? });
    }
    Ok(given)
}

fn put(key: RowKey, expected: Option<u64>, grant: &Grant) -> Result<Change, Error> {
    let (body, due_at) = (grant.bytes()?, Some(grant.due_at()));
    Ok(Change::Put { key, expected, body, due_at, packing: Packing::Plain })
}
