//! The two lists of care: whom an account cares for, and, with each person, who cares for them.

use std::collections::BTreeSet;

use super::care::Care;
use super::error::Error;
use super::stored::{Opened, TRIES_MAX, put, read};
use crate::store::{self, Kind, OwnerId, RowKey, Sealed};

/// The people of an account, with the version of their row.
pub(super) fn list(account: &Opened) -> Result<(Option<u64>, Vec<Care>), Error> {
    let Some(body) = account.sealed.read_one(&row("people"))? else { return Ok((None, Vec::new())) };
    Ok((Some(body.version), read(&body.bytes, Kind::People)?))
}

/// Changes whom an account cares for.
pub(super) fn change(
    account: &Opened,
    apply: impl Fn(&mut Vec<Care>) -> Result<(), Error>,
) -> Result<(), Error> {
    for _ in 0..TRIES_MAX {
        let (version, mut everyone) = list(account)?;
        apply(&mut everyone)?;
        match account.sealed.write(&[put(row("people"), version, &everyone)?]) {
            Err(store::Error::Conflict) => {}
            written => return Ok(written?),
        }
    }
    Err(store::Error::Conflict.into())
}

/// Who cares for a person, by account, with the version of the row.
pub(super) fn carers(person: &Sealed) -> Result<(Option<u64>, BTreeSet<OwnerId>), Error> {
    let Some(body) = person.read_one(&row("carers"))? else { return Ok((None, BTreeSet::new())) };
    Ok((Some(body.version), read(&body.bytes, Kind::People)?))
}

/// Changes who cares for a person; who it is then.
pub(super) fn change_carers(
    person: &Sealed,
    apply: impl Fn(&mut BTreeSet<OwnerId>),
) -> Result<BTreeSet<OwnerId>, Error> {
    for _ in 0..TRIES_MAX {
        let (version, mut carers) = carers(person)?;
        apply(&mut carers);
        match person.write(&[put(row("carers"), version, &carers)?]) {
            Err(store::Error::Conflict) => {}
            written => return Ok(written.map(|()| carers)?),
        }
    }
    Err(store::Error::Conflict.into())
}

fn row(id: &str) -> RowKey {
    RowKey::new(Kind::People, id)
}
