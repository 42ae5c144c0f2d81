//! References of every kind, ids missing or shared, and resources that are not what they say.

use serde_json::{Value, json};

use super::{
    super::{
        analytes, codes,
        json::{Resource, concept, number, reference, text},
        when::When,
    },
    Case, ODD, case, urn, verbatim,
};

#[rustfmt::skip] // One case a row.
pub fn cases() -> Vec<Case> {
    let at = When::on(2026, 6, 30);
    let result = |id: &str, value: i64| ODD.lab(id, &analytes::GLUCOSE, value, at);
    let to = |id: &str, address: &str| result(id, 95).with("encounter", json!({"reference": address}));
    let contained = result("ref-contained", 96)
        .with(
            "contained",
            json!([{"resourceType": "Practitioner", "id": "p", "name": [{"text": "Una Gale, NP"}]}]),
        )
        .with("performer", json!([{"reference": "#p"}]));
    let by_identifier = result("ref-identifier", 97).with(
        "performer",
        json!([{"identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "9990000094"}}]),
    );
    let nameless = |value: i64| result("x", value).without("id");
    let mut cases = vec![
        verbatim("A relative reference", to("ref-relative", "Encounter/visit-odd")),
        verbatim("An absolute reference, own base", to("ref-absolute", "https://fhir.oddcreek.example/R4/Encounter/visit-odd")),
        verbatim("An absolute reference with a version", to("ref-version", "https://fhir.oddcreek.example/R4/Encounter/visit-odd/_history/2")),
        verbatim("An absolute reference to somebody else's server", to("ref-foreign", "https://elsewhere.example/Encounter/1")),
        verbatim("A `urn:uuid:` reference", to("ref-urn", &urn("Encounter/visit-odd"))),
        verbatim("A `urn:uuid:` reference to nothing", to("ref-dangling-urn", "urn:uuid:00000000-0000-4000-8000-000000000000")),
        verbatim("A relative reference to nothing", to("ref-dangling", "Encounter/never-was")),
        verbatim("A reference that is no address", to("ref-nonsense", "see chart")),
        verbatim("A contained performer", contained),
        case("A reference by identifier only", by_identifier),
        case("A result without an id", nameless(98)),
        case("Another without an id, same code and time, other value", nameless(99)),
        case("A shared id, first content", result("shared-id", 100)),
        case("A shared id, other content", result("shared-id", 130)),
        case("A shared id, same content as the first: the same thing twice", result("shared-id", 100)),
        case("The same id under another type", ODD.problem("shared-id", concept(codes::ASTHMA, "Asthma"), "active", "1991")),
        case("No subject", result("no-subject", 94).without("subject")),
        case("The subject is a group, not the person", result("subject-group", 93).with("subject", reference("Group", "study-7"))),
        case("Somebody else's subject, by an absolute address", result("subject-foreign", 92).with("subject", json!({"reference": "https://elsewhere.example/Patient/9"}))),
    ];
    cases.extend(broken());
    cases
}

#[rustfmt::skip] // One case a row.
fn broken() -> Vec<Case> {
    let wrong = Resource::new("Observation", "broken-types")
        .with("status", json!(["final"]))
        .with("category", "laboratory")
        .with("code", "glucose")
        .with("subject", "Robin")
        .with("effectiveDateTime", number("20260630"))
        .with("valueQuantity", json!([{"value": "ninety"}]))
        .with("referenceRange", json!({"low": 70}))
        .with("interpretation", "H");
    let nulls = Resource::new("Condition", "broken-nulls")
        .with("code", json!({"coding": [null, {"system": null, "code": null}], "text": null}))
        .with("subject", Value::Null)
        .with("onsetDateTime", Value::Null)
        .with("clinicalStatus", json!([]));
    vec![
        case("Broken: every element has the wrong type", wrong),
        case("Broken: nulls and empty lists where things should be", nulls),
        case("A type this decade's FHIR does not know", Resource::new("MoonPhaseReport", "moon").with("status", "full")),
        case("An empty name, and nothing but a type and an id", Resource::new("Practitioner", "empty-doctor").with("name", json!([{}]))),
        case("DSTU2 words: `code` of a medication where R4 has another element", Resource::new("MedicationOrder", "dstu2-order").with("status", "active").with("patient", reference("Patient", ODD.patient)).with("dateWritten", "2014-02-02").with("medicationCodeableConcept", text("Amoxicillin 500 mg"))),
    ]
}
