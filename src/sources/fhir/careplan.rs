//! Care plans and care teams.

use super::base::{self, add_more, add_one};
use super::node::Node;
use super::people;
use super::references::{add_actors, add_links, add_named_links};
use crate::record::{Detail, Entry, Kind, LinkRole, Member, Text};

/// Reads a care plan.
pub(super) fn read_plan(node: Node) -> Entry {
    let activities = node.nodes("activity").filter_map(activity).collect();
    let mut entry = base::start(node, Kind::CarePlan, Detail::Plan(activities));
    entry.concept = plan_name(node);
    // The narrative is what US Core asks of a plan; often it is all there is.
    entry.notes.extend(base::narrative(node));
    let period = node.period("period");
    entry.recorded = node.when("created");
    (entry.date, entry.end) = (period.start.or(entry.recorded), period.end);
    for (key, role) in [("author", "author"), ("contributor", "contributor"), ("custodian", "author")] {
        add_actors(&mut entry, node, key, role);
    }
    add_named_links(&mut entry, node, "addresses", LinkRole::Reason, "addresses");
    for concept in node.labels("addresses") {
        add_one(&mut entry, "addresses", Some(concept));
    }
    people::add_participants(&mut entry, node);
    add_named_links(&mut entry, node, "goal", LinkRole::Related, "goal");
    add_named_links(&mut entry, node, "careTeam", LinkRole::Related, "care team");
    add_links(&mut entry, node, "replaces", LinkRole::Replaces);
    add_links(&mut entry, node, "supportingInfo", LinkRole::Related);
    for activity in node.nodes("activity") {
        for key in ["reference", "plannedActivityReference", "performedActivity", "actionResulting"] {
            add_links(&mut entry, activity, key, LinkRole::Related);
        }
        add_links(&mut entry, activity, "outcomeReference", LinkRole::Related);
        for detail in activity.nodes("detail") {
            add_links(&mut entry, detail, "goal", LinkRole::Related);
            add_actors(&mut entry, detail, "performer", "performer");
        }
    }
    add_more(&mut entry, node, &[("intent", "intent"), ("description", "description")]);
    entry
}

/// The title, else the most telling category: "assess-plan" says least.
fn plan_name(node: Node) -> crate::record::Concept {
    let categories: Vec<_> = node.concepts("category").collect();
    let says_little =
        |concept: &crate::record::Concept| concept.codes.iter().any(|code| code.code == "assess-plan");
    let best = categories.iter().find(|concept| !says_little(concept)).or(categories.first());
    let mut concept = best.cloned().unwrap_or_default();
    concept.text = node.text("title").or(concept.text);
    if concept.is_empty() {
        concept.text = Some("care plan".into());
    }
    concept
}

/// An activity in one line: what, when, how it stands.
fn activity(node: Node) -> Option<Text> {
    let outcome = node.labels("outcomeCodeableConcept");
    let progress = node.nodes("progress").filter_map(|note| note.text("text"));
    let Some(detail) = node.node("detail") else {
        let named = ["reference", "plannedActivityReference", "performedActivity"].iter();
        let named = named.filter_map(|key| node.reference(key)?.name.or_else(|| node.label(key)));
        let done = node.label("performedActivity");
        let parts: Vec<Text> = named.chain(done).chain(outcome).chain(progress).collect();
        return Text::trimmed(&parts.join("; "));
    };
    let name = detail.label("code").or_else(|| detail.text("kind"));
    let product = detail.choices("product").find_map(|(key, _, _)| detail.words(key).next());
    let scheduled = detail.moment("scheduled");
    let scheduled = scheduled.words.or_else(|| scheduled.start.map(|start| format!("on {start}").into()));
    let parts = name.into_iter().chain(product).chain(detail.text("description")).chain(scheduled);
    let parts = parts.chain(detail.labels("reasonCode").map(|reason| format!("because of {reason}").into()));
    let amounts = [("quantity", ""), ("dailyAmount", " a day")].into_iter().filter_map(|(key, after)| {
        let words = detail.node(key)?.in_words()?;
        Some(format!("{words}{after}").into())
    });
    let parts: Vec<Text> = parts.chain(amounts).chain(outcome).chain(progress).collect();
    // Before R4 it is called prohibited.
    let is_forbidden = ["doNotPerform", "prohibited"].iter().any(|key| detail.flag(key) == Some(true));
    let forbidden = if is_forbidden { "do not: " } else { "" };
    let status = detail.text("status").map(|status| format!(" ({status})")).unwrap_or_default();
    let line = parts.join(", ");
    (!line.is_empty()).then(|| format!("{forbidden}{line}{status}").into())
}

/// Reads a care team.
pub(super) fn read_team(node: Node) -> Entry {
    let members = node.nodes("participant").map(member).collect();
    let mut entry = base::start(node, Kind::CarePlan, Detail::Team(members));
    entry.concept = node.concept("category").unwrap_or_default();
    entry.concept.text = node.text("name").or(entry.concept.text);
    if entry.concept.is_empty() {
        entry.concept.text = Some("care team".into());
    }
    let period = node.period("period");
    (entry.date, entry.end) = (period.start, period.end);
    add_actors(&mut entry, node, "managingOrganization", "organization");
    add_more(&mut entry, node, &[("reasonCode", "reason"), ("telecom", "telecom")]);
    for participant in node.nodes("participant") {
        let period = participant.node("period").and_then(Node::in_words);
        let name = participant.reference("member").and_then(|member| member.name);
        let line = period.map(|period| match name {
            Some(name) => format!("{name}: {period}").into(),
            None => period,
        });
        add_one(&mut entry, "member", line);
    }
    entry
}

fn member(node: Node) -> Member {
    let roles: Vec<Text> = node.labels("role").collect();
    let who = node.reference("member").unwrap_or_default();
    let behalf = node.reference("onBehalfOf");
    Member {
        name: who.name,
        key: who.key,
        role: Text::trimmed(&roles.join(", ")),
        on_behalf_of: behalf.and_then(|behalf| behalf.name.or(behalf.key)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn a_plan_tells_its_activities_and_its_narrative() {
        let entry = read(
            r#"{"resourceType":"CarePlan","id":"1","status":"active","intent":"plan",
            "category":[{"coding":[{"code":"assess-plan"}]},{"text":"Diabetes plan"}],
            "text":{"status":"additional","div":"<div>Eat well.</div>"},
            "activity":[{"detail":{"code":{"text":"Walking"},"status":"in-progress",
              "scheduledString":"daily"}},{"detail":{"doNotPerform":true,"description":"smoke"}}]}"#,
        )
        .entry;
        assert_eq!(entry.concept.label(), "Diabetes plan");
        assert_eq!(entry.notes, ["Eat well."]);
        let Detail::Plan(activities) = entry.detail else { panic!("no plan") };
        assert_eq!(activities, ["Walking, daily (in-progress)", "do not: smoke"]);
    }

    #[test]
    fn a_team_has_its_members_with_their_parts() {
        let entry = read(
            r#"{"resourceType":"CareTeam","id":"1","participant":[{"role":[{"text":"nurse"}],
            "member":{"reference":"Practitioner/2","display":"Ann"},"onBehalfOf":{"display":"Clinic"}}]}"#,
        )
        .entry;
        let Detail::Team(members) = entry.detail else { panic!("no team") };
        assert_eq!(members[0].name.as_deref(), Some("Ann"));
        assert_eq!(members[0].role.as_deref(), Some("nurse"));
        assert_eq!(members[0].key.as_deref(), Some("Practitioner/2"));
        assert_eq!(members[0].on_behalf_of.as_deref(), Some("Clinic"));
    }
}
