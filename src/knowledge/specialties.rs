//! Specialties: what a kind of clinician is called plainly, and the words by which
//! people and records name it.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::table::{list, rows};

pub(super) const SPECIALTIES: &str = include_str!("tables/specialties.tsv");

/// A kind of clinician or service.
#[derive(Debug)]
pub struct Specialty {
    /// Stable name, as in `cardiology`.
    pub key: &'static str,
    /// Plain name, as in `heart doctor (cardiology)`.
    pub name: &'static str,
    /// Words by which it is named.
    pub words: Vec<&'static str>,
}

/// Shorter words, such as `pt`, mean too many things inside a text.
const LETTERS_MIN: usize = 3;

struct Index {
    specialties: Vec<Specialty>,
    whole: Phrases<usize>,
    inside: Phrases<usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let specialties: Vec<_> = rows(SPECIALTIES)
        .map(|[key, name, words]| Specialty { key, name, words: list(words).collect() })
        .collect();
    let words = || {
        specialties.iter().enumerate().flat_map(|(at, specialty)| {
            [specialty.key, specialty.name]
                .into_iter()
                .chain(specialty.words.iter().copied())
                .map(move |words| (words, at))
        })
    };
    let whole = Phrases::new(words());
    let inside = Phrases::new(words().filter(|(words, _)| words.len() >= LETTERS_MIN));
    Index { whole, inside, specialties }
});

/// All specialties, in the order of the table.
pub fn specialties() -> &'static [Specialty] {
    &INDEX.specialties
}

/// The specialty with that key.
pub fn specialty(key: &str) -> Option<&'static Specialty> {
    INDEX.specialties.iter().find(|specialty| specialty.key == key)
}

/// The specialties that these words name: as a whole when they do, else by any
/// phrase inside them, in the order of the text.
pub fn specialties_named(words: &str) -> Vec<&'static Specialty> {
    let exact = INDEX.whole.exactly(words);
    let found = if exact.is_empty() { INDEX.inside.within(words) } else { exact.to_vec() };
    found.into_iter().map(|at| &INDEX.specialties[at]).collect()
}

/// The specialties that are called exactly so.
pub fn specialties_called(words: &str) -> impl Iterator<Item = &'static Specialty> {
    INDEX.whole.exactly(words).iter().map(|at| &INDEX.specialties[*at])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::knowledge::folding::fold;

    #[test]
    fn keys_and_words_are_unique() {
        let keys: HashSet<_> = specialties().iter().map(|specialty| specialty.key).collect();
        assert_eq!(keys.len(), specialties().len());
        let mut seen = HashSet::new();
        for specialty in specialties() {
            let own: HashSet<_> = specialty.words.iter().map(|words| fold(words)).collect();
            assert!(!own.is_empty() && !specialty.name.is_empty(), "{}", specialty.key);
            for words in own {
                assert!(seen.insert(words.clone()), "{words} names two");
            }
        }
    }

    #[test]
    fn words_name_a_specialty() {
        let keys = |words: &str| -> Vec<_> {
            specialties_named(words).into_iter().map(|specialty| specialty.key).collect()
        };
        assert_eq!(keys("my heart doctor on Monday"), ["cardiology"]);
        assert_eq!(keys("Cardiologist"), ["cardiology"]);
        assert_eq!(keys("GP"), ["primary-care"]);
        assert!(keys("the gp form").is_empty());
        assert!(keys("plumber").is_empty());
    }
}
