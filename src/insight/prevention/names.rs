//! Which of many phrases and codes an entry bears: judged once for each name, for records repeat them.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};
use std::rc::Rc;

use foldhash::fast::FixedState;
use foldhash::{HashMap, HashMapExt as _};

use crate::knowledge::folding::{fold, holds_words};
use crate::record::{Detail, Entry, System};

/// Whether a phrase found in a folded name counts, with whatever else stands in that name.
type Counts<T> = fn(T, &str, &str) -> bool;

/// Phrases and LOINC codes, each with what it stands for.
pub(super) struct Names<T> {
    by_first_word: HashMap<String, Vec<(String, T)>>,
    by_code: HashMap<&'static str, Vec<T>>,
    counts: Counts<T>,
    judged: HashMap<u64, Rc<[T]>>,
}

impl<T: Copy + PartialEq> Names<T> {
    /// None yet.
    pub fn new(counts: Counts<T>) -> Names<T> {
        let (by_first_word, by_code) = (HashMap::new(), HashMap::new());
        Names { by_first_word, by_code, counts, judged: HashMap::new() }
    }

    /// A phrase, matched as whole words.
    pub fn add_words(&mut self, words: &str, stands_for: T) {
        let phrase = fold(words);
        let first = phrase.split(' ').next().unwrap_or_default().to_owned();
        self.by_first_word.entry(first).or_default().push((phrase, stands_for));
    }

    /// A LOINC code, of an entry or of a part of it.
    pub fn add_code(&mut self, loinc: &'static str, stands_for: T) {
        self.by_code.entry(loinc).or_default().push(stands_for);
    }

    /// True where nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.by_first_word.is_empty() && self.by_code.is_empty()
    }

    /// What an entry is named as: by its name, its displays, its codes, and `further` texts of the record.
    pub fn of(&mut self, entry: &Entry, further: &[&str]) -> Rc<[T]> {
        let mut hasher = FixedState::default().build_hasher();
        let place = |text: &str| (text.as_ptr() as usize, text.len());
        entry.concept.words().for_each(|text| place(text).hash(&mut hasher));
        further.iter().for_each(|text| place(text).hash(&mut hasher));
        codes_of_parts(entry).for_each(|code| place(code).hash(&mut hasher));
        let key = hasher.finish();
        if let Some(known) = self.judged.get(&key) {
            return Rc::clone(known);
        }
        let judged: Rc<[T]> = self.judge(entry, further).into();
        self.judged.insert(key, Rc::clone(&judged));
        judged
    }

    fn judge(&self, entry: &Entry, further: &[&str]) -> Vec<T> {
        let mut found: Vec<T> = Vec::new();
        let own = entry.concept.codes_in(&System::Loinc);
        for code in own.chain(codes_of_parts(entry)) {
            found.extend(self.by_code.get(code).into_iter().flatten());
        }
        let displays = entry.concept.codes.iter().filter_map(|code| code.display.as_deref());
        let texts = entry.concept.text.as_deref().into_iter().chain(displays).chain(further.iter().copied());
        // Parted so that no phrase stands across two of them.
        let name = texts.map(fold).collect::<Vec<_>>().join(" \n ");
        for word in name.split(' ') {
            let phrases = self.by_first_word.get(word).into_iter().flatten();
            for (phrase, stands_for) in phrases {
                let is_new = !found.contains(stands_for);
                if is_new && holds_words(&name, phrase) && (self.counts)(*stands_for, &name, phrase) {
                    found.push(*stands_for);
                }
            }
        }
        found
    }
}

fn codes_of_parts(entry: &Entry) -> impl Iterator<Item = &str> {
    let parts = match &entry.detail {
        Detail::Measurement(found) => found.components.as_slice(),
        _ => &[],
    };
    parts.iter().flat_map(|part| part.concept.codes_in(&System::Loinc))
}

/// Whether one of these words stands in a folded name beside the phrase.
pub(super) fn stands_beside(name: &str, phrase: &str, words: &[&str]) -> bool {
    let beside = name.replace(phrase, "\n");
    words.iter().any(|word| holds_words(&beside, word))
}
