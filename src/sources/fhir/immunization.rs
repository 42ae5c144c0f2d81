//! Immunization: a vaccine that was given, or not.

use super::base::{self, add_more, add_one};
use super::node::Node;
use super::references::{add_actor, add_actors};
use crate::record::{Detail, Entry, Immunization, Kind, Text};

/// Reads a vaccine.
pub(super) fn read(node: Node) -> Entry {
    let protocol = node.node("protocolApplied").or_else(|| node.node("vaccinationProtocol"));
    let dose = protocol.and_then(|protocol| {
        let number = protocol.choices("doseNumber").find_map(|(_, _, value)| super::node::scalar(value));
        let of = protocol.choices("seriesDoses").find_map(|(_, _, value)| super::node::scalar(value));
        match (number.or_else(|| protocol.text("doseSequence")), of) {
            (Some(number), Some(of)) => Some(format!("{number} of {of}").into()),
            (number, _) => number,
        }
    });
    let explained = || node.node("explanation")?.label("reasonNotGiven");
    let manufacturer = node.reference("manufacturer").and_then(|referred| referred.name);
    let immunization = Immunization {
        dose,
        series: protocol.and_then(|protocol| protocol.text("series")),
        lot: node.text("lotNumber"),
        manufacturer,
        reason: node.label("statusReason").or_else(|| node.label("reasonNotGiven")).or_else(explained),
        // DSTU2 says the opposite: that it was only reported.
        is_primary: node.flag("primarySource").or_else(|| node.flag("reported").map(|reported| !reported)),
    };
    let mut entry = base::start(node, Kind::Immunization, Detail::Immunization(Box::new(immunization)));
    entry.concept = node.concept("vaccineCode").unwrap_or_default();
    let moment = node.moment("occurrence");
    entry.date = moment.start.or_else(|| node.when("date"));
    add_one(&mut entry, "time", moment.words);
    entry.recorded = node.when("recorded");
    // STU3 has `notGiven`, DSTU2 `wasNotGiven`.
    if node.flag("notGiven").or_else(|| node.flag("wasNotGiven")) == Some(true) {
        entry.standing = crate::record::Standing::NotDone;
    }
    for performer in node.nodes("performer") {
        let role = performer.label("function").unwrap_or_else(|| Text::from("performer"));
        // A plain reference is what some senders write instead of a performer with a function.
        let actor = performer.reference("actor").or_else(|| performer.as_reference());
        if let Some(actor) = actor {
            add_actor(&mut entry, &role, actor);
        }
    }
    add_actors(&mut entry, node, "location", "location");
    add_more(
        &mut entry,
        node,
        &[
            ("site", "site"),
            ("route", "route"),
            ("doseQuantity", "dose quantity"),
            ("expirationDate", "expires on"),
            ("reasonCode", "reason"),
            ("reportOrigin", "reported by"),
            ("informationSource", "reported by"),
            ("isSubpotent", "subpotent"),
            ("subpotentReason", "subpotent because"),
            ("programEligibility", "program"),
            ("fundingSource", "funding"),
        ],
    );
    for target in protocol.into_iter().flat_map(|protocol| protocol.labels("targetDisease")) {
        entry.more.push(("protects against".into(), target));
    }
    for reaction in node.nodes("reaction") {
        add_more(&mut entry, reaction, &[("date", "reaction on"), ("detail", "reaction")]);
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use crate::record::{Detail, Standing};

    #[test]
    fn a_vaccine_keeps_its_dose_lot_and_reason() {
        let entry = read(
            r#"{"resourceType":"Immunization","id":"1","status":"not-done","statusReason":{"text":"declined"},
            "vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"140"}],"text":"Flu"},
            "occurrenceString":"last autumn","primarySource":false,"lotNumber":"L1",
            "protocolApplied":[{"doseNumberPositiveInt":2,"seriesDosesString":"3"}],
            "performer":[{"function":{"text":"administering"},"actor":{"display":"Nurse"}}]}"#,
        )
        .entry;
        assert_eq!(entry.standing, Standing::NotDone);
        assert_eq!(entry.extra("time"), Some("last autumn"));
        assert_eq!(entry.actor("administering"), Some("Nurse"));
        let Detail::Immunization(vaccine) = entry.detail else { panic!("no vaccine") };
        assert_eq!(vaccine.dose.as_deref(), Some("2 of 3"));
        assert_eq!(vaccine.reason.as_deref(), Some("declined"));
        assert_eq!((vaccine.lot.as_deref(), vaccine.is_primary), (Some("L1"), Some(false)));
    }
}
