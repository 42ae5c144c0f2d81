//! What people call things beside what notes and codes call them, for search.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::conditions::CONDITIONS;
use super::folding::fold;
use super::medicines::MEDICINES;
use super::table::{list, rows};

pub(super) const LAY_WORDS: &str = include_str!("tables/lay_words.tsv");

static EXPANSIONS: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut expansions = Expansions::default();
    for [lay, medical, narrower] in rows(LAY_WORDS) {
        let same: Vec<_> = list(lay).chain(list(medical)).collect();
        for word in &same {
            let others = same.iter().copied().chain(list(narrower));
            expansions.add(word, others);
        }
        for word in list(narrower) {
            expansions.add(word, same.iter().copied());
        }
    }
    for (name, narrower) in plain_names() {
        expansions.add(name, narrower.into_iter());
    }
    expansions.known
});

/// Plain names out of the tables of conditions and medicines, each with the wordings,
/// ingredients and brands that it covers. They lead one way only: "cancer" finds
/// `mesothelioma`, which is no reason for `mesothelioma` to find every other cancer.
fn plain_names() -> Vec<(&'static str, Vec<&'static str>)> {
    let of_conditions = rows::<11>(CONDITIONS)
        // What is in a family, in the past or only looked for is no other word for the illness.
        .filter(|[.., kind, _, _, _, _, _, _]| *kind != "history")
        .map(|[_, name, words, ..]| (outside(name), list(words).collect()));
    let of_medicines = rows::<7>(MEDICINES).flat_map(|[name, class, _, _, brands, others, _]| {
        let covered: Vec<_> = [name].into_iter().chain(list(brands)).chain(list(others)).collect();
        [outside(class), inside(class)].map(|class| (class, covered.clone()))
    });
    of_conditions.chain(of_medicines).filter(|(name, _)| !name.is_empty()).collect()
}

/// `broken hip` of `broken hip (fracture)`.
fn outside(name: &'static str) -> &'static str {
    name.split('(').next().unwrap_or_default().trim()
}

/// `ACE inhibitor` of `blood pressure medicine (ACE inhibitor)`.
fn inside(name: &'static str) -> &'static str {
    name.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'))
}

/// What is known so far, and the folded pairs in it.
#[derive(Default)]
struct Expansions {
    known: HashMap<String, Vec<&'static str>>,
    seen: HashSet<(String, String)>,
}

impl Expansions {
    fn add(&mut self, word: &str, others: impl Iterator<Item = &'static str>) {
        let word = fold(word);
        let known = self.known.entry(word.clone()).or_default();
        for other in others {
            let folded = fold(other);
            if folded != word && self.seen.insert((word.clone(), folded)) {
                known.push(other);
            }
        }
    }
}

/// Other words that find what this word or phrase means, both ways: lay words
/// give medical ones, medical words give lay ones, and a plain name of the tables
/// gives what it covers. To be folded; empty when there are none.
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
    fn plain_names_of_the_tables_find_what_they_cover_and_not_the_other_way() {
        assert!(expand("liver problem").contains(&"hepatomegaly"));
        assert!(expand("ACE inhibitor").contains(&"lisinopril"));
        assert!(expand("blood pressure medicine").contains(&"Zestril"));
        assert!(!expand("hepatomegaly").contains(&"liver problem"));
        assert!(!expand("lisinopril").iter().any(|name| ["enalapril", "Zestril"].contains(name)));
    }

    #[test]
    fn sugar_is_glucose_and_neither_its_average_nor_what_is_free_of_it() {
        for words in ["sugar", "blood sugar", "glucose"] {
            assert!(!expand(words).iter().any(|name| name.contains("a1c")), "{words}");
            assert!(!expand(words).iter().any(|name| name.contains("free")), "{words}");
        }
        assert!(!expand("a1c").iter().any(|name| ["glucose", "sugar", "blood sugar"].contains(name)));
        assert!(expand("three-month sugar").contains(&"hba1c"));
    }

    #[test]
    fn nothing_stands_twice_and_no_word_finds_itself() {
        for (word, others) in EXPANSIONS.iter() {
            let folded: Vec<_> = others.iter().map(|other| fold(other)).collect();
            let unique: HashSet<_> = folded.iter().collect();
            assert_eq!(unique.len(), folded.len(), "{word}");
            assert!(!folded.contains(word), "{word}");
        }
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
