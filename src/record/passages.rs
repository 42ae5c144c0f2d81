//! The passages of an entry's prose that reveal something sensitive, and the entry as it is without them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::text::exchanged;
use super::{Detail, Entry, Part, Text, each_text};

/// What stands in place of a passage: the same words whatever it was.
pub const WITHHELD: &str = "[withheld by the person's settings]";
/// What stands in place of prose whose passages an earlier version did not mark.
pub const UNMARKED: &str =
    "[withheld by the person's settings; importing again marks which passages may be shown]";
/// Longer texts are prose, of which words reveal a passage and not the whole.
pub const NAME_BYTES_MAX: usize = 200;

/// A passage of a text, and the sensitive classes that its words reveal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Its first byte.
    pub from: u32,
    /// The byte after its last.
    pub to: u32,
    /// The classes, as a set of bits.
    pub classes: u8,
}

/// A text of an entry that reveals something, with its passages in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revealing {
    /// The text. It is told by its words and not by its place, so that a place may move.
    pub text: Text,
    /// The passages of it that reveal something.
    pub passages: Vec<Passage>,
}

/// What the prose of an entry reveals, given by `ingest`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passages {
    /// Whether it was looked at. An earlier version did not: such prose is withheld whole.
    pub is_marked: bool,
    /// What the original reveals in parts that the entry does not keep, such as its narrative.
    pub original: u8,
    /// The texts that reveal something.
    pub texts: Box<[Revealing]>,
}

impl Passages {
    /// True of what most entries have: looked at, and nothing found.
    pub(super) fn is_nothing(&self) -> bool {
        self.is_marked && self.original == 0 && self.texts.is_empty()
    }

    /// All that the prose reveals, as a set of bits.
    pub fn classes(&self) -> u8 {
        let passages = self.texts.iter().flat_map(|text| &text.passages);
        passages.fold(0, |classes, passage| classes | passage.classes)
    }

    /// Of an entry whose prose reveals nothing.
    pub(super) fn nothing() -> Passages {
        Passages { is_marked: true, ..Passages::default() }
    }
}

/// Hands on every text of an entry that is prose: what is written in sentences, and any other long text.
pub fn each_prose<'e>(entry: &'e Entry, see: &mut dyn FnMut(&'e str)) {
    each_text(entry, &mut |part, text| match part {
        Part::Comment | Part::Conclusion => see(text),
        Part::Told | Part::Further if text.len() > NAME_BYTES_MAX => see(text),
        _ => {}
    });
    match &entry.detail {
        Detail::Document(document) => document.text.iter().for_each(|text| see(text)),
        Detail::Note { text, .. } => {
            see(text);
            // The beginning of the note, by which lists call it.
            entry.concept.text.iter().for_each(|title| see(title));
        }
        _ => {}
    }
}

/// The entry without the passages of these classes, where there are any: every list, search and full view
/// reads the copy, so that nothing withheld is found, quoted or counted.
pub(super) fn without(entry: &Entry, withheld: u8) -> Option<Entry> {
    let is_withheld = |passage: &Passage| passage.classes & withheld != 0;
    let revealing = &entry.passages.texts;
    let mut unmarked = Vec::new();
    if !entry.passages.is_marked {
        each_prose(entry, &mut |text| unmarked.push(text));
    }
    if unmarked.is_empty() && !revealing.iter().any(|text| text.passages.iter().any(is_withheld)) {
        return None;
    }
    let shown = |text: &Text| -> Option<Text> {
        if unmarked.contains(&text.as_str()) {
            return Some(UNMARKED.into());
        }
        let found = revealing.iter().find(|found| found.text == *text)?;
        let gaps = found.passages.iter().filter(|passage| is_withheld(passage));
        Some(cut(text, gaps).as_ref().into())
    };
    // An entry that cannot be copied is shown bare: nothing of it may slip through.
    let bare =
        || Entry { source: entry.source, key: entry.key.clone(), ..Entry::new(entry.id, Detail::Plain) };
    Some(exchanged(entry, shown).unwrap_or_else(|_| bare()))
}

/// A text with one mark in place of each passage; passages that nothing stands between are one gap.
fn cut<'t>(text: &'t str, gaps: impl Iterator<Item = &'t Passage>) -> Cow<'t, str> {
    let mut shown = String::new();
    let mut at = 0;
    for gap in gaps {
        let (from, to) = (gap.from as usize, gap.to as usize);
        let (Some(before), Some(_)) = (text.get(at..from), text.get(from..to)) else {
            // The marks are of another text: none of it can be shown.
            return WITHHELD.into();
        };
        if at == 0 || before.contains(|sign: char| !sign.is_whitespace() && !matches!(sign, ',' | ';')) {
            shown.push_str(before);
            shown.push_str(WITHHELD);
        }
        at = to;
    }
    if at == 0 {
        return text.into();
    }
    shown.push_str(&text[at..]);
    shown.into()
}

#[cfg(test)]
mod tests;
