//! An assistant that asks anew each time it starts would fill the person's list: its oldest grants make room.

use jiff::Timestamp;

use super::acts::{Act, Doer, event};
use super::grant::Why;
use super::kept::{self, Given, Next};
use crate::access::Error;
use crate::store::Sealed;

/// Grants that one client may have at a time of one person by one account: the same assistant on several devices.
const SAME_MAX: usize = 4;

/// Ends what one client has too many of, now that it has this one: those that would end first.
pub(super) fn make_room(person: &Sealed, new: &Given, now: Timestamp) -> Result<(), Error> {
    let is_same = |given: &Given| {
        let (given, new) = (&given.grant, &new.grant);
        given.assistant.client == new.assistant.client && given.by.account == new.by.account
    };
    let mut same = kept::all(person)?;
    same.retain(|given| given.id != new.id && given.grant.is_live_at(now) && is_same(given));
    same.sort_by_key(|given| given.grant.due_at());
    let surplus = (same.len() + 1).saturating_sub(SAME_MAX);
    for given in &same[..surplus] {
        kept::change(person, &given.id, |grant| {
            if !grant.is_live_at(now) {
                return Ok::<_, Error>(Next::Same);
            }
            let ended = grant.ended(Why::Replaced, now);
            let told = event(&ended, &given.id, Doer::Rule, Act::Ended(Why::Replaced), now);
            Ok(Next::Told(Box::new(ended), told))
        })?;
    }
    Ok(())
}
