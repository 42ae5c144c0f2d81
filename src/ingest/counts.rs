//! What became of each resource of an import, in total and per category.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::record::Kind;

/// What became of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The record did not have it.
    New,
    /// The record had exactly this.
    Unchanged,
    /// The record had another version.
    Changed,
    /// The record has it, and its source no longer does.
    Gone,
}

/// Resources by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The record did not have them.
    pub new: usize,
    /// The record had exactly these.
    pub unchanged: usize,
    /// The record had other versions.
    pub changed: usize,
    /// The record has them, and their source no longer does.
    #[serde(skip_serializing_if = "is_none")]
    pub gone: usize,
    /// Of the new and changed ones: those that are the same fact as another entry.
    pub grouped: usize,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

/// Counts per category.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub BTreeMap<Kind, Count>);

impl Counts {
    /// Counts one resource.
    pub fn add(&mut self, kind: Kind, outcome: Outcome) {
        let count = self.0.entry(kind).or_default();
        match outcome {
            Outcome::New => count.new += 1,
            Outcome::Unchanged => count.unchanged += 1,
            Outcome::Changed => count.changed += 1,
            Outcome::Gone => count.gone += 1,
        }
    }

    /// All categories together.
    pub fn total(&self) -> Count {
        self.0.values().fold(Count::default(), |total, count| Count {
            new: total.new + count.new,
            unchanged: total.unchanged + count.unchanged,
            changed: total.changed + count.changed,
            gone: total.gone + count.gone,
            grouped: total.grouped + count.grouped,
        })
    }
}
