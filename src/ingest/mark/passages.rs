//! Which passages of an entry's prose reveal something, by their words.

use std::ops::Range;

use foldhash::HashMap;

use crate::knowledge::sensitive::{Classes, classes_of_words, passages_of};
use crate::record::{Detail, Entry, Passage, Passages, Person, Revealing, Text, each_prose};

/// A longer text is hardly said twice.
const KNOWN_BYTES_MAX: usize = 4096;

/// The passages of texts that were looked through: laboratories say the same under many thousand results.
#[derive(Default)]
pub(super) struct Known(HashMap<String, Vec<(Range<usize>, Classes)>>);

impl Known {
    fn passages_of(&mut self, text: &str) -> Vec<(Range<usize>, Classes)> {
        if text.len() > KNOWN_BYTES_MAX {
            return passages_of(text);
        }
        if let Some(found) = self.0.get(text) {
            return found.clone();
        }
        let found = passages_of(text);
        self.0.insert(text.to_owned(), found.clone());
        found
    }
}

/// The passages of an entry.
pub(super) fn of(entry: &Entry, known: &mut Known) -> Passages {
    let mut texts: Vec<Revealing> = Vec::new();
    each_prose(entry, &mut |text| {
        let found = known.passages_of(text);
        if found.is_empty() || texts.iter().any(|known| known.text == *text) {
            return;
        }
        let passage = |(range, classes): (Range<usize>, Classes)| Passage {
            from: range.start as u32,
            to: range.end as u32,
            classes: classes.bits(),
        };
        texts.push(Revealing { text: text.into(), passages: found.into_iter().map(passage).collect() });
    });
    match &entry.detail {
        Detail::Note { text, .. } => name_note(entry, text, &mut texts),
        // Whose record it is is never withheld as a whole.
        Detail::Person(person) => tell_of_person(person, &mut texts),
        _ => {}
    }
    Passages { is_marked: true, original: entry.passages.original | unread(entry), texts: texts.into() }
}

/// What an attachment that nobody could read may reveal: anything.
fn unread(entry: &Entry) -> u8 {
    let Detail::Document(document) = &entry.detail else { return 0 };
    let is_unread = document.attachments.iter().any(|attachment| attachment.unread.is_some());
    if is_unread { u8::MAX } else { 0 }
}

/// A note is called by its beginning: where that is withheld, so is the name.
fn name_note(entry: &Entry, text: &Text, texts: &mut Vec<Revealing>) {
    let first = texts.iter().find(|found| found.text == *text).and_then(|found| found.passages.first());
    let classes = first.filter(|passage| passage.from == 0).map(|passage| passage.classes);
    if let (Some(classes), Some(title)) = (classes, &entry.concept.text) {
        texts.retain(|found| found.text != *title || found.text == *text);
        if title != text {
            texts.push(whole(title, classes));
        }
    }
}

/// What the demographics say of the person beside name and address.
fn tell_of_person(person: &Person, texts: &mut Vec<Revealing>) {
    let facts = person.facts.iter().map(|(label, value)| (label.as_str(), value));
    let gender = person.gender_identity.iter().map(|value| ("", value));
    for (label, value) in facts.chain(gender) {
        let classes = classes_of_words(label).with(classes_of_words(value));
        if !classes.is_empty() && !texts.iter().any(|known| known.text == *value) {
            texts.push(whole(value, classes.bits()));
        }
    }
}

fn whole(text: &Text, classes: u8) -> Revealing {
    let passages = vec![Passage { from: 0, to: text.len() as u32, classes }];
    Revealing { text: text.clone(), passages }
}
