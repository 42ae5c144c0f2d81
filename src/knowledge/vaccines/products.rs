//! The trade names of vaccines: which product a CVX code or a text names.

use std::sync::LazyLock;

use super::bare;
use crate::knowledge::phrases::Phrases;
use crate::knowledge::table::rows;

pub(in crate::knowledge) const PRODUCTS: &str = include_str!("../tables/vaccine_products.tsv");

/// A vaccine as it is sold.
#[derive(Debug, PartialEq, Eq)]
pub struct Product {
    /// The trade name.
    pub name: &'static str,
    /// The CVX codes under which it is given: child and adult, each season's formula.
    pub cvx: Vec<&'static str>,
    /// Whether the list of its source still called it active.
    pub is_active: bool,
    /// Source with its year.
    pub source: &'static str,
}

static LIST: LazyLock<Vec<Product>> = LazyLock::new(|| {
    rows(PRODUCTS)
        .map(|[name, cvx, status, source]| Product {
            name,
            cvx: cvx.split_whitespace().collect(),
            is_active: status == "active",
            source,
        })
        .collect()
});

static NAMES: LazyLock<Phrases<usize>> = LazyLock::new(|| {
    let spellings: Vec<_> = LIST
        .iter()
        .enumerate()
        .flat_map(|(at, product)| [(product.name.to_owned(), at), (product.name.replace('-', ""), at)])
        .collect();
    Phrases::new(spellings.iter().map(|(name, at)| (name.as_str(), *at)))
});

/// All products, by name.
pub fn all_products() -> &'static [Product] {
    &LIST
}

/// The products given under a CVX code. Only when there is one does the code name
/// the product; of several, and where none is known, the record's own words count.
pub fn products(cvx: &str) -> Vec<&'static Product> {
    let cvx = bare(cvx);
    LIST.iter().filter(|product| product.cvx.iter().any(|code| bare(code) == cvx)).collect()
}

/// The products that these words name, as in `Gardasil 9 suspension`. The longer
/// name wins: `Fluzone High-Dose` is not told as `Fluzone` too.
pub fn products_named(words: &str) -> Vec<&'static Product> {
    NAMES.within(words).into_iter().map(|at| &LIST[at]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::knowledge::vaccines::vaccine_by_cvx;

    fn names(products: &[&Product]) -> Vec<&'static str> {
        products.iter().map(|product| product.name).collect()
    }

    #[test]
    fn every_product_stands_once_and_under_known_codes() {
        let mut seen = HashSet::new();
        for [name, cvx, status, source] in rows(PRODUCTS) {
            assert!(seen.insert(name.to_lowercase()), "{name} twice");
            assert!(["active", "inactive"].contains(&status), "{name}");
            assert!(source.contains("202"), "{name}");
            assert!(!cvx.is_empty(), "{name}");
            let codes: HashSet<_> = cvx.split_whitespace().collect();
            assert_eq!(codes.len(), cvx.split_whitespace().count(), "{name}");
            assert!(codes.iter().all(|code| vaccine_by_cvx(code).is_some()), "{name}: {cvx}");
        }
        assert!(seen.len() >= 130, "{}", seen.len());
    }

    #[test]
    fn a_code_names_its_products() {
        assert_eq!(names(&products("115")), ["Adacel", "Boostrix"]);
        assert_eq!(names(&products("165")), ["Gardasil 9"]);
        assert_eq!(names(&products("216")), ["Prevnar 20"]);
        assert_eq!(names(&products("3")), names(&products("03")));
        assert_eq!(names(&products("187")), ["Shingrix"]);
        assert!(products("88").is_empty() && products("").is_empty());
    }

    #[test]
    fn words_name_products_and_the_longer_name_wins() {
        assert_eq!(names(&products_named("Gardasil 9 suspension")), ["Gardasil 9"]);
        assert_eq!(names(&products_named("gardasil")), ["Gardasil"]);
        assert_eq!(names(&products_named("FLUZONE HIGH-DOSE 2025-26")), ["Fluzone High-Dose"]);
        assert_eq!(names(&products_named("M-M-R II")), ["M-M-R II"]);
        assert_eq!(names(&products_named("MMR II")), ["M-M-R II"]);
        assert!(products_named("flu shot").is_empty());
    }

    #[test]
    fn bexsero_and_trumenba_are_two_products_against_one_disease() {
        // A series is finished with the brand it was begun with.
        let (bexsero, trumenba) = (products("163"), products("162"));
        assert_eq!((names(&bexsero), names(&trumenba)), (vec!["Bexsero"], vec!["Trumenba"]));
        assert_eq!(vaccine_by_cvx("163").unwrap().groups, vaccine_by_cvx("162").unwrap().groups);
    }
}
