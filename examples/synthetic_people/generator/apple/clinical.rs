//! The records that two clinics have sent to her phone: Lakeside in R4, word for word what its own export
//! says; Riverton in DSTU2, as older systems still send. Both have a record called `shot-13`.

use serde_json::{Value, json};

use super::super::adult;
use super::super::json::Resource;

/// What Lakeside has sent to the phone.
const LAKESIDE: [&str; 8] = [
    "shot-13",
    "shot-20",
    "allergy-penicillin",
    "problem-diabetes",
    "problem-hypertension",
    "a1c-20260414",
    "a1c-20261006",
    "weight-20261006",
];

struct Sent {
    clinic: &'static str,
    url: &'static str,
    version: &'static str,
    resource: Value,
}

impl Sent {
    fn kind(&self) -> &str {
        self.resource["resourceType"].as_str().unwrap_or_default()
    }

    fn id(&self) -> &str {
        self.resource["id"].as_str().unwrap_or_default()
    }

    /// As the phone names its files: by type and a number of its own.
    fn path(&self, place: usize) -> String {
        format!("clinical-records/{}-0000{place:04}-AAAA-4AAA-8AAA-000000000000.json", self.kind())
    }
}

fn all() -> Vec<Sent> {
    let of_lakeside = |resource: Resource| Sent {
        clinic: "Lakeside Health",
        url: "https://fhir.lakeside.example/R4",
        version: "4.0.1",
        resource: resource.into_value(),
    };
    let is_sent = |resource: &Resource| {
        resource.id().is_some_and(|id| LAKESIDE.contains(&id) || id.starts_with("order-metformin"))
    };
    let lakeside = adult::lakeside_record().into_iter().filter(is_sent).map(of_lakeside);
    let riverton = riverton().into_iter().map(|resource| Sent {
        clinic: "Riverton Diabetes & Family Clinic",
        url: "https://api.riverton.example/fhir/dstu2",
        version: "1.0.2",
        resource,
    });
    lakeside.chain(riverton).collect()
}

/// The elements of the export that name them.
pub fn index() -> String {
    let line = |(place, sent): (usize, &Sent)| {
        format!(
            " <ClinicalRecord type=\"{}\" identifier=\"{}\" sourceName=\"{}\" sourceURL=\"{}/{}/{}\" fhirVersion=\"{}\" receivedDate=\"2026-10-19 21:14:05 -0500\" resourceFilePath=\"/{}\"/>\n",
            sent.kind(),
            sent.id(),
            sent.clinic.replace('&', "&amp;"),
            sent.url,
            sent.kind(),
            sent.id(),
            sent.version,
            sent.path(place)
        )
    };
    all().iter().enumerate().map(line).collect()
}

/// The files.
pub fn files() -> Vec<(String, String)> {
    let all = all();
    all.iter().enumerate().map(|(place, sent)| (sent.path(place), format!("{}\n", sent.resource))).collect()
}

/// In DSTU2: a substance where R4 has a code, statuses as words, a vaccine that says that it was given.
fn riverton() -> Vec<Value> {
    let patient = json!({"reference": "Patient/20771"});
    let coding = |system: &str, code: &str, text: &str| json!({"coding": [{"system": system, "code": code}], "text": text});
    let (rxnorm, cvx) = ("http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/cvx");
    vec![
        json!({"resourceType": "AllergyIntolerance", "id": "allergy-1", "patient": patient, "status": "active",
            "substance": coding(rxnorm, "7980", "Penicillin"), "criticality": "CRITH", "category": "medication",
            "reaction": [{"manifestation": [{"text": "Hives"}]}]}),
        json!({"resourceType": "Immunization", "id": "shot-13", "patient": patient, "status": "completed",
            "date": "2021-11-16", "vaccineCode": coding(cvx, "187", "zoster recombinant"), "wasNotGiven": false,
            "reported": false, "lotNumber": "SZ1116"}),
        json!({"resourceType": "Immunization", "id": "shot-14", "patient": patient, "status": "completed",
            "date": "2025-10-02", "vaccineCode": coding(cvx, "140", "Influenza"), "wasNotGiven": true,
            "reported": false, "explanation": {"reasonNotGiven": [{"text": "will have it elsewhere"}]}}),
        json!({"resourceType": "Condition", "id": "condition-1", "patient": patient, "clinicalStatus": "active",
            "verificationStatus": "confirmed", "onsetDateTime": "2013-03",
            "code": coding("http://hl7.org/fhir/sid/icd-10-cm", "E11.9", "Type 2 diabetes")}),
        json!({"resourceType": "MedicationOrder", "id": "order-1", "patient": patient, "status": "active",
            "dateWritten": "2020-06-16", "medicationCodeableConcept": coding(rxnorm, "861004", "metformin 1,000 mg tablet"),
            "dosageInstruction": [{"text": "Take 1 tablet twice a day"}]}),
        json!({"resourceType": "Observation", "id": "a1c-1", "subject": patient, "status": "final",
            "category": coding("http://hl7.org/fhir/observation-category", "laboratory", "Laboratory"),
            "code": coding("http://loinc.org", "4548-4", "Hemoglobin A1c"), "effectiveDateTime": "2026-07-14",
            "valueQuantity": {"value": 7.9, "unit": "%"}}),
    ]
}
