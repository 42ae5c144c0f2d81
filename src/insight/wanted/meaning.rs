//! What a word means beyond its other names: a test by its code, a vaccine by its disease, a medicine by
//! its class.

use foldhash::HashSet;

use super::super::immunizations::diseases;
use super::super::matching::{SHORT, Term, begins_words};
use crate::knowledge::analytes::analytes_matching;
use crate::knowledge::folding::fold;
use crate::knowledge::medicines::ingredients;
use crate::knowledge::vaccines;
use crate::record::{Detail, Entry, System};

/// What one term of a search means.
#[derive(Debug, Default)]
pub struct Meaning {
    /// LOINC codes of the tests that it names.
    tests: HashSet<&'static str>,
    /// Diseases whose vaccines it names.
    diseases: Vec<&'static str>,
    /// Ingredients of the class that it names.
    ingredients: HashSet<&'static str>,
}

/// What a hit is worth by how it means the word.
const TEST: f64 = 7.0;
const VACCINE: f64 = 5.0;
const CLASS: f64 = 2.5;

impl Meaning {
    /// The meaning of a term.
    pub fn of(term: &Term) -> Meaning {
        let asked = &term.names[0];
        let analytes = analytes_matching(asked).into_iter();
        let names_the_class = |class: &str| {
            let class = fold(class);
            term.names.iter().any(|name| name.len() > SHORT && begins_words(&class, name))
        };
        // Nearly every class is called a medicine: that word means the kind.
        let is_kind_word = asked.starts_with("medicine") || asked.starts_with("prevention");
        let of_class = ingredients().iter().filter(|known| !is_kind_word && names_the_class(known.class));
        Meaning {
            tests: analytes.flat_map(|analyte| analyte.codes.iter().copied()).collect(),
            diseases: vaccines::groups_named(asked),
            ingredients: of_class.map(|known| known.name).collect(),
        }
    }

    /// True where the word is known for something.
    pub fn is_known(&self) -> bool {
        !(self.tests.is_empty() && self.diseases.is_empty() && self.ingredients.is_empty())
    }

    /// What an entry is worth that is meant; nothing for one that is not.
    pub fn worth(&self, entry: &Entry) -> f64 {
        match &entry.detail {
            Detail::Measurement(_) if !self.tests.is_empty() => {
                let mut codes = entry.concept.codes_in(&System::Loinc);
                if codes.any(|code| self.tests.contains(code)) { TEST } else { 0.0 }
            }
            Detail::Immunization(_) if !self.diseases.is_empty() => {
                let is_meant = diseases(entry).iter().any(|disease| self.diseases.contains(disease));
                if is_meant { VACCINE } else { 0.0 }
            }
            Detail::Medication(medicine) if !self.ingredients.is_empty() => {
                let is_meant =
                    medicine.ingredients.iter().any(|name| self.ingredients.contains(name.as_str()));
                if is_meant { CLASS } else { 0.0 }
            }
            _ => 0.0,
        }
    }
}
