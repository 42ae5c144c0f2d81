//! Claims and explanations of benefits: what was billed. A claim's diagnosis is no clinical fact.

use super::base::{self, add_more, add_one};
use super::elements::label;
use super::node::Node;
use super::references::{add_actors, add_links};
use crate::record::{Detail, Entry, Kind, LinkRole, Text};

/// Reads a claim or an explanation of benefits.
pub(super) fn read(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Claim, Detail::Plain);
    entry.concept = node.concept("type").unwrap_or_default();
    let billed = node.period("billablePeriod");
    entry.recorded = node.when("created");
    entry.date = billed.start.or(entry.recorded);
    entry.end = billed.end;
    for (key, role) in [
        ("provider", "provider"),
        ("insurer", "insurer"),
        ("facility", "location"),
        ("enterer", "entered by"),
        ("organization", "organization"),
    ] {
        add_actors(&mut entry, node, key, role);
    }
    for member in node.nodes("careTeam") {
        add_actors(&mut entry, member, "provider", "care team");
    }
    for insurance in node.nodes("insurance") {
        add_links(&mut entry, insurance, "coverage", LinkRole::Related);
        let name = insurance.reference("coverage").and_then(|coverage| coverage.name);
        add_one(&mut entry, "coverage", name);
    }
    add_links(&mut entry, node, "claim", LinkRole::Related);
    add_links(&mut entry, node, "prescription", LinkRole::Order);
    let elements = [
        ("use", "use"),
        ("outcome", "outcome"),
        ("disposition", "disposition"),
        ("subType", "claim type"),
        ("priority", "priority"),
    ];
    add_more(&mut entry, node, &elements);
    add_billing(&mut entry, node);
    add_money(&mut entry, node);
    entry
}

/// The claim's diagnoses, procedures and items, each as one line.
fn add_billing(entry: &mut Entry, node: Node) {
    for (list, stem, label) in [
        ("diagnosis", "diagnosis", "claim says: diagnosis"),
        ("procedure", "procedure", "claim says: procedure"),
    ] {
        for item in node.nodes(list) {
            let words = item.choices(stem).find_map(|(key, _, _)| coded(item, key));
            let date = item.when("date").map(|date| format!(" on {}", date.date_text())).unwrap_or_default();
            add_one(entry, label, words.map(|words| format!("{words}{date}").into()));
        }
    }
    for info in node.nodes("supportingInfo") {
        let what = info.label("category").unwrap_or_else(|| "information".into());
        let value = info.choices("value").find_map(|(key, _, _)| info.words(key).next());
        let timing = info.choices("timing").find_map(|(key, _, _)| info.words(key).next());
        let parts: Vec<Text> = info.label("code").into_iter().chain(value).chain(timing).collect();
        add_one(entry, &format!("claim says: {what}"), Text::trimmed(&parts.join(", ")));
    }
    for item in node.nodes("item").chain(node.nodes("addItem")) {
        let what = coded(item, "productOrService").or_else(|| coded(item, "service"));
        let revenue = || coded(item, "revenue");
        let when = item.moment("serviced");
        let date = when.start.map(|start| format!(" on {}", start.date_text())).unwrap_or_default();
        let net = item.node("net").and_then(Node::in_words).map(|net| format!(", {net}")).unwrap_or_default();
        let line = what.or_else(revenue).map(|what| format!("{what}{date}{net}").into());
        add_one(entry, "claim says: item", line);
        add_links(entry, item, "encounter", LinkRole::Visit);
    }
}

/// The name of a code and the code itself: claims are mostly read by code.
fn coded(node: Node, key: &str) -> Option<Text> {
    let Some(concept) = node.concept(key) else { return node.words(key).next() };
    let code = concept.codes.first().map(|code| format!("{} {}", code.system.name(), code.code));
    match (concept.text.clone(), code) {
        (Some(text), Some(code)) if *text != code => Some(format!("{text} ({code})").into()),
        (text, code) => text.or_else(|| code.map(Text::from)),
    }
    .or_else(|| label(&concept))
}

fn add_money(entry: &mut Entry, node: Node) {
    for total in node.nodes("total") {
        let amount = total.node("amount").unwrap_or(total).in_words();
        let kind = total.label("category").map(|kind| format!("total: {kind}"));
        add_one(entry, kind.as_deref().unwrap_or("total"), amount);
    }
    if let Some(payment) = node.node("payment") {
        let elements = [("amount", "paid"), ("date", "paid on"), ("type", "payment")];
        add_more(entry, payment, &elements);
    }
    for note in node.nodes("processNote") {
        entry.notes.extend(note.text("text"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use crate::record::Kind;

    #[test]
    fn a_claim_says_what_was_billed() {
        let entry = read(
            r#"{"resourceType":"ExplanationOfBenefit","id":"1","type":{"text":"professional"},
            "patient":{"reference":"Patient/1"},"billablePeriod":{"start":"2024-01-02"},
            "provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"12"}},
            "diagnosis":[{"diagnosisCodeableConcept":{"coding":[
              {"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]}}],
            "item":[{"productOrService":{"text":"Visit"},"servicedDate":"2024-01-02",
              "net":{"value":80.50,"currency":"USD"}}],
            "total":[{"category":{"text":"submitted"},"amount":{"value":100.00,"currency":"USD"}}]}"#,
        )
        .entry;
        assert_eq!(entry.kind(), Kind::Claim);
        assert_eq!(entry.actor("provider"), Some("NPI 12"));
        assert_eq!(entry.extra("claim says: diagnosis"), Some("ICD-10-CM I10"));
        assert_eq!(entry.extra("claim says: item"), Some("Visit on 2024-01-02, 80.50 USD"));
        assert_eq!(entry.extra("total: submitted"), Some("100.00 USD"));
    }
}
