//! Types without a reader of their own: kept, with what can be told of any resource.

use super::base::{self, add_more};
use super::elements::Moment;
use super::node::Node;
use super::references::{add_actor, add_actors, add_links, add_named_links};
use super::remaining;
use crate::record::{Concept, Detail, Entry, Kind, LinkRole, Text};

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

/// Where types say what they are about.
const CODED: [&str; 12] = [
    "code",
    "codeCodeableConcept",
    "event",
    "vaccineCode",
    "productCodeableConcept",
    "itemCodeableConcept",
    "deviceCodeableConcept",
    "type",
    "serviceType",
    "medicationCodeableConcept",
    "category",
    "appointmentType",
];

/// Who had to do with it.
const ACTORS: [(&str, &str); 7] = [
    ("author", "author"),
    ("performer", "performer"),
    ("requester", "requester"),
    ("recorder", "recorder"),
    ("sender", "sender"),
    ("owner", "owner"),
    ("managingOrganization", "organization"),
];

/// Elements that have other words here than their own names.
const ELEMENTS: [(&str, &str); 7] = [
    ("title", "title"),
    ("description", "description"),
    ("priority", "priority"),
    ("reasonCode", "reason"),
    ("intent", "intent"),
    ("patientInstruction", "instruction for the patient"),
    ("address", "address"),
];

/// Reads any other resource.
pub(super) fn read(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Other, Detail::Plain);
    // The type says what it is; search finds it by this word, or by the words that it is made of.
    let kind = node.reading().kind;
    entry.categories.push(kind.into());
    let kind_in_words = remaining::in_plain_words(kind);
    if kind_in_words.contains(' ') {
        entry.categories.push(kind_in_words.as_str().into());
    }
    let coded = CODED.into_iter().find_map(|key| Some((key, node.concept(key)?)));
    entry.concept = coded.as_ref().map(|(_, concept)| concept.clone()).unwrap_or_default();
    if entry.concept.text.is_none() {
        let named = ["title", "name", "description"].into_iter().find_map(|key| node.words(key).next());
        entry.concept.text = named;
    }
    if entry.concept.is_empty() {
        entry.concept = concept_inside(node).unwrap_or_default();
    }
    let moment = moment(node);
    let when = DATES.into_iter().find_map(|key| node.has(key).then(|| node.when(key))?);
    entry.date = moment.start.or(when);
    entry.end = moment.end;
    base::add_one(&mut entry, "time", moment.words);
    entry.notes.extend(base::narrative(node));
    for (key, role) in ACTORS {
        add_actors(&mut entry, node, key, role);
    }
    for participant in node.nodes("participant") {
        if let Some(actor) = participant.reference("actor").or_else(|| participant.reference("individual")) {
            add_actor(&mut entry, "participant", actor);
        }
    }
    add_named_links(&mut entry, node, "focus", LinkRole::Related, "about");
    add_more(&mut entry, node, &ELEMENTS);
    add_words(&mut entry, node);
    let named = coded.map(|(key, _)| key);
    remaining::add(&mut entry, node, |name| Some(name) == named || is_read(name));
    if entry.concept.is_empty() {
        entry.concept.text = Some(kind_in_words.as_str().into());
    }
    entry
}

/// True of members that are read above.
fn is_read(name: &str) -> bool {
    const OTHERS: [&str; 9] = [
        "context",
        "focus",
        "payload",
        "prediction",
        "end",
        "owner",
        "period",
        "executionPeriod",
        "servicedPeriod",
    ];
    const STEMS: [&str; 6] = ["effective", "occurrence", "performed", "onset", "scheduled", "value"];
    let is_typed = |stem: &&str| {
        name.strip_prefix(*stem)
            .is_some_and(|kind| kind.starts_with(|first: char| first.is_ascii_uppercase()))
    };
    DATES.contains(&name)
        || OTHERS.contains(&name)
        || ACTORS.iter().any(|(key, _)| *key == name)
        || ELEMENTS.iter().any(|(key, _)| *key == name)
        || STEMS.iter().any(is_typed)
}

/// What a resource is about where only a part of it says so: a diet, a vaccine that is due, lenses.
fn concept_inside(node: Node) -> Option<Concept> {
    const INSIDE: [(&str, &str); 6] = [
        ("oralDiet", "type"),
        ("supplement", "type"),
        ("enteralFormula", "baseFormulaType"),
        ("recommendation", "vaccineCode"),
        ("lensSpecification", "product"),
        ("finding", "itemCodeableConcept"),
    ];
    INSIDE.into_iter().find_map(|(outer, inner)| node.node(outer)?.concept(inner))
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

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn a_type_without_a_reader_of_its_own_keeps_its_words() {
        for (resource, name, told) in [
            (
                r#""AdverseEvent","event":{"text":"Bleeding on warfarin"},"suspectEntity":[{"instance":{"reference":"Medication/1","display":"Warfarin"},"causality":[{"assessment":{"text":"likely"}}]}]"#,
                "Bleeding on warfarin",
                ("suspect entity", "instance Warfarin, causality assessment likely"),
            ),
            (
                r#""NutritionOrder","oralDiet":{"type":[{"text":"Low salt diet"}],"instruction":"No soup"}"#,
                "Low salt diet",
                ("oral diet", "type Low salt diet, instruction No soup"),
            ),
            (
                r#""DeviceRequest","codeCodeableConcept":{"text":"CPAP"},"parameter":[{"valueQuantity":{"value":8,"unit":"cm"}}]"#,
                "CPAP",
                ("parameter", "value 8 cm"),
            ),
            (r#""ClinicalImpression","summary":"A cold""#, "clinical impression", ("summary", "A cold")),
            (
                r#""DetectedIssue","code":{"text":"Interaction"},"detail":"warfarin + aspirin""#,
                "Interaction",
                ("detail", "warfarin + aspirin"),
            ),
            (
                r#""ImmunizationRecommendation","recommendation":[{"vaccineCode":[{"text":"Shingrix"}],"forecastStatus":{"text":"due"}}]"#,
                "Shingrix",
                ("recommendation", "vaccine code Shingrix, forecast status due"),
            ),
            (
                r#""VisionPrescription","prescriber":{"display":"Dr. Eye"},"lensSpecification":[{"eye":"right","sphere":-2.00}]"#,
                "vision prescription",
                ("lens specification", "eye right, sphere -2.00"),
            ),
        ] {
            let entry = read(&format!(r#"{{"resourceType":{resource}}}"#)).entry;
            assert_eq!(entry.concept.label(), name);
            assert_eq!(entry.extra(told.0), Some(told.1), "{:?}", entry.more);
        }
    }
}
