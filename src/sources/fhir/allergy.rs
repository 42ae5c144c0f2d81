//! AllergyIntolerance: an allergy, the statement that there is none, or that nobody asked.

use super::base::{self, add_more, add_one};
use super::node::Node;
use super::people;
use super::references::add_actors;
use crate::record::{Allergy, Concept, Detail, Entry, Kind, Reaction, Standing, Text};

/// Reads an allergy.
pub(super) fn read(node: Node) -> Entry {
    let allergy = Allergy {
        kind: node.label("type"),
        verification: verification(node),
        criticality: criticality(node),
        reactions: node.nodes("reaction").map(reaction).collect(),
        // DSTU2 spells it so.
        last_on: node.when("lastOccurrence").or_else(|| node.when("lastOccurence")),
    };
    let verification = allergy.verification.clone();
    let mut entry = base::start(node, Kind::Allergy, Detail::Allergy(Box::new(allergy)));
    let own = entry.status.take().filter(|status| !is_verification(status));
    entry.status = node.concept("clinicalStatus").as_ref().and_then(base::status_word).or(own);
    entry.concept = concept(node);
    if entry.standing == Standing::Stated {
        entry.standing = base::verified(verification.as_deref());
    }
    let moment = node.moment("onset");
    (entry.date, entry.end) = (moment.start.or_else(|| node.when("onset")), moment.end);
    add_one(&mut entry, "onset", moment.words);
    entry.recorded = node.when("recordedDate").or_else(|| node.when("assertedDate"));
    people::add_participants(&mut entry, node);
    add_actors(&mut entry, node, "reporter", "reporter");
    base::add_status_text(&mut entry, node, "clinicalStatus", "status in words");
    base::add_status_text(&mut entry, node, "verificationStatus", "verification in words");
    add_actors(&mut entry, node, "recorder", "recorder");
    add_actors(&mut entry, node, "asserter", "asserter");
    for reaction in node.nodes("reaction") {
        add_more(
            &mut entry,
            reaction,
            &[
                ("substance", "reaction to"),
                ("onset", "reaction on"),
                ("exposureRoute", "exposure"),
                ("note", "reaction note"),
            ],
        );
    }
    entry
}

/// The verification; DSTU2 has it in the status.
fn verification(node: Node) -> Option<Text> {
    let own = node.concept("verificationStatus").as_ref().and_then(base::status_word);
    own.or_else(|| node.text("status").filter(|status| is_verification(status)))
}

fn is_verification(status: &str) -> bool {
    matches!(status, "unconfirmed" | "confirmed" | "refuted")
}

/// The criticality, in the words of R4.
fn criticality(node: Node) -> Option<Text> {
    node.text("criticality").map(|word| match word.as_str() {
        "CRITL" => "low".into(),
        "CRITH" => "high".into(),
        "CRITU" => "unable-to-assess".into(),
        _ => word,
    })
}

/// What it is about: the code, else the substance of a reaction.
fn concept(node: Node) -> Concept {
    let of_reaction = || node.nodes("reaction").find_map(|reaction| reaction.concept("substance"));
    // DSTU2 has `substance`.
    let own = node.concept("code").or_else(|| node.concept("substance"));
    own.or_else(of_reaction).unwrap_or_default()
}

fn reaction(node: Node) -> Reaction {
    Reaction {
        manifestations: node.labels("manifestation").collect(),
        severity: node.text("severity"),
        text: node.text("description"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use crate::record::{Detail, Standing};

    fn standing(code: &str, verification: &str) -> Standing {
        let json = format!(
            r#"{{"resourceType":"AllergyIntolerance","id":"1","patient":{{"reference":"Patient/1"}},
            "verificationStatus":{{"coding":[{{"code":"{verification}"}}]}},"code":{code}}}"#
        );
        read(&json).entry.standing
    }

    #[test]
    fn four_kinds_of_nothing_are_told_apart() {
        for code in [
            r#"{"coding":[{"system":"http://snomed.info/sct","code":"716186003"}]}"#,
            r#"{"coding":[{"code":"no-known-allergies"}]}"#,
            r#"{"text":"No Known Drug Allergies"}"#,
            r#"{"text":"NKDA"}"#,
        ] {
            assert_eq!(standing(code, "confirmed"), Standing::NoneKnown, "{code}");
        }
        for code in [
            r#"{"text":"Not on File"}"#,
            r#"{"coding":[{"system":"urn:oid:2.16.840.1.113883.6.96","code":"1631000175102"}]}"#,
        ] {
            assert_eq!(standing(code, "unconfirmed"), Standing::NotAsked, "{code}");
        }
        assert_eq!(standing(r#"{"text":"No known allergies"}"#, "refuted"), Standing::Refuted);
        assert_eq!(standing(r#"{"text":"Penicillin"}"#, "entered-in-error"), Standing::EnteredInError);
        assert_eq!(standing(r#"{"text":"Penicillin"}"#, "unconfirmed"), Standing::Unconfirmed);
        assert_eq!(standing(r#"{"text":"Nonoxynol"}"#, "confirmed"), Standing::Stated);
    }

    #[test]
    fn reactions_are_kept_and_name_an_allergy_without_a_code() {
        let read = read(
            r#"{"resourceType":"AllergyIntolerance","id":"1","criticality":"high","type":"allergy",
            "clinicalStatus":{"coding":[{"code":"Active"}],"text":"Active"},
            "reaction":{"substance":{"text":"Latex"},"manifestation":[{"text":"Hives"},{"text":"Wheeze"}],
              "severity":"severe","description":"at the dentist"}}"#,
        );
        assert_eq!(read.entry.concept.label(), "Latex");
        assert_eq!(read.entry.status.as_deref(), Some("active"));
        let Detail::Allergy(allergy) = &read.entry.detail else { panic!("no allergy") };
        assert_eq!(allergy.reactions[0].manifestations, ["Hives", "Wheeze"]);
        assert_eq!(allergy.reactions[0].text.as_deref(), Some("at the dentist"));
    }
}
