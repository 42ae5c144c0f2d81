//! The two lists of care: whom an account cares for, and, with each person, who cares for them.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::acts::{self, Act, Doer};
use super::care::Care;
use super::error::Error;
use super::stored::{Opened, again, put, read};
use crate::store::{Kind, OwnerId, RowKey, Sealed};

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
    again(|| {
        let (version, mut everyone) = list(account)?;
        apply(&mut everyone)?;
        Ok(account.sealed.write(&[put(row("people"), version, &everyone)?])?)
    })
}

/// Who cares for a person, by account, with the version of the row.
pub(super) fn carers(person: &Sealed) -> Result<(Option<u64>, BTreeSet<OwnerId>), Error> {
    let Some(body) = person.read_one(&row("carers"))? else { return Ok((None, BTreeSet::new())) };
    Ok((Some(body.version), read(&body.bytes, Kind::People)?))
}

/// Changes who cares for a person, together with the line of their audit; who it is then. What has been done already
/// (`apply` says false) is told already.
pub(super) fn change_carers(
    person: &Sealed,
    line: (Doer, Act<'_>, Timestamp),
    apply: impl Fn(&mut BTreeSet<OwnerId>) -> bool,
) -> Result<BTreeSet<OwnerId>, Error> {
    again(|| {
        let (version, mut carers) = carers(person)?;
        if apply(&mut carers) {
            acts::told(person, line, &[put(row("carers"), version, &carers)?])?;
        }
        Ok(carers)
    })
}

fn row(id: &str) -> RowKey {
    RowKey::new(Kind::People, id)
}
