//! Vaccines: CVX codes with plain names and the diseases they protect from.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::phrases::Phrases;
use super::table::{list, rows};

mod products;

#[cfg(test)]
pub(super) use products::PRODUCTS;
pub use products::{Product, all_products, products, products_named};

pub(super) const VACCINES: &str = include_str!("tables/vaccines_cvx.tsv");
pub(super) const WORDS: &str = include_str!("tables/vaccine_words.tsv");

/// A product in CVX.
#[derive(Debug)]
pub struct Vaccine {
    /// The code, with its leading zero.
    pub cvx: &'static str,
    /// Plain name.
    pub name: &'static str,
    /// The diseases it protects from; empty for what is no vaccine, such as
    /// antibodies and skin tests.
    pub groups: Vec<&'static str>,
}

impl Vaccine {
    /// Whether this is a vaccine, and not antibodies or a skin test.
    pub fn is_vaccine(&self) -> bool {
        !self.groups.is_empty()
    }
}

struct Index {
    vaccines: Vec<Vaccine>,
    by_cvx: HashMap<&'static str, usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let vaccines: Vec<_> = rows(VACCINES)
        .map(|[cvx, name, groups]| Vaccine {
            cvx,
            name,
            groups: list(groups).filter(|group| *group != "!").collect(),
        })
        .collect();
    let by_cvx = vaccines.iter().enumerate().map(|(at, vaccine)| (bare(vaccine.cvx), at)).collect();
    Index { vaccines, by_cvx }
});

static GROUP_WORDS: LazyLock<Phrases<&'static str>> = LazyLock::new(|| {
    let plain = rows(WORDS).flat_map(|[group, words]| list(words).map(move |word| (word, group)));
    // A trade name stands for the diseases of its codes: `Boostrix` is a tetanus shot too.
    let brands = all_products().iter().flat_map(|product| {
        let groups = product.cvx.iter().flat_map(|cvx| groups(cvx));
        groups.map(move |group| (product.name, *group))
    });
    Phrases::new(plain.chain(brands))
});

/// Vendors drop the leading zero of `03`, and some pad to three digits.
fn bare(cvx: &str) -> &str {
    cvx.trim().trim_start_matches('0')
}

/// All products, in the order of the table.
pub fn vaccines() -> &'static [Vaccine] {
    &INDEX.vaccines
}

/// The product with that CVX code.
pub fn vaccine_by_cvx(cvx: &str) -> Option<&'static Vaccine> {
    INDEX.by_cvx.get(bare(cvx)).map(|at| &INDEX.vaccines[*at])
}

/// The diseases that a CVX code protects from; empty when the code is unknown.
pub fn groups(cvx: &str) -> &'static [&'static str] {
    vaccine_by_cvx(cvx).map_or(&[], |vaccine| &vaccine.groups)
}

/// The diseases whose vaccines these words name: as a whole when they do, else
/// by any phrase inside them (`when was my last tetanus shot`).
pub fn groups_named(words: &str) -> Vec<&'static str> {
    let exact = GROUP_WORDS.exactly(words);
    if exact.is_empty() { GROUP_WORDS.within(words) } else { exact.to_vec() }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_numbers_and_unique() {
        let mut seen = HashSet::new();
        for vaccine in vaccines() {
            assert!(vaccine.cvx.parse::<u16>().is_ok() && vaccine.cvx.len() >= 2, "{}", vaccine.cvx);
            assert!(seen.insert(bare(vaccine.cvx)), "{} twice", vaccine.cvx);
            assert!(!vaccine.name.is_empty());
        }
        assert!(seen.len() > 250);
    }

    #[test]
    fn combinations_protect_from_several_diseases() {
        assert_eq!(groups("03"), ["Measles", "Mumps", "Rubella"]);
        assert_eq!(groups("3"), groups("03"));
        assert_eq!(groups("115"), ["Tetanus", "Diphtheria", "Pertussis"]);
        for flu in ["88", "140", "150", "197", "320"] {
            assert_eq!(groups(flu), ["Influenza"]);
        }
        assert!(groups("0").is_empty());
        assert!(groups("").is_empty());
    }

    #[test]
    fn people_name_vaccines_in_their_words() {
        assert_eq!(groups_named("When was my last tetanus shot?"), ["Tetanus"]);
        assert_eq!(groups_named("MMR"), ["Measles", "Mumps", "Rubella"]);
        assert_eq!(groups_named("Boostrix, given at the pharmacy"), ["Tetanus", "Diphtheria", "Pertussis"]);
        assert_eq!(groups_named("Gardasil 9"), ["HPV"]);
        assert!(groups_named("xyzzy").is_empty());
        for [group, _] in rows(WORDS) {
            let is_known = vaccines().iter().any(|known| known.groups.contains(&group));
            assert!(is_known, "{group}");
        }
    }

    #[test]
    fn antibodies_and_skin_tests_are_no_vaccines() {
        assert!(!vaccine_by_cvx("96").unwrap().is_vaccine());
        assert!(!vaccine_by_cvx("30").unwrap().is_vaccine());
        assert!(vaccine_by_cvx("43").unwrap().is_vaccine());
    }
}
