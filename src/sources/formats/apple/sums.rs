//! Totals of a day, of which no stretch of time counts twice.
//!
//! A watch and a phone count the same steps. Apple's own rule is that of two sources the one that the person
//! prefers counts, and the other fills its gaps; which one is preferred is not in the export. So a day is cut
//! into slots of ten minutes, and in each slot the first source counts that measured anything in it: a watch
//! before a phone before anything else, and of two alike the one whose name comes first. A sample that reaches
//! over several slots is shared among them by time.

use super::amount::Amount;
use super::moment::DAY_S;

/// Seconds of a slot.
pub const SLOT_S: i64 = 600;
/// Slots of a day.
const SLOTS: i64 = DAY_S / SLOT_S;
/// A slot and what was counted in it share one number: the slot has the upper bits.
const AMOUNT_BITS: u32 = 56;
const AMOUNT_MAX: u64 = (1 << AMOUNT_BITS) - 1;

/// What the sources counted on one day.
#[derive(Debug, Default)]
pub struct Day {
    sources: Vec<(u16, Vec<u64>)>,
    /// When the newest of the samples was written down.
    pub updated: i64,
}

/// The total of a day.
#[derive(Debug, PartialEq, Eq)]
pub struct Total {
    /// How much.
    pub amount: Amount,
    /// The sources that it was counted from.
    pub sources: Vec<u16>,
}

impl Day {
    /// Adds what a source counted in a slot.
    fn add(&mut self, source: u16, slot: u8, amount: u64) {
        let place = self.sources.iter().position(|(own, _)| *own == source).unwrap_or_else(|| {
            self.sources.push((source, Vec::new()));
            self.sources.len() - 1
        });
        let Some((_, slots)) = self.sources.get_mut(place) else { return };
        let at = match slots.last() {
            Some(last) if slot_of(*last) < slot => slots.len(),
            _ => slots.partition_point(|packed| slot_of(*packed) < slot),
        };
        match slots.get_mut(at).filter(|packed| slot_of(**packed) == slot) {
            Some(packed) => *packed = pack(slot, (*packed & AMOUNT_MAX).saturating_add(amount)),
            None => slots.insert(at, pack(slot, amount)),
        }
    }

    /// Adds what the same day has in the next piece; `source` is the number that a source of it has here.
    pub fn absorb(&mut self, next: Day, source: impl Fn(u16) -> u16) {
        self.updated = self.updated.max(next.updated);
        for (number, mut slots) in next.sources {
            let number = source(number);
            if self.sources.iter().any(|(own, _)| *own == number) {
                slots.iter().for_each(|packed| self.add(number, slot_of(*packed), packed & AMOUNT_MAX));
            } else {
                slots.shrink_to_fit();
                self.sources.push((number, slots));
            }
        }
    }

    /// The total; `rank` puts the sources in order.
    pub fn total(&self, rank: impl Fn(u16) -> usize) -> Total {
        let mut ranked: Vec<&(u16, Vec<u64>)> = self.sources.iter().collect();
        ranked.sort_by_key(|(source, _)| rank(*source));
        let mut is_counted = [false; SLOTS as usize];
        let (mut amount, mut sources) = (0_i64, Vec::new());
        for (source, slots) in ranked {
            let before = amount;
            for packed in slots.iter().filter(|packed| **packed & AMOUNT_MAX > 0) {
                let slot = &mut is_counted[usize::from(slot_of(*packed))];
                if !std::mem::replace(slot, true) {
                    amount = amount.saturating_add((packed & AMOUNT_MAX) as i64);
                }
            }
            if amount > before {
                sources.push(*source);
            }
        }
        Total { amount: Amount(amount), sources }
    }
}

fn pack(slot: u8, amount: u64) -> u64 {
    u64::from(slot) << AMOUNT_BITS | amount.min(AMOUNT_MAX)
}

fn slot_of(packed: u64) -> u8 {
    (packed >> AMOUNT_BITS) as u8
}

/// Shares an amount among the slots from `start` to `end` (seconds by the clock of the place): hands over the
/// day, the slot and the part of each. What claims to have lasted longer than a day counts where it began.
fn share(start: i64, end: i64, amount: u64, mut give: impl FnMut(i32, u8, u64)) {
    let place = |slot: i64| (slot.div_euclid(SLOTS) as i32, slot.rem_euclid(SLOTS) as u8);
    let lasts = end - start;
    let first = start.div_euclid(SLOT_S);
    let last = if (1..=DAY_S).contains(&lasts) { (end - 1).div_euclid(SLOT_S) } else { first };
    let mut left = amount;
    for slot in first..last {
        let inside = (slot + 1) * SLOT_S - start.max(slot * SLOT_S);
        let part = (u128::from(amount) * inside as u128 / lasts as u128) as u64;
        left -= part.min(left);
        let (day, slot) = place(slot);
        give(day, slot, part);
    }
    let (day, slot) = place(last);
    give(day, slot, left);
}

/// Days by number.
pub type Days = foldhash::HashMap<i32, Day>;

/// The days of a unit.
pub fn of_unit(units: &mut Vec<(u8, Days)>, unit: u8) -> &mut Days {
    let place = units.iter().position(|(own, _)| *own == unit).unwrap_or_else(|| {
        units.push((unit, Days::default()));
        units.len() - 1
    });
    &mut units[place].1
}

/// Adds a sample to the days on which it was taken; false for what is less than nothing.
pub fn add(days: &mut Days, source: u16, (start, end): (i64, i64), amount: Amount, updated: i64) -> bool {
    let Ok(amount) = u64::try_from(amount.0) else { return false };
    share(start, end, amount, |day, slot, part| {
        let day = days.entry(day).or_default();
        day.add(source, slot, part);
        day.updated = day.updated.max(updated);
    });
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(samples: &[(u16, i64, i64, i64)]) -> (i64, Vec<u16>) {
        let mut days = Days::default();
        for &(source, start, end, steps) in samples {
            assert!(add(&mut days, source, (start, end), Amount(steps), 0));
        }
        let total = days.get(&0).map(|day| day.total(usize::from)).unwrap();
        (total.amount.0, total.sources)
    }

    #[test]
    fn two_devices_that_count_the_same_steps_count_once() {
        assert_eq!(total(&[(1, 0, 600, 50), (0, 0, 600, 48)]), (48, vec![0]));
        assert_eq!(total(&[(0, 0, 600, 48), (1, 0, 600, 50)]), (48, vec![0]), "in any order");
    }

    #[test]
    fn the_second_device_fills_the_gaps_of_the_first() {
        assert_eq!(total(&[(0, 0, 600, 48), (1, 0, 1200, 100)]), (98, vec![0, 1]));
        assert_eq!(total(&[(0, 0, 600, 48), (0, 300, 600, 10)]), (58, vec![0]), "one device may have two");
    }

    #[test]
    fn a_sample_over_midnight_belongs_to_both_days_and_loses_nothing() {
        let mut days = Days::default();
        add(&mut days, 0, (DAY_S - 100, DAY_S + 200), Amount(1000), 7);
        let of = |day: i32| days[&day].total(usize::from).amount.0;
        assert_eq!((of(0), of(1)), (333, 667));
        assert!(!add(&mut days, 0, (0, 1), Amount(-1), 0), "less than nothing");
    }

    #[test]
    fn an_end_before_the_start_or_a_year_later_counts_where_it_began() {
        assert_eq!(total(&[(0, 700, 0, 5), (0, 700, 400 * DAY_S, 6)]), (11, vec![0]));
    }
}
