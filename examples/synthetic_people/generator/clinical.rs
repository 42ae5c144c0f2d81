//! Conditions, orders, allergies, vaccines and procedures in a source's dialect.

use serde_json::{Value, json};

use super::{
    codes::{self, Code},
    json::{Resource, coding, concept, hl7, unnamed},
    source::{Dialect, Source},
    when::When,
};

/// A medicine as it is ordered: the code, the words on the order and the words on the label.
#[derive(Clone, Copy, Debug)]
pub struct Medicine {
    /// The RxNorm code.
    pub code: Code,
    /// The words on the order.
    pub name: &'static str,
    /// The label's instruction.
    pub label: &'static str,
}

impl Source {
    /// An entry of the problem list. `onset` may be a year, a month or a day.
    pub fn problem(&self, id: &str, code: Value, status: &str, onset: &str) -> Resource {
        self.about("Condition", id)
            .with("category", json!([hl7("condition-category", "problem-list-item")]))
            .with("clinicalStatus", hl7("condition-clinical", status))
            .with("verificationStatus", hl7("condition-ver-status", "confirmed"))
            .with("code", code)
            .with("onsetDateTime", onset)
    }

    /// A diagnosis noted in one visit.
    pub fn visit_diagnosis(&self, id: &str, code: Value, visit: &str, at: When) -> Resource {
        self.about("Condition", id)
            .with("category", json!([hl7("condition-category", "encounter-diagnosis")]))
            .with("verificationStatus", hl7("condition-ver-status", "confirmed"))
            .with("code", code)
            .with("recordedDate", at.day())
            .in_visit(visit)
    }

    /// An order for a medicine to be taken at home.
    pub fn order(&self, id: &str, medicine: &Medicine, status: &str, authored: When) -> Resource {
        let dosage = json!([{"text": medicine.label}]);
        let order = self
            .about("MedicationRequest", id)
            .with("status", status)
            .with("intent", "order")
            .with("medicationCodeableConcept", concept(medicine.code, medicine.name))
            .with("authoredOn", authored.day())
            .with("requester", self.signer())
            .with("dosageInstruction", dosage);
        match self.dialect {
            Dialect::Sparse => order,
            Dialect::Full => order
                .with("category", json!([hl7("medicationrequest-category", "community")]))
                .with("identifier", self.identifier("798268", id))
                .with(
                    "dispenseRequest",
                    json!({"numberOfRepeatsAllowed": 3,
                    "validityPeriod": {"start": authored.day(), "end": authored.plus_days(365).day()}}),
                ),
        }
    }

    /// An allergy or intolerance, active and confirmed, without a reaction.
    pub fn allergy(&self, id: &str, kind: &str, code: Value) -> Resource {
        self.about("AllergyIntolerance", id)
            .with("clinicalStatus", hl7("allergyintolerance-clinical", "active"))
            .with("verificationStatus", hl7("allergyintolerance-verification", "confirmed"))
            .with("type", kind)
            .with("code", code)
    }

    /// A vaccine given.
    pub fn shot(&self, id: &str, vaccine: Code, given: When, lot: &str) -> Resource {
        let shot = self
            .about("Immunization", id)
            .with("status", "completed")
            .with("vaccineCode", concept(vaccine, vaccine.display));
        match self.dialect {
            Dialect::Full => shot
                .with("occurrenceDateTime", given.utc())
                .with("primarySource", true)
                .with("lotNumber", lot),
            Dialect::Sparse => shot.with("occurrenceDateTime", given.day()).with("primarySource", false),
        }
    }

    /// A procedure done, in plain words.
    pub fn procedure(&self, id: &str, code: Value, done: When) -> Resource {
        self.about("Procedure", id)
            .with("status", "completed")
            .with("code", code)
            .with("performedDateTime", self.instant(done))
            .with("performer", json!([{"actor": self.signer()}]))
    }

    /// An order that is not a medicine: a test, a referral.
    pub fn request(&self, id: &str, status: &str, code: Value, authored: When) -> Resource {
        self.about("ServiceRequest", id)
            .with("status", status)
            .with("intent", "order")
            .with("code", code)
            .with("authoredOn", self.instant(authored))
            .with("requester", self.signer())
    }
}

/// A condition's code with a SNOMED CT code beside it, of which no name may be repeated.
pub fn diagnosis_with_snomed(code: Code, snomed: &str, words: &str) -> Value {
    let mut value = unnamed(codes::SNOMED, snomed, words);
    if let Some(codings) = value["coding"].as_array_mut() {
        codings.push(coding(code));
    }
    value
}
