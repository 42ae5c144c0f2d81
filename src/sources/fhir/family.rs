//! FamilyMemberHistory: what a relative had.

use super::base::{self, add_more};
use super::elements::label;
use super::node::Node;
use super::references::add_actors;
use super::{people, reasons};
use crate::record::{Detail, Entry, Family, Kind, RelativeCondition, Standing, Text};

/// Reads a relative's history.
pub(super) fn read(node: Node) -> Entry {
    let relation = node.concept("relationship");
    let family = Family {
        relation: relation.as_ref().and_then(label),
        death: death(node),
        // R5 has what was done to a relative beside what they had.
        conditions: node.nodes("condition").chain(node.nodes("procedure")).map(condition).collect(),
    };
    let mut entry = base::start(node, Kind::FamilyHistory, Detail::Family(Box::new(family)));
    entry.concept = relation.unwrap_or_default();
    // STU3: the history was not taken, which says nothing about the relative.
    if entry.standing == Standing::NotDone {
        entry.standing = Standing::NotAsked;
    }
    base::add_one(&mut entry, "nothing known because", reasons::why_not(node));
    people::add_participants(&mut entry, node);
    entry.date = node.when("date");
    for recorder in node.extensions("us-core-familymemberhistory-recorder") {
        add_actors(&mut entry, recorder, "valueReference", "recorder");
    }
    add_more(
        &mut entry,
        node,
        &[
            ("name", "name"),
            ("sex", "sex"),
            ("dataAbsentReason", "nothing known because"),
            ("gender", "sex"),
            ("estimatedAge", "age is estimated"),
            ("ageEstimated", "age is estimated"),
        ],
    );
    for reason in reasons::all(node) {
        base::add_one(&mut entry, "reason", Some(reason));
    }
    for (key, _, _) in node.choices("age") {
        add_more(&mut entry, node, &[(key, "age")]);
    }
    for (key, _, _) in node.choices("born") {
        add_more(&mut entry, node, &[(key, "born")]);
    }
    for condition in node.nodes("condition").chain(node.nodes("procedure")) {
        add_more(&mut entry, condition, &[("note", "note on a condition")]);
    }
    entry
}

/// Whether and when the relative died, in words; nothing where they are said to live.
fn death(node: Node) -> Option<Text> {
    let moment = node.moment("deceased");
    let when = moment.start.map(|date| format!("died {date}").into());
    let words = moment.words.map(|words| format!("died, {words}").into());
    let has_died = node.flag("deceasedBoolean");
    when.or(words).or_else(|| match has_died {
        Some(true) => Some("died".into()),
        _ => None,
    })
}

fn condition(node: Node) -> RelativeCondition {
    let onset = node.moment("onset");
    let at = onset.start.map(|date| Text::from(date.to_string()));
    RelativeCondition {
        concept: node.concept("code").unwrap_or_default(),
        onset: at.or(onset.words),
        outcome: node.label("outcome"),
        was_fatal: node.flag("contributedToDeath"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn a_relative_has_conditions_and_perhaps_died() {
        let entry = read(
            r#"{"resourceType":"FamilyMemberHistory","id":"1","status":"completed",
            "relationship":{"text":"father"},"deceasedAge":{"value":61,"code":"a"},
            "condition":[{"code":{"text":"heart attack"},"contributedToDeath":true,
              "onsetAge":{"value":60,"unit":"yr"}}]}"#,
        )
        .entry;
        let Detail::Family(family) = entry.detail else { panic!("no family") };
        assert_eq!(family.relation.as_deref(), Some("father"));
        assert_eq!(family.death.as_deref(), Some("died, age 61 years"));
        assert_eq!(family.conditions[0].onset.as_deref(), Some("age 60 years"));
        assert_eq!(family.conditions[0].was_fatal, Some(true));
    }
}
