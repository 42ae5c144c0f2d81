//! What happened on a day: how often, how long, and with which words.

use std::collections::BTreeMap;

/// Different words of one day that are told.
const WORDS_MAX: usize = 12;

/// One day.
#[derive(Debug, Default)]
pub struct Day {
    /// How often.
    pub count: u32,
    /// From when to when, by the clock of the place.
    pub spans: Vec<(i64, i64)>,
    /// The words, and how often each.
    pub words: BTreeMap<Box<str>, u32>,
    /// When the newest of it was written down.
    pub updated: i64,
    /// Who told it.
    pub source: u16,
}

impl Day {
    /// Adds what happened once.
    pub fn add(&mut self, span: (i64, i64), value: &str, source: u16, updated: i64) {
        self.count = self.count.saturating_add(1);
        self.spans.push(span);
        self.updated = self.updated.max(updated);
        self.source = source;
        if !value.is_empty() {
            self.say(value, 1);
        }
    }

    fn say(&mut self, value: &str, often: u32) {
        let is_full = self.words.len() >= WORDS_MAX;
        match self.words.get_mut(value) {
            Some(times) => *times += often,
            None if !is_full => {
                self.words.insert(value.into(), often);
            }
            None => {}
        }
    }

    /// Adds what the same day has in the next piece; `source` is the number that a source of it has here.
    pub fn absorb(&mut self, next: Day, source: impl Fn(u16) -> u16) {
        self.count = self.count.saturating_add(next.count);
        self.spans.extend(next.spans);
        self.updated = self.updated.max(next.updated);
        self.source = source(next.source);
        next.words.iter().for_each(|(value, often)| self.say(value, *often));
    }
}
