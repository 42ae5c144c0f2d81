//! What an import did, for the person at the terminal and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::counts::{Count, Counts};
use super::people::PersonFound;
use crate::sources::{FileFailure, LeftOut};

/// The report of an import.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Resources that the record did not have.
    pub new: usize,
    /// Resources that the record had exactly so.
    pub unchanged: usize,
    /// Resources of which the record had another version.
    pub changed: usize,
    /// Entries that their source no longer has.
    pub gone: usize,
    /// Of the new and changed ones: those that are the same fact as another entry.
    pub grouped: usize,
    /// The same per category.
    pub categories: BTreeMap<&'static str, Count>,
    /// Each thing that was left out, with file, path and reason.
    pub left_out: Vec<Left>,
    /// Resources about other people, and what belongs to them; never stored.
    pub others: usize,
    /// The people of the input; the first is the one who was taken.
    pub people: Vec<PersonFound>,
    /// What is told of each health card: who has issued it, and whether that was verified.
    pub cards: Vec<String>,
    /// Whether what a link leads to may change.
    pub may_change: bool,
    /// How many seconds whoever shares by a link asks to be left alone.
    pub retry_after_s: Option<u64>,
    /// The sources that the input comes from, by name.
    pub sources: Vec<String>,
    /// Sensitive classes among what is new or changed.
    pub sensitive: Vec<&'static str>,
    /// Entries that an earlier version has read, in whose texts this import has marked what is sensitive.
    pub marked: usize,
    /// True where something was saved.
    pub is_saved: bool,
    /// Files of which nothing was read: with one of them the import has not wholly succeeded.
    pub failures: Vec<Failure>,
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Left {
    /// The file.
    pub file: String,
    /// Where in the file.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// A file of which nothing was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// Lines of what was left out that a terminal shows; `--json` has them all.
const LINES_MAX: usize = 20;

impl Report {
    /// True where nothing of the record changed.
    pub fn is_unchanged(&self) -> bool {
        !self.is_saved
    }

    /// Takes the counts over.
    pub(super) fn count(&mut self, counts: &Counts) {
        let total = counts.total();
        (self.new, self.unchanged) = (total.new, total.unchanged);
        (self.changed, self.grouped, self.gone) = (total.changed, total.grouped, total.gone);
        self.categories = counts.0.iter().map(|(kind, count)| (kind.plural(), *count)).collect();
    }

    /// Adds what was left out.
    pub(super) fn leave_out(&mut self, left_out: impl IntoIterator<Item = LeftOut>) {
        let left = left_out.into_iter();
        self.left_out.extend(left.map(|LeftOut { file, path, reason }| Left { file, path, reason }));
    }

    /// Adds the files of which nothing was read; they are left out too, as a whole.
    pub(super) fn fail(&mut self, failures: Vec<FileFailure>) {
        for FileFailure { file, reason } in failures {
            self.left_out.push(Left { file: file.clone(), path: String::new(), reason: reason.clone() });
            self.failures.push(Failure { file, reason });
        }
    }

    /// The report for a terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write_whose(&mut text);
        self.write_counts(&mut text);
        self.write_cards(&mut text);
        self.write_link(&mut text);
        self.write_left_out(&mut text);
        if self.marked > 0 {
            let entries = many(self.marked, "older entry", "older entries");
            line(&mut text, &format!("Sensitive passages are now marked in the texts of {entries}."));
        }
        if !self.sensitive.is_empty() {
            let classes = self.sensitive.join(", ");
            line(&mut text, &format!("Sensitive: this import holds {classes}."));
            line(
                &mut text,
                "Your assistant sees it. To withhold it, entry by entry and passage by passage: plainchart grants --help",
            );
        }
        text
    }

    fn write_whose(&self, text: &mut String) {
        if let Some(person) = self.people.first() {
            let sources = self.sources.join(", ");
            line(text, &format!("Record of {}, from {sources}.", person.shown()));
        }
        if self.others > 0 {
            let others = self.people.len().saturating_sub(1);
            line(
                text,
                &format!(
                    "Not taken: {} about, or belonging to, {} in these files.",
                    many(self.others, "resource", "resources"),
                    many(others, "other person", "other people")
                ),
            );
        }
    }

    fn write_counts(&self, text: &mut String) {
        let total = format!(
            "{} new, {} unchanged, {} changed; {} the same fact as another entry.",
            self.new, self.unchanged, self.changed, self.grouped
        );
        line(text, &total);
        if self.gone > 0 {
            let entries = many(self.gone, "entry is", "entries are");
            line(text, &format!("{entries} no longer at the source: kept, and told as gone."));
        }
        for (category, count) in &self.categories {
            let counts = [
                (count.new, "new"),
                (count.unchanged, "unchanged"),
                (count.changed, "changed"),
                (count.gone, "gone"),
            ];
            let told: Vec<String> = counts
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, word)| format!("{count} {word}"))
                .collect();
            line(text, &format!("  {category:<15} {}", told.join(", ")));
        }
        match (self.is_saved, self.unchanged) {
            (true, _) => {}
            (false, 0) => line(text, "Nothing was read, and nothing changed."),
            (false, _) => line(text, "Nothing changed: the record had all of this already."),
        }
    }

    fn write_cards(&self, text: &mut String) {
        for card in self.cards.iter().take(LINES_MAX) {
            let card: String = card.chars().filter(|sign| !sign.is_control()).collect();
            line(text, &format!("A {card}."));
        }
        if self.cards.len() > LINES_MAX {
            line(
                text,
                &format!("… and {} more health cards (all of them: --json)", self.cards.len() - LINES_MAX),
            );
        }
    }

    fn write_link(&self, text: &mut String) {
        if self.may_change {
            line(text, "What the link leads to may change: import it again for what is new then.");
        }
        if let Some(seconds) = self.retry_after_s.filter(|_| self.may_change) {
            line(text, &format!("Whoever shares it asks to wait {seconds} seconds before that."));
        }
    }

    fn write_left_out(&self, text: &mut String) {
        if self.left_out.is_empty() {
            return;
        }
        line(text, &format!("Left out: {}.", many(self.left_out.len(), "thing", "things")));
        for Left { file, path, reason } in self.left_out.iter().take(LINES_MAX) {
            let gap = if path.is_empty() { "" } else { " " };
            line(text, &format!("  {file}{gap}{path}: {reason}"));
        }
        if self.left_out.len() > LINES_MAX {
            line(text, &format!("  … and {} more (all of them: --json)", self.left_out.len() - LINES_MAX));
        }
    }
}

impl PersonFound {
    /// The person in one line: name, birth year, id. Signs that would steer a terminal are left out.
    pub fn shown(&self) -> String {
        let name = self.name.clone().unwrap_or_else(|| "a person without a recorded name".into());
        let born = self.birth_year.map_or_else(String::new, |year| format!(", born {year}"));
        let id = self.ids.first().map_or_else(String::new, |id| format!(" ({id})"));
        format!("{name}{born}{id}").chars().filter(|sign| !sign.is_control()).collect()
    }
}

fn many(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

fn line(text: &mut String, words: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{words}");
}
