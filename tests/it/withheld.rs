//! What a person withholds by class: entries by their codes, passages of prose by their words, and
//! everything that would reveal them.

use std::sync::Arc;

use jiff::Timestamp;
use plainchart::access::{Grant, grant};
use plainchart::ingest;
use plainchart::knowledge::sensitive::{Class, Classes};
use plainchart::record::{Reader, Scope, View};
use plainchart::store::records;
use serde_json::{Value, json};

use crate::people::{Chart, FIRST_READ_AT};

const NOTE: &str = "Chief complaint: cough for two weeks.\n\nMother of two, works as a teacher.\n\nShe has been seeing a psychiatrist since spring and takes escitalopram.\n\nPlan: chest film on Monday.";
const SECRET: &str = "She has been seeing a psychiatrist since spring and takes escitalopram.";

/// A record of one person with these resources.
fn chart(resources: &[Value]) -> Chart {
    let about = |mut resource: Value| {
        resource["subject"] = json!({"reference": "Patient/1"});
        resource["patient"] = json!({"reference": "Patient/1"});
        resource
    };
    Chart::with(&resources.iter().cloned().map(about).collect::<Vec<Value>>())
}

/// From now on the chart is asked without this class.
fn withhold(chart: &Chart, class: Class) {
    let grant = Grant::of_owner().with_scope(without(class));
    grant::change_local(&chart.sealed, Timestamp::UNIX_EPOCH, |_| Ok(grant.clone())).unwrap();
}

fn without(class: Class) -> Scope {
    Scope { classes: !Classes::from_iter([class]).bits(), ..Scope::everything() }
}

/// How much is found by these words.
fn total(chart: &Chart, words: &str) -> Value {
    chart.ask("search_records", json!({"query": words})).structured["total"].clone()
}

fn note(id: &str, kind: &str, text: &str) -> Value {
    let bytes = encoded(text.as_bytes());
    json!({"resourceType": "DocumentReference", "id": id, "status": "current", "type": {"text": kind},
        "date": "2025-03-04T10:00:00Z", "content": [{"attachment": {"contentType": "text/plain", "data": bytes}}]})
}

/// Base64 (RFC 4648, 4).
fn encoded(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |part: &[u8]| {
        let bits =
            part.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - part.len()));
        let letter = |place: usize| match place <= part.len() {
            true => LETTERS[(bits >> (18 - 6 * place) & 63) as usize] as char,
            false => '=',
        };
        (0..4).map(letter).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

#[test]
fn of_a_note_the_passage_is_withheld_and_the_rest_is_shown() {
    let chart = chart(&[note("d1", "Progress note", NOTE)]);
    let id = chart.id("DocumentReference/d1");
    let read = || chart.text("get_documents", json!({"id": id}));
    let original = || chart.text("get_record", json!({"id": id, "original": "true"}));
    assert!(read().contains("escitalopram") && !read().contains("withheld"), "{}", read());

    withhold(&chart, Class::MentalHealth);
    let cut = read();
    assert!(cut.contains("works as a teacher.\n\n[withheld by the person's settings]\n\nPlan:"), "{cut}");
    for word in ["psychiatrist", "escitalopram", "since spring", "mental"] {
        assert!(!cut.contains(word), "{word}: {cut}");
        assert_eq!(total(&chart, word), 0, "{word}");
    }
    assert!(chart.text("search_records", json!({"query": "teacher"})).contains(&id));
    let characters = NOTE.replace(SECRET, "[withheld by the person's settings]").len();
    let entry = chart.text("get_record", json!({"id": id}));
    assert!(entry.contains(&format!("{characters} characters")), "it is not counted: {entry}");
    assert!(original().contains("The original is withheld by the person's settings."), "{}", original());
    assert!(!original().contains("resourceType"), "{}", original());

    // Another class leaves it as it is, the original too, and the coverage says the same words.
    withhold(&chart, Class::Hiv);
    let coverage = |text: &str| text.lines().last().unwrap().to_owned();
    assert!(read().contains("escitalopram"), "{}", read());
    assert_eq!(coverage(&cut), coverage(&read()));
    assert!(original().contains("resourceType"), "{}", original());
}

#[test]
fn conclusions_comments_long_texts_and_own_notes_are_cut_alike() {
    let filler = "The stairs at home are steep and she would like a second handrail fitted soon. ".repeat(3);
    let goal = format!("{filler}\nShe wishes to stay sober.");
    let chart = chart(&[
        json!({"resourceType": "DiagnosticReport", "id": "r", "status": "final", "code": {"text": "CT HEAD"},
            "category": [{"coding": [{"code": "RAD"}]}], "effectiveDateTime": "2025-01-02",
            "conclusion": "No bleed.\nHistory of alcoholism noted."}),
        json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "Sodium"},
            "category": [{"coding": [{"code": "laboratory"}]}], "effectiveDateTime": "2025-01-02",
            "valueQuantity": {"value": 133, "unit": "mmol/L"},
            "note": [{"text": "Repeat in a week. Heavy drinking was reported."}]}),
        json!({"resourceType": "Goal", "id": "g", "lifecycleStatus": "active",
            "description": {"text": "Safe at home"},
            "target": [{"measure": {"text": "Home"}, "detailString": goal}]}),
    ]);
    let own = "Ask about the knee.\nI went to detox in May.";
    ingest::note(&chart.sealed, own, None, FIRST_READ_AT).unwrap();
    let telling = ["alcoholism", "Heavy drinking", "stay sober", "detox in May"];
    for words in telling {
        assert_ne!(total(&chart, words), 0, "{words}");
    }
    withhold(&chart, Class::SubstanceUse);
    let answers: String = chart.all_answers().into_iter().map(|(_, answer)| answer.text).collect();
    for words in telling {
        assert_eq!(total(&chart, words), 0, "{words}");
        assert!(!answers.contains(words), "{words}: {answers}");
    }
    for kept in ["No bleed.", "133", "Safe at home", "Ask about the knee."] {
        assert!(answers.contains(kept), "{kept}: {answers}");
    }
}

type Named = (&'static str, Value);

fn icd(code: &str) -> Value {
    json!([{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]}])
}

fn medicines_and_findings() -> Vec<Named> {
    vec![
        (
            "a medicine",
            json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order",
            "medicationCodeableConcept": {"text": "sertraline 50 MG Oral Tablet"}}),
        ),
        (
            "the reason of a medicine",
            json!({"resourceType": "MedicationRequest", "status": "active",
            "intent": "order", "medicationCodeableConcept": {"text": "propranolol 10 mg"},
            "reasonCode": [{"text": "panic attacks"}]}),
        ),
        (
            "the dosage of a medicine",
            json!({"resourceType": "MedicationRequest", "status": "active",
            "intent": "order", "medicationCodeableConcept": {"text": "hydroxyzine 25 mg"},
            "dosageInstruction": [{"text": "one tablet for panic attack"}]}),
        ),
        (
            "a test",
            json!({"resourceType": "Observation", "status": "final", "valueInteger": 14,
            "code": {"coding": [{"system": "http://loinc.org", "code": "44261-6"}], "text": "Score"}}),
        ),
        ("a problem", json!({"resourceType": "Condition", "code": icd("F33.1")[0]})),
    ]
}

fn visits_and_notes() -> Vec<Named> {
    vec![
        (
            "the reason of a visit",
            json!({"resourceType": "Encounter", "status": "finished",
            "class": {"code": "AMB"}, "reasonCode": icd("F32.9")}),
        ),
        (
            "the department of a visit",
            json!({"resourceType": "Encounter", "status": "finished",
            "class": {"code": "AMB"}, "location": [{"location": {"display": "Behavioral Health Clinic"}}]}),
        ),
        ("the type of a note", note("n", "Psychiatry progress note", "All well.")),
        ("the department of a note", {
            let mut note = note("n", "Progress note", "All well.");
            note["custodian"] = json!({"display": "Riverton Psychiatry"});
            note
        }),
        ("the specialist who wrote a note", {
            let mut note = note("n", "Progress note", "All well.");
            note["author"] = json!([{"reference": "Practitioner/psych"}]);
            note
        }),
    ]
}

fn people_plans_and_forms() -> Vec<Named> {
    vec![
        (
            "a care team's member",
            json!({"resourceType": "CareTeam", "status": "active", "name": "Team",
            "participant": [{"role": [{"text": "Psychiatrist"}], "member": {"display": "Dr. Q"}}]}),
        ),
        (
            "an order's reason",
            json!({"resourceType": "ServiceRequest", "status": "active", "intent": "order",
            "code": {"text": "Referral"}, "reasonCode": icd("F41.1")}),
        ),
        (
            "what is ordered",
            json!({"resourceType": "ServiceRequest", "status": "active", "intent": "order",
            "code": {"text": "Referral to psychiatry"}}),
        ),
        (
            "a question",
            json!({"resourceType": "QuestionnaireResponse", "status": "completed",
            "item": [{"linkId": "/44250-9", "text": "Little interest", "answer": [{"valueString": "Never"}]}]}),
        ),
        (
            "an answer",
            json!({"resourceType": "QuestionnaireResponse", "status": "completed",
            "item": [{"linkId": "1", "text": "Other illnesses", "answer": [{"valueString": "bipolar"}]}]}),
        ),
        (
            "the illness of a relative",
            json!({"resourceType": "FamilyMemberHistory", "status": "completed",
            "relationship": {"text": "mother"}, "condition": [{"code": {"text": "Schizophrenia"}}]}),
        ),
        (
            "the diagnosis of a claim",
            json!({"resourceType": "ExplanationOfBenefit", "status": "active",
            "type": {"text": "professional"}, "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": icd("F319")[0]}]}),
        ),
        (
            "a privacy label",
            json!({"resourceType": "Observation", "status": "final", "code": {"text": "Form"},
            "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PSY"}]}}),
        ),
    ]
}

#[test]
fn each_thing_that_reveals_a_class_is_withheld_with_it() {
    let revealing = [medicines_and_findings(), visits_and_notes(), people_plans_and_forms()].concat();
    for (what, mut resource) in revealing {
        resource["id"] = json!("x1");
        let role = json!({"resourceType": "PractitionerRole", "id": "role",
            "practitioner": {"reference": "Practitioner/psych"}, "specialty": [{"text": "Psychiatry"}]});
        let doctor = json!({"resourceType": "Practitioner", "id": "psych", "name": [{"family": "Berg"}]});
        let chart = chart(&[role, doctor, resource]);
        let entry = chart.entries().into_iter().find(|entry| entry.key.ends_with("/x1")).unwrap();
        let record = Arc::clone(&records::open(&chart.sealed).unwrap().record);
        let seen = View::new(record, without(Class::MentalHealth));
        assert!(seen.entry(entry.id).is_none(), "{what} stays");
    }
}

/// A report of two results, of which one or the report itself bears a mark of the hospital.
fn marked(on: &str, mark: &str) -> Chart {
    let result = |id: &str| {
        json!({"resourceType": "Observation", "id": id, "status": "final", "code": {"text": format!("Marker {id}")},
            "category": [{"coding": [{"code": "laboratory"}]}], "effectiveDateTime": "2025-03-04",
            "valueString": "seen"})
    };
    let report = json!({"resourceType": "DiagnosticReport", "id": "report", "status": "final",
        "code": {"text": "Markers"}, "effectiveDateTime": "2025-03-04", "conclusion": "One was seen.",
        "result": [{"reference": "Observation/a"}, {"reference": "Observation/b"}]});
    let mut resources = [result("a"), result("b"), report];
    let bearer = resources.iter_mut().find(|resource| resource["id"] == on).unwrap();
    bearer["meta"] = json!({"security": [{"code": mark}]});
    chart(&resources)
}

/// The ids, at their source, of what is seen of a report and its results.
fn seen_of(chart: &Chart, scope: Scope) -> Vec<String> {
    let record = Arc::clone(&records::open(&chart.sealed).unwrap().record);
    let view = View::new(Arc::clone(&record), scope);
    let ids = record.entries.iter().filter(|entry| view.entry(entry.id).is_some());
    let mut ids: Vec<String> =
        ids.filter_map(|entry| entry.key.rsplit('/').next().map(str::to_owned)).collect();
    ids.retain(|id| ["a", "b", "report"].contains(&id.as_str()));
    ids.sort();
    ids
}

#[test]
fn what_a_hospital_marks_is_kept_from_those_it_means_with_whatever_tells_of_it() {
    let read_by = |is_the_person| {
        Scope::everything().read_by(Reader { is_the_person, today: jiff::civil::date(2026, 3, 14) })
    };
    // A result with a mark takes the report along, whose words may tell of it; the other result stays.
    let chart = marked("a", "NOPAT");
    assert_eq!(seen_of(&chart, read_by(true)), ["b"]);
    assert_eq!(seen_of(&chart, read_by(false)), ["b"]);
    // A report with a mark takes its results along.
    assert!(seen_of(&marked("report", "NOPAT"), read_by(true)).is_empty());
    // What is private to the person is kept from whoever acts for them.
    let chart = marked("a", "NOAUTH");
    assert_eq!(seen_of(&chart, read_by(true)), ["a", "b", "report"]);
    assert_eq!(seen_of(&chart, read_by(false)), ["b"]);
    // At their own machine the person has the file itself.
    assert_eq!(seen_of(&marked("a", "NOPAT"), Scope::everything()), ["a", "b", "report"]);
}

#[test]
fn a_clinic_of_which_all_is_withheld_is_not_named() {
    let chart = chart(&[note("n", "Progress note", "A cough.")]);
    let patient = json!({"resourceType": "Patient", "id": "2", "birthDate": "1980-02-03", "gender": "female",
        "name": [{"given": ["Ann"], "family": "Oak"}]});
    // ICD-10-CM F32.9: a depressive episode.
    let illness = json!({"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/2"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F32.9"}]}});
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("more.ndjson");
    std::fs::write(&file, format!("{patient}\n{illness}")).unwrap();
    let request = ingest::Request {
        paths: vec![file],
        source: Some("Harbor Psychiatry".into()),
        is_same_person: true,
        at: FIRST_READ_AT,
        ..ingest::Request::default()
    };
    ingest::import(&chart.sealed, &request, &mut |_| {}).unwrap();
    let said = |chart: &Chart| {
        chart.text("get_conditions", json!({})) + &chart.text("check_records_status", json!({}))
    };
    assert!(said(&chart).contains("Harbor"), "{}", said(&chart));
    withhold(&chart, Class::MentalHealth);
    assert!(!said(&chart).contains("Harbor"), "{}", said(&chart));
    assert!(said(&chart).contains("clinic"), "{}", said(&chart));
}

#[test]
fn the_bytes_of_a_withheld_note_are_withheld_with_it() {
    let mut sent = note("n", "Psychiatry progress note", "");
    sent["content"] = json!([{"attachment": {"contentType": "text/plain", "url": "Binary/b1"}}]);
    let binary = json!({"resourceType": "Binary", "id": "b1", "contentType": "text/plain",
        "data": encoded(b"Walks by the river every day.")});
    let chart = chart(&[sent, binary]);
    assert_ne!(total(&chart, "river"), 0);
    withhold(&chart, Class::MentalHealth);
    assert_eq!(total(&chart, "river"), 0);
}

#[test]
fn an_original_that_nobody_could_read_whole_is_withheld_with_any_class() {
    let mut scan = note("d1", "Progress note", "");
    scan["content"][0]["attachment"]["contentType"] = json!("application/pdf");
    scan["content"][0]["attachment"]["data"] = json!(encoded(b"%PDF-1.4 whatever it says"));
    let narrated = json!({"resourceType": "Observation", "id": "o", "status": "final",
        "code": {"text": "Sodium"}, "valueQuantity": {"value": 133, "unit": "mmol/L"},
        "text": {"status": "additional", "div": "<div>Takes <b>lithium</b> for bipolar disorder</div>"}});
    let chart = chart(&[scan, narrated]);
    let is_shown = |key: &str| {
        let text = chart.text("get_record", json!({"id": chart.id(key), "original": "true"}));
        text.contains("resourceType")
    };
    assert!(is_shown("DocumentReference/d1") && is_shown("Observation/o"));
    withhold(&chart, Class::Genetic);
    assert!(!is_shown("DocumentReference/d1") && is_shown("Observation/o"));
    withhold(&chart, Class::MentalHealth);
    assert!(!is_shown("DocumentReference/d1") && !is_shown("Observation/o"));
}

#[test]
fn of_whose_record_it_is_only_what_reveals_is_withheld() {
    let chart = Chart::empty();
    let patient = json!({"resourceType": "Patient", "id": "1", "birthDate": "1980-02-03", "gender": "female",
        "name": [{"given": ["Ann"], "family": "Oak"}],
        "extension": [{"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity",
            "valueCodeableConcept": {"text": "Transgender female"}}]});
    chart.import_text("clinic.ndjson", &patient.to_string());
    let background = || chart.text("get_background", json!({}));
    assert!(background().contains("Transgender"), "{}", background());
    withhold(&chart, Class::SexualReproductive);
    let shown = background();
    assert!(!shown.contains("Transgender"), "{shown}");
    assert!(shown.contains("Ann Oak") && shown.contains("female") && shown.contains("1980-02-03"), "{shown}");
}
