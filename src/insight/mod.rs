//! Answers from a record: pure functions of a `View`, the knowledge tables and today's date.
//!
//! Every answer is an [`Answer`]: compact Markdown, the same facts typed, and the ids it cites.

pub mod alarm;
pub mod allergies;
mod answer;
pub mod appointment;
mod ask;
pub mod background;
pub mod care_plan;
pub mod completion;
pub mod conditions;
mod coverage;
pub mod documents;
pub mod explain;
pub mod immunizations;
pub mod insurance;
mod later;
mod lifetime;
mod listing;
pub mod matching;
pub mod measured;
pub mod measurements;
pub mod medications;
mod naming;
pub mod open_loops;
mod passage;
mod piece;
mod plain;
mod plausible;
mod portals;
pub mod portrait;
pub mod prevention;
pub mod problems;
pub mod procedures;
pub mod record_entry;
pub mod routine;
pub mod rows;
pub mod search;
pub mod series;
pub mod sheet;
pub mod specialists;
pub mod status;
pub mod summary;
pub mod telling;
#[cfg(test)]
pub mod testing;
pub mod trend;
pub mod visits;
mod wanted;
mod ways;
mod whose;

use std::any::Any;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use answer::{Answer, tokens, tokens_at_most};
pub use ask::{Asked, Budget, ListAsk, Period, Refusal};
pub use coverage::{Coverage, SourceSeen};
pub use later::Later;
pub use listing::{Item, Listing, Page, Section};
pub use plain::{cleaned, fenced, plain, shortened};
pub use ways::{Pages, Ways};
pub use whose::Whose;

// Who asks a person what to withhold names the classes as the tables do.
pub use crate::knowledge::sensitive::{Class, Classes};
use crate::record::View;

/// What an answer may look at.
pub struct Context<'a> {
    /// The record, as far as the caller may see it.
    pub view: &'a View,
    /// Today, on the person's calendar.
    pub today: jiff::civil::Date,
    /// The tool's name, for the exact next call.
    pub tool: &'a str,
    /// The arguments as they came, for the exact next call.
    pub arguments: &'a serde_json::Map<String, serde_json::Value>,
    /// How whoever reads the answer can act on it.
    pub ways: &'a Ways,
    /// Set when the call has run out of time.
    pub stop: &'a AtomicBool,
    /// How often `check` was called, so that it costs nothing in a loop.
    pub checked: Cell<u32>,
}

impl Context<'_> {
    /// What `make` works out of the record and the day alone, whatever was asked: made once, and kept for the
    /// answers after this one.
    pub fn derived<T: Any + Send + Sync>(
        &self,
        make: impl FnOnce() -> Result<T, Refusal>,
    ) -> Result<Arc<T>, Refusal> {
        self.view.derived(self.today, make)
    }

    /// To be called in every loop over entries: an answer that has run out of time ends here.
    pub fn check(&self) -> Result<(), Refusal> {
        self.checked.set(self.checked.get().wrapping_add(1));
        let is_due = self.checked.get().is_multiple_of(256);
        if is_due && self.stop.load(Ordering::Relaxed) { Err(Refusal::OutOfTime) } else { Ok(()) }
    }
}
