//! How a measurement reads: its value, the report's own ranges, the report's own flag.

mod fitting;
mod text_range;

use std::cmp::Ordering;

use super::plausible::{MARK, is_possible};
use super::portrait::Who;
use super::{naming, plain};
use crate::knowledge::units;
use crate::record::{
    Abnormality, Component, Concept, Entry, Flag, FlagMeaning, Measurement, Quantity, Range, Standing, Value,
};

pub use fitting::{Fitting, fitting};
pub use text_range::expected_word;

use fitting::is_normal;
use text_range::{Bound, limits};

/// LOINC 8480-6 and 8462-4 (US Core blood pressure profile): the two numbers of a blood pressure.
pub const SYSTOLIC: &str = "8480-6";
/// See [`SYSTOLIC`].
pub const DIASTOLIC: &str = "8462-4";

/// The result with its unit, its parts where it has parts, or why there is none.
pub fn result(entry: &Entry, found: &Measurement) -> String {
    if entry.standing == Standing::NotDone {
        let word = found.value.as_ref().map(value).or_else(|| found.absent.as_deref().map(plain));
        return word.map_or_else(|| "not performed".into(), |word| format!("not performed ({word})"));
    }
    let result = blood_pressure(found).unwrap_or_else(|| value_and_parts(found));
    if entry.is_home_reading() { format!("{result} at home") } else { result }
}

fn value_and_parts(found: &Measurement) -> String {
    let own = found.value.as_ref().map(value);
    let parts: Vec<String> = found.components.iter().map(part).collect();
    match (own, parts.is_empty()) {
        (Some(own), true) => own,
        (Some(own), false) => format!("{own}; {}", parts.join("; ")),
        (None, false) => parts.join("; "),
        (None, true) => absent(found.absent.as_deref()),
    }
}

/// The status behind a result that is not simply final: preliminary, corrected, cancelled; refuted.
pub fn status(entry: &Entry) -> String {
    let status = entry.status.as_deref().filter(|status| *status != "final").map(plain);
    let standing = matches!(entry.standing, Standing::Refuted | Standing::Unconfirmed)
        .then(|| entry.standing.words().to_owned());
    status.into_iter().chain(standing).map(|word| format!(" ({word})")).collect()
}

/// A value with its unit.
pub fn value(value: &Value) -> String {
    match value {
        Value::Quantity(quantity) => with_unit(&quantity.shown_number(), quantity),
        Value::Concept(concept) => plain(&concept.label()),
        Value::Text(text) => plain(text),
    }
}

/// The unit in the form people read, where it is known; as recorded otherwise.
pub fn unit(quantity: &Quantity) -> String {
    let recorded = quantity.unit().unwrap_or("");
    match units::normalise(recorded) {
        Some(ucum) => units::printed(ucum).into_owned(),
        // UCUM writes annotations in braces: `{score}` is no unit to read.
        None if recorded.starts_with('{') => String::new(),
        None => plain(recorded),
    }
}

/// Both numbers of a blood pressure as one reading.
pub fn blood_pressure(found: &Measurement) -> Option<String> {
    let systolic = component(found, SYSTOLIC)?;
    let diastolic = component(found, DIASTOLIC)?;
    let numbers = format!("{}/{}", systolic.shown_number(), diastolic.shown_number());
    Some(with_unit(&numbers, systolic))
}

/// The quantity of the part with this LOINC code.
pub fn component<'a>(found: &'a Measurement, loinc: &str) -> Option<&'a Quantity> {
    let has_code =
        |concept: &Concept| concept.codes_in(&crate::record::System::Loinc).any(|code| code == loinc);
    let part = found.components.iter().find(|component| has_code(&component.concept))?;
    match &part.value {
        Some(Value::Quantity(quantity)) => Some(quantity),
        _ => None,
    }
}

/// The result without its unit, for a table whose heading says the unit.
pub fn result_without_unit(entry: &Entry, found: &Measurement) -> String {
    match &found.value {
        Some(Value::Quantity(quantity))
            if entry.standing != Standing::NotDone
                && found.components.is_empty()
                && !entry.is_home_reading() =>
        {
            quantity.shown_number()
        }
        _ => result(entry, found),
    }
}

/// Every range of the report: the normal one first, then the others with what they are for. The unit stands
/// beside a range that has another one than the value.
pub fn ranges(found: &Measurement) -> String {
    let mut sorted: Vec<&Range> = found.ranges.iter().collect();
    sorted.sort_by_key(|range| !is_normal(range));
    let is_alone = sorted.len() == 1;
    let values = found.value.iter().chain(found.components.iter().filter_map(|part| part.value.as_ref()));
    let own = values.into_iter().find_map(|value| match value {
        Value::Quantity(quantity) => Some(unit(quantity)),
        _ => None,
    });
    let own = own.unwrap_or_default();
    let shown = sorted.into_iter().map(|range| range_text(range, is_alone, &own));
    shown.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Whether the report marks the result: by its flag, else by the one normal range, in numbers, that is for
/// everybody or fits the age and sex of the person. No flag and no such range is unknown, never normal.
pub fn abnormality(found: &Measurement, whom: Option<(&Who, &Entry)>) -> Abnormality {
    let flags = found.flags.iter().chain(found.components.iter().flat_map(|part| &part.flags));
    let mut is_normal = false;
    for flag in flags {
        match flag.meaning.abnormality() {
            Abnormality::Abnormal => return Abnormality::Abnormal,
            Abnormality::Normal => is_normal = true,
            Abnormality::Unknown => {}
        }
    }
    if is_normal {
        return Abnormality::Normal;
    }
    match by_range(found, whom) {
        Some(Ordering::Equal) => Abnormality::Normal,
        Some(_) => Abnormality::Abnormal,
        None => Abnormality::Unknown,
    }
}

/// The flag as it stands in a cell: the report's own; else where the value stands to the report's
/// range that fits this person; nothing where neither says.
pub fn flag(entry: &Entry, found: &Measurement, who: Option<&Who>) -> String {
    let own: Vec<String> = found.flags.iter().filter_map(flag_text).collect();
    let parts = found.components.iter().flat_map(|part| {
        let name = naming::name(&part.concept);
        part.flags
            .iter()
            .filter(|flag| flag.meaning != FlagMeaning::Normal)
            .filter_map(flag_text)
            .map(move |flag| format!("{name}: {flag}"))
    });
    let mut flags: Vec<String> = own.into_iter().chain(parts).collect();
    if !is_possible(entry, found) {
        flags.push(MARK.to_owned());
    }
    if !flags.is_empty() || !found.flags.is_empty() {
        return flags.join(", ");
    }
    match by_range(found, who.map(|who| (who, entry))) {
        Some(Ordering::Less) => "below range".into(),
        Some(Ordering::Greater) => "above range".into(),
        _ => String::new(),
    }
}

/// True where the report itself flags the result, and as normal.
pub fn is_flagged_normal(found: &Measurement) -> bool {
    found.flags.iter().any(|flag| flag.meaning == FlagMeaning::Normal)
}

fn flag_text(flag: &Flag) -> Option<String> {
    match flag.meaning {
        FlagMeaning::Normal => None,
        _ => Some(flag.meaning.mark().map_or_else(|| plain(&flag.text), str::to_owned)),
    }
}

/// Where the value stands to the report's normal range, if there is one such, numeric, in the value's own
/// unit, for everybody or surely for this person, and both can be. Anything else needs judgement and is left
/// alone.
pub fn by_range(found: &Measurement, whom: Option<(&Who, &Entry)>) -> Option<Ordering> {
    let Fitting::This(range) = fitting(found, whom) else { return None };
    let Some(Value::Quantity(quantity)) = &found.value else { return None };
    let limits = limits(range)?;
    let is_own = |unit: &str| {
        let known = |unit: Option<&str>| unit.and_then(units::normalise);
        Some(unit) == quantity.unit()
            || known(Some(unit)).is_some_and(|unit| known(quantity.unit()) == Some(unit))
    };
    if !limits.unit.as_deref().is_none_or(is_own) {
        return None;
    }
    let (low, high) = (limits.low, limits.high);
    let value = quantity.number.value();
    let is_impossible = value < 0.0 && low.or(high).is_some_and(|bound| bound.number >= 0.0);
    if is_impossible {
        return None;
    }
    if let Some(comparator) = quantity.comparator.as_deref() {
        return beyond(comparator, value, low, high);
    }
    let is_below = |low: Bound| value < low.number || value == low.number && !low.is_inside;
    let is_above = |high: Bound| value > high.number || value == high.number && !high.is_inside;
    if low.is_some_and(is_below) {
        Some(Ordering::Less)
    } else if high.is_some_and(is_above) {
        Some(Ordering::Greater)
    } else {
        Some(Ordering::Equal)
    }
}

/// Of `>100` only that much is known: it lies above a range that ends at 7.9, and says nothing to one that
/// ends at 120. `<5` surely lies in a range that has no lower end and ends at 7.9.
fn beyond(comparator: &str, value: f64, low: Option<Bound>, high: Option<Bound>) -> Option<Ordering> {
    let is_strict = matches!(comparator, "<" | ">");
    // Whether all values on this side of the one written lie outside of the bound, or all inside of it.
    let is_outside = |bound: Bound| value == bound.number && (is_strict || !bound.is_inside);
    let is_inside = |bound: Bound| value == bound.number && (is_strict || bound.is_inside);
    match (comparator, low, high) {
        (">" | ">=", _, Some(high)) if value > high.number || is_outside(high) => Some(Ordering::Greater),
        ("<" | "<=", Some(low), _) if value < low.number || is_outside(low) => Some(Ordering::Less),
        (">" | ">=", Some(low), None) if value > low.number || is_inside(low) => Some(Ordering::Equal),
        ("<" | "<=", None, Some(high)) if value < high.number || is_inside(high) => Some(Ordering::Equal),
        _ => None,
    }
}

/// A range as it is shown; its purpose and whom it is for stand behind it.
pub fn range_text(range: &Range, is_alone: bool, own: &str) -> String {
    let units = [&range.low, &range.high].map(|bound| bound.as_ref().map(unit).unwrap_or_default());
    let is_other = |unit: &String| !unit.is_empty() && unit != own;
    let has_two = range.low.is_some() && range.high.is_some() && units[0] != units[1];
    let number = |quantity: &Quantity| match has_two {
        true => with_unit(&quantity.shown_number(), quantity),
        false => quantity.shown_number(),
    };
    let one_unit = units.iter().find(|unit| is_other(unit) && !has_two).map(|unit| format!(" {unit}"));
    let one_unit = one_unit.unwrap_or_default();
    let numbers = match (&range.low, &range.high) {
        (Some(low), Some(high)) => format!("{}–{}{one_unit}", number(low), number(high)),
        (Some(low), None) => format!("≥{}{one_unit}", number(low)),
        (None, Some(high)) => format!("≤{}{one_unit}", number(high)),
        (None, None) => range.text.as_deref().map(plain).unwrap_or_default(),
    };
    let purpose = range.purpose.as_deref().filter(|_| !(is_alone && is_normal(range))).map(plain);
    let whom = range.applies_to.iter().map(|whom| plain(whom)).chain(range.ages.as_deref().map(plain));
    let words: Vec<String> = purpose.into_iter().chain(whom).collect();
    if words.is_empty() { numbers } else { format!("{numbers} ({})", words.join(", ")) }
}

fn part(part: &Component) -> String {
    let found = part.value.as_ref().map(value).unwrap_or_else(|| absent(part.absent.as_deref()));
    format!("{}: {found}", naming::name(&part.concept))
}

fn absent(reason: Option<&str>) -> String {
    reason.map_or_else(|| "no value recorded".into(), |reason| format!("no value: {}", plain(reason)))
}

fn with_unit(number: &str, quantity: &Quantity) -> String {
    match unit(quantity).as_str() {
        "" => number.to_owned(),
        "%" => format!("{number}%"),
        unit => format!("{number} {unit}"),
    }
}

#[cfg(test)]
mod tests;
