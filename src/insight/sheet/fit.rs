//! How many lines of each part of a sheet there is room for.

use super::part::{Part, Shape};
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
    let (mut cost, mut bytes) = room.of_all(parts);
    while cost > room.tokens || bytes > room.bytes {
        context.check()?;
        let spare = |part: &Part| part.shown.saturating_sub(part.least);
        let cuttable = || parts.iter().enumerate().filter(|(_, part)| !part.is_fixed && part.shown > 1);
        let longest = cuttable().max_by_key(|(_, part)| (spare(part), part.shown)).map(|(place, _)| place);
        let Some(longest) = longest.and_then(|place| parts.get_mut(place)) else { return Ok(()) };
        let before = room.size(longest);
        longest.shown -= 1;
        let after = room.size(longest);
        (cost, bytes) = (cost + after.0 - before.0, bytes + after.1 - before.1);
    }
    Ok(())
}

/// Of the room, so much belongs to the fixed parts before they are condensed.
const FIXED_SHARE: (usize, usize) = (3, 5);

/// Never more than the room: where the fixed parts are themselves too large they are condensed, the largest
/// first. The others begin as their number in the last line; then each gets what it needs at least, in the
/// order of reading, then those that need nothing a line, then whatever there is room for.
pub(super) fn fit_strictly(context: &Context<'_>, parts: &mut [Part], room: &Room) -> Result<(), Refusal> {
    condense(context, parts, room)?;
    let wanted: Vec<(usize, Shape)> = parts.iter().map(|part| (part.shown, part.shape)).collect();
    for part in
        parts.iter_mut().filter(|part| !part.is_fixed && !part.lines.is_empty() && part.says.is_empty())
    {
        (part.shown, part.shape) = (0, Shape::Counted);
    }
    for part in parts.iter_mut().filter(|part| !part.is_fixed && !part.says.is_empty()) {
        part.shown = 0;
    }
    let size = |part: &Part| {
        let size = room.size(part);
        let counted = part.count().map_or(0, |count| (room.count)(&count) + 1);
        (size.0 + counted, size.1 + counted * 4)
    };
    let mut all = parts.iter().map(size).fold((0, 0), |all, part| (all.0 + part.0, all.1 + part.1));
    let goals: [fn(&Part) -> usize; 3] = [|part| part.least, |_| 1, |_| usize::MAX];
    for goal in goals {
        for (part, (wanted, shape)) in parts.iter_mut().zip(&wanted).filter(|(part, _)| !part.is_fixed) {
            while part.shown < goal(part).min(*wanted) {
                context.check()?;
                let (before, old) = (size(part), part.shape);
                part.shown += 1;
                part.shape = *shape;
                let after = size(part);
                let grown = (all.0 + after.0 - before.0, all.1 + after.1 - before.1);
                if grown.0 > room.tokens || grown.1 > room.bytes {
                    part.shown -= 1;
                    part.shape = old;
                    break;
                }
                all = grown;
            }
        }
    }
    Ok(())
}

/// Condenses fixed parts that leave the others no room: to their names, and then to fewer of them.
fn condense(context: &Context<'_>, parts: &mut [Part], room: &Room) -> Result<(), Refusal> {
    let of_fixed = room.tokens * FIXED_SHARE.0 / FIXED_SHARE.1;
    let bytes_of_fixed = room.bytes * FIXED_SHARE.0 / FIXED_SHARE.1;
    let fixed = |parts: &[Part]| {
        let sizes = parts.iter().filter(|part| part.is_fixed).map(|part| room.size(part));
        sizes.fold((0, 0), |(cost, bytes), part| (cost + part.0, bytes + part.1))
    };
    loop {
        context.check()?;
        let (cost, bytes) = fixed(parts);
        if cost <= of_fixed && bytes <= bytes_of_fixed {
            return Ok(());
        }
        let can_shrink = |part: &&mut Part| {
            part.is_fixed && !part.names.is_empty() && (part.shape == Shape::Lines || part.shown > 0)
        };
        let largest = parts.iter_mut().filter(can_shrink).max_by_key(|part| room.size(part).0);
        let Some(largest) = largest else { return Ok(()) };
        if largest.shape == Shape::Lines {
            largest.shape = Shape::Row;
        } else {
            largest.shown -= (largest.shown / 8).max(1);
        }
    }
}
