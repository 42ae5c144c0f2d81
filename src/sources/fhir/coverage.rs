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
    add_earlier_classes(&mut entry, node);
    // R4 has `payor`, R5 `insurer`, DSTU2 `issuer`.
    let payor = ["payor", "insurer", "issuer"].into_iter().find(|key| node.has(key)).unwrap_or("payor");
    for paying in node.nodes("paymentBy") {
        add_actors(&mut entry, paying, "party", "payor");
        add_more(&mut entry, paying, &[("responsibility", "responsible for")]);
    }
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
        ("kind", "kind"),
        ("dependent", "dependent"),
        ("bin", "bank number of the plan"),
        ("sequence", "sequence"),
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

/// Group and plan as DSTU2 (beside the rest) and STU3 (below `grouping`) have them.
fn add_earlier_classes(entry: &mut Entry, node: Node) {
    for inside in node.nodes("grouping").chain([node]) {
        for (key, label) in
            [("group", "group"), ("subGroup", "subgroup"), ("plan", "plan"), ("subPlan", "subplan")]
        {
            let Some(value) = inside.texts(key).next() else { continue };
            let name = inside.text(&format!("{key}Display"));
            let line = name.map_or_else(|| value.clone(), |name| format!("{name} ({value})").into());
            add_one(entry, label, Some(line));
        }
    }
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
