//! Immunization: a vaccine that was given, or not.

use super::base::{self, add_more, add_one};
use super::node::Node;
use super::references::{add_actor, add_actors};
use super::{people, reasons};
use crate::record::{Detail, Entry, Immunization, Kind};

/// Reads a vaccine.
pub(super) fn read(node: Node) -> Entry {
    let protocol = node.node("protocolApplied").or_else(|| node.node("vaccinationProtocol"));
    let dose = protocol.and_then(|protocol| {
        let number = protocol.choices("doseNumber").find_map(|(_, _, value)| super::node::scalar(value));
        let of = protocol.choices("seriesDoses").find_map(|(_, _, value)| super::node::scalar(value));
        let number = number.or_else(|| protocol.text("doseNumber")).or_else(|| protocol.text("doseSequence"));
        match (number, of.or_else(|| protocol.text("seriesDoses"))) {
            (Some(number), Some(of)) => Some(format!("{number} of {of}").into()),
            (number, _) => number,
        }
    });
    let named = node.reference("manufacturer").and_then(|referred| referred.name);
    let manufacturer = named.or_else(|| node.label("manufacturer"));
    let explanation = node.node("explanation");
    let is_reported = node.has("reported").then(|| node.flag("reported")).flatten();
    let immunization = Immunization {
        dose,
        series: protocol.and_then(|protocol| protocol.text("series")),
        lot: node.text("lotNumber"),
        manufacturer,
        reason: reasons::why_not(node).or_else(|| explanation.and_then(reasons::why_not)),
        // DSTU2 says whether it was only reported.
        is_primary: node.flag("primarySource").or(is_reported.map(|is_reported| !is_reported)),
    };
    let mut entry = base::start(node, Kind::Immunization, Detail::Immunization(Box::new(immunization)));
    entry.concept = node.concept("vaccineCode").unwrap_or_default();
    let moment = node.moment("occurrence");
    entry.date = moment.start.or_else(|| node.when("date"));
    add_one(&mut entry, "time", moment.words);
    entry.recorded = node.when("recorded");
    people::add_performers(&mut entry, node);
    for practitioner in node.nodes("practitioner") {
        let role = practitioner.label("role").unwrap_or_else(|| "performer".into());
        if let Some(actor) = practitioner.reference("actor") {
            add_actor(&mut entry, &role, actor);
        }
    }
    add_actors(&mut entry, node, "requester", "requester");
    for reason in reasons::all(node).into_iter().chain(explanation.into_iter().flat_map(reasons::all)) {
        add_one(&mut entry, "reason", Some(reason));
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
    if let Some(protocol) = protocol {
        let elements =
            [("doseStatus", "whether the dose counts"), ("doseStatusReason", "why it does or not")];
        add_more(&mut entry, protocol, &elements);
    }
    for reaction in node.nodes("reaction") {
        let elements = [("date", "reaction on"), ("detail", "reaction"), ("manifestation", "reaction")];
        add_more(&mut entry, reaction, &elements);
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
