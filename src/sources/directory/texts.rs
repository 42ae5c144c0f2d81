//! Many short texts in one allocation: a hundred thousand organizations have a million of them.

use std::hash::BuildHasher;

use foldhash::HashMap;
use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

/// A text, by its place in a [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TextId(u32);

/// Texts end to end, and where each ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    letters: String,
    ends: Vec<u32>,
}

impl Texts {
    /// A text; empty for an id of another table, so that a damaged row can show nothing and not panic.
    pub fn get(&self, id: TextId) -> &str {
        let at = id.0 as usize;
        let end = self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.letters.get(start..end).unwrap_or_default()
    }

    /// Bytes of all of them.
    pub fn bytes(&self) -> usize {
        self.letters.len()
    }

    /// Every id, in order.
    pub fn ids(&self) -> impl Iterator<Item = TextId> + use<> {
        (0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX)).map(TextId)
    }

    /// Adds a text. Whoever adds keeps the sum far below what 32 bits can count (`Limits`).
    pub fn push(&mut self, text: &str) -> TextId {
        self.letters.push_str(text);
        self.ends.push(u32::try_from(self.letters.len()).unwrap_or(u32::MAX));
        TextId(u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX))
    }
}

impl TextId {
    /// Its place in the table.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// Texts under construction: equal ones are kept once.
#[derive(Default)]
pub struct Interner {
    texts: Texts,
    // By hash and not by text, so that no text is held twice; what is found is compared.
    known: HashMap<u64, TextId>,
    hasher: RandomState,
}

impl Interner {
    /// The text's id, the same for equal texts.
    pub fn id(&mut self, text: &str) -> TextId {
        let hash = self.hasher.hash_one(text);
        match self.known.get(&hash) {
            Some(id) if self.texts.get(*id) == text => *id,
            // Two texts of one hash: the second is kept as often as it comes, which harms nobody.
            Some(_) => self.texts.push(text),
            None => {
                let id = self.texts.push(text);
                self.known.insert(hash, id);
                id
            }
        }
    }

    /// A text that is hardly ever said twice: it is not remembered, which would take as much room again.
    pub fn once(&mut self, text: &str) -> TextId {
        self.texts.push(text)
    }

    /// Bytes of all texts.
    pub fn bytes(&self) -> usize {
        self.texts.bytes()
    }

    /// The finished table.
    pub fn finish(self) -> Texts {
        let mut texts = self.texts;
        texts.letters.shrink_to_fit();
        texts.ends.shrink_to_fit();
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_kept_once_and_each_is_found_again() {
        let mut interner = Interner::default();
        let ids = ["Lakeside", "", "Lakeside", "Süd"].map(|text| interner.id(text));
        let texts = interner.finish();
        assert_eq!(ids.map(|id| texts.get(id)), ["Lakeside", "", "Lakeside", "Süd"]);
        assert_eq!((ids[0], texts.ids().count()), (ids[2], 3));
        assert_eq!(texts.get(TextId(99)), "");
    }
}
