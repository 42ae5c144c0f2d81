//! Takes lines away until the parts of a sheet fit.

use super::Part;
use crate::insight::{Context, Refusal};

/// How large the parts may be together.
pub(super) struct Room {
    pub tokens: usize,
    pub bytes: usize,
    /// Counts the tokens of a text.
    pub count: fn(&str) -> usize,
}

impl Room {
    fn size(&self, part: &Part) -> (usize, usize) {
        let text = part.text();
        ((self.count)(&text), text.len())
    }

    fn of_all(&self, parts: &[Part]) -> (usize, usize) {
        let sizes = parts.iter().map(|part| self.size(part));
        sizes.fold((0, 0), |(cost, bytes), part| (cost + part.0, bytes + part.1))
    }
}

/// Takes lines away until the parts fit: first where there are more than a part needs, then anywhere.
pub(super) fn fit(context: &Context<'_>, parts: &mut [Part], room: &Room) -> Result<(), Refusal> {
    take_away(context, parts, room, |parts| {
        let spare = |part: &Part| part.shown.saturating_sub(part.least);
        let cuttable = parts.iter().enumerate().filter(|(_, part)| !part.is_fixed && part.shown > 1);
        cuttable.max_by_key(|(_, part)| (spare(part), part.shown)).map(|(place, _)| place)
    })
}

/// Of the room, so much belongs to the fixed parts before they are condensed.
const FIXED_SHARE: (usize, usize) = (3, 5);

/// As [`fit`]; where that is not enough the fixed parts are condensed, the largest first, and of the others
/// only their number and the call stay, from the last part on.
pub(super) fn fit_strictly(context: &Context<'_>, parts: &mut [Part], room: &Room) -> Result<(), Refusal> {
    let of_fixed = room.tokens * FIXED_SHARE.0 / FIXED_SHARE.1;
    while parts.iter().filter(|part| part.is_fixed).map(|part| room.size(part).0).sum::<usize>() > of_fixed {
        context.check()?;
        let can_shrink =
            |part: &&mut Part| part.is_fixed && !part.names.is_empty() && (!part.is_condensed || part.shown > 0);
        let largest = parts.iter_mut().filter(can_shrink).max_by_key(|part| room.size(part).0);
        let Some(largest) = largest else { break };
        if largest.is_condensed {
            largest.shown -= (largest.shown / 8).max(1);
        } else {
            largest.is_condensed = true;
        }
    }
    fit(context, parts, room)?;
    take_away(context, parts, room, |parts| parts.iter().rposition(|part| !part.is_fixed && part.shown > 0))
}

/// Lowers what `next` names by a line, until all fits or it names nothing.
fn take_away(
    context: &Context<'_>,
    parts: &mut [Part],
    room: &Room,
    next: impl Fn(&[Part]) -> Option<usize>,
) -> Result<(), Refusal> {
    let (mut cost, mut bytes) = room.of_all(parts);
    while cost > room.tokens || bytes > room.bytes {
        context.check()?;
        let Some(part) = next(parts).and_then(|place| parts.get_mut(place)) else { return Ok(()) };
        let before = room.size(part);
        part.shown -= 1;
        let after = room.size(part);
        (cost, bytes) = (cost + after.0 - before.0, bytes + after.1 - before.1);
    }
    Ok(())
}
