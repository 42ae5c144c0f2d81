//! Classes of medicines: what belongs together, so that two of a kind and an
//! allergy to the class can be asked about. A mark asks a question; it is no verdict.

use foldhash::HashMap;
use std::sync::LazyLock;

use super::phrases::Phrases;
use super::table::{list, rows};

pub(super) const CLASSES: &str = include_str!("tables/medicine_classes.tsv");

/// A class of medicines.
#[derive(Debug)]
pub struct MedicineClass {
    /// Stable name, as in `ace-inhibitor`.
    pub key: &'static str,
    /// Plain name.
    pub name: &'static str,
    /// Whether two different ingredients of it at once are worth asking about.
    pub asks_about_two: bool,
    /// What is commonly used together with it on purpose.
    pub except: Vec<Except>,
    /// Words by which allergy lists name it.
    pub allergy_words: Vec<&'static str>,
    /// Keys of the classes for which an allergy to this one is worth a question.
    pub cross: Vec<&'static str>,
    /// Sources with their years.
    pub sources: Vec<&'static str>,
}

/// What is commonly used together on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Except {
    /// Any ingredient of the class with that key.
    Class(&'static str),
    /// These two ingredients.
    Ingredients(&'static str, &'static str),
}

impl Except {
    fn read(text: &'static str) -> Self {
        match text.split_once('+') {
            Some((one, other)) => Self::Ingredients(one, other),
            None => Self::Class(text),
        }
    }
}

impl MedicineClass {
    /// Whether an ingredient of this class is commonly used together with another
    /// ingredient, of that class, on purpose.
    pub fn expects(&self, ingredient: &str, other: &str, other_class: &str) -> bool {
        self.except.iter().any(|except| match except {
            Except::Class(key) => *key == other_class,
            Except::Ingredients(one, two) => {
                (*one, *two) == (ingredient, other) || (*one, *two) == (other, ingredient)
            }
        })
    }
}

static CLASS_LIST: LazyLock<Vec<MedicineClass>> = LazyLock::new(|| {
    rows(CLASSES)
        .map(|[key, name, two_together, except, allergy_words, cross, sources]| MedicineClass {
            key,
            name,
            asks_about_two: two_together == "ask",
            except: list(except).map(Except::read).collect(),
            allergy_words: list(allergy_words).collect(),
            cross: list(cross).collect(),
            sources: list(sources).collect(),
        })
        .collect()
});

static BY_KEY: LazyLock<HashMap<&'static str, &'static MedicineClass>> =
    LazyLock::new(|| CLASS_LIST.iter().map(|class| (class.key, class)).collect());

static BY_ALLERGY: LazyLock<Phrases<usize>> = LazyLock::new(|| {
    Phrases::new(
        CLASS_LIST
            .iter()
            .enumerate()
            .flat_map(|(at, class)| class.allergy_words.iter().map(move |words| (*words, at))),
    )
});

/// All classes, in the order of the table.
pub fn classes() -> &'static [MedicineClass] {
    &CLASS_LIST
}

/// The class with that key.
pub fn class(key: &str) -> Option<&'static MedicineClass> {
    BY_KEY.get(key).copied()
}

/// The classes that the words of an allergy entry name. Classes to ask about
/// beyond them stand in [`MedicineClass::cross`].
pub fn classes_by_allergy(words: &str) -> Vec<&'static MedicineClass> {
    BY_ALLERGY.within(words).into_iter().map(|at| &CLASS_LIST[at]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::knowledge::medicines;

    #[test]
    fn rows_are_whole_and_refer_to_what_is_there() {
        let keys: HashSet<_> = classes().iter().map(|class| class.key).collect();
        assert_eq!(keys.len(), classes().len());
        let is_ingredient = |name: &str| medicines::ingredients().iter().any(|known| known.name == name);
        for [key, name, two_together, ..] in rows::<7>(CLASSES) {
            assert!(matches!(two_together, "ask" | ""), "{key}");
            assert!(!name.is_empty(), "{key}");
        }
        for class in classes() {
            assert!(!class.sources.is_empty(), "{}", class.key);
            assert!(class.cross.iter().all(|key| keys.contains(key)), "{}", class.key);
            assert!(class.except.iter().all(|except| match except {
                Except::Class(key) => keys.contains(key),
                Except::Ingredients(one, other) => is_ingredient(one) && is_ingredient(other),
            }));
        }
    }

    #[test]
    fn an_allergy_names_its_class() {
        let keys = |words: &str| -> Vec<_> {
            classes_by_allergy(words).into_iter().map(|class| class.key).collect()
        };
        assert_eq!(keys("ACE Inhibitors (cough)"), ["ace-inhibitor"]);
        assert!(keys("peanuts").is_empty());
        assert_eq!(class("ace-inhibitor").unwrap().cross, ["neprilysin-inhibitor"]);
    }
}
