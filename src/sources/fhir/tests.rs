//! What holds for every type: nothing fails, nothing is dropped, and nobody else's entry is taken.

use serde_json::json;

use super::node::{Node, Reading};
use super::*;
use crate::record::{Detail, Kind, Standing};

/// References as a caller resolves them in these tests: absolute ones lose their base.
pub(super) fn resolve(written: &str) -> Text {
    let mut parts = written.rsplitn(3, '/');
    match (parts.next(), parts.next()) {
        (Some(id), Some(kind)) => format!("{kind}/{id}").into(),
        _ => written.into(),
    }
}

/// Runs a test on one element.
pub(super) fn with_node<T>(json: &str, test: impl FnOnce(Node) -> T) -> T {
    let resource: Object<'_> = serde_json::from_str(json).unwrap();
    let context = Context { file: "test.json", full_url: None, references: &resolve };
    let (kind, key) = ("Test", "Test/1".into());
    let (notices, unread, seen) = (RefCell::default(), RefCell::default(), Cell::default());
    test(Node::root(&Reading { resource: &resource, kind, key, context: &context, notices, unread, seen }))
}

/// Reads a resource.
pub(super) fn read(json: &str) -> Read {
    try_read(&serde_json::from_str(json).unwrap()).unwrap()
}

fn try_read(resource: &Object<'_>) -> Result<Read, String> {
    let context = Context { file: "test.json", full_url: Some("urn:uuid:7"), references: &resolve };
    read_resource(resource, &context)
}

#[test]
fn a_resource_without_a_type_is_refused_with_a_reason() {
    assert_eq!(try_read(&Object::default()).unwrap_err(), "it has no resource type");
}

#[test]
fn an_unknown_type_is_kept_with_what_can_be_told() {
    let read = read(
        r#"{"resourceType":"RiskAssessment","id":"1","status":"final","code":{"text":"Fall risk"},
        "subject":{"reference":"Patient/1"},"occurrenceDateTime":"2024-01-02",
        "text":{"div":"<div>High risk of falls</div>"},
        "prediction":[{"outcome":{"text":"fall"},"probabilityDecimal":0.40}]}"#,
    );
    assert_eq!((read.entry.kind(), read.entry.key.as_str()), (Kind::Other, "RiskAssessment/1"));
    assert_eq!(read.entry.concept.label(), "Fall risk");
    assert_eq!(read.entry.date.unwrap().to_string(), "2024-01-02");
    assert_eq!(read.entry.notes, ["High risk of falls"]);
    assert_eq!(read.entry.extra("prediction"), Some("fall: 0.40"));
    assert_eq!(read.subject, Subject::Person("Patient/1".into()));
}

#[test]
fn what_every_resource_has_is_read_everywhere() {
    let read = read(
        r#"{"resourceType":"Procedure","status":"entered-in-error",
        "meta":{"lastUpdated":"2024-05-06T07:08:09Z","security":[{"code":"NOPAT"}]},
        "identifier":[{"system":"urn:x","value":"42"}],"note":[{"text":"as said"}],
        "category":{"coding":[{"code":"LP29708-2","display":"Cardiology"}],"text":"Heart"},
        "performedDateTime":"yesterday"}"#,
    );
    let entry = &read.entry;
    assert_eq!(entry.key, "urn:uuid:7", "without an id its address in the bundle tells it apart");
    assert_eq!(entry.standing, Standing::EnteredInError);
    assert_eq!(entry.updated.unwrap().to_string(), "2024-05-06T07:08:09Z");
    assert_eq!(entry.security, ["NOPAT"]);
    assert_eq!(entry.categories, ["Cardiology", "Heart"]);
    assert_eq!(entry.notes, ["as said"]);
    assert_eq!(entry.extra("identifier"), Some("urn:x|42"));
    assert_eq!(entry.extra("performedDateTime as sent"), Some("yesterday"));
    let notice = ("Procedure.performedDateTime".to_owned(), "is no date that can be read".to_owned());
    assert_eq!(read.notices, [notice]);
}

#[test]
fn the_subject_is_a_person_and_nothing_else() {
    for (resource, subject) in [
        (r#"{"resourceType":"Patient","id":"1"}"#, Subject::IsPerson("Patient/1".into())),
        (r#"{"resourceType":"Goal","subject":{"reference":"Group/1"}}"#, Subject::Nobody),
        (
            r#"{"resourceType":"Coverage","beneficiary":{"reference":"https://x.org/Patient/2"}}"#,
            Subject::Person("Patient/2".into()),
        ),
        (
            r#"{"resourceType":"Appointment","participant":[{"actor":{"reference":"Practitioner/1"}},
              {"actor":{"reference":"Patient/3"}}]}"#,
            Subject::Person("Patient/3".into()),
        ),
        (r#"{"resourceType":"Organization","id":"1"}"#, Subject::Nobody),
    ] {
        assert_eq!(read(resource).subject, subject, "{resource}");
    }
}

#[test]
fn contained_resources_that_name_each_other_in_a_circle_end() {
    let read = read(
        r##"{"resourceType":"Observation","id":"1","performer":[{"reference":"#a"}],
        "specimen":{"reference":"#a"},"hasMember":[{"reference":"#1"}],
        "contained":[{"resourceType":"PractitionerRole","id":"a","practitioner":{"reference":"#a"},
          "organization":{"reference":"#a","display":"Clinic"}}]}"##,
    );
    assert_eq!(read.entry.actor("performer"), Some("Clinic"));
}

/// Every type that has a reader of its own, and one that has none.
const TYPES: &str = "AllergyIntolerance Binary CarePlan CareTeam Claim Composition Condition Consent Coverage \
    Device DiagnosticReport DocumentReference Encounter ExplanationOfBenefit FamilyMemberHistory Flag Goal \
    ImagingStudy Immunization Location Media Medication MedicationAdministration MedicationDispense \
    MedicationRequest MedicationStatement Observation Organization Patient Practitioner PractitionerRole \
    Procedure Provenance QuestionnaireResponse RelatedPerson ServiceRequest Specimen";

/// Elements of every shape.
const ELEMENTS: &str = "code status subject category note identifier meta text contained extension \
    effectiveDateTime effectivePeriod valueQuantity valueRange referenceRange component interpretation \
    dataAbsentReason dosageInstruction dispenseRequest medicationReference performer participant period name \
    address telecom birthDate deceasedDateTime content context relatesTo section item target activity \
    protocolApplied class diagnosis total onsetAge reaction collection udiCarrier reasonReference data";

#[test]
fn a_broken_element_never_breaks_the_rest() {
    let broken = [
        json!(null),
        json!(true),
        json!(-1.5e3),
        json!(""),
        json!("#"),
        json!([]),
        json!([null, 1, "x", [], {}]),
        json!({}),
        json!({"value": {"value": []}, "reference": {"reference": 1}, "text": []}),
        json!({"coding": [{"system": "http://loinc.org", "code": "8480-6"}], "text": "x"}),
        json!({"value": 4.10, "unit": "mg", "code": "mg", "low": {"value": "x"}, "start": "x"}),
    ];
    for kind in TYPES.split_whitespace() {
        for key in ELEMENTS.split_whitespace() {
            for value in &broken {
                let inner = json!({ key: value, "timing": value, "doseAndRate": value, "item": value });
                let resource =
                    json!({"resourceType": kind, "id": 5, key: value, "note": inner, "extra": inner});
                let read = try_read(&serde_json::from_str(&resource.to_string()).unwrap()).unwrap();
                assert_eq!(read.entry.key, format!("{kind}/5").as_str(), "a number is an id too");
            }
            // The same element with the broken one inside.
            for value in &broken {
                let resource = json!({"resourceType": kind, "id": 5, key: [{key: value, "value": value,
                    "code": value, "reference": value, "detail": value, "coding": value, "attachment": value}]});
                assert!(try_read(&serde_json::from_str(&resource.to_string()).unwrap()).is_ok());
            }
        }
    }
}

#[test]
fn what_dstu2_says_in_its_own_words_means_the_same() {
    let allergy = |status: &str| {
        read(&format!(
            r#"{{"resourceType":"AllergyIntolerance","id":"1","patient":{{"reference":"Patient/1"}},
            "status":"{status}","criticality":"CRITH","substance":{{"text":"Penicillin"}}}}"#
        ))
    };
    let refuted = allergy("refuted").entry;
    assert_eq!((refuted.standing, refuted.concept.name()), (Standing::Refuted, Some("Penicillin")));
    let active = allergy("active").entry;
    assert_eq!(active.standing, Standing::Stated);
    assert!(
        matches!(&active.detail, Detail::Allergy(allergy) if allergy.criticality.as_deref() == Some("high"))
    );
    let condition = read(
        r#"{"resourceType":"Condition","id":"1","patient":{"reference":"Patient/1"},"clinicalStatus":"active",
        "verificationStatus":"refuted","code":{"text":"Gout"}}"#,
    );
    assert_eq!(
        (condition.entry.standing, condition.entry.status.as_deref()),
        (Standing::Refuted, Some("active"))
    );
    assert!(condition.notices.is_empty(), "{:?}", condition.notices);
    let vaccine = read(
        r#"{"resourceType":"Immunization","id":"1","patient":{"reference":"Patient/1"},"status":"completed",
        "date":"2025-10-02","wasNotGiven":true,"reported":false,"vaccineCode":{"text":"Influenza"},
        "explanation":{"reasonNotGiven":[{"text":"elsewhere"}]}}"#,
    );
    assert_eq!(vaccine.entry.standing, Standing::NotDone);
    assert!(
        matches!(&vaccine.entry.detail, Detail::Immunization(told) if told.reason.as_deref() == Some("elsewhere"))
    );
}

#[test]
fn what_describes_a_system_is_nobodys_record() {
    let told = try_read(&serde_json::from_str(r#"{"resourceType":"CapabilityStatement","id":"1"}"#).unwrap());
    assert_eq!(told.unwrap_err(), "it describes a system or a vocabulary, and tells nothing of a person");
}
