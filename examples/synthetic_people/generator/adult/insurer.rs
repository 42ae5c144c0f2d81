//! Her insurer's side of it, as CARIN Blue Button has it: what was billed, what was decided, what she owes.
//!
//! Read by hand: she owes 40.00 for the last visit, 340.00 for the night in the emergency room, 10.00 for
//! metformin, and 0.00 for the colonoscopy, whose first version was cancelled. 390.00 in all.

use serde_json::{Value, json};

use super::super::{
    codes,
    json::{Resource, hl7, hl7_system, number, reference, text},
    source::{Dialect, Source},
};

/// Her insurer.
pub static PRAIRIE: Source = Source {
    base: "https://claims.prairiemutual.example/fhir",
    patient: "member-5520417",
    organization: ("prairie", "Prairie Mutual Health Plan"),
    clinician: ("", ""),
    oid: "1.2.840.99999.7.9",
    dialect: Dialect::Full,
};

/// What HL7's guide for insurers calls its own codes.
const CARIN: &str = "http://hl7.org/fhir/us/carin-bb/CodeSystem";

/// The whole record of the insurer.
pub fn record() -> Vec<Resource> {
    let mut record = vec![patient(), insurer(), coverage(), last_visit(), emergency(), metformin()];
    record.extend(colonoscopy());
    record
}

fn patient() -> Resource {
    Resource::new("Patient", PRAIRIE.patient)
        .with("identifier", member_number())
        .with("name", json!([{"use": "official", "family": "Alvarez", "given": ["Maria", "Elena"]}]))
        .with("gender", "female")
        .with("birthDate", "1961-04-17")
}

fn member_number() -> Value {
    json!([{"type": {"coding": [{"system": hl7_system("v2-0203"), "code": "MB"}]},
        "system": "https://claims.prairiemutual.example/member", "value": "PRA-5520417"}])
}

fn insurer() -> Resource {
    Resource::new("Organization", PRAIRIE.organization.0)
        .with("active", true)
        .with("name", PRAIRIE.organization.1)
}

fn coverage() -> Resource {
    PRAIRIE
        .about("Coverage", "coverage-ppo-2")
        .with("identifier", member_number())
        .with("status", "active")
        .with("type", hl7("v3-ActCode", "PPO"))
        .with("subscriberId", "PRA-5520417")
        .with("relationship", hl7("subscriber-relationship", "self"))
        .with("period", json!({"start": "2019-01-01"}))
        .with("payor", json!([reference("Organization", "prairie")]))
        .with(
            "class",
            json!([{"type": hl7("coverage-class", "plan"), "value": "PPO-2", "name": "Prairie PPO Silver"}]),
        )
        .with(
            "costToBeneficiary",
            json!([{"type": {"coding": [{"system": hl7_system("coverage-copay-type"), "code": "gpvisit"}],
            "text": "office visit"}, "valueMoney": money("40.00")}]),
        )
}

fn money(digits: &str) -> Value {
    json!({"value": number(digits), "currency": "USD"})
}

/// An amount of HL7's own list, or of that of the guide for insurers.
fn amount(code: &str, digits: &str) -> Value {
    let own = ["submitted", "eligible", "deductible", "copay", "benefit"];
    let system =
        if own.contains(&code) { hl7_system("adjudication") } else { format!("{CARIN}/C4BBAdjudication") };
    json!({"category": {"coding": [{"system": system, "code": code}]}, "amount": money(digits)})
}

fn amounts(of: &[(&str, &str)]) -> Vec<Value> {
    of.iter().map(|(code, digits)| amount(code, digits)).collect()
}

/// What the insurer did not pay for, in its words.
fn denied(words: &str) -> Value {
    json!({"category": {"coding": [{"system": format!("{CARIN}/C4BBAdjudicationDiscriminator"), "code": "denialreason",
        "display": "Denial Reason"}]}, "reason": text(words)})
}

fn claim(id: &str, form: &str, day: &str, decided: &str, provider: &str) -> Resource {
    PRAIRIE
        .about("ExplanationOfBenefit", id)
        .with("identifier", json!([{"type": {"coding": [{"system": format!("{CARIN}/C4BBIdentifierType"), "code": "uc"}]},
            "system": "https://claims.prairiemutual.example/claim", "value": format!("PM-{}", id.trim_start_matches("eob-"))}]))
        .with("status", "active")
        .with("type", hl7("claim-type", form))
        .with("use", "claim")
        .with("billablePeriod", json!({"start": day, "end": day}))
        .with("created", format!("{decided}T09:00:00Z"))
        .with("insurer", reference("Organization", "prairie"))
        .with("provider", json!({"display": provider}))
        .with("outcome", "complete")
        .with("insurance", json!([{"focal": true, "coverage": reference("Coverage", "coverage-ppo-2")}]))
}

fn diagnosis(code: codes::Code) -> Value {
    json!([{"sequence": 1, "diagnosisCodeableConcept": {"coding": [{"system": code.system, "code": code.code, "display": code.display}]},
        "type": [{"coding": [{"system": hl7_system("ex-diagnosistype"), "code": "principal"}]}]}])
}

/// The visit of October 2026: one line paid but for the copay, one denied.
fn last_visit() -> Resource {
    let day = "2026-10-06";
    let visit = amounts(&[
        ("submitted", "260.00"),
        ("eligible", "185.00"),
        ("benefit", "145.00"),
        ("copay", "40.00"),
        ("memberliability", "40.00"),
    ]);
    let mut vitamin = amounts(&[
        ("submitted", "75.00"),
        ("benefit", "0.00"),
        ("noncovered", "75.00"),
        ("memberliability", "0.00"),
    ]);
    vitamin.push(denied("Tested more often than the plan covers; the laboratory may not bill the member"));
    claim("eob-2026-1006", "professional", day, "2026-10-20", "Lakeside Health")
        .with("careTeam", json!([{"sequence": 1, "provider": {"display": "Imani Brook, MD"}, "role": {"coding": [
            {"system": format!("{CARIN}/C4BBClaimCareTeamRole"), "code": "performing", "display": "Performing provider"}]}}]))
        .with("diagnosis", diagnosis(codes::DIABETES_2))
        .with("item", json!([
            {"sequence": 1, "productOrService": {"coding": [{"system": codes::HCPCS, "code": codes::HCPCS_CLINIC_VISIT}], "text": "Office visit"},
             "servicedDate": day, "quantity": {"value": number("1")}, "adjudication": visit},
            {"sequence": 2, "productOrService": text("Vitamin D test"), "servicedDate": day, "quantity": {"value": number("1")},
             "adjudication": vitamin}]))
        .with("total", amounts(&[("submitted", "335.00"), ("eligible", "185.00"), ("benefit", "145.00"), ("memberliability", "40.00")]))
        .with("payment", json!({"date": "2026-10-22", "amount": money("145.00")}))
}

/// The night of February 2025 in the emergency room.
fn emergency() -> Resource {
    let line = amounts(&[
        ("submitted", "2410.00"),
        ("eligible", "1150.00"),
        ("benefit", "810.00"),
        ("deductible", "250.00"),
        ("coinsurance", "90.00"),
        ("memberliability", "340.00"),
    ]);
    claim("eob-2025-0220", "institutional", "2025-02-20", "2025-03-18", "Lakeside Hospital")
        .with("subType", json!({"coding": [{"system": format!("{CARIN}/C4BBInstitutionalClaimSubType"), "code": "outpatient"}]}))
        .with("item", json!([{"sequence": 1, "revenue": {"coding": [{"system": "https://www.nubc.org/CodeSystem/RevenueCodes", "code": "0450"}],
            "text": "Emergency room"}, "productOrService": {"coding": [{"system": hl7_system("data-absent-reason"), "code": "not-applicable"}]},
            "servicedDate": "2025-02-20", "adjudication": line}]))
        .with("total", amounts(&[("submitted", "2410.00"), ("eligible", "1150.00"), ("benefit", "810.00"), ("deductible", "250.00"),
            ("coinsurance", "90.00"), ("memberliability", "340.00")]))
        .with("payment", json!({"date": "2025-03-20", "amount": money("810.00")}))
        .with("processNote", json!([{"number": 1, "type": "print", "text": "The deductible of 2025 is met with this claim."}]))
}

/// Ninety days of metformin.
fn metformin() -> Resource {
    let info = |sequence: u8, code: &str, value: &str| {
        json!({"sequence": sequence, "category": {"coding": [
        {"system": format!("{CARIN}/C4BBSupportingInfoType"), "code": code}]}, "valueQuantity": {"value": number(value)}})
    };
    let generic = json!({"sequence": 3, "category": {"coding": [{"system": format!("{CARIN}/C4BBSupportingInfoType"),
        "code": "brandgenericindicator"}]}, "code": text("Generic")});
    claim("eob-2026-0918", "pharmacy", "2026-09-18", "2026-09-18", "Corner Pharmacy")
        .with("supportingInfo", json!([info(1, "dayssupply", "90"), info(2, "refillnum", "2"), generic]))
        .with("item", json!([{"sequence": 1, "productOrService": {"coding": [{"system": codes::NDC, "code": codes::NDC_METFORMIN_1000}],
            "text": "metformin 1,000 mg tablet"}, "servicedDate": "2026-09-18", "quantity": {"value": number("180")},
            "adjudication": amounts(&[("submitted", "24.50"), ("drugcost", "24.50"), ("benefit", "14.50"), ("copay", "10.00"), ("memberliability", "10.00")])}]))
        .with("total", amounts(&[("submitted", "24.50"), ("benefit", "14.50"), ("copay", "10.00"), ("memberliability", "10.00")]))
        .with("payment", json!({"date": "2026-09-18", "amount": money("14.50")}))
}

/// The colonoscopy of 2021: first denied and cancelled, then paid as a screening.
fn colonoscopy() -> [Resource; 2] {
    let version = |id: &str, decided: &str, of: &[(&str, &str)]| {
        let item = json!([{"sequence": 1, "productOrService": {"coding": [{"system": codes::CPT, "code": codes::CPT_POLYP_REMOVED}],
            "text": "Colonoscopy with removal of a polyp"}, "servicedDate": "2021-06-22", "adjudication": amounts(of)}]);
        claim(id, "professional", "2021-06-22", decided, "Lakeside Health")
            .with("item", item)
            .with("total", amounts(of))
    };
    let first = version(
        "eob-2021-0622-a",
        "2021-07-02",
        &[("submitted", "1480.00"), ("benefit", "0.00"), ("memberliability", "1480.00")],
    );
    let second = version(
        "eob-2021-0622-b",
        "2021-08-11",
        &[("submitted", "1480.00"), ("benefit", "1480.00"), ("memberliability", "0.00")],
    );
    let prior = json!([{"relationship": {"coding": [{"system": hl7_system("ex-relatedclaimrelationship"), "code": "prior"}]},
        "reference": {"system": "https://claims.prairiemutual.example/claim", "value": "PM-2021-0622-a"}}]);
    [first.with("status", "cancelled"), second.with("related", prior)]
}
