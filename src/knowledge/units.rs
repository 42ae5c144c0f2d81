//! Units: vendors' spellings to UCUM codes, how people read them, and values
//! made comparable.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::decimal::Decimal;
use super::table::{list, rows};

mod comparing;

pub(super) use comparing::in_unit;
pub use comparing::{Canonical, canonical, exactly, same_value};

pub(super) const UNITS: &str = include_str!("tables/units.tsv");

/// A unit we know the size of.
#[derive(Debug)]
struct Unit {
    ucum: &'static str,
    printed: &'static str,
    dimension: &'static str,
    size: Decimal,
}

struct Index {
    units: Vec<Unit>,
    /// Spellings as written.
    exact: HashMap<&'static str, usize>,
    /// Spellings in lower case, where all that fold to the same mean the same.
    any_case: HashMap<String, usize>,
    /// Spellings with two meanings in use: never read.
    refused: HashSet<&'static str>,
}

static INDEX: LazyLock<Index> = LazyLock::new(read_index);

fn read_index() -> Index {
    let mut units = Vec::new();
    let mut exact = HashMap::new();
    let mut refused = HashSet::new();
    for [ucum, printed, dimension, size, spellings] in rows(UNITS) {
        if dimension == "!" {
            refused.extend(list(spellings));
            continue;
        }
        let Some(size) = Decimal::parse(size) else {
            continue;
        };
        for spelling in std::iter::once(ucum).chain(list(spellings)) {
            exact.entry(spelling).or_insert(units.len());
        }
        units.push(Unit { ucum, printed, dimension, size });
    }
    let mut meanings: HashMap<String, Option<usize>> = HashMap::new();
    for (spelling, at) in &exact {
        meanings
            .entry(spelling.to_lowercase())
            .and_modify(|known| *known = known.filter(|known| known == at))
            .or_insert(Some(*at));
    }
    let any_case = meanings.into_iter().filter_map(|(spelling, at)| Some((spelling, at?))).collect();
    Index { units, exact, any_case, refused }
}

/// The UCUM code of a unit as a vendor wrote it; nothing when it is not known
/// or has two meanings in use (`G/L`).
///
/// This table is asked before any UCUM parser: to UCUM `K/uL` is a kelvin per
/// microlitre, and `mL/min/1.73` a division by 1.73.
pub fn normalise(unit: &str) -> Option<&'static str> {
    find(unit).map(|unit| unit.ucum)
}

fn find(unit: &str) -> Option<&'static Unit> {
    let plain = plain_spelling(unit);
    let plain = plain.as_str();
    if plain.is_empty() || INDEX.refused.contains(plain) {
        return None;
    }
    let at = INDEX.exact.get(plain).or_else(|| INDEX.any_case.get(&plain.to_lowercase()))?;
    Some(&INDEX.units[*at])
}

/// Spaces left out, micro signs as `u`, raised digits as digits, and without
/// the mark `(calc)` that some laboratories put behind the unit.
fn plain_spelling(unit: &str) -> String {
    let plain: String = unit
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            'µ' | 'μ' => 'u',
            '⁰' => '0',
            '¹' => '1',
            '²' => '2',
            '³' => '3',
            '⁶' => '6',
            '⁹' => '9',
            '×' => 'x',
            letter => letter,
        })
        .collect();
    match plain.to_lowercase().strip_suffix("(calc)") {
        Some(stem) if plain.is_char_boundary(stem.len()) => plain[..stem.len()].to_owned(),
        _ => plain,
    }
}

/// How a person reads a UCUM code: `10*3/uL` is `10³/µL`, `{score}` is nothing.
///
/// An unknown code is given back without its annotations in braces.
pub fn printed(ucum: &str) -> Cow<'_, str> {
    if let Some(at) = INDEX.exact.get(ucum) {
        return Cow::Borrowed(INDEX.units[*at].printed);
    }
    if !ucum.contains('{') {
        return Cow::Borrowed(ucum);
    }
    let mut depth = 0_u32;
    let bare: String = ucum
        .chars()
        .filter(|letter| {
            match letter {
                '{' => depth += 1,
                '}' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    Cow::Owned(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_vendors_become_ucum() {
        for (written, ucum) in [
            ("x10e3/uL", "10*3/uL"),
            ("K/uL", "10*3/uL"),
            ("K/UL", "10*3/uL"),
            ("thou/uL", "10*3/uL"),
            ("x10³/µL", "10*3/uL"),
            ("10*3/uL", "10*3/uL"),
            ("M/uL", "10*6/uL"),
            ("IU/L", "[IU]/L"),
            ("mEq/L", "meq/L"),
            ("MEQ/L", "meq/L"),
            ("mmHg", "mm[Hg]"),
            ("mm Hg", "mm[Hg]"),
            ("mm[Hg]", "mm[Hg]"),
            ("mcg/dL", "ug/dL"),
            ("μg/dL", "ug/dL"),
            ("uIU/mL", "u[IU]/mL"),
            ("/HPF", "/[HPF]"),
            ("mOsm/kg", "mosm/kg"),
            ("sec", "s"),
            ("MG/DL", "mg/dL"),
            ("mg/dL (calc)", "mg/dL"),
            ("mL/min/1.73", "mL/min/{1.73_m2}"),
            ("mL/min/1.73 m²", "mL/min/{1.73_m2}"),
            ("lb", "[lb_av]"),
            ("lbs", "[lb_av]"),
            ("[lb_av]", "[lb_av]"),
            ("in", "[in_i]"),
            ("degF", "[degF]"),
            ("°F", "[degF]"),
            ("F", "[degF]"),
            ("C", "Cel"),
            ("percent", "%"),
            ("beats/min", "/min"),
            ("{score}", "{score}"),
        ] {
            assert_eq!(normalise(written), Some(ucum), "{written}");
        }
    }

    #[test]
    fn thousands_per_microlitre_are_no_kelvins() {
        for written in ["K/uL", "k/ul", "K/µL", "K/mcL", "K/cumm"] {
            assert_eq!(normalise(written), Some("10*3/uL"), "{written}");
        }
    }

    #[test]
    fn what_has_two_meanings_is_refused() {
        assert_eq!(normalise("G/L"), None);
        assert_eq!(normalise("K"), None);
        assert_eq!(normalise(""), None);
        assert_eq!(normalise("furlong"), None);
        assert_eq!(normalise("g/L"), Some("g/L"));
        assert_eq!(normalise("MM"), Some("mm"));
    }

    #[test]
    fn people_read_units_without_brackets() {
        assert_eq!(printed("10*3/uL"), "10³/µL");
        assert_eq!(printed("mm[Hg]"), "mmHg");
        assert_eq!(printed("[degF]"), "°F");
        assert_eq!(printed("{score}"), "");
        assert_eq!(printed("mL/min/{1.73_m2}"), "mL/min/1.73 m²");
        assert_eq!(printed("/{each}min"), "/min");
        assert_eq!(printed("parsec"), "parsec");
    }

    #[test]
    fn no_spelling_means_two_units() {
        let mut seen = HashMap::new();
        for [ucum, _, dimension, _, spellings] in rows(UNITS) {
            for spelling in std::iter::once(ucum).chain(list(spellings)) {
                let known = seen.insert(spelling, ucum);
                let is_doubled = known.is_some_and(|known| known != ucum);
                assert!(!is_doubled || dimension == "!", "{spelling}");
            }
        }
    }
}
