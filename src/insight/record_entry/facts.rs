//! What every entry has, as facts with a label.

use super::{Fact, detail};
use crate::insight::{plain, rows, shortened};
use crate::record::{Concept, Entry, Text};

/// The longest piece of one value; a longer text goes on in the next fact, so that nothing is cut.
const CHARACTERS_MAX: usize = 1_000;

/// Everything that is recorded in an entry.
pub(super) fn of(entry: &Entry) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.text("name", entry.concept.text.as_ref());
    facts.codes("code", &entry.concept);
    facts.add("told as", rows::standing_word(entry));
    facts.text("status", entry.status.as_ref());
    facts.list("category", &entry.categories);
    facts.add("date", entry.date.map(|when| when.to_string()));
    facts.add("end", entry.end.map(|when| when.to_string()));
    facts.add("recorded on", entry.recorded.map(|when| when.to_string()));
    facts.add("last changed at the source", entry.updated.map(|when| when.to_string()));
    detail::add(&mut facts, entry);
    for actor in &entry.actors {
        let name = actor.name.as_ref().or(actor.key.as_ref());
        facts.add(&actor.role, name.map(|name| plain(name)));
    }
    for (label, value) in &entry.more {
        facts.long(label, value);
    }
    for note in &entry.notes {
        facts.long("comment", note);
    }
    facts.list("security mark of the source", &entry.security);
    facts.facts
}

/// Facts that are being collected.
#[derive(Default)]
pub(super) struct Facts {
    facts: Vec<Fact>,
}

impl Facts {
    /// Adds a fact whose value is already clean.
    pub fn add(&mut self, label: &str, value: Option<String>) {
        let value = value.filter(|value| !value.is_empty());
        self.facts.extend(value.map(|value| Fact::new("recorded", label, value)));
    }

    /// Adds recorded words.
    pub fn text(&mut self, label: &str, text: Option<&Text>) {
        if let Some(text) = text {
            self.long(label, text);
        }
    }

    /// Adds each of several recorded words.
    pub fn list(&mut self, label: &str, texts: &[Text]) {
        for text in texts {
            self.long(label, text);
        }
    }

    /// Adds recorded words of any length, in as many facts as it takes.
    pub fn long(&mut self, label: &str, text: &str) {
        let line = plain(text);
        let characters: Vec<char> = line.chars().collect();
        for (number, part) in characters.chunks(CHARACTERS_MAX).enumerate() {
            let label = if number == 0 { label.to_owned() } else { format!("{label} (goes on)") };
            self.add(&label, Some(part.iter().collect::<String>()));
        }
    }

    /// Adds the codes with their systems; a name stands beside a code only where the sender gave one.
    pub fn codes(&mut self, label: &str, concept: &Concept) {
        for code in &concept.codes {
            let name = code
                .display
                .as_deref()
                .map_or_else(String::new, |name| format!(" \"{}\"", shortened(name, 300)));
            self.add(label, Some(format!("{} {}{name}", plain(code.system.name()), plain(&code.code))));
        }
    }

    /// Adds a concept: its words and its codes.
    pub fn concept(&mut self, label: &str, concept: &Concept) {
        self.text(label, concept.text.as_ref());
        self.codes(&format!("{label}, code"), concept);
    }

    /// Adds `yes` where something holds.
    pub fn flag(&mut self, label: &str, holds: bool) {
        self.add(label, holds.then(|| "yes".into()));
    }
}
