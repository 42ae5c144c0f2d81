//! What was measured: value, reason for its absence, flags, ranges and parts.

use crate::sources::json::Json;

use super::elements::{age_words, quantity_words, range_words, split_comparator};
use super::node::{Node, scalar};
use super::{absent, flags};
use crate::record::{Component, Concept, Measurement, Number, Quantity, Range, Text, Value};

/// Reads the measurement of an observation.
pub(super) fn read(node: Node) -> Measurement {
    let (value, absent) = value_and_absence(node);
    Measurement {
        value,
        absent,
        flags: flags::read(node),
        ranges: ranges(node),
        specimen: specimen(node),
        method: node.label("method"),
        body_site: node.label("bodySite"),
        components: node.nodes("component").map(component).collect(),
    }
}

/// True where nothing was found because the test was not done.
pub(super) fn is_not_done(measurement: &Measurement) -> bool {
    let is_silent = |absent: &Option<Text>| absent.as_deref().is_some_and(absent::is_not_done);
    let parts = &measurement.components;
    let parts_not_done = !parts.is_empty() && parts.iter().all(|part| is_silent(&part.absent));
    measurement.value.is_none() && (is_silent(&measurement.absent) || parts_not_done)
}

fn component(node: Node) -> Component {
    let (value, absent) = value_and_absence(node);
    let concept = node.concept("code").unwrap_or_default();
    Component { concept, value, absent, flags: flags::read(node), ranges: ranges(node) }
}

fn value_and_absence(node: Node) -> (Option<Value>, Option<Text>) {
    let (mut absent, hidden) = absent::read(node.concept("dataAbsentReason"));
    let value = value(node).or_else(|| hidden.map(|text| from_text(&text)));
    if let Some(words) = value.as_ref().and_then(words_of).filter(|words| absent::is_not_done(words)) {
        absent = Some(words);
        return (None, absent);
    }
    (value, absent)
}

fn words_of(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Concept(concept) => concept.name().map(Text::from),
        Value::Quantity(_) => None,
    }
}

fn value(node: Node) -> Option<Value> {
    let choice = |(key, kind, json)| value_of(node, key, kind, json);
    // A sender without types writes plain `value`.
    node.choices("value").find_map(choice).or_else(|| value_of(node, "value", "", node.get("value")?))
}

fn value_of<'a>(node: Node<'a>, key: &'a str, kind: &str, json: &'a Json<'a>) -> Option<Value> {
    match (kind, json) {
        ("Quantity", Json::Object(_)) => quantity_or_words(node.node(key)?),
        ("CodeableConcept" | "Coding" | "Code", _) => Some(Value::Concept(node.concept(key)?)),
        ("SampledData", _) => Some(Value::Text("a recorded signal, not shown".into())),
        ("Boolean", json) => scalar(json).map(Value::Text),
        (_, Json::Number(_) | Json::String(_)) => Some(from_text(&scalar(json)?)),
        // An untyped object, or a type that has only words (Range, Ratio, Period, Reference).
        ("", Json::Object(_)) => node.node(key)?.as_quantity().map(Value::Quantity),
        _ => {
            let words = node.words(key).next();
            if words.is_none() {
                node.notice(key, "is no value that can be read");
            }
            words.map(Value::Text)
        }
    }
}

/// A quantity; the words of its value where they are no number (`Negative`).
fn quantity_or_words(node: Node) -> Option<Value> {
    if let Some(quantity) = node.as_quantity() {
        return Some(Value::Quantity(quantity));
    }
    let words = node.text("value")?;
    Some(Value::Text(match node.text("unit") {
        Some(unit) => format!("{words} {unit}").into(),
        None => words,
    }))
}

/// Many laboratories send numbers as text: `5.4`, `<5`, `5.4 mg/dL`. Anything else stays words.
fn from_text(text: &str) -> Value {
    let words = || Value::Text(text.into());
    let (number, unit) = match text.rsplit_once(char::is_whitespace) {
        Some((number, unit)) if is_unit(unit) => (number, Some(unit)),
        Some((comparator, number)) if comparator.trim().len() <= 2 => {
            return match split_comparator(&format!("{}{number}", comparator.trim())) {
                (Some(comparator), Some(number)) => quantity(Some(comparator), number, None),
                _ => words(),
            };
        }
        Some(_) => return words(),
        None => (text, None),
    };
    match split_comparator(number) {
        (comparator, Some(number)) => quantity(comparator, number, unit),
        _ => words(),
    }
}

fn quantity(comparator: Option<&str>, number: Number, unit: Option<&str>) -> Value {
    let unit = unit.map(Text::from);
    Value::Quantity(Quantity { comparator: comparator.map(Text::from), number, unit, ucum: None })
}

fn is_unit(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || "%/[{°".contains(first))
        || ["10*", "10^", "x10"].iter().any(|power| word.starts_with(power))
}

fn ranges(node: Node) -> Vec<Range> {
    let ranges = node.nodes("referenceRange").map(range);
    ranges.filter(|range| range.low.is_some() || range.high.is_some() || range.text.is_some()).collect()
}

fn range(node: Node) -> Range {
    let ages = node.node("age").and_then(|age| match (age.quantity("low"), age.quantity("high")) {
        (Some(low), None) => Some(format!("from {}", age_words(&low)).into()),
        (None, Some(high)) => Some(format!("to {}", age_words(&high)).into()),
        (Some(low), Some(high)) => Some(format!("{} to {}", age_words(&low), quantity_words(&high)).into()),
        (None, None) => range_words(age),
    });
    Range {
        low: bound(node, "low"),
        high: bound(node, "high"),
        text: node.text("text"),
        // DSTU2 calls it its meaning.
        purpose: node.concept("type").or_else(|| node.concept("meaning")).as_ref().and_then(purpose),
        applies_to: node.labels("appliesTo").collect(),
        ages,
    }
}

/// One end of a range, also where it was sent as a plain number or a string.
fn bound(node: Node, key: &str) -> Option<Quantity> {
    match super::node::first(node.get(key)?) {
        Json::Object(_) => node.quantity(key),
        value => match from_text(&scalar(value)?) {
            Value::Quantity(quantity) => Some(quantity),
            _ => None,
        },
    }
}

/// `normal`, `treatment`, … : the code, since it is a word that can be compared.
fn purpose(concept: &Concept) -> Option<Text> {
    let code = concept.codes.first().map(|code| code.code.clone());
    code.or_else(|| concept.text.clone())
}

/// The specimen's name: as sent along, or its type and condition where it is carried inside.
fn specimen(node: Node) -> Option<Text> {
    if let Some(inside) = node.contained("specimen") {
        let kind = inside.label("type");
        let conditions: Vec<Text> = inside.labels("condition").collect();
        return match (kind, conditions.is_empty()) {
            (Some(kind), false) => Some(format!("{kind} ({})", conditions.join(", ")).into()),
            (kind, _) => kind,
        };
    }
    node.reference("specimen").and_then(|referred| referred.name).or_else(|| node.label("specimen"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sent_as_text_are_numbers_and_words_stay_words() {
        let shown = |text: &str| match from_text(text) {
            Value::Quantity(quantity) => format!("number {}", quantity_words(&quantity)),
            Value::Text(text) => format!("words {text}"),
            Value::Concept(_) => "concept".to_owned(),
        };
        for (text, expected) in [
            ("5.40", "number 5.40"),
            ("<5", "number <5"),
            ("> 60", "number >60"),
            ("5.4 mg/dL", "number 5.4 mg/dL"),
            ("< 0.01 ng/mL", "number <0.01 ng/mL"),
            ("7 10*3/uL", "number 7 10*3/uL"),
            ("120/80", "words 120/80"),
            ("1 of 3", "words 1 of 3"),
            ("0-2", "words 0-2"),
            ("Negative", "words Negative"),
            ("1:40", "words 1:40"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
