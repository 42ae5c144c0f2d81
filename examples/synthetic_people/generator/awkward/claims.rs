//! What an insurer knows: claims say what was billed, not what was found.

use serde_json::{Value, json};

use super::{
    super::{
        codes,
        json::{Resource, hl7, number, reference, text},
    },
    Case, ODD, case,
};

#[rustfmt::skip] // One case a row.
pub fn cases() -> Vec<Case> {
    let money = |digits: &str| json!({"value": number(digits), "currency": "USD"});
    // The words are our own.
    let item = json!([{"sequence": 1, "servicedDate": "2026-05-04", "net": money("340.00"),
        "productOrService": {"coding": [{"system": codes::HCPCS, "code": codes::HCPCS_WELLNESS_VISIT}], "text": "Wellness visit"}}]);
    let diagnosis = json!([{"sequence": 1, "diagnosisCodeableConcept": {"coding": [
        {"system": codes::ICD10_OF_BLUE_BUTTON, "code": codes::DIABETES_2.code}], "text": "Type 2 diabetes"}}]);
    let claim = |kind: &str, id: &str| {
        ODD.about(kind, id)
            .with("status", "active")
            .with("type", hl7("claim-type", "professional"))
            .with("use", "claim")
            .with("created", "2026-05-10")
            .with("priority", hl7("processpriority", "normal"))
            .with("billablePeriod", json!({"start": "2026-05-04", "end": "2026-05-04"}))
            .with("insurer", json!({"display": "Prairie Mutual Health Plan"}))
            .with("provider", json!({"display": "Odd Creek Medical Group"}))
            .with("insurance", json!([{"focal": true, "coverage": reference("Coverage", "coverage-odd")}]))
            .with("item", item.clone())
    };
    let total =
        |code: &str, digits: &str| json!({"category": hl7("adjudication", code), "amount": money(digits)});
    let paid: Value = json!([total("submitted", "340.00"), total("benefit", "0.00")]);
    let explained = claim("ExplanationOfBenefit", "eob-odd")
        .with("outcome", "complete")
        .with("diagnosis", diagnosis)
        .with("total", paid)
        .with("processNote", json!([{"text": "Applied to the deductible"}]));
    let no_sequence = claim("ExplanationOfBenefit", "eob-no-sequence")
        .with("outcome", "complete")
        .with("item", json!([{"productOrService": text("Lab work"), "net": money("12.5")}]))
        .with("claim", json!({"reference": "Claim/not-here"}));
    let coverage = |id: &str, status: &str, period: Value| -> Resource {
        ODD.about("Coverage", id)
            .with("status", status)
            .with("subscriberId", "PRA-880")
            .with("relationship", hl7("subscriber-relationship", "self"))
            .with("payor", json!([{"display": "Prairie Mutual Health Plan"}]))
            .with("period", period)
    };
    vec![
        case("Insurance now", coverage("coverage-odd", "active", json!({"start": "2024-01-01"}))),
        case("Insurance marked active that ended in 2019", coverage("coverage-ended", "active", json!({"start": "2012-01-01", "end": "2019-12-31"}))),
        case("A claim as submitted", claim("Claim", "claim-odd").with("insurance", json!([{"sequence": 1, "focal": true, "coverage": reference("Coverage", "coverage-odd")}]))),
        case("Its explanation: billed for diabetes she does not have, $340 to the deductible", explained),
        case("An item without a sequence, a link to a claim that is nowhere", no_sequence),
    ]
}
