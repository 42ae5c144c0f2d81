//! Goals, with their targets in words.

use super::base::{self, add_more};
use super::elements::{label, quantity_words, range_words};
use super::node::Node;
use super::references::{add_actors, add_named_links};
use crate::record::{Detail, Entry, Goal, Kind, LinkRole, Text};

/// Reads a goal.
pub(super) fn read(node: Node) -> Entry {
    let by = node.reference("expressedBy");
    let goal = Goal {
        achievement: node.concept("achievementStatus").as_ref().and_then(label),
        targets: node.nodes("target").filter_map(target).collect(),
        // DSTU2 has the date beside the rest.
        due: node
            .nodes("target")
            .find_map(|target| target.moment("due").start)
            .or_else(|| node.when("targetDate")),
        by: by.and_then(|by| by.name),
    };
    let mut entry = base::start(node, Kind::CarePlan, Detail::Goal(Box::new(goal)));
    entry.status = node.text("lifecycleStatus").or(entry.status);
    if entry.status.as_deref() == Some("entered-in-error") {
        entry.standing = crate::record::Standing::EnteredInError;
    }
    entry.concept = node.concept("description").unwrap_or_default();
    let start = node.moment("start");
    entry.recorded = node.when("statusDate");
    entry.date = start.start.or(entry.recorded);
    base::add_one(&mut entry, "starts", start.words);
    for key in ["expressedBy", "author", "source"] {
        add_actors(&mut entry, node, key, "expressed by");
    }
    add_named_links(&mut entry, node, "addresses", LinkRole::Reason, "addresses");
    for concept in node.labels("addresses") {
        base::add_one(&mut entry, "addresses", Some(concept));
    }
    add_named_links(&mut entry, node, "outcomeReference", LinkRole::Related, "outcome");
    let elements = [("priority", "priority"), ("statusReason", "status reason"), ("outcomeCode", "outcome")];
    add_more(&mut entry, node, &elements);
    entry
}

/// A target in one line (`HbA1c ≤ 7 %, by 2024-12-31`).
fn target(node: Node) -> Option<Text> {
    let measure = node.label("measure");
    let detail = node.choices("detail").find_map(|(key, kind, _)| match kind {
        "Range" => range_words(node.node(key)?),
        "Quantity" => node.quantity(key).map(|quantity| quantity_words(&quantity)),
        _ => node.words(key).next(),
    });
    let aim: Vec<Text> = measure.into_iter().chain(detail).collect();
    let due = node.moment("due");
    let due = due.start.map(|due| format!("by {due}")).or(due.words.map(|words| format!("within {words}")));
    let parts: Vec<String> =
        Some(aim.join(" ")).filter(|aim| !aim.is_empty()).into_iter().chain(due).collect();
    Text::trimmed(&parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn a_target_reads_as_one_line() {
        let entry = read(
            r#"{"resourceType":"Goal","id":"1","lifecycleStatus":"active","description":{"text":"Lower A1c"},
            "startDate":"2024-01-01","target":[{"measure":{"text":"A1c"},
              "detailRange":{"high":{"value":7.0,"unit":"%"}},"dueDate":"2024-12-31"}]}"#,
        )
        .entry;
        assert_eq!(entry.status.as_deref(), Some("active"));
        let Detail::Goal(goal) = entry.detail else { panic!("no goal") };
        assert_eq!(goal.targets, ["A1c ≤ 7.0 %, by 2024-12-31"]);
        assert_eq!(goal.due.unwrap().to_string(), "2024-12-31");
    }
}
