//! Medicines: ingredients with their plain class, brands and RxNorm codes.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::phrases::Phrases;
use super::sensitive::{Class, Classes};
use super::table::{list, rows};

pub(super) const MEDICINES: &str = include_str!("tables/medicines.tsv");

/// The one system whose codes name medicines here.
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// One active ingredient.
#[derive(Debug)]
pub struct Ingredient {
    /// Its generic name.
    pub name: &'static str,
    /// What it is, in plain words, as in `blood pressure medicine (ACE inhibitor)`.
    pub class: &'static str,
    /// Why it stands first in a list, when it does.
    pub high_risk: Option<HighRisk>,
    /// The sensitive classes that it reveals.
    pub sensitive: Classes,
    /// Brand names in the United States, combinations included.
    pub brands: Vec<&'static str>,
    /// Other names of the ingredient.
    pub other_names: Vec<&'static str>,
}

/// Kinds of medicine where a slip does harm soonest; they come first in every list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HighRisk {
    /// Blood thinners.
    Anticoagulant,
    /// Insulins.
    Insulin,
    /// Opioids.
    Opioid,
    /// Methotrexate, which is usually taken once a week.
    WeeklyMethotrexate,
    /// Digoxin.
    Digoxin,
    /// Lithium.
    Lithium,
    /// Seizure medicines.
    Antiepileptic,
    /// Steroids that act on the whole body.
    Steroid,
    /// Medicines that lower the immune response.
    Immunosuppressant,
}

impl HighRisk {
    /// In plain words.
    pub fn plain(self) -> &'static str {
        match self {
            Self::Anticoagulant => "blood thinner",
            Self::Insulin => "insulin",
            Self::Opioid => "opioid",
            Self::WeeklyMethotrexate => "methotrexate (usually once a week)",
            Self::Digoxin => "digoxin",
            Self::Lithium => "lithium",
            Self::Antiepileptic => "seizure medicine",
            Self::Steroid => "steroid",
            Self::Immunosuppressant => "immune-lowering medicine",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "anticoagulant" => Self::Anticoagulant,
            "insulin" => Self::Insulin,
            "opioid" => Self::Opioid,
            "weekly-methotrexate" => Self::WeeklyMethotrexate,
            "digoxin" => Self::Digoxin,
            "lithium" => Self::Lithium,
            "antiepileptic" => Self::Antiepileptic,
            "steroid" => Self::Steroid,
            "immunosuppressant" => Self::Immunosuppressant,
            _ => return None,
        })
    }
}

impl Ingredient {
    /// Whether this is a kind of medicine whose member nobody named, as in `Penicillin`.
    pub fn is_kind_only(&self) -> bool {
        self.name.ends_with("(kind not said)")
    }

    /// Whether this kind is said more exactly by another ingredient (`Lantus insulin`).
    pub fn is_said_better_by(&self, other: &Self) -> bool {
        self.is_kind_only() && !other.is_kind_only() && other.class.starts_with(self.class)
    }
}

struct Index {
    ingredients: Vec<Ingredient>,
    by_rxcui: HashMap<&'static str, Vec<usize>>,
    by_words: Phrases<usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut by_rxcui: HashMap<&'static str, Vec<usize>> = HashMap::new();
    let mut ingredients = Vec::new();
    for [name, class, high_risk, sensitive, brands, other_names, codes] in rows(MEDICINES) {
        for code in codes.split_whitespace() {
            by_rxcui.entry(code).or_default().push(ingredients.len());
        }
        ingredients.push(Ingredient {
            name,
            class,
            high_risk: HighRisk::read(high_risk),
            sensitive: list(sensitive).filter_map(Class::named).collect(),
            brands: list(brands).collect(),
            other_names: list(other_names).collect(),
        });
    }
    let by_words = Phrases::new(ingredients.iter().enumerate().flat_map(|(at, known)| {
        std::iter::once(known.name)
            .chain(known.brands.iter().copied())
            .chain(known.other_names.iter().copied())
            .map(move |words| (words, at))
    }));
    Index { ingredients, by_rxcui, by_words }
});

/// All ingredients, in the order of the table.
pub fn ingredients() -> &'static [Ingredient] {
    &INDEX.ingredients
}

/// The ingredients of a medicine: those that its RxNorm codes name, so that a
/// misspelt name is found too; only when no code is known, those that its text
/// names as whole words, by ingredient or brand. A combination gives all of them.
pub fn ingredients_of(codes: &[(&str, &str)], text: &str) -> Vec<&'static Ingredient> {
    let mut found: Vec<usize> = Vec::new();
    for (_, code) in codes.iter().filter(|(system, _)| is_rxnorm(system)) {
        for at in INDEX.by_rxcui.get(code.trim()).into_iter().flatten() {
            if !found.contains(at) {
                found.push(*at);
            }
        }
    }
    if found.is_empty() {
        found = INDEX.by_words.within(text);
    }
    let known: Vec<_> = found.into_iter().map(|at| &INDEX.ingredients[at]).collect();
    let is_needed = |one: &&Ingredient| !known.iter().any(|other| one.is_said_better_by(other));
    known.iter().copied().filter(is_needed).collect()
}

/// The ingredient, or the ingredients of the brand, with exactly that name.
pub fn ingredients_named(name: &str) -> Vec<&'static Ingredient> {
    let found = INDEX.by_words.exactly(name);
    found.iter().map(|at| &INDEX.ingredients[*at]).collect()
}

fn is_rxnorm(system: &str) -> bool {
    system == RXNORM || system == "urn:oid:2.16.840.1.113883.6.88"
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn names(codes: &[&str], text: &str) -> Vec<&'static str> {
        let codes: Vec<_> = codes.iter().map(|code| (RXNORM, *code)).collect();
        ingredients_of(&codes, text).into_iter().map(|known| known.name).collect()
    }

    #[test]
    fn names_are_unique_and_codes_are_numbers() {
        let mut seen = HashSet::new();
        for [name, _, high_risk, sensitive, _, _, codes] in rows(MEDICINES) {
            assert!(seen.insert(name), "{name} twice");
            assert!(high_risk.is_empty() || HighRisk::read(high_risk).is_some(), "{name}");
            assert!(list(sensitive).all(|class| Class::named(class).is_some()), "{name}");
            assert!(codes.split_whitespace().all(|code| code.parse::<u32>().is_ok()), "{name}");
        }
        assert!(seen.len() > 400);
        assert!(INDEX.by_rxcui.len() > 2_000);
    }

    #[test]
    fn a_misspelt_name_is_found_by_its_code() {
        assert_eq!(names(&["314076"], "lisinoprol 10 mg"), ["lisinopril"]);
        assert_eq!(names(&["316672"], "Simvistatin 10 MG"), ["simvastatin"]);
        assert!(names(&[], "lisinoprol 10 mg").is_empty());
    }

    #[test]
    fn combinations_give_all_ingredients() {
        assert_eq!(
            names(&[], "Lisinopril / Hydrochlorothiazide 20-12.5"),
            ["lisinopril", "hydrochlorothiazide"]
        );
        assert_eq!(names(&["1049221"], ""), ["acetaminophen", "oxycodone"]);
        assert_eq!(names(&[], "PERCOCET 5/325"), ["acetaminophen", "oxycodone"]);
    }

    #[test]
    fn brands_are_found_as_whole_words() {
        assert_eq!(names(&[], "Eliquis 5 mg tablet"), ["apixaban"]);
        assert_eq!(names(&[], "insulin glargine (LANTUS)"), ["insulin glargine"]);
        assert!(names(&[], "eliquisx").is_empty());
    }

    #[test]
    fn a_kind_that_is_not_said_is_told_as_such() {
        assert_eq!(names(&[], "Penicillin"), ["penicillin (kind not said)"]);
        assert_eq!(names(&[], "penicillin V potassium"), ["penicillin V"]);
        assert_eq!(names(&[], "insulin pump"), ["insulin (kind not said)"]);
        assert_eq!(names(&[], "SMZ-TMP DS"), ["sulfamethoxazole", "trimethoprim"]);
    }

    #[test]
    fn a_code_of_another_system_is_not_read_as_rxnorm() {
        let found = ingredients_of(&[("http://hl7.org/fhir/sid/ndc", "314076")], "");
        assert!(found.is_empty());
    }

    #[test]
    fn high_risk_and_sensitive_are_marked() {
        let one = |name| ingredients_named(name)[0];
        assert_eq!(one("warfarin").high_risk, Some(HighRisk::Anticoagulant));
        assert_eq!(one("Lantus").high_risk, Some(HighRisk::Insulin));
        assert_eq!(one("lisinopril").high_risk, None);
        assert!(one("Biktarvy").sensitive.contains(Class::Hiv));
        assert!(one("methadone").sensitive.contains(Class::SubstanceUse));
        assert!(one("metformin").sensitive.is_empty());
    }
}
