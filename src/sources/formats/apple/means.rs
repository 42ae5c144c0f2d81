//! What many samples of a day come to, and the samples themselves where they are few.

use super::amount::Amount;
use super::moment::Moment;

/// A day with more samples than this is told as one: a sensor measures every five minutes, a person does not.
pub const SINGLES_MAX: usize = 20;

/// The samples of one day.
#[derive(Debug)]
pub struct Day {
    /// How many there are.
    pub count: u32,
    sum: i128,
    /// The lowest.
    pub lowest: Amount,
    /// The highest.
    pub highest: Amount,
    /// When the newest of them was written down.
    pub updated: i64,
    /// Which sources measured: the first few.
    pub sources: Vec<u16>,
    /// The samples, if they are kept singly and are few.
    pub singles: Vec<Single>,
}

/// One sample.
#[derive(Debug)]
pub struct Single {
    /// When it was taken.
    pub at: Moment,
    /// The digits as they were written.
    pub digits: Box<str>,
    /// Which source measured it.
    pub source: u16,
    /// When it was written down.
    pub updated: i64,
    /// The person typed it.
    pub is_typed: bool,
    /// Before or after a meal, where that is recorded.
    pub meal: Option<&'static str>,
}

/// Sources that are named.
const SOURCES_MAX: usize = 3;

impl Default for Day {
    fn default() -> Day {
        Day {
            count: 0,
            sum: 0,
            lowest: Amount(i64::MAX),
            highest: Amount(i64::MIN),
            updated: i64::MIN,
            sources: Vec::new(),
            singles: Vec::new(),
        }
    }
}

impl Day {
    /// Adds a sample.
    pub fn add(&mut self, amount: Amount, source: u16, updated: i64) {
        self.count = self.count.saturating_add(1);
        self.sum += i128::from(amount.0);
        self.lowest = self.lowest.min(amount);
        self.highest = self.highest.max(amount);
        self.updated = self.updated.max(updated);
        self.name(source);
    }

    fn name(&mut self, source: u16) {
        if !self.sources.contains(&source) && self.sources.len() < SOURCES_MAX {
            self.sources.push(source);
        }
    }

    /// Adds what the same day has in the next piece; `source` is the number that a source of it has here.
    pub fn absorb(&mut self, next: Day, source: impl Fn(u16) -> u16) {
        self.count = self.count.saturating_add(next.count);
        self.sum += next.sum;
        self.lowest = self.lowest.min(next.lowest);
        self.highest = self.highest.max(next.highest);
        self.updated = self.updated.max(next.updated);
        next.sources.into_iter().for_each(|number| self.name(source(number)));
        match self.is_of_few() {
            true => self.singles.extend(
                next.singles.into_iter().map(|single| Single { source: source(single.source), ..single }),
            ),
            false => self.singles = Vec::new(),
        }
    }

    /// Keeps a sample by itself, as long as the day has few.
    pub fn keep(&mut self, single: Single) {
        match self.is_of_few() {
            true => self.singles.push(single),
            false => self.singles = Vec::new(),
        }
    }

    /// Whether the samples of the day are told singly.
    pub fn is_of_few(&self) -> bool {
        self.count as usize <= SINGLES_MAX
    }

    /// The mean.
    pub fn mean(&self) -> Amount {
        Amount((self.sum / i128::from(self.count.max(1))) as i64)
    }
}
