//! Keys of what was measured: code, exact value and minute.

use super::any_code;
use super::bucket::{Bucket, digits, join};
use crate::knowledge::analytes::{Analyte, analyte_by_code};
use crate::knowledge::folding::fold;
use crate::knowledge::units;
use crate::record::{Concept, Dates, Detail, Entry, Key, Measurement, Quantity, System, Value};

/// The keys of a measurement; none where nothing was found or it has no code.
pub fn keys(entry: &Entry) -> Vec<Key> {
    let Detail::Measurement(found) = &entry.detail else { return Vec::new() };
    let analyte = analyte(&entry.concept);
    let value = value_with(found, analyte);
    if value.is_empty() {
        return Vec::new();
    }
    let specimen = contradicting(found, analyte).unwrap_or_default();
    let key = |test: String| {
        let bucket = Bucket::of(entry, "finding").and(test.as_bytes()).and(value.as_bytes());
        bucket.and(specimen.as_bytes()).key(Dates::SameMinute)
    };
    tests(&entry.concept, analyte).into_iter().map(key).collect()
}

/// The value in words that are equal only for equal values; empty for what has none.
pub fn value_of(entry: &Entry) -> String {
    match &entry.detail {
        Detail::Measurement(found) => value_with(found, analyte(&entry.concept)),
        _ => String::new(),
    }
}

fn analyte(concept: &Concept) -> Option<&'static Analyte> {
    concept.codes_in(&System::Loinc).find_map(analyte_by_code)
}

/// What was tested: the group of LOINC codes, else each LOINC code, else each other code.
fn tests(concept: &Concept, analyte: Option<&Analyte>) -> Vec<String> {
    if let Some(analyte) = analyte {
        return vec![format!("group|{}", analyte.key)];
    }
    let loinc: Vec<String> =
        concept.codes_in(&System::Loinc).map(|code| format!("LOINC|{}", code.trim())).collect();
    if loinc.is_empty() { concept.codes.iter().filter_map(any_code).collect() } else { loinc }
}

fn value_with(found: &Measurement, analyte: Option<&Analyte>) -> String {
    let own = found.value.as_ref().map(|value| value_words(value, analyte)).unwrap_or_default();
    let parts = found.components.iter().filter_map(|part| {
        let analyte = self::analyte(&part.concept);
        let value = value_words(part.value.as_ref()?, analyte);
        Some(format!("{}={value}", join(tests(&part.concept, analyte).into_iter())))
    });
    let parts = join(parts);
    match (own.is_empty(), parts.is_empty()) {
        (true, true) => String::new(),
        _ => format!("{own}\u{1e}{parts}"),
    }
}

fn value_words(value: &Value, analyte: Option<&Analyte>) -> String {
    match value {
        Value::Quantity(quantity) => quantity_words(quantity, analyte),
        // What a source codes differently it still names alike; a name that differs is another value.
        Value::Concept(concept) => match concept.name() {
            Some(name) => format!("words {}", fold(name)),
            None => format!("codes {}", join(concept.codes.iter().filter_map(any_code))),
        },
        // Signs matter here (`1+`, `<5`), so only case and spaces are folded.
        Value::Text(text) => {
            let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            format!("words {}", words.join(" "))
        }
    }
}

/// A number in its comparable form, where that is exact. Rounded on the way, two values of one unit
/// could meet: then the digits stay as they are, in their own unit.
fn quantity_words(quantity: &Quantity, analyte: Option<&Analyte>) -> String {
    let comparator = quantity.comparator.as_deref().unwrap_or("");
    let number = quantity.number.as_written();
    let unit = quantity.ucum.as_deref().and_then(units::normalise).or(quantity.unit()).unwrap_or("");
    let comparable = units::canonical(number, unit, analyte).filter(|comparable| !comparable.rounded);
    match comparable {
        Some(comparable) => format!("number {comparator}{} {}", comparable.value, comparable.unit),
        None => {
            let unit = units::normalise(unit).unwrap_or(unit.trim());
            format!("number {comparator}{} {unit}", digits(number))
        }
    }
}

/// The specimen, where it is another than the code's own: a urine sample under a serum code.
fn contradicting(found: &Measurement, analyte: Option<&Analyte>) -> Option<&'static str> {
    let given = sample(found.specimen.as_deref()?)?;
    let expected = analyte.and_then(|analyte| sample(analyte.specimen)).unwrap_or("blood");
    (given != expected).then_some(given)
}

/// The kind of sample that words name. Serum, plasma and blood are told apart by the code.
fn sample(words: &str) -> Option<&'static str> {
    const SAMPLES: [(&str, &str); 12] = [
        ("urine", "urine"),
        ("stool", "stool"),
        ("feces", "stool"),
        ("cerebrospinal", "csf"),
        ("csf", "csf"),
        ("saliva", "saliva"),
        ("sputum", "sputum"),
        ("swab", "swab"),
        ("tissue", "tissue"),
        ("serum", "blood"),
        ("plasma", "blood"),
        ("blood", "blood"),
    ];
    let folded = fold(words);
    SAMPLES.iter().find(|(word, _)| folded.contains(word)).map(|(_, sample)| *sample)
}
