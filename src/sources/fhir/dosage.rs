//! One dosage instruction: the words as recorded, and one line put together from the elements.

use super::elements::{label, range_words};
use super::node::Node;
use super::timing;
use crate::record::{Dosage, Text};

/// Reads a dosage.
pub(super) fn read(node: Node) -> Dosage {
    let time = node.node("timing");
    Dosage {
        text: node.text("text"),
        patient_text: node.text("patientInstruction"),
        structured: structured(node),
        as_needed: as_needed(node),
        times: timing::moments(time),
    }
}

/// As needed: the reason, or an empty text. A code says that it is as needed, whatever the flag says.
fn as_needed(node: Node) -> Option<Text> {
    let reason = node.concept("asNeededCodeableConcept").or_else(|| node.concept("asNeededFor"));
    if let Some(reason) = reason {
        return Some(label(&reason).unwrap_or_default());
    }
    let is_as_needed = node.flag("asNeededBoolean").or_else(|| node.flag("asNeeded"))?;
    is_as_needed.then(Text::default)
}

fn structured(node: Node) -> Option<Text> {
    let mut parts: Vec<String> = Vec::new();
    let mut add = |part: Option<Text>| parts.extend(part.map(|part| part.to_string()));
    add(name(node, "method"));
    add(dose(node));
    add(name(node, "route"));
    add(name(node, "site"));
    add(timing::words(node.node("timing")));
    add(rate(node).map(|rate| format!("at {rate}").into()));
    let needed = as_needed(node).map(|reason| match reason.is_empty() {
        true => Text::from("as needed"),
        false => format!("as needed for {reason}").into(),
    });
    add(needed);
    for ratio in node.nodes("maxDosePerPeriod") {
        add(timing::most(ratio).map(Text::from));
    }
    for (key, span) in [("maxDosePerAdministration", "a time"), ("maxDosePerLifetime", "in a lifetime")] {
        let most = node.node(key).and_then(Node::in_words);
        add(most.map(|most| format!("at most {most} {span}").into()));
    }
    for instruction in node.concepts("additionalInstruction") {
        add(instruction.text);
    }
    Text::trimmed(&parts.join(", "))
}

/// A name; a bare code is no word in a sentence.
fn name(node: Node, key: &str) -> Option<Text> {
    node.concept(key).and_then(|concept| concept.text)
}

/// The dose. R4 has it in `doseAndRate`, STU3 and administrations beside the rest.
fn dose(node: Node) -> Option<Text> {
    amount(node, "dose")
}

fn rate(node: Node) -> Option<Text> {
    amount(node, "rate")
}

fn amount(node: Node, stem: &str) -> Option<Text> {
    let nodes = node.nodes("doseAndRate").chain([node]);
    let mut amounts = nodes.filter_map(|node| {
        let quantity = node.choices(stem).find_map(|(key, kind, _)| {
            let inner = node.node(key)?;
            if kind == "Range" { range_words(inner) } else { inner.in_words() }
        });
        // An administration has a plain `dose`.
        quantity.or_else(|| node.node(stem).and_then(Node::in_words))
    });
    amounts.next()
}

#[cfg(test)]
mod tests {
    use super::super::tests::with_node;
    use super::*;

    #[test]
    fn a_dosage_becomes_one_line_and_its_words_stay() {
        let json = r#"{"text":"Take 1-2 tabs","patientInstruction":"With food",
            "timing":{"repeat":{"frequency":1,"period":6,"periodUnit":"h","when":["PC"]}},
            "asNeededCodeableConcept":{"text":"pain"},"route":{"text":"oral"},
            "doseAndRate":[{"doseRange":{"low":{"value":1},"high":{"value":2,"unit":"tablets"}}}],
            "maxDosePerPeriod":{"numerator":{"value":8,"unit":"tablets"},"denominator":{"value":1,"unit":"d"}}}"#;
        with_node(json, |node| {
            let dosage = read(node);
            assert_eq!(dosage.text.as_deref(), Some("Take 1-2 tabs"));
            assert_eq!(dosage.patient_text.as_deref(), Some("With food"));
            assert_eq!(dosage.as_needed.as_deref(), Some("pain"));
            assert_eq!(dosage.times, ["PC"]);
            assert_eq!(
                dosage.structured.as_deref(),
                Some(
                    "1–2 tablets, oral, every 6 hours, after a meal, as needed for pain, at most 8 tablets per day"
                )
            );
        });
    }
}
