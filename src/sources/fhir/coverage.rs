//! Coverage: insurance.

use super::base::{self, add_more, add_one};
use super::node::Node;
use super::references::{add_actors, add_links};
use crate::record::{Detail, Entry, Kind, LinkRole, Text};

/// Reads a coverage.
pub(super) fn read(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Coverage, Detail::Plain);
    entry.concept = node.concept("type").unwrap_or_default();
    let period = node.period("period");
    (entry.date, entry.end) = (period.start, period.end);
    for identifier in node.nodes("identifier").filter(is_member_id) {
        add_one(&mut entry, "member id", identifier.text("value"));
    }
    for class in node.nodes("class") {
        let Some(line) = class_line(class) else { continue };
        let label = class.concept("type").as_ref().and_then(base::status_word);
        entry.more.push((label.unwrap_or_else(|| "class".into()), line));
    }
    let payor = if node.has("payor") { "payor" } else { "insurer" };
    for (key, role) in [(payor, "payor"), ("policyHolder", "policy holder"), ("subscriber", "subscriber")] {
        add_actors(&mut entry, node, key, role);
    }
    if entry.concept.text.is_none() {
        let plan = entry.extra("plan").map(Text::from);
        entry.concept.text = plan.or_else(|| entry.actor("payor").map(Text::from));
    }
    let elements = [
        ("subscriberId", "subscriber id"),
        ("relationship", "relationship to subscriber"),
        ("dependent", "dependent"),
        ("order", "order"),
        ("network", "network"),
        ("subrogation", "subrogation"),
    ];
    add_more(&mut entry, node, &elements);
    for cost in node.nodes("costToBeneficiary") {
        let value = cost.choices("value").find_map(|(key, _, _)| cost.words(key).next());
        let label = cost.label("type").map(|kind| format!("cost: {kind}")).unwrap_or_else(|| "cost".into());
        add_one(&mut entry, &label, value);
    }
    add_links(&mut entry, node, "contract", LinkRole::Related);
    entry
}

/// A member number: HL7 v2 table 0203, code MB (THO, CC0).
fn is_member_id(identifier: &Node) -> bool {
    let kind = identifier.concept("type").unwrap_or_default();
    kind.codes.iter().any(|code| code.code == "MB")
}

fn class_line(node: Node) -> Option<Text> {
    let value = node.text("value").or_else(|| node.node("value")?.text("value"));
    match (node.text("name"), value) {
        (Some(name), Some(value)) => Some(format!("{name} ({value})").into()),
        (name, value) => name.or(value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn a_coverage_tells_member_plan_and_payor() {
        let entry = read(
            r##"{"resourceType":"Coverage","id":"1","status":"active","beneficiary":{"reference":"Patient/1"},
            "identifier":[{"type":{"coding":[{"code":"MB"}]},"value":"M1"}],"subscriberId":"S1",
            "relationship":{"coding":[{"code":"self"}]},"period":{"start":"2024-01-01"},
            "contained":[{"resourceType":"Organization","id":"p","name":"Payer"}],"payor":[{"reference":"#p"}],
            "class":[{"type":{"coding":[{"code":"plan"}]},"value":"P1","name":"Gold"}]}"##,
        )
        .entry;
        assert_eq!(entry.concept.label(), "Gold (P1)");
        assert_eq!(entry.extra("member id"), Some("M1"));
        assert_eq!(entry.extra("plan"), Some("Gold (P1)"));
        assert_eq!(entry.extra("subscriber id"), Some("S1"));
        assert_eq!(entry.extra("relationship to subscriber"), Some("self"));
        assert_eq!(entry.actor("payor"), Some("Payer"));
    }
}
