//! What each analyte measures, what its values go with, which values cannot be,
//! and which change means nothing.

use foldhash::HashMap;
use std::sync::LazyLock;

use super::analytes::analyte_by_key;
use super::decimal::Decimal;
use super::table::{list, rows};
use super::units::{in_unit, normalise};

pub(super) const EXPLAINED: &str = include_str!("tables/analytes_explained.tsv");

/// What is said about an analyte, or about several that share the text.
#[derive(Debug)]
pub struct Explanation {
    /// The keys of the analytes.
    pub keys: Vec<&'static str>,
    /// What it measures.
    pub measures: &'static str,
    /// What high values commonly go with; never what the person has.
    pub high: Vec<&'static str>,
    /// What low values commonly go with; never what the person has.
    pub low: Vec<&'static str>,
    /// What makes the value mislead.
    pub misled_by: Vec<&'static str>,
    /// The change that commonly means nothing, as in `9%`; empty where no source says.
    pub variation: &'static str,
    /// Keys of the analytes that are commonly read together with it.
    pub related: Vec<&'static str>,
    /// How often it is commonly repeated; may be empty.
    pub repeated: &'static str,
    /// Questions for a clinician.
    pub ask: Vec<&'static str>,
    /// Sources with their years.
    pub source: &'static str,
    pub(super) plausible: Vec<Plausible>,
    /// What the smaller of two results is multiplied with: 1.09 for `9%`.
    pub(super) noise: Option<Decimal>,
}

/// The values that can be in a living person, in one unit.
#[derive(Debug)]
pub(super) struct Plausible {
    pub(super) unit: &'static str,
    pub(super) least: Decimal,
    pub(super) greatest: Decimal,
}

struct Index {
    explanations: Vec<Explanation>,
    by_key: HashMap<&'static str, usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let explanations: Vec<_> = rows::<11>(EXPLAINED).map(read_explanation).collect();
    let by_key = explanations
        .iter()
        .enumerate()
        .flat_map(|(at, explanation)| explanation.keys.iter().map(move |key| (*key, at)))
        .collect();
    Index { explanations, by_key }
});

fn read_explanation(
    [keys, measures, high, low, misled_by, plausible, variation, related, repeated, ask, source]: [&'static str;
        11],
) -> Explanation {
    Explanation {
        keys: keys.split_whitespace().collect(),
        measures,
        high: list(high).collect(),
        low: list(low).collect(),
        misled_by: list(misled_by).collect(),
        variation,
        related: list(related).collect(),
        repeated,
        ask: list(ask).collect(),
        source,
        plausible: list(plausible).filter_map(read_plausible).collect(),
        noise: read_noise(variation),
    }
}

/// Reads `0.3..165 mmol/L`.
pub(super) fn read_plausible(text: &'static str) -> Option<Plausible> {
    let (limits, unit) = text.split_once(' ')?;
    let (least, greatest) = limits.split_once("..")?;
    Some(Plausible { unit, least: Decimal::parse(least)?, greatest: Decimal::parse(greatest)? })
}

fn read_noise(variation: &str) -> Option<Decimal> {
    let percent = Decimal::parse(variation.strip_suffix('%')?)?;
    Decimal::parse("1")?.plus(percent.times(Decimal::parse("0.01")?)?)
}

/// All rows, in the order of the table.
pub fn explanations() -> &'static [Explanation] {
    &INDEX.explanations
}

/// What is said about the analyte with that key.
pub fn explanation(key: &str) -> Option<&'static Explanation> {
    INDEX.by_key.get(key).map(|at| &INDEX.explanations[*at])
}

/// Whether a value can be in a living person. Nothing when the value is not a
/// plain number, or no limits are known in that unit.
///
/// A unit that can be brought to the analyte's usual one is judged there, so that
/// `0.9 g/L` and `90 mg/dL` of sugar get one answer; any other by limits of its own.
pub fn is_plausible(key: &str, value: &str, ucum: &str) -> Option<bool> {
    let number = Decimal::parse(value.trim())?;
    let unit = normalise(ucum)?;
    let named = |unit: &str| explanation(key)?.plausible.iter().find(|limits| limits.unit == unit);
    let usual = analyte_by_key(key).and_then(|analyte| {
        let limits = named(normalise(analyte.unit)?)?;
        Some((in_unit(value, unit, limits.unit, Some(analyte))?, limits))
    });
    let (number, limits) = usual.or_else(|| Some((number, named(unit)?)))?;
    Some(number >= limits.least && number <= limits.greatest)
}

/// Whether two results in the **same unit** lie further apart than results of a
/// person in steady health commonly do: the larger is more than the smaller with
/// N percent added. Nothing where no source gives a variation.
///
/// It holds for adults who are not pregnant, from the same laboratory and
/// specimen, a week or more apart, and while no treatment acts on the value. It
/// says that nothing can be read from a change, and never that all is well.
pub fn moved_beyond_noise(key: &str, before: &str, after: &str) -> Option<bool> {
    let noise = explanation(key)?.noise?;
    let (before, after) = (Decimal::parse(before.trim())?, Decimal::parse(after.trim())?);
    let (smaller, larger) = if before <= after { (before, after) } else { (after, before) };
    // A share of a value below nothing has no meaning.
    if smaller < Decimal::parse("0")? {
        return None;
    }
    Some(larger > smaller.times(noise)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{analytes, units};

    #[test]
    fn every_analyte_is_explained_once() {
        let keys: Vec<_> = explanations().iter().flat_map(|explanation| &explanation.keys).collect();
        assert_eq!(keys.len(), INDEX.by_key.len(), "a key stands twice");
        for analyte in analytes::analytes() {
            assert!(explanation(analyte.key).is_some(), "{}", analyte.key);
        }
        let is_known = |key: &str| analytes::analyte_by_key(key).is_some();
        assert!(keys.into_iter().all(|key| is_known(key)));
        for explanation in explanations() {
            assert!(
                !explanation.measures.is_empty() && !explanation.ask.is_empty(),
                "{:?}",
                explanation.keys
            );
            assert!(explanation.related.iter().all(|key| is_known(key)), "{:?}", explanation.keys);
        }
    }

    #[test]
    fn limits_and_variations_are_read_whole() {
        for [keys, _, _, _, _, plausible, variation, ..] in rows::<11>(EXPLAINED) {
            for text in list(plausible) {
                let limits = read_plausible(text).unwrap_or_else(|| panic!("{keys}: {text}"));
                assert!(limits.least < limits.greatest, "{keys}: {text}");
                assert_eq!(units::normalise(limits.unit), Some(limits.unit), "{keys}: {text}");
            }
            assert_eq!(read_noise(variation).is_some(), !variation.is_empty(), "{keys}: {variation}");
        }
    }

    #[test]
    fn limits_in_two_units_agree_with_the_molar_factor() {
        let number = |decimal: Decimal| decimal.to_string().parse::<f64>().unwrap();
        let unit = |key: &&str| analytes::analyte_by_key(key).map(|analyte| analyte.unit);
        // Analytes that share a row but no unit have limits of their own: TIBC and transferrin.
        let of_one_unit = |row: &&Explanation| row.keys.iter().all(|key| unit(key) == unit(&row.keys[0]));
        for explanation in explanations().iter().filter(of_one_unit) {
            for (one, other) in explanation.plausible.iter().zip(explanation.plausible.iter().skip(1)) {
                let analyte = analytes::analyte_by_key(explanation.keys[0]);
                let written = other.greatest.to_string();
                let Some(moved) = units::in_unit(&written, other.unit, one.unit, analyte) else { continue };
                let share = number(moved) / number(one.greatest);
                assert!((0.8..1.25).contains(&share), "{:?}: {share}", explanation.keys);
            }
        }
    }

    #[test]
    fn what_cannot_be_is_told_only_in_a_unit_that_is_understood() {
        assert_eq!(is_plausible("glucose-serum", "5.5", "mmol/L"), Some(true));
        assert_eq!(is_plausible("glucose-serum", "5.5", "MG/DL"), Some(true));
        assert_eq!(is_plausible("glucose-serum", "4000", "mg/dL"), Some(false));
        assert_eq!(is_plausible("glucose-serum", "0.9", "g/L"), Some(true));
        assert_eq!(is_plausible("glucose-serum", "4000", "g/L"), Some(false));
        assert_eq!(is_plausible("glucose-serum", "90", "U/L"), None);
        assert_eq!(is_plausible("glucose-serum", "4000", ""), None);
        assert_eq!(is_plausible("glucose-serum", "<5", "mg/dL"), None);
        assert_eq!(is_plausible("unknown", "5", "mg/dL"), None);
    }

    #[test]
    fn limits_of_a_row_that_two_analytes_share_are_taken_in_each_ones_own_unit() {
        // Iron-binding capacity is reported in ug/dL, transferrin in mg/dL or g/L.
        assert_eq!(is_plausible("transferrin", "2.5", "g/L"), Some(true));
        assert_eq!(is_plausible("tibc", "60", "umol/L"), Some(true));
        // Free T3 of 0.3 ng/dL is 3 pg/mL; total T3 of 0.3 ng/dL cannot be.
        assert_eq!(is_plausible("free-t3", "0.3", "ng/dL"), Some(true));
        assert_eq!(is_plausible("t3-total", "0.3", "ng/dL"), Some(false));
        assert_eq!(is_plausible("urea", "400", "mg/dL"), Some(true));
        assert_eq!(is_plausible("bun", "500", "mg/dL"), Some(false));
    }

    #[test]
    fn limits_are_known_in_every_unit_that_is_commonly_reported() {
        // Laboratories give the spread of platelet size by two measures under one unit: Sysmex
        // has 9 to 17 fL, the corpus 150 to 520 fL. No limit fits both.
        let measured = |analyte: &&analytes::Analyte| !analyte.unit.is_empty() && analyte.key != "pdw";
        for analyte in analytes::analytes().iter().filter(measured) {
            let commonly = analyte.conversions.iter().map(|conversion| conversion.unit).chain([analyte.unit]);
            for unit in commonly {
                assert!(is_plausible(analyte.key, "50", unit).is_some(), "{} in {unit}", analyte.key);
            }
        }
    }

    #[test]
    fn a_spread_of_platelet_size_is_not_called_impossible_whatever_the_method() {
        assert_eq!(is_plausible("pdw", "12.4", "fL"), None);
        assert_eq!(is_plausible("pdw", "513.4", "fL"), None);
    }

    #[test]
    fn a_change_is_measured_on_the_smaller_result() {
        // 100 with 15 percent added is 115.
        assert_eq!(moved_beyond_noise("glucose-fasting", "100", "115"), Some(false));
        assert_eq!(moved_beyond_noise("glucose-fasting", "115", "100"), Some(false));
        assert_eq!(moved_beyond_noise("glucose-fasting", "100", "115.1"), Some(true));
        assert_eq!(moved_beyond_noise("glucose-fasting", "<5", "100"), None);
        assert_eq!(moved_beyond_noise("glucose-serum", "100", "300"), None);
        assert_eq!(moved_beyond_noise("lithium-level", "0.6", "1.2"), None);
    }
}
