//! Whoever gave a grant may come to see less than it allows: the grant is cut with it.

use jiff::Timestamp;

use super::acts::{Act, Doer, event};
use super::grant::{Allowed, Grant, Why};
use super::kept::{self, Next};
use crate::access::Error;
use crate::store::{OwnerId, Sealed};

/// Cuts every grant that an account gave of a person to what may be allowed now, with effect at the next call; `None`
/// ends it. May be called again.
pub(in crate::access) fn cut(
    person: &Sealed,
    account: &OwnerId,
    now: Timestamp,
    allowed: impl Fn(&Grant) -> Option<Allowed>,
) -> Result<(), Error> {
    for given in kept::all(person)? {
        if given.grant.by.account != *account {
            continue;
        }
        kept::change(person, &given.id, |grant| {
            if !grant.is_live_at(now) {
                return Ok::<_, Error>(Next::Same);
            }
            let (changed, act) = match allowed(&grant) {
                Some(allowed) => (grant.clone().changed(&allowed, now), Act::Changed),
                None => (grant.clone().ended(Why::Expired, now), Act::Ended(Why::Expired)),
            };
            if changed == grant {
                return Ok(Next::Same);
            }
            let told = event(&changed, &given.id, Doer::Rule, act, now);
            Ok(Next::Told(Box::new(changed), told))
        })?;
    }
    Ok(())
}
