//! Procedure: what was done to the person; and the specimen that was taken.

use super::base::{self, add_more, add_one};
use super::node::Node;
use super::references::{add_actors, add_links, add_named_links};
use super::{people, reasons};
use crate::record::{Detail, Entry, Kind, LinkRole};

/// Reads a procedure.
pub(super) fn read(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Procedure, Detail::Plain);
    entry.concept = node.concept("code").unwrap_or_default();
    let performed = node.moment("performed");
    let moment =
        if performed.start.is_some() { performed } else { merge(performed, node.moment("occurrence")) };
    (entry.date, entry.end) = (moment.start, moment.end);
    add_one(&mut entry, "time", moment.words);
    entry.recorded = node.when("recorded");
    people::add_performers(&mut entry, node);
    for (key, role) in [("recorder", "recorder"), ("asserter", "asserter"), ("location", "location")] {
        add_actors(&mut entry, node, key, role);
    }
    add_more(
        &mut entry,
        node,
        &[
            ("bodySite", "body site"),
            ("outcome", "outcome"),
            ("complication", "complication"),
            ("followUp", "follow-up"),
            ("usedCode", "used"),
        ],
    );
    add_one(&mut entry, "status reason", reasons::why_not(node));
    for reason in reasons::all(node) {
        add_one(&mut entry, "reason", Some(reason));
    }
    add_named_links(&mut entry, node, "report", LinkRole::Related, "report");
    add_links(&mut entry, node, "complicationDetail", LinkRole::Related);
    for key in ["usedReference", "used"] {
        add_named_links(&mut entry, node, key, LinkRole::Related, "used");
    }
    add_more(&mut entry, node, &[("used", "used")]);
    add_links(&mut entry, node, "request", LinkRole::Order);
    for device in node.nodes("focalDevice") {
        add_named_links(&mut entry, device, "manipulated", LinkRole::Related, "device");
        add_more(&mut entry, device, &[("action", "device action")]);
    }
    entry
}

/// R5 calls `performed` by the name `occurrence`.
fn merge(performed: super::elements::Moment, later: super::elements::Moment) -> super::elements::Moment {
    super::elements::Moment {
        start: later.start,
        end: performed.end.or(later.end),
        words: performed.words.or(later.words),
    }
}

/// Reads a specimen.
pub(super) fn read_specimen(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Other, Detail::Plain);
    entry.concept = node.concept("type").unwrap_or_default();
    entry.categories.push("specimen".into());
    entry.recorded = node.when("receivedTime");
    if let Some(accession) = node.node("accessionIdentifier") {
        add_one(&mut entry, "accession", accession.text("value"));
    }
    if let Some(collection) = node.node("collection") {
        let moment = collection.moment("collected");
        (entry.date, entry.end) = (moment.start, moment.end);
        add_actors(&mut entry, collection, "collector", "collector");
        let elements = [
            ("bodySite", "body site"),
            ("method", "method"),
            ("quantity", "quantity"),
            ("fastingStatusCodeableConcept", "fasting"),
            ("fastingStatusDuration", "fasting for"),
        ];
        add_more(&mut entry, collection, &elements);
    }
    for container in node.nodes("container") {
        add_more(&mut entry, container, &[("type", "container"), ("description", "container")]);
    }
    add_more(&mut entry, node, &[("condition", "condition")]);
    add_links(&mut entry, node, "parent", LinkRole::PartOf);
    add_links(&mut entry, node, "request", LinkRole::Order);
    entry
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use crate::record::Standing;

    #[test]
    fn a_procedure_has_its_dates_people_and_reasons() {
        let entry = read(
            r#"{"resourceType":"Procedure","id":"1","status":"not-done","code":{"text":"Catheter"},
            "performedPeriod":{"start":"2024-01-02","end":"2024-01-03"},"statusReason":{"text":"refused"},
            "performer":[{"actor":{"display":"Dr. A"},"onBehalfOf":{"display":"Clinic"}}],
            "reasonReference":[{"reference":"Condition/1","display":"Angina"}]}"#,
        )
        .entry;
        assert_eq!(entry.standing, Standing::NotDone);
        assert_eq!(entry.end.unwrap().to_string(), "2024-01-03");
        assert_eq!(entry.actor("performer"), Some("Dr. A"));
        assert_eq!((entry.extra("reason"), entry.extra("status reason")), (Some("Angina"), Some("refused")));
    }
}
