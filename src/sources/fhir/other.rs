//! Types without a reader of their own: kept, with what can be told of any resource.

use super::base::{self, add_more};
use super::elements::Moment;
use super::node::Node;
use super::references::{add_actor, add_actors, add_links, add_named_links};
use crate::record::{Detail, Entry, Kind, LinkRole, Text};

/// Where types keep the date that matters.
const DATES: [&str; 11] = [
    "date",
    "authored",
    "authoredOn",
    "created",
    "issued",
    "recorded",
    "start",
    "dateTime",
    "timestamp",
    "sent",
    "dateWritten",
];

/// Reads any other resource.
pub(super) fn read(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Other, Detail::Plain);
    // The type says what it is; search finds it by this word.
    entry.categories.push(node.reading().kind.into());
    let coded = ["code", "type", "serviceType", "medicationCodeableConcept", "category", "appointmentType"];
    entry.concept = coded.into_iter().find_map(|key| node.concept(key)).unwrap_or_default();
    if entry.concept.text.is_none() {
        let named = ["title", "name", "description"].into_iter().find_map(|key| node.words(key).next());
        entry.concept.text = named;
    }
    let moment = moment(node);
    let when = DATES.into_iter().find_map(|key| node.has(key).then(|| node.when(key))?);
    entry.date = moment.start.or(when);
    entry.end = moment.end;
    base::add_one(&mut entry, "time", moment.words);
    entry.notes.extend(base::narrative(node));
    for (key, role) in [
        ("author", "author"),
        ("performer", "performer"),
        ("requester", "requester"),
        ("recorder", "recorder"),
        ("sender", "sender"),
        ("owner", "owner"),
        ("managingOrganization", "organization"),
    ] {
        add_actors(&mut entry, node, key, role);
    }
    for participant in node.nodes("participant") {
        if let Some(actor) = participant.reference("actor").or_else(|| participant.reference("individual")) {
            add_actor(&mut entry, "participant", actor);
        }
    }
    add_named_links(&mut entry, node, "focus", LinkRole::Related, "about");
    add_links(&mut entry, node, "context", LinkRole::Visit);
    let elements = [
        ("title", "title"),
        ("description", "description"),
        ("priority", "priority"),
        ("reasonCode", "reason"),
        ("intent", "intent"),
        ("patientInstruction", "instruction for the patient"),
        ("address", "address"),
    ];
    add_more(&mut entry, node, &elements);
    add_words(&mut entry, node);
    entry
}

fn moment(node: Node) -> Moment {
    for stem in ["effective", "occurrence", "performed", "onset", "scheduled"] {
        let moment = node.moment(stem);
        if moment.start.is_some() || moment.words.is_some() {
            return moment;
        }
    }
    let period = ["period", "executionPeriod", "servicedPeriod"].into_iter().find(|key| node.has(key));
    let period = period.map(|key| node.period(key)).unwrap_or_default();
    Moment {
        start: period.start,
        end: period.end.or_else(|| node.has("end").then(|| node.when("end"))?),
        words: None,
    }
}

/// What was found and what was said, of types such as RiskAssessment, Flag or Communication.
fn add_words(entry: &mut Entry, node: Node) {
    for payload in node.nodes("payload") {
        let content = payload.choices("content").find_map(|(key, _, _)| payload.words(key).next());
        entry.notes.extend(content);
    }
    for prediction in node.nodes("prediction") {
        let outcome = prediction.label("outcome");
        let chance = prediction.choices("probability").find_map(|(key, _, _)| prediction.words(key).next());
        let parts: Vec<Text> = outcome.into_iter().chain(chance).collect();
        base::add_one(entry, "prediction", Text::trimmed(&parts.join(": ")));
    }
    for (key, _, _) in node.choices("value") {
        add_more(entry, node, &[(key, "value")]);
    }
}

/// Reads where something came from.
pub(super) fn read_provenance(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Other, Detail::Plain);
    entry.categories.push("provenance".into());
    entry.concept = node.concept("activity").unwrap_or_default();
    if entry.concept.is_empty() {
        entry.concept.text = Some("provenance".into());
    }
    entry.recorded = node.when("recorded");
    let moment = node.moment("occurred");
    (entry.date, entry.end) = (moment.start.or(entry.recorded), moment.end);
    add_links(&mut entry, node, "target", LinkRole::Related);
    for agent in node.nodes("agent") {
        let role = agent.label("type").or_else(|| agent.label("role"));
        let role = role.unwrap_or_else(|| "agent".into());
        for key in ["who", "whoReference"] {
            if let Some(who) = agent.reference(key) {
                add_actor(&mut entry, &role, who);
            }
        }
        if let Some(behalf) = agent.reference("onBehalfOf") {
            add_actor(&mut entry, "on behalf of", behalf);
        }
    }
    add_actors(&mut entry, node, "location", "location");
    for source in node.nodes("entity") {
        add_named_links(&mut entry, source, "what", LinkRole::Related, "made from");
    }
    add_more(&mut entry, node, &[("reason", "reason"), ("policy", "policy")]);
    entry
}
