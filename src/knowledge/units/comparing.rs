//! Values with units brought to one form, so that equal results compare equal.

use super::{Unit, find};
use crate::knowledge::analytes::{Analyte, Conversion, Factor};
use crate::knowledge::decimal::Decimal;

/// A value in its comparable form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Canonical {
    /// The shortest exact digits: `5.50` is `5.5`.
    pub value: String,
    /// The unit the value was brought to: a UCUM code where it is known, else
    /// the unit as written.
    pub unit: String,
    /// Whether the value was rounded to three significant digits on the way.
    pub rounded: bool,
}

/// Vendors round each side on their own, so a factor that is no power of ten
/// can be compared to three significant digits and no further.
const SIGNIFICANT: u32 = 3;

/// The comparable form of a reported value.
///
/// Powers of ten (`g/L` to `mg/dL`), inches and equal units are exact. A molar
/// factor, pounds and degrees Fahrenheit are **rounded to three significant
/// digits**, and only the converted side is: `5.50 mmol/L` glucose is `99.1
/// mg/dL`, and `99.1 mg/dL` stays as it is. So two different values reported in
/// the same converted unit can meet in one form; [`same_value`] tells them apart.
/// Without a unit, or when the value is not a plain number, there is no form.
pub fn canonical(value: &str, unit: &str, analyte: Option<&Analyte>) -> Option<Canonical> {
    let number = Decimal::parse(value.trim())?;
    if unit.trim().is_empty() {
        return None;
    }
    let Some(known) = find(unit) else {
        return Some(Canonical { value: number.to_string(), unit: unit.trim().to_owned(), rounded: false });
    };
    let usual = analyte.and_then(|analyte| find(analyte.unit));
    let conversion = usual
        .filter(|usual| usual.dimension != known.dimension)
        .and(analyte)
        .and_then(|analyte| conversion_from(analyte, known));
    let (number, unit, rounded) = match (usual, conversion) {
        (Some(usual), Some((conversion, from))) => {
            let (number, rounded) = apply(conversion, resized(number, known, from)?.0)?;
            (number, usual.ucum, rounded)
        }
        (Some(usual), None) if usual.dimension == known.dimension => {
            let (number, rounded) = resized(number, known, usual)?;
            (number, usual.ucum, rounded)
        }
        _ if known.dimension == "temperature-fahrenheit" => (celsius(number)?, "Cel", true),
        _ => {
            let (number, rounded) = resized_to_base(number, known)?;
            (number, known.dimension, rounded)
        }
    };
    let number = if rounded { number.rounded(SIGNIFICANT)? } else { number };
    Some(Canonical { value: number.to_string(), unit: unit.to_owned(), rounded })
}

/// Whether two reported values are the same: exactly where the units allow it,
/// to three significant digits across a factor. Nothing when they cannot be compared.
pub fn same_value(
    (value, unit): (&str, &str),
    (other_value, other_unit): (&str, &str),
    analyte: Option<&Analyte>,
) -> Option<bool> {
    let one = canonical(value, unit, analyte)?;
    let other = canonical(other_value, other_unit, analyte)?;
    if one.unit != other.unit {
        return None;
    }
    if one.rounded && other.rounded {
        // Both come from outside the usual unit: compare them as they were sent.
        let (one, other) = (canonical(value, unit, None)?, canonical(other_value, other_unit, None)?);
        return (one.unit == other.unit).then_some(one.value == other.value);
    }
    Some(one.value == other.value)
}

/// A value brought to the wanted unit, not rounded: by the size of the units, or
/// by the analyte's own factor. Nothing when it cannot be brought there.
pub(in crate::knowledge) fn in_unit(
    value: &str,
    unit: &str,
    wanted: &str,
    analyte: Option<&Analyte>,
) -> Option<Decimal> {
    let number = Decimal::parse(value.trim())?;
    let (known, wanted) = (find(unit)?, find(wanted)?);
    if known.dimension == wanted.dimension {
        return Some(resized(number, known, wanted)?.0);
    }
    let analyte = analyte?;
    let usual = find(analyte.unit).filter(|usual| usual.dimension == wanted.dimension)?;
    let (conversion, from) = conversion_from(analyte, known)?;
    let (number, _) = apply(conversion, resized(number, known, from)?.0)?;
    Some(resized(number, usual, wanted)?.0)
}

/// The digits of a value brought to the wanted unit, not rounded; as written where it has that unit already.
/// Nothing where it cannot be brought there, or is no plain number.
pub fn exactly(value: &str, unit: &str, wanted: &str, analyte: Option<&Analyte>) -> Option<String> {
    let is_own =
        unit == wanted || find(unit).zip(find(wanted)).is_some_and(|(one, other)| one.ucum == other.ucum);
    if is_own {
        let value = value.trim();
        return Decimal::parse(value).map(|_| value.to_owned());
    }
    in_unit(value, unit, wanted, analyte).map(|number| number.to_string())
}

/// The analyte's rule for the dimension of a unit, and the unit that rule starts from.
fn conversion_from<'a>(analyte: &'a Analyte, known: &Unit) -> Option<(&'a Conversion, &'static Unit)> {
    analyte
        .conversions
        .iter()
        .filter_map(|conversion| Some((conversion, find(conversion.unit)?)))
        .find(|(_, from)| from.dimension == known.dimension)
}

fn apply(conversion: &Conversion, number: Decimal) -> Option<(Decimal, bool)> {
    let (scaled, is_exact) = match &conversion.factor {
        Factor::Times(factor) => (number.times(*factor)?, is_power_of_ten(*factor)),
        Factor::DividedBy(divisor) => (number.divided_by(*divisor)?, is_power_of_ten(*divisor)),
    };
    let moved = match conversion.offset {
        Some(offset) => scaled.plus(offset)?,
        None => scaled,
    };
    Some((moved, !is_exact || conversion.offset.is_some()))
}

fn resized(number: Decimal, from: &Unit, to: &Unit) -> Option<(Decimal, bool)> {
    if from.ucum == to.ucum {
        return Some((number, false));
    }
    let (base, rounded) = resized_to_base(number, from)?;
    let is_exact = is_power_of_ten(to.size);
    Some((base.divided_by(to.size)?, rounded || !is_exact))
}

fn resized_to_base(number: Decimal, from: &Unit) -> Option<(Decimal, bool)> {
    // An inch is 2.54 cm by definition and few enough digits to be sent exactly;
    // a pound has eight, which no scale shows.
    let rounded = from.size.significant_digits() > 4;
    Some((number.times(from.size)?, rounded))
}

fn celsius(fahrenheit: Decimal) -> Option<Decimal> {
    let above_freezing = fahrenheit.plus(Decimal::parse("-32")?)?;
    above_freezing.times(Decimal::parse("5")?)?.divided_by(Decimal::parse("9")?)
}

fn is_power_of_ten(factor: Decimal) -> bool {
    let text = factor.to_string();
    text.chars().filter(|letter| *letter == '1').count() == 1
        && text.chars().all(|letter| matches!(letter, '0' | '1' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::analytes::analyte_by_key;

    fn form(value: &str, unit: &str, key: &str) -> String {
        let analyte = analyte_by_key(key);
        assert!(key.is_empty() || analyte.is_some(), "{key}");
        canonical(value, unit, analyte).map_or("-".into(), |form| format!("{} {}", form.value, form.unit))
    }

    #[test]
    fn glucose_is_compared_across_moles_and_mass() {
        assert_eq!(form("5.50", "mmol/L", "glucose-serum"), "99.1 mg/dL");
        assert_eq!(form("99.1", "MG/DL", "glucose-serum"), "99.1 mg/dL");
        assert_eq!(form("0.991", "g/L", "glucose-serum"), "99.1 mg/dL");
        let glucose = analyte_by_key("glucose-serum");
        let same = |one, other| same_value(one, other, glucose);
        assert_eq!(same(("5.50", "mmol/L"), ("99.1", "mg/dL")), Some(true));
        assert_eq!(same(("5.50", "mmol/L"), ("99", "mg/dL")), Some(false));
        assert_eq!(same(("15.50", "mmol/L"), ("15.51", "mmol/L")), Some(false));
        assert_eq!(same(("15.50", "mmol/L"), ("15.5", "mmol/L")), Some(true));
        assert_eq!(same(("5.5", ""), ("5.5", "mmol/L")), None);
    }

    #[test]
    fn a_value_is_brought_to_a_unit_with_all_its_digits() {
        let brought = |value, unit, wanted, key| exactly(value, unit, wanted, analyte_by_key(key));
        assert_eq!(brought("5.50", "mmol/L", "mg/dL", "glucose-serum").as_deref(), Some("99.088"));
        assert_eq!(brought("4.10", "K/uL", "x10e3/uL", "wbc").as_deref(), Some("4.10"));
        assert_eq!(brought("7", "furlong", "furlong", "").as_deref(), Some("7"));
        assert_eq!(brought("5.5", "mmol/L", "mg/dL", ""), None);
        assert_eq!(brought("<5", "mg/dL", "mg/dL", "glucose-serum"), None);
    }

    #[test]
    fn a_factor_belongs_to_its_analyte() {
        assert_eq!(form("88.42", "umol/L", "creatinine"), "1 mg/dL");
        assert_eq!(form("5", "mmol/L", "cholesterol-total"), "193 mg/dL");
        assert_eq!(form("53", "mmol/mol", "a1c"), "7 %");
        assert_eq!(form("5", "mmol/L", "creatinine-urine"), "0.005 molar-concentration");
    }

    #[test]
    fn powers_of_ten_and_equal_units_are_exact() {
        assert_eq!(form("1234.5", "mg/dL", "triglycerides"), "1234.5 mg/dL");
        assert_eq!(form("12.345", "g/L", "triglycerides"), "1234.5 mg/dL");
        assert_eq!(form("7.25", "10*9/L", "wbc"), "7.25 10*3/uL");
        assert_eq!(form("7250", "/uL", "wbc"), "7.25 10*3/uL");
        assert_eq!(form("140", "mEq/L", "sodium"), "140 mmol/L");
        assert_eq!(form("32", "IU/L", "alt"), "32 U/L");
        assert_eq!(form("2.10", "uIU/mL", "tsh"), "2.1 m[IU]/L");
        assert_eq!(form("90718", "g", "weight"), "90.718 kg");
        assert_eq!(form("0.415", "L/L", "hematocrit"), "41.5 %");
    }

    #[test]
    fn bodies_are_compared_in_kilograms_centimetres_and_celsius() {
        assert_eq!(form("180", "lb", "weight"), "81.6 kg");
        assert_eq!(form("70", "in", "height"), "177.8 cm");
        assert_eq!(form("98.6", "F", "temperature"), "37 Cel");
        assert_eq!(form("37.0", "°C", "temperature"), "37 Cel");
    }

    #[test]
    fn without_an_analyte_only_size_is_evened_out() {
        assert_eq!(form("1", "g/L", ""), form("100", "mg/dL", ""));
        assert_ne!(form("5", "U/L", ""), form("5", "IU/L", ""));
        assert_eq!(form("4.10", "furlong", ""), "4.1 furlong");
    }

    #[test]
    fn without_a_unit_or_a_number_nothing_is_compared() {
        assert_eq!(form("5.5", "", "glucose-serum"), "-");
        assert_eq!(form("<5", "mg/dL", "glucose-serum"), "-");
        assert_eq!(form("", "mg/dL", "glucose-serum"), "-");
    }
}
