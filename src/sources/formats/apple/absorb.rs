//! Puts together what was read in pieces: what comes of it is what reading them one after another gives.

use std::hash::Hash;

use foldhash::HashMap;

use super::export::{Days, Export, KINDS_MAX, REASONS_MAX, UNITS_MAX, unit};
use super::sources::SOURCES_MAX;

impl Export {
    /// Adds what the next piece holds. False, and nothing is added, where there may be more in it than is told
    /// apart: then it matters what comes first.
    pub fn absorb(&mut self, next: Export) -> bool {
        let has_room = self.kinds.len() + next.kinds.len() < KINDS_MAX
            && self.units.len() + next.units.len() < UNITS_MAX
            && self.left.len() + next.left.len() < REASONS_MAX
            && self.sources.count() + next.sources.count() < SOURCES_MAX;
        if has_room {
            self.add_all(next);
        }
        has_room
    }

    fn add_all(&mut self, next: Export) {
        let sources = self.sources.absorb(&next.sources);
        let source = |number: u16| sources.get(usize::from(number)).copied().unwrap_or(number);
        let units: Vec<u8> = next.units.iter().filter_map(|name| unit(&mut self.units, name)).collect();
        let unit = |number: u8| units.get(usize::from(number)).copied().unwrap_or_default();
        for (kind, days) in next.kinds {
            let Some(place) = self.kind(&kind.apple) else { continue };
            match (&mut self.kinds[place].1, days) {
                (Days::Sums(own), Days::Sums(next)) => {
                    for (number, days) in next {
                        let own = super::sums::of_unit(own, unit(number));
                        each(days, own, |own, day| own.absorb(day, source));
                    }
                }
                (Days::Means(own), Days::Means(next)) => {
                    let days = next.into_iter().map(|((day, number), found)| ((day, unit(number)), found));
                    each(days, own, |own, day| own.absorb(day, source));
                }
                (Days::Times(own), Days::Times(next)) => each(next, own, |own, day| own.absorb(day, source)),
                (Days::Nights(own), Days::Nights(next)) => {
                    each(next, own, |own, day| own.absorb(day, source))
                }
                _ => {}
            }
        }
        self.pressures.absorb(next.pressures, source);
        self.workouts.extend(next.workouts.into_iter().map(|mut workout| {
            workout.source = source(workout.source);
            workout
        }));
        said(&mut self.me.birth, next.me.birth);
        said(&mut self.me.sex, next.me.sex);
        said(&mut self.me.blood, next.me.blood);
        self.exported = next.exported.or(self.exported);
        self.clinical.extend(next.clinical);
        for (what, count) in next.left {
            *self.left.entry(what).or_default() += count;
        }
    }
}

/// Adds each day to the one of its number.
fn each<K: Eq + Hash, Day: Default>(
    days: impl IntoIterator<Item = (K, Day)>,
    own: &mut HashMap<K, Day>,
    add: impl Fn(&mut Day, Day),
) {
    days.into_iter().for_each(|(place, day)| add(own.entry(place).or_default(), day));
}

/// What is said of the person is said once.
fn said(own: &mut String, next: String) {
    if !next.is_empty() {
        *own = next;
    }
}
