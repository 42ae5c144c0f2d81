//! ServiceRequest: orders and referrals, and portable medical orders, which are directives.

use super::base::{self, add_more, add_one};
use super::document_kind::is_directive;
use super::elements::Moment;
use super::node::Node;
use super::reasons;
use super::references::{add_actors, add_links};
use crate::record::{Concept, Detail, Entry, Kind, LinkRole, Order, Text};

/// Reads an order.
pub(super) fn read(node: Node) -> Entry {
    let concept = concept(node);
    let due =
        if node.reading().kind == "ServiceRequest" { node.moment("occurrence") } else { earlier_due(node) };
    let mut concepts: Vec<Concept> = node.concepts("category").collect();
    let order = Order {
        intent: node.text("intent"),
        priority: node.text("priority"),
        reasons: reasons::all(node),
        due: due.start,
        is_referral: node.reading().kind == "ReferralRequest" || is_referral(&concept, &concepts),
    };
    concepts.push(concept.clone());
    let kind = if is_directive(&concepts) { Kind::Directive } else { Kind::CarePlan };
    let mut entry = base::start(node, kind, Detail::Order(Box::new(order)));
    entry.concept = concept;
    let written = ["authoredOn", "dateSent", "orderedOn", "date"].iter().find_map(|key| node.when(key));
    entry.date = written.or_else(|| node.node("event")?.when("dateTime")).or(due.start);
    entry.end = due.end;
    add_one(&mut entry, "when", due.words);
    if node.flag("doNotPerform") == Some(true) {
        add_one(&mut entry, "do not perform", Some("yes".into()));
    }
    // STU3 has whoever asked for it inside.
    for requester in node.nodes("requester") {
        add_actors(&mut entry, requester, "agent", "requester");
    }
    for (key, role) in [
        ("requester", "requester"),
        ("orderer", "requester"),
        ("performer", "performer"),
        ("recipient", "performer"),
        ("locationReference", "location"),
    ] {
        add_actors(&mut entry, node, key, role);
    }
    add_links(&mut entry, node, "replaces", LinkRole::Replaces);
    for key in ["supportingInfo", "specimen"] {
        add_links(&mut entry, node, key, LinkRole::Related);
    }
    for (key, _, _) in node.choices("quantity") {
        add_more(&mut entry, node, &[(key, "quantity")]);
    }
    let elements = [
        ("orderDetail", "detail"),
        ("patientInstruction", "instruction for the patient"),
        ("bodySite", "body site"),
        ("performerType", "performer type"),
        ("locationCode", "place"),
        ("asNeededCodeableConcept", "as needed for"),
        ("asNeededBoolean", "as needed"),
    ];
    add_more(&mut entry, node, &elements);
    entry
}

/// What is ordered; earlier versions have it in the type, the services asked for, or the items.
fn concept(node: Node) -> Concept {
    let of_item = || node.node("item").and_then(|item| item.concept("code"));
    let own = node.concept("code").or_else(|| node.concept("serviceRequested")).or_else(of_item);
    own.or_else(|| node.concept("type")).unwrap_or_default()
}

/// For when an order of an earlier version is.
fn earlier_due(node: Node) -> Moment {
    ["occurrence", "scheduled", "fulfillmentTime"]
        .iter()
        .map(|stem| node.moment(stem))
        .find(|moment| moment.start.is_some())
        .unwrap_or_default()
}

fn is_referral(concept: &Concept, categories: &[Concept]) -> bool {
    let says = |concept: &Concept| {
        let displays = concept.codes.iter().filter_map(|code| code.display.as_ref());
        let words: Vec<Text> = displays.chain(&concept.text).cloned().collect();
        words.iter().any(|word| word.to_lowercase().contains("referral"))
    };
    says(concept) || categories.iter().any(says)
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn referrals_and_portable_orders_are_told_apart_from_other_orders() {
        let order = |elements: &str| {
            let entry = read(&format!(r#"{{"resourceType":"ServiceRequest","id":"1",{elements}}}"#)).entry;
            let Detail::Order(order) = &entry.detail else { panic!("no order") };
            (entry.kind(), order.is_referral)
        };
        assert_eq!(order(r#""code":{"text":"Referral to cardiology"}"#), (Kind::CarePlan, true));
        assert_eq!(order(r#""code":{"text":"Metabolic panel"}"#), (Kind::CarePlan, false));
        assert_eq!(order(r#""category":[{"coding":[{"code":"PMO"}]}]"#), (Kind::Directive, false));
    }
}
