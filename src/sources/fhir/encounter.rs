//! Encounter: a visit, a stay, a call.
//!
//! Class codes: HL7 v3 ActCode, ActEncounterCode (THO, CC0).

use super::base::{self, add_more, add_one};
use super::elements::label;
use super::node::Node;
use super::reasons;
use super::references::{add_actor, add_actors, add_links, add_named_links};
use crate::record::{Concept, Detail, Entry, Kind, LinkRole, Standing, Text, Visit, VisitClass};

/// Reads a visit.
pub(super) fn read(node: Node) -> Entry {
    let class = node.concept("class");
    let stay = node.node("hospitalization").or_else(|| node.node("admission"));
    let visit = Visit {
        class: class.as_ref().map(visit_class).unwrap_or_default(),
        class_text: class.as_ref().and_then(label),
        reasons: reasons(node),
        discharge: stay.and_then(|stay| stay.label("dischargeDisposition")),
    };
    let class_text = class.and_then(|class| class.text);
    let mut entry = base::start(node, Kind::Visit, Detail::Visit(Box::new(visit)));
    let mut types = node.concepts("type");
    entry.concept = types.next().or_else(|| node.concept("serviceType")).unwrap_or_default();
    entry.more.extend(types.filter_map(|kind| Some(("type".into(), label(&kind)?))));
    if entry.concept.is_empty() {
        entry.concept.text = class_text;
    }
    if node.word("status") == Some("cancelled") {
        entry.standing = Standing::NotDone;
    }
    let period = node.period(if node.has("period") { "period" } else { "actualPeriod" });
    (entry.date, entry.end) = (period.start, period.end);
    for participant in node.nodes("participant") {
        add_participant(&mut entry, participant);
    }
    for location in node.nodes("location") {
        add_actors(&mut entry, location, "location", "location");
        let place = location.label("physicalType");
        add_one(&mut entry, "kind of place", place);
    }
    add_actors(&mut entry, node, "serviceProvider", "organization");
    for diagnosis in node.nodes("diagnosis") {
        add_named_links(&mut entry, diagnosis, "condition", LinkRole::Reason, "diagnosis");
        for concept in diagnosis.concepts("condition") {
            add_one(&mut entry, "diagnosis", label(&concept));
        }
        add_more(&mut entry, diagnosis, &[("use", "diagnosis use")]);
    }
    add_links(&mut entry, node, "indication", LinkRole::Reason);
    add_links(&mut entry, node, "appointment", LinkRole::Related);
    add_more(&mut entry, node, &[("serviceType", "service"), ("priority", "priority"), ("length", "length")]);
    if let Some(stay) = stay {
        let elements = [
            ("admitSource", "admitted from"),
            ("origin", "came from"),
            ("destination", "went to"),
            ("reAdmission", "readmission"),
            ("dietPreference", "diet"),
        ];
        add_more(&mut entry, stay, &elements);
    }
    entry
}

fn reasons(node: Node) -> Vec<Text> {
    let mut reasons = reasons::all(node);
    // R5 has them inside, each with its use.
    for reason in node.nodes("reason") {
        reasons.extend(reason.labels("value"));
        reasons.extend(reason.references("value").filter_map(|referred| referred.name));
    }
    reasons
}

fn add_participant(entry: &mut Entry, node: Node) {
    let roles: Vec<Text> = node.labels("type").collect();
    let role = Text::trimmed(&roles.join(", ")).unwrap_or_else(|| "participant".into());
    let who = node.reference("individual").or_else(|| node.reference("actor"));
    let Some(who) = who else { return };
    let name = who.name.clone();
    add_actor(entry, &role, who);
    let period = node.node("period").and_then(Node::in_words);
    let named = period.map(|period| match name {
        Some(name) => format!("{name}: {period}").into(),
        None => period,
    });
    add_one(entry, "took part", named);
}

fn visit_class(class: &Concept) -> VisitClass {
    let by_code = |code: &str| match code {
        "IMP" | "ACUTE" | "NONAC" | "SS" => Some(VisitClass::Inpatient),
        "OBSENC" => Some(VisitClass::Observation),
        "EMER" => Some(VisitClass::Emergency),
        "AMB" => Some(VisitClass::Outpatient),
        "VR" => Some(VisitClass::Virtual),
        "HH" => Some(VisitClass::Home),
        _ => None,
    };
    class.codes.iter().find_map(|code| by_code(&code.code)).unwrap_or_else(|| by_words(class))
}

/// Many vendors send their own classes; their names say what they are.
fn by_words(class: &Concept) -> VisitClass {
    let words = class.label().to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&["emergency"]) {
        VisitClass::Emergency
    } else if has(&["virtual", "telehealth", "telemed", "video", "phone"]) {
        VisitClass::Virtual
    } else if has(&["observation"]) {
        VisitClass::Observation
    } else if has(&["inpatient"]) {
        VisitClass::Inpatient
    } else if has(&["outpatient", "ambulatory", "office", "clinic", "appointment"]) {
        VisitClass::Outpatient
    } else if has(&["home"]) {
        VisitClass::Home
    } else {
        VisitClass::Other
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn the_class_is_told_by_code_or_by_words() {
        for (class, expected) in [
            (r#"{"code":"IMP"}"#, VisitClass::Inpatient),
            (r#"{"code":"EMER"}"#, VisitClass::Emergency),
            (r#"{"code":"13","display":"Office Visit"}"#, VisitClass::Outpatient),
            (r#"{"code":"9","display":"Telephone"}"#, VisitClass::Virtual),
            (r#"[{"coding":[{"code":"OBSENC"}]}]"#, VisitClass::Observation),
            (r#"{"code":"17"}"#, VisitClass::Other),
        ] {
            let json = format!(r#"{{"resourceType":"Encounter","id":"1","class":{class}}}"#);
            let Detail::Visit(visit) = read(&json).entry.detail else { panic!("no visit") };
            assert_eq!(visit.class, expected, "{class}");
        }
    }

    #[test]
    fn a_stay_has_its_people_place_and_end() {
        let entry = read(
            r#"{"resourceType":"Encounter","id":"1","status":"finished","type":[{"text":"Stay"}],
            "period":{"start":"2024-03-02","end":"2024-03-05"},"reasonCode":[{"text":"pneumonia"}],
            "participant":[{"type":[{"text":"attending"}],"individual":{"display":"Dr. A"},
              "period":{"start":"2024-03-02"}}],
            "location":[{"location":{"display":"Ward 3"}}],"serviceProvider":{"display":"General"},
            "hospitalization":{"dischargeDisposition":{"text":"home"}}}"#,
        )
        .entry;
        assert_eq!(entry.actor("attending"), Some("Dr. A"));
        assert_eq!(entry.actor("location"), Some("Ward 3"));
        assert_eq!(entry.actor("organization"), Some("General"));
        assert_eq!(entry.end.unwrap().to_string(), "2024-03-05");
        let Detail::Visit(visit) = entry.detail else { panic!("no visit") };
        assert_eq!((visit.reasons, visit.discharge.as_deref()), (vec!["pneumonia".into()], Some("home")));
    }
}
