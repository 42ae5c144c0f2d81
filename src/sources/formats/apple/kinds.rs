//! The tables: how samples of each type are rolled up, what the roll-up is called, and units in UCUM.

use std::sync::LazyLock;

use foldhash::HashMap;

use crate::knowledge::table::rows;

const TYPES: &str = include_str!("tables/types.tsv");
const UNITS: &str = include_str!("tables/units.tsv");

/// What stands before the names of quantities and of categories.
const QUANTITY: &str = "HKQuantityTypeIdentifier";
const CATEGORY: &str = "HKCategoryTypeIdentifier";
/// What stands before the words of a category.
const CATEGORY_VALUE: &str = "HKCategoryValue";

/// How the samples of a type become entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The total of a day, each stretch of time counted from one device.
    Sum,
    /// Mean, lowest, highest and count of a day.
    Mean,
    /// Every sample by itself; of a day with many the mean.
    Each,
    /// How long on a day, all together.
    Minutes,
    /// How often on a day, and with which words.
    Times,
    /// The upper or the lower value of a blood pressure.
    Pressure,
    /// The stages of a night.
    Sleep,
}

/// A type of samples.
#[derive(Clone, Debug)]
pub struct Kind {
    /// What Apple calls it.
    pub apple: Box<str>,
    /// How it is rolled up.
    pub how: How,
    /// The category of its entries.
    pub category: &'static str,
    /// What it is called.
    pub name: Box<str>,
    /// Its LOINC code, if it has one.
    pub loinc: Option<&'static str>,
    /// The label of a type that a person may want withheld.
    pub sensitivity: Option<&'static str>,
}

struct Row {
    how: How,
    category: &'static str,
    name: &'static str,
    loinc: Option<&'static str>,
    sensitivity: Option<&'static str>,
}

static KNOWN: LazyLock<HashMap<&'static str, Row>> = LazyLock::new(|| {
    let row = |[apple, how, category, name, loinc, sensitivity]: [&'static str; 6]| {
        let how = match how {
            "sum" => How::Sum,
            "mean" => How::Mean,
            "each" => How::Each,
            "minutes" => How::Minutes,
            _ => How::Times,
        };
        let some = |cell: &'static str| Some(cell).filter(|cell| !cell.is_empty());
        (apple, Row { how, category, name, loinc: some(loinc), sensitivity: some(sensitivity) })
    };
    rows::<6>(TYPES).map(row).collect()
});

static UCUM: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| rows::<2>(UNITS).map(|[apple, ucum]| (apple, ucum)).collect());

impl Kind {
    /// The type with this name.
    pub fn named(apple: &str) -> Kind {
        let short = short(apple);
        let row = KNOWN.get(short);
        let is_category = apple.starts_with(CATEGORY);
        let how = match (row, short) {
            (_, "BloodPressureSystolic" | "BloodPressureDiastolic") => How::Pressure,
            (_, "SleepAnalysis") => How::Sleep,
            (Some(row), _) => row.how,
            (None, _) if is_category => How::Times,
            // What is eaten adds up; of anything else that is not known nobody can say whether it does.
            (None, _) if short.starts_with("Dietary") => How::Sum,
            (None, _) => How::Mean,
        };
        Kind {
            apple: apple.into(),
            how,
            category: row.map_or("activity", |row| row.category),
            name: row.map_or_else(|| in_words(short).into(), |row| row.name.into()),
            loinc: row.and_then(|row| row.loinc),
            sensitivity: row.and_then(|row| row.sensitivity),
        }
    }

    /// The LOINC code of a value in this unit (UCUM): an amount of substance has another one than a mass.
    pub fn loinc_in(&self, ucum: &str) -> Option<&'static str> {
        let of_unit = KNOWN.get(&*format!("{} {ucum}", self.short()));
        of_unit.and_then(|row| row.loinc).or(self.loinc)
    }

    /// The name without what Apple puts before it: what an id begins with.
    pub fn short(&self) -> &str {
        short(&self.apple)
    }
}

fn short(apple: &str) -> &str {
    let rest = apple.strip_prefix(QUANTITY).or_else(|| apple.strip_prefix(CATEGORY));
    rest.or_else(|| apple.strip_prefix("HKDataType")).unwrap_or(apple)
}

/// The unit in UCUM, where it is known.
pub fn ucum(apple: &str) -> Option<&'static str> {
    UCUM.get(apple).copied()
}

/// `AbdominalCramps` as people write it: `Abdominal cramps`. Names that are no such word stay.
pub fn in_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for letter in name.chars() {
        let is_new = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        if is_new {
            words.push(' ');
        }
        words.push(if is_new { letter.to_ascii_lowercase() } else { letter });
        before = letter;
    }
    words
}

/// The word that a category says: `HKCategoryValueSeverityMild` of a cramp is `severity mild`.
pub fn value_in_words(value: &str) -> String {
    let rest = value.strip_prefix(CATEGORY_VALUE).unwrap_or(value);
    in_words(rest).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_and_what_is_not_have_names() {
        let steps = Kind::named("HKQuantityTypeIdentifierStepCount");
        assert_eq!((steps.how, &*steps.name, steps.loinc), (How::Sum, "Steps", Some("41950-7")));
        let cramps = Kind::named("HKCategoryTypeIdentifierAbdominalCramps");
        assert_eq!(
            (cramps.how, &*cramps.name, cramps.short()),
            (How::Times, "Abdominal cramps", "AbdominalCramps")
        );
        assert_eq!(Kind::named("HKQuantityTypeIdentifierDietaryZinc").how, How::Sum);
        assert_eq!(Kind::named("HKQuantityTypeIdentifierOfTomorrow").how, How::Mean);
        assert_eq!(value_in_words("HKCategoryValueSeverityMild"), "severity mild");
        assert_eq!(ucum("mL/min·kg"), Some("mL/min/kg"));
    }

    #[test]
    fn every_row_has_its_columns_and_no_type_stands_twice() {
        for (table, width) in [(TYPES, 6), (UNITS, 2)] {
            let lines: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(lines.iter().all(|line| line.split('\t').count() == width));
            let names: std::collections::BTreeSet<_> =
                lines.iter().map(|line| line.split('\t').next()).collect();
            assert_eq!(names.len(), lines.len());
        }
        assert_eq!(Kind::named("HKCategoryTypeIdentifierSexualActivity").sensitivity, Some("SEX"));
    }

    #[test]
    fn no_mean_of_a_day_has_the_code_of_a_single_measurement() {
        for (apple, row) in KNOWN.iter().filter(|(_, row)| row.how == How::Mean) {
            assert!(matches!(row.loinc, None | Some("41924-2")), "{apple}");
        }
    }
}
