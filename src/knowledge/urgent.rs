//! Values for which a laboratory telephones, and a few vital signs, each from its
//! named list. A value that is not in here is not thereby harmless.

use std::sync::LazyLock;

use super::analytes::analyte_by_key;
use super::bounds::{Bound, Sign};
use super::table::rows;
use super::units::in_unit;
use super::whom::Ages;

pub(super) const URGENT: &str = include_str!("tables/urgent_values.tsv");

/// Why a value is urgent: the limit that it passes and whose limit that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Urgent {
    /// The side of the limit.
    pub sign: Sign,
    /// The limit as the source writes it.
    pub limit: &'static str,
    /// The UCUM unit of the limit.
    pub unit: &'static str,
    /// The ages that the source gives the limit for.
    pub ages: Ages,
    /// The list, with its year.
    pub source: &'static str,
}

struct Row {
    key: &'static str,
    ages: Ages,
    low: Option<Bound>,
    high: Option<Bound>,
    unit: &'static str,
    source: &'static str,
}

impl Row {
    fn judges(&self, value: &str, ucum: &str) -> Option<Urgent> {
        let number = in_unit(value, ucum, self.unit, analyte_by_key(self.key))?;
        let met = [self.low, self.high].into_iter().flatten().find(|bound| bound.is_met_by(number))?;
        Some(Urgent {
            sign: met.sign,
            limit: met.limit,
            unit: self.unit,
            ages: self.ages,
            source: self.source,
        })
    }
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    rows(URGENT)
        .map(|[key, from, below, low, high, unit, source]| Row {
            key,
            ages: Ages::below(from, below),
            low: Bound::read(low),
            high: Bound::read(high),
            unit,
            source,
        })
        .collect()
});

/// Whether a value is urgent by the list at this age, in years with their fraction.
///
/// The unit may be any that can be brought to the list's. When the age is not
/// known, a value is urgent if it is so at every age and the list covers all ages.
pub fn urgent(key: &str, value: &str, ucum: &str, age_years: Option<f64>) -> Option<Urgent> {
    let rows = || ROWS.iter().filter(|row| row.key == key);
    if let Some(found) =
        rows().filter(|row| row.ages.holds(age_years)).find_map(|row| row.judges(value, ucum))
    {
        return Some(found);
    }
    let is_covered = rows().any(|row| row.ages.from.is_none()) && rows().any(|row| row.ages.below.is_none());
    if age_years.is_some() || !is_covered {
        return None;
    }
    let judged: Option<Vec<_>> = rows().map(|row| row.judges(value, ucum)).collect();
    judged?.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::units::normalise;

    fn limit(key: &str, value: &str, ucum: &str, age: Option<f64>) -> Option<(Sign, &'static str)> {
        urgent(key, value, ucum, age).map(|urgent| (urgent.sign, urgent.limit))
    }

    #[test]
    fn rows_are_read_whole() {
        for [key, from, below, low, high, unit, source] in rows(URGENT) {
            assert!(analyte_by_key(key).is_some(), "{key}");
            assert_eq!(normalise(unit), Some(unit), "{key}");
            assert!(!low.is_empty() || !high.is_empty(), "{key}");
            for bound in [low, high].into_iter().filter(|bound| !bound.is_empty()) {
                assert!(Bound::read(bound).is_some(), "{key}: {bound}");
            }
            let ages = Ages::below(from, below);
            assert_eq!((ages.from.is_some(), ages.below.is_some()), (!from.is_empty(), !below.is_empty()));
            assert!(source.contains("20"), "{key}");
        }
    }

    #[test]
    fn potassium_is_judged_by_age() {
        assert_eq!(limit("potassium", "6.9", "mmol/L", Some(50.0)), Some((Sign::Above, "6.2")));
        assert_eq!(limit("potassium", "6.9", "mEq/L", Some(50.0)), Some((Sign::Above, "6.2")));
        assert_eq!(limit("potassium", "5.6", "mmol/L", Some(50.0)), None);
        assert_eq!(limit("potassium", "6.2", "mmol/L", Some(50.0)), None);
        assert_eq!(limit("potassium", "2.7", "mmol/L", Some(50.0)), Some((Sign::Below, "2.8")));
        assert_eq!(limit("potassium", "6.4", "mmol/L", Some(10.0)), None);
        assert_eq!(limit("potassium", "6.9", "", Some(50.0)), None);
        assert_eq!(limit("potassium", ">6.9", "mmol/L", Some(50.0)), None);
        let found = urgent("potassium", "6.9", "mmol/L", Some(50.0)).unwrap();
        assert!(found.source.contains("Iowa"));
    }

    #[test]
    fn without_an_age_only_what_is_urgent_at_every_age_counts() {
        assert!(limit("potassium", "6.9", "mmol/L", None).is_some());
        assert_eq!(limit("potassium", "6.4", "mmol/L", None), None);
        assert_eq!(limit("temperature", "39", "Cel", None), None);
        assert_eq!(limit("blood-pressure-systolic", "190", "mm[Hg]", None), None);
    }

    #[test]
    fn units_are_brought_to_that_of_the_list() {
        // 26 mmol/L of glucose are 468 mg/dL.
        assert_eq!(limit("glucose-serum", "26", "mmol/L", Some(40.0)), Some((Sign::Above, "450")));
        assert_eq!(limit("glucose-serum", "24", "mmol/L", Some(40.0)), None);
        assert_eq!(limit("hemoglobin", "65", "g/L", Some(40.0)), Some((Sign::Below, "7")));
        assert_eq!(limit("wbc", "0.9", "10*9/L", Some(40.0)), Some((Sign::AtOrBelow, "1.0")));
        assert_eq!(limit("temperature", "100.4", "[degF]", Some(0.1)), Some((Sign::AtOrAbove, "100.4")));
    }
}
