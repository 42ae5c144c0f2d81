//! Procedure: what was done to the person; and the specimen that was taken.

use super::base::{self, add_more, add_one};
use super::node::Node;
use super::references::{add_actor, add_actors, add_links, add_named_links};
use crate::record::{Detail, Entry, Kind, LinkRole, Standing, Text};

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
    // STU3 has `notDone`, DSTU2 `notPerformed`.
    if node.flag("notDone").or_else(|| node.flag("notPerformed")) == Some(true) {
        entry.standing = Standing::NotDone;
    }
    for performer in node.nodes("performer") {
        let role = performer.label("function").unwrap_or_else(|| Text::from("performer"));
        if let Some(actor) = performer.reference("actor").or_else(|| performer.as_reference()) {
            add_actor(&mut entry, &role, actor);
        }
        let behalf = performer.reference("onBehalfOf");
        add_one(&mut entry, "on behalf of", behalf.and_then(|behalf| behalf.name));
    }
    for (key, role) in [("recorder", "recorder"), ("asserter", "asserter"), ("location", "location")] {
        add_actors(&mut entry, node, key, role);
    }
    add_more(
        &mut entry,
        node,
        &[
            ("statusReason", "status reason"),
            ("reasonCode", "reason"),
            ("bodySite", "body site"),
            ("outcome", "outcome"),
            ("complication", "complication"),
            ("followUp", "follow-up"),
            ("usedCode", "used"),
        ],
    );
    for reason in node.references("reasonReference").filter_map(|reason| reason.name) {
        add_one(&mut entry, "reason", Some(reason));
    }
    add_named_links(&mut entry, node, "report", LinkRole::Related, "report");
    add_links(&mut entry, node, "complicationDetail", LinkRole::Related);
    add_named_links(&mut entry, node, "usedReference", LinkRole::Related, "used");
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
