//! What people call things beside what notes and codes call them, for search.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::folding::fold;
use super::table::{list, rows};

pub(super) const LAY_WORDS: &str = include_str!("tables/lay_words.tsv");

static EXPANSIONS: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut expansions: HashMap<String, Vec<&'static str>> = HashMap::new();
    for [lay, medical, narrower] in rows(LAY_WORDS) {
        let same: Vec<_> = list(lay).chain(list(medical)).collect();
        for word in &same {
            let others = same.iter().copied().chain(list(narrower));
            add(&mut expansions, word, others);
        }
        for word in list(narrower) {
            add(&mut expansions, word, same.iter().copied());
        }
    }
    expansions
});

fn add(
    expansions: &mut HashMap<String, Vec<&'static str>>,
    word: &'static str,
    others: impl Iterator<Item = &'static str>,
) {
    let known = expansions.entry(fold(word)).or_default();
    for other in others {
        if other != word && !known.contains(&other) {
            known.push(other);
        }
    }
}

/// Other words that find what this word or phrase means, both ways: lay words
/// give medical ones, medical words give lay ones. Folded already; empty when
/// there are none.
pub fn expand(words: &str) -> &'static [&'static str] {
    EXPANSIONS.get(&fold(words)).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lay_words_find_medical_ones() {
        for medical in ["myocardial infarction", "mi", "nstemi", "stemi"] {
            assert!(expand("Heart attack").contains(&medical), "{medical}");
        }
        assert!(expand("sugar").contains(&"glucose"));
        assert!(expand("water pill").contains(&"furosemide"));
        assert!(expand("high blood-pressure").contains(&"hypertension"));
        assert!(expand("stroke").contains(&"cva"));
    }

    #[test]
    fn medical_words_find_lay_ones() {
        assert!(expand("myocardial infarction").contains(&"heart attack"));
        assert!(expand("Furosemide").contains(&"water pill"));
    }

    #[test]
    fn a_narrower_word_does_not_find_its_siblings() {
        assert!(!expand("furosemide").contains(&"hydrochlorothiazide"));
        assert!(!expand("nstemi").contains(&"stemi"));
    }

    #[test]
    fn unknown_words_find_nothing() {
        assert!(expand("xyzzy").is_empty());
        assert!(expand("").is_empty());
    }

    #[test]
    fn there_are_enough_of_them_and_all_are_folded() {
        assert!(rows::<3>(LAY_WORDS).count() > 200);
        for [lay, medical, narrower] in rows(LAY_WORDS) {
            for word in list(lay).chain(list(medical)).chain(list(narrower)) {
                assert_eq!(fold(word), word);
            }
        }
    }
}
