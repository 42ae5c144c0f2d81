//! Medicines explained: what an ingredient is commonly for, how it is usually
//! taken, what matters with it, and two of a kind.

use foldhash::HashMap;
use std::sync::LazyLock;

use super::folding::{fold, holds_words};
use super::medicine_classes::{MedicineClass, class};
use super::table::{list, rows};

pub(super) const MEDICINE_FACTS: &str = include_str!("tables/medicines_explained.tsv");

/// What is said about an ingredient, or about several that share the text.
///
/// No text in here tells anybody to change a medicine.
#[derive(Debug)]
pub struct MedicineFacts {
    /// The ingredients, as the table of medicines names them.
    pub names: Vec<&'static str>,
    /// Key of their class.
    pub class: &'static str,
    /// What they are commonly for.
    pub used_for: Vec<&'static str>,
    /// How they are usually taken; the label's own words go first.
    pub taken: &'static str,
    /// Foods and other things that matter.
    pub foods: Vec<&'static str>,
    /// Keys of the analytes that are commonly followed.
    pub labs: Vec<&'static str>,
    /// Cautions with kidney function; may be empty.
    pub kidney: &'static str,
    /// Cautions with pregnancy; may be empty.
    pub pregnancy: &'static str,
    /// Cautions from 65 on, outside hospice; may be empty.
    pub older: &'static str,
    /// Class keys or ingredients that are worth asking about together with it.
    pub ask_together: Vec<&'static str>,
    /// Sources of the cautions, with their years.
    pub sources: Vec<&'static str>,
}

struct Index {
    facts: Vec<MedicineFacts>,
    by_name: HashMap<&'static str, usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let facts: Vec<_> = rows::<11>(MEDICINE_FACTS).map(read_facts).collect();
    let by_name = facts
        .iter()
        .enumerate()
        .flat_map(|(at, facts)| facts.names.iter().map(move |name| (*name, at)))
        .collect();
    Index { facts, by_name }
});

fn read_facts(
    [names, class, used_for, taken, foods, labs, kidney, pregnancy, older, ask_together, sources]: [&'static str;
        11],
) -> MedicineFacts {
    MedicineFacts {
        names: list(names).collect(),
        class,
        used_for: list(used_for).collect(),
        taken,
        foods: list(foods).collect(),
        labs: list(labs).collect(),
        kidney,
        pregnancy,
        older,
        ask_together: list(ask_together).collect(),
        sources: list(sources).collect(),
    }
}

/// All rows, in the order of the table.
pub fn all_facts() -> &'static [MedicineFacts] {
    &INDEX.facts
}

/// What is said about the ingredient with that name, as in the table of medicines.
pub fn facts(ingredient: &str) -> Option<&'static MedicineFacts> {
    INDEX.by_name.get(ingredient).map(|at| &INDEX.facts[*at])
}

/// The class of an ingredient.
pub fn class_of(ingredient: &str) -> Option<&'static MedicineClass> {
    class(facts(ingredient)?.class)
}

/// Whether one of these phrases speaks of an ingredient, by its name or by its class: `ACE inhibitors, ARBs`
/// speaks of losartan.
pub fn is_spoken_of(ingredient: &str, phrases: &[&str]) -> bool {
    let class = class_of(ingredient);
    let of_class = class.into_iter().flat_map(|class| {
        // "water pill (thiazide type)" is both; of "diabetes, heart and kidney pill" no part is a name.
        let (plain, exact) = class.name.split_once('(').unwrap_or((class.name, ""));
        let names = [plain, exact.trim_end_matches(')')].into_iter().filter(|name| !name.contains(','));
        names.chain(class.allergy_words.iter().copied())
    });
    let words: Vec<String> = of_class.chain([ingredient]).map(fold).filter(|word| !word.is_empty()).collect();
    phrases.iter().map(|phrase| fold(phrase)).any(|phrase| {
        words.iter().any(|word| holds_words(&phrase, word) || holds_words(&phrase, &format!("{word}s")))
    })
}

/// Whether two ingredients are commonly used together on purpose, by the
/// exceptions of either class.
pub fn is_expected_together(one: &str, other: &str) -> bool {
    let (Some(class), Some(other_class)) = (class_of(one), class_of(other)) else {
        return false;
    };
    class.expects(one, other, other_class.key) || other_class.expects(other, one, class.key)
}

/// Two different ingredients of one class.
#[derive(Clone, Copy, Debug)]
pub struct TwoOfAKind<'a> {
    /// The class.
    pub class: &'static MedicineClass,
    /// The one that stands first in the list.
    pub one: &'a str,
    /// The other.
    pub other: &'a str,
}

/// The ingredients of a list that are two of a kind worth asking about, each two
/// once, in the order of the list.
pub fn two_of_a_kind<'a>(ingredients: &[&'a str]) -> Vec<TwoOfAKind<'a>> {
    let mut found: Vec<TwoOfAKind<'a>> = Vec::new();
    for (at, one) in ingredients.iter().enumerate() {
        let Some(class) = class_of(one).filter(|class| class.asks_about_two) else { continue };
        for other in &ingredients[at + 1..] {
            let is_second = other != one
                && facts(other).is_some_and(|facts| facts.class == class.key)
                && !is_expected_together(one, other);
            let is_known = found
                .iter()
                .any(|known| [(known.one, known.other), (known.other, known.one)].contains(&(*one, *other)));
            if is_second && !is_known {
                found.push(TwoOfAKind { class, one, other });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{analytes, medicines};

    #[test]
    fn a_phrase_speaks_of_an_ingredient_by_its_name_or_its_class() {
        let phrases = ["ACE inhibitors, ARBs, spironolactone", "diabetes with very high sugar"];
        for spoken in ["losartan", "lisinopril", "spironolactone"] {
            assert!(is_spoken_of(spoken, &phrases), "{spoken}");
        }
        for other in ["empagliflozin", "ibuprofen", "no such medicine"] {
            assert!(!is_spoken_of(other, &phrases), "{other}");
        }
    }

    #[test]
    fn every_ingredient_is_explained_once() {
        let names: usize = all_facts().iter().map(|facts| facts.names.len()).sum();
        assert_eq!(names, INDEX.by_name.len(), "a name stands twice");
        assert_eq!(names, medicines::ingredients().len());
        for known in medicines::ingredients() {
            assert!(class_of(known.name).is_some(), "{}", known.name);
        }
    }

    #[test]
    fn rows_refer_to_what_is_there() {
        for facts in all_facts() {
            assert!(!facts.used_for.is_empty(), "{:?}", facts.names);
            assert!(!facts.sources.is_empty(), "{:?}", facts.names);
            assert!(facts.ask_together.len() <= 12, "{:?}", facts.names);
            assert!(
                facts.labs.iter().all(|key| analytes::analyte_by_key(key).is_some()),
                "{:?}",
                facts.names
            );
            for asked in &facts.ask_together {
                assert!(class(asked).is_some() || INDEX.by_name.contains_key(asked), "{asked}");
            }
            for (text, about) in
                [(facts.kidney, "kidney:"), (facts.pregnancy, "pregnancy:"), (facts.older, "older:")]
            {
                let has_source =
                    facts.sources.iter().any(|source| source.contains(&about[..about.len() - 1]));
                assert!(text.is_empty() || has_source, "{:?} {about} {:?}", facts.names, facts.sources);
            }
        }
    }

    #[test]
    fn metformin_is_told_with_its_kidney_numbers() {
        let metformin = facts("metformin").unwrap();
        assert!(metformin.kidney.contains("eGFR is below 30") && metformin.kidney.contains("30 to 45"));
        assert!(metformin.sources.iter().any(|source| source.starts_with("kidney: ")));
        assert!(metformin.labs.contains(&"egfr-ckd-epi-2021") && metformin.labs.contains(&"vitamin-b12"));
    }

    #[test]
    fn two_of_a_kind_are_found_once_and_what_is_meant_together_is_not() {
        let two = two_of_a_kind(&["lisinopril", "metformin", "enalapril", "lisinopril"]);
        assert_eq!(two.len(), 1);
        assert_eq!(
            (two[0].class.key, two[0].one, two[0].other),
            ("ace-inhibitor", "lisinopril", "enalapril")
        );
        assert!(two_of_a_kind(&["levothyroxine", "liothyronine"]).is_empty());
        assert!(two_of_a_kind(&["warfarin", "enoxaparin"]).is_empty());
        assert_eq!(two_of_a_kind(&["warfarin", "apixaban"]).len(), 1);
        assert!(is_expected_together("insulin lispro", "insulin glargine"));
    }
}
