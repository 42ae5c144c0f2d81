//! A second provider's view of the same person, sparse, contradicting, and ending in broken lines.

use serde_json::json;

use super::{
    super::{
        analytes,
        clinical::Medicine,
        codes,
        json::{Resource, concept, hl7, text},
        source::{Dialect, Source},
        when::When,
    },
    Case, case,
};

static WAYSIDE: Source = Source {
    base: "https://api.wayside.example/fhir/r4",
    patient: "w-1",
    organization: ("w-org", "Wayside Urgent Care"),
    clinician: ("w-prov", "Cleo Marsh, PA"),
    oid: "1.2.840.99999.7.6",
    dialect: Dialect::Sparse,
};

/// What follows the resources: a blank line, no JSON, no object, no type, a line cut in the middle.
pub const BROKEN_LINES: &str = "\n{not json\n[1,2,3]\n{\"id\":\"no-type\"}\n\"just words\"\n{\"resourceType\":\"Observation\",\"id\":\"cut";

#[rustfmt::skip] // One case a row.
pub fn cases() -> Vec<Case> {
    let patient = Resource::new("Patient", WAYSIDE.patient)
        .with("name", json!([{"family": "PELL", "given": ["ROBIN"]}]))
        .with("gender", "unknown")
        .with("birthDate", "1979");
    let withheld = Resource::new("OperationOutcome", "outcome-59204").with(
        "issue",
        json!([{
        "severity": "warning", "code": "suppressed", "details": {"coding": [
            {"system": "urn:oid:1.2.840.99999.7.6.657369", "code": "59204"}],
            "text": "Some of the content cannot be shown to you."}}]),
    );
    let order = |id: &str, code: codes::Code, name: &'static str, label: &'static str, authored: When| {
        WAYSIDE.order(id, &Medicine { code, name, label }, "active", authored)
    };
    let spring = When::on(2026, 4, 7);
    let severe = json!([{"manifestation": [text("throat swelling")], "severity": "severe"}]);
    let twin = WAYSIDE.lab("w-result-1", &analytes::POTASSIUM, 39, When::at(2026, 9, 16, 17, 0));
    vec![
        case("Her maiden name in capitals, sex unknown, a birth date known to the year, alive", patient),
        case("Part of the data is withheld by the provider (outcome 59204)", withheld),
        case("A real allergy, where the other source also says none are known", WAYSIDE.allergy("w-allergy-1", "allergy", text("PENICILLINS")).with("reaction", severe)),
        case("A condition the other source refuted", WAYSIDE.problem("w-problem-1", concept(codes::EPILEPSY, "SEIZURE DISORDER"), "active", "2014")),
        case("A condition the other source calls resolved or inactive is active here", WAYSIDE.problem("w-problem-2", concept(codes::ASTHMA, "ASTHMA"), "active", "1991")),
        case("The same order as `MedicationRequest/order-apixaban`", order("w-rx-1", codes::APIXABAN_5, "Eliquis 5 mg tablet", "1 TAB BID", spring)),
        case("The same drug, another dose instruction, another day", order("w-rx-2", codes::WARFARIN_5, "Coumadin 5 mg tablet", "7.5 MG DAILY", When::on(2025, 6, 3))),
        case("The same potassium as `Observation/twin-1`: same instant, text range", twin),
        case("The same instant, one digit more: 3.90", WAYSIDE.result("w-result-2", concept(codes::POTASSIUM, "POTASSIUM"), When::at(2026, 9, 16, 17, 0)).with("valueQuantity", json!({"value": super::super::json::number("3.90"), "unit": "mEq/L"}))),
        case("A vaccine refused there is given here, one day apart", WAYSIDE.shot("w-vaccine-1", codes::SHINGLES, When::on(2026, 4, 8), "")),
        case("A visit without an end, still in progress since 2019", WAYSIDE.visit("w-visit-1", "AMB", "URGENT CARE", When::on(2019, 7, 7), 0).with("status", "in-progress").with("period", json!({"start": "2019-07-07"}))),
        case("A procedure not done", WAYSIDE.procedure("w-procedure-1", text("Colonoscopy"), When::on(2024, 3, 3)).with("status", "not-done").with("statusReason", text("No show"))),
        case("A procedure entered in error", WAYSIDE.procedure("w-procedure-2", text("Appendix removed"), When::on(2001, 3, 3)).with("status", "entered-in-error")),
        case("A problem whose status is a word outside the code list", WAYSIDE.problem("w-problem-3", text("WATCH BP"), "active", "2022").with("clinicalStatus", hl7("condition-clinical", "chronic"))),
    ]
}
