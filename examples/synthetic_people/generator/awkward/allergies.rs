//! Allergies: not asked, none known, refuted, only a class, only words.

use serde_json::{Value, json};

use super::{
    super::{
        codes,
        json::{Resource, concept, hl7, text, unnamed},
    },
    Case, ODD, case,
};

#[rustfmt::skip] // One case a row.
pub fn cases() -> Vec<Case> {
    let allergy = |id: &str, code: Value| ODD.allergy(id, "allergy", code);
    let verified = |resource: Resource, status: &str| {
        resource.with("verificationStatus", hl7("allergyintolerance-verification", status))
    };
    let sulfa = || concept(codes::TMP_SMX, "Sulfa antibiotics");
    let reaction = json!([{"manifestation": [text("Wheezing, lips swelled")], "severity": "severe"}]);
    // The words are our own.
    let none = unnamed(codes::SNOMED, codes::SNOMED_NO_KNOWN_ALLERGY, "No known allergies");
    vec![
        case("\"Not on File\": nobody asked, a fourth kind of nothing", allergy("not-on-file", text("Not on File"))),
        case("\"No known allergies\", next to real ones here and in the other source", allergy("none-known", none).without("type")),
        case("A real one, severe", allergy("sulfa", sulfa()).with("criticality", "high").with("reaction", reaction)),
        case("Refuted after testing", verified(allergy("penicillin-refuted", concept(codes::PENICILLIN_G, "Penicillin")), "refuted")),
        case("Entered in error, with no clinical status", verified(allergy("latex-error", text("Latex")), "entered-in-error").without("clinicalStatus")),
        case("Unconfirmed", verified(allergy("shellfish", text("Shellfish")), "unconfirmed")),
        case("Resolved: a milk allergy of childhood", allergy("milk", text("Cow's milk")).with("clinicalStatus", hl7("allergyintolerance-clinical", "resolved"))),
        case("An allergy to a drug that is also ordered: aspirin", allergy("aspirin", concept(codes::ASPIRIN, "Aspirin")).with("reaction", json!([{"manifestation": [text("Stomach upset")]}]))),
        case("Words with a spelling mistake and no code", allergy("misspelt", text("Amoxicilin (rash as child??)"))),
        case("A reaction whose substance is told only in the reaction", allergy("substance-inside", text("Drug allergy")).with("reaction", json!([{"substance": concept(codes::LISINOPRIL, "Lisinopril"), "manifestation": [text("Swelling of the tongue")]}]))),
        case("No code at all", allergy("allergy-no-code", Value::Null).without("code").with("note", json!([{"text": "Patient reports bee stings, used an injector once"}]))),
    ]
}
