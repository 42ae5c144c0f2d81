//! A measurement with the digits as they were written.

use super::facts::Facts;
use crate::insight::plain;
use crate::record::{Flag, Measurement, Quantity, Range, Value};

/// Adds all of a measurement, its parts too.
pub(super) fn add(facts: &mut Facts, found: &Measurement) {
    value(facts, "", found.value.as_ref());
    facts.text("no value because", found.absent.as_ref());
    flags_and_ranges(facts, "", &found.flags, &found.ranges);
    for part in &found.components {
        let name = format!("{}: ", part.concept.label());
        facts.codes(&format!("{name}code"), &part.concept);
        value(facts, &name, part.value.as_ref());
        facts.text(&format!("{name}no value because"), part.absent.as_ref());
        flags_and_ranges(facts, &name, &part.flags, &part.ranges);
    }
    facts.text("specimen", found.specimen.as_ref());
    facts.text("method", found.method.as_ref());
    facts.text("body site", found.body_site.as_ref());
}

fn value(facts: &mut Facts, name: &str, value: Option<&Value>) {
    match value {
        Some(Value::Quantity(quantity)) => facts.add(&format!("{name}value"), Some(exact(quantity))),
        Some(Value::Concept(concept)) => facts.concept(&format!("{name}value"), concept),
        Some(Value::Text(text)) => facts.long(&format!("{name}value"), text),
        None => {}
    }
}

fn flags_and_ranges(facts: &mut Facts, name: &str, flags: &[Flag], ranges: &[Range]) {
    for flag in flags {
        let mark = flag.meaning.mark().filter(|mark| !mark.eq_ignore_ascii_case(&flag.text));
        let mark = mark.map_or_else(String::new, |mark| format!(" ({mark})"));
        facts.add(&format!("{name}flag of the report"), Some(format!("{}{mark}", plain(&flag.text))));
    }
    for range in ranges {
        facts.add(&format!("{name}range of the report"), Some(range_words(range)));
    }
}

/// A quantity with every digit, its unit and, where that is another word, the unit's code.
pub(super) fn exact(quantity: &Quantity) -> String {
    let comparator = quantity.comparator.as_deref().map(plain).unwrap_or_default();
    let number = quantity.number.as_written();
    let unit = quantity.unit().map_or_else(String::new, |unit| format!(" {}", plain(unit)));
    let code = quantity.ucum.as_deref().filter(|code| quantity.unit() != Some(*code));
    let code = code.map_or_else(String::new, |code| format!(" (UCUM {})", plain(code)));
    format!("{comparator}{number}{unit}{code}")
}

fn range_words(range: &Range) -> String {
    let numbers = match (&range.low, &range.high) {
        (Some(low), Some(high)) => format!("{} to {}", exact(low), exact(high)),
        (Some(low), None) => format!("from {}", exact(low)),
        (None, Some(high)) => format!("up to {}", exact(high)),
        (None, None) => String::new(),
    };
    let text = range.text.as_deref().map(|text| format!("\"{}\"", plain(text)));
    let about = range.purpose.iter().chain(&range.applies_to).chain(&range.ages).map(|word| plain(word));
    let about: Vec<String> = about.collect();
    let about = (!about.is_empty()).then(|| format!("({})", about.join(", ")));
    let parts = Some(numbers).filter(|numbers| !numbers.is_empty()).into_iter().chain(text).chain(about);
    parts.collect::<Vec<_>>().join(" ")
}
