//! Published cut-offs, each with the conditions under which it may be told.

use std::sync::LazyLock;

use super::analytes::analyte_by_key;
use super::decimal::Decimal;
use super::table::{list, rows};
use super::units::{in_unit, normalise};
use super::whom::{Ages, Sex};

pub(super) const THRESHOLDS: &str = include_str!("tables/thresholds.tsv");

/// One class that a body has published for an analyte.
#[derive(Debug)]
pub struct Threshold {
    /// The analyte.
    pub key: &'static str,
    /// What must all be known to hold; the table's head explains each token.
    pub conditions: Vec<&'static str>,
    /// The sex it is for, where it is for one.
    pub sex: Option<Sex>,
    /// The ages it is for.
    pub ages: Ages,
    /// The first value of the class, as its source writes it; empty when open.
    pub from: &'static str,
    /// The first value that is no longer in it; empty when open.
    pub below: &'static str,
    /// The UCUM unit of both.
    pub unit: &'static str,
    /// What the class is called, in plain words.
    pub says: &'static str,
    /// The body, with its year.
    pub source: &'static str,
}

/// What is known about the person and the measurement.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The tokens of the table that are known to hold; `adult` follows from the age.
    pub tokens: &'a [&'a str],
    /// The sex, where it is known and undisputed.
    pub sex: Option<Sex>,
    /// The age in years with their fraction.
    pub age_years: Option<f64>,
}

impl Known<'_> {
    fn holds(&self, token: &str) -> bool {
        self.tokens.contains(&token) || (token == "adult" && self.age_years.is_some_and(|age| age >= 18.0))
    }
}

impl Threshold {
    fn may_be_told(&self, known: &Known<'_>) -> bool {
        self.conditions.iter().all(|token| known.holds(token))
            && self.sex.is_none_or(|sex| known.sex == Some(sex))
            && self.ages.holds(known.age_years)
    }

    fn holds(&self, number: Decimal) -> bool {
        let is_from = self.from.is_empty() || Decimal::parse(self.from).is_some_and(|from| number >= from);
        let is_below =
            self.below.is_empty() || Decimal::parse(self.below).is_some_and(|below| number < below);
        is_from && is_below
    }
}

static THRESHOLD_LIST: LazyLock<Vec<Threshold>> = LazyLock::new(|| {
    rows(THRESHOLDS)
        .map(|[key, conditions, sex, age_from, age_until, from, below, unit, says, source]| Threshold {
            key,
            conditions: list(conditions).collect(),
            sex: Sex::read(sex),
            ages: Ages::below(age_from, age_until),
            from,
            below,
            unit,
            says,
            source,
        })
        .collect()
});

/// All rows for an analyte, in the order of the table, whatever their conditions.
pub fn thresholds(key: &str) -> impl Iterator<Item = &'static Threshold> {
    THRESHOLD_LIST.iter().filter(move |row| row.key == key)
}

/// The published classes that a value falls in and whose conditions are all known
/// to hold, in the order of the table.
///
/// Rows in the unit of the value are asked where there are any, for the sources
/// round each unit on its own; else the value is brought to the first unit it can be.
pub fn classes(key: &str, value: &str, ucum: &str, known: &Known<'_>) -> Vec<&'static Threshold> {
    let analyte = analyte_by_key(key);
    let own = normalise(ucum);
    let unit = thresholds(key).map(|row| row.unit).find(|unit| Some(*unit) == own).or_else(|| {
        thresholds(key).map(|row| row.unit).find(|unit| in_unit(value, ucum, unit, analyte).is_some())
    });
    let Some((unit, number)) = unit.and_then(|unit| Some((unit, in_unit(value, ucum, unit, analyte)?)))
    else {
        return Vec::new();
    };
    thresholds(key).filter(|row| row.unit == unit && row.holds(number) && row.may_be_told(known)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_whole() {
        let head: Vec<_> = THRESHOLDS.lines().filter(|line| line.starts_with("# Tokens:")).collect();
        let head = head.join(" ");
        let tokens: Vec<_> = head.split([' ', ';', ',', '=', '.']).collect();
        for row in THRESHOLD_LIST.iter() {
            assert!(analyte_by_key(row.key).is_some(), "{}", row.key);
            assert_eq!(normalise(row.unit), Some(row.unit), "{}", row.key);
            assert!(row.conditions.iter().all(|token| tokens.contains(token)), "{:?}", row.conditions);
            assert!(!row.from.is_empty() || !row.below.is_empty(), "{}", row.key);
            for end in [row.from, row.below].into_iter().filter(|end| !end.is_empty()) {
                assert!(Decimal::parse(end).is_some(), "{}: {end}", row.key);
            }
            if let (Some(from), Some(below)) = (Decimal::parse(row.from), Decimal::parse(row.below)) {
                assert!(from < below, "{}: {} to {}", row.key, row.from, row.below);
            }
            assert!(!row.says.is_empty() && row.source.contains("20"), "{}", row.key);
        }
        for [key, _, sex, ..] in rows::<10>(THRESHOLDS) {
            assert!(sex.is_empty() || Sex::read(sex).is_some(), "{key}");
        }
    }

    fn says(key: &str, value: &str, ucum: &str, tokens: &[&str]) -> Vec<&'static str> {
        let known = Known { tokens, sex: None, age_years: Some(50.0) };
        classes(key, value, ucum, &known).into_iter().map(|row| row.says).collect()
    }

    #[test]
    fn a_class_is_told_only_when_its_conditions_are_known() {
        let all = ["not-pregnant", "red-cells-usual"];
        assert_eq!(says("a1c", "5.7", "%", &all), ["in the range published for prediabetes"]);
        assert_eq!(says("a1c", "39", "mmol/mol", &all), ["in the range published for prediabetes"]);
        assert_eq!(says("a1c", "5.69", "%", &all), ["below the range published for prediabetes"]);
        assert!(says("a1c", "5.7", "%", &["not-pregnant"]).is_empty());
        assert!(says("a1c", "5.7", "", &all).is_empty());
        assert!(says("tsh", "5.7", "m[IU]/L", &all).is_empty());
    }

    #[test]
    fn a_kidney_value_of_thirty_is_in_the_class_that_begins_there() {
        let tokens = ["not-pregnant", "three-months", "not-dialysis"];
        let thirty = says("egfr-ckd-epi-2021", "30", "mL/min/1.73m2", &tokens);
        assert!(thirty.len() == 1 && thirty[0].contains("G3b"), "{thirty:?}");
        let less = says("egfr-ckd-epi-2021", "29", "mL/min/1.73m2", &tokens);
        assert!(less.len() == 1 && less[0].contains("G4"), "{less:?}");
    }
}
