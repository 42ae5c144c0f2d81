//! Resources in a few words, for people made up by hand: `lab("k2", "Potassium", "2823-3", "5.9 mmol/L", "2026-11-18")`.
//!
//! LOINC and CVX codes stand in `src/knowledge/tables` with their sources.

use serde_json::{Value, json};

const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

/// A person: name, birth date, sex.
pub fn patient(given: &str, born: &str, sex: &str) -> Value {
    json!({ "resourceType": "Patient", "id": "1", "birthDate": born, "gender": sex,
        "name": [{ "given": [given], "family": "Oak" }] })
}

/// The resource with these elements beside its own, or in their place.
pub fn with(mut resource: Value, more: Value) -> Value {
    let (Value::Object(own), Value::Object(more)) = (&mut resource, more) else { panic!("two objects") };
    own.extend(more);
    resource
}

fn of_patient(kind: &str, id: &str, more: Value) -> Value {
    let whom = if ["AllergyIntolerance", "Immunization", "FamilyMemberHistory"].contains(&kind) {
        "patient"
    } else {
        "subject"
    };
    with(json!({ "resourceType": kind, "id": id, whom: { "reference": "Patient/1" } }), more)
}

fn words(text: &str) -> Value {
    json!({ "text": text })
}

fn coded(system: &str, code: &str, text: &str) -> Value {
    match code {
        "" => words(text),
        code => json!({ "text": text, "coding": [{ "system": system, "code": code }] }),
    }
}

fn loinc(code: &str, text: &str) -> Value {
    coded("http://loinc.org", code, text)
}

/// `5.9 mmol/L` as a quantity with its digits, anything else as words.
fn value(result: &str) -> Value {
    let (sign, rest) = match result.strip_prefix(['<', '>']) {
        Some(rest) => (Some(&result[..1]), rest),
        None => (None, result),
    };
    let (number, unit) = rest.split_once(' ').unwrap_or((rest, ""));
    let Ok(number) = serde_json::from_str::<serde_json::Number>(number) else {
        return json!({ "valueString": result });
    };
    let mut quantity = json!({ "value": number });
    if !unit.is_empty() {
        quantity["unit"] = unit.into();
    }
    if let Some(sign) = sign {
        quantity["comparator"] = sign.into();
    }
    json!({ "valueQuantity": quantity })
}

fn observation(category: &str, id: &str, name: &str, code: &str, result: &str, date: &str) -> Value {
    let own = json!({ "status": "final", "category": [{ "coding": [{ "system": CATEGORY, "code": category }] }],
        "code": loinc(code, name), "effectiveDateTime": date });
    of_patient("Observation", id, with(own, value(result)))
}

pub fn lab(id: &str, name: &str, code: &str, result: &str, date: &str) -> Value {
    observation("laboratory", id, name, code, result, date)
}

pub fn vital(id: &str, name: &str, code: &str, result: &str, date: &str) -> Value {
    observation("vital-signs", id, name, code, result, date)
}

pub fn social(id: &str, name: &str, code: &str, result: &str, date: &str) -> Value {
    observation("social-history", id, name, code, result, date)
}

/// The result with the report's own range in words and flag; empty for none.
pub fn ranged(result: Value, range: &str, flag: &str) -> Value {
    let flags = json!({ "interpretation": [{ "coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": flag }] }] });
    let ranges = json!({ "referenceRange": [{ "text": range }] });
    let result = if range.is_empty() { result } else { with(result, ranges) };
    if flag.is_empty() { result } else { with(result, flags) }
}

/// A blood pressure, as `152/88`.
pub fn pressure(id: &str, reading: &str, date: &str) -> Value {
    let (upper, lower) = reading.split_once('/').unwrap();
    let part = |code: &str, name: &str, number: &str| json!({ "code": loinc(code, name), "valueQuantity": { "value": number.parse::<u32>().unwrap(), "unit": "mmHg" } });
    let components =
        json!({ "component": [part("8480-6", "Systolic", upper), part("8462-4", "Diastolic", lower)] });
    let mut reading = with(vital(id, "Blood pressure", "85354-9", "", date), components);
    reading.as_object_mut().unwrap().remove("valueString");
    reading
}

/// A problem of the list, by words and ICD-10-CM code; `status` active or resolved.
pub fn problem(id: &str, name: &str, icd10: &str, since: &str, status: &str) -> Value {
    of_patient(
        "Condition",
        id,
        json!({
        "clinicalStatus": { "coding": [{ "code": status }] },
        "verificationStatus": { "coding": [{ "code": "confirmed" }] },
        "category": [{ "coding": [{ "code": "problem-list-item" }] }],
        "code": coded("http://hl7.org/fhir/sid/icd-10-cm", icd10, name), "onsetDateTime": since }),
    )
}

/// An order for home, by words: the medicine, the label's words, the day.
pub fn order(id: &str, medicine: &str, label: &str, on: &str) -> Value {
    let dosage = if label.is_empty() { json!([]) } else { json!([{ "text": label }]) };
    of_patient(
        "MedicationRequest",
        id,
        json!({ "status": "active", "intent": "order",
        "category": [{ "coding": [{ "code": "community" }] }],
        "medicationCodeableConcept": words(medicine), "authoredOn": on, "dosageInstruction": dosage }),
    )
}

pub fn allergy(id: &str, substance: &str, reaction: &str) -> Value {
    of_patient(
        "AllergyIntolerance",
        id,
        json!({ "code": words(substance),
        "clinicalStatus": { "coding": [{ "code": "active" }] },
        "verificationStatus": { "coding": [{ "code": "confirmed" }] },
        "reaction": [{ "manifestation": [words(reaction)] }] }),
    )
}

pub fn shot(id: &str, name: &str, cvx: &str, on: &str) -> Value {
    of_patient(
        "Immunization",
        id,
        json!({ "status": "completed",
        "vaccineCode": coded("http://hl7.org/fhir/sid/cvx", cvx, name), "occurrenceDateTime": on }),
    )
}

pub fn procedure(id: &str, name: &str, on: &str) -> Value {
    of_patient(
        "Procedure",
        id,
        json!({ "status": "completed", "code": words(name), "performedDateTime": on }),
    )
}

/// A visit: its class (AMB, EMER, IMP), what it was, why, from and to.
pub fn visit(id: &str, class: &str, what: &str, why: &str, from: &str, to: &str) -> Value {
    of_patient(
        "Encounter",
        id,
        json!({ "status": "finished", "class": { "code": class },
        "type": [words(what)], "reasonCode": [words(why)], "period": { "start": from, "end": to } }),
    )
}

/// A report with its conclusion; the category tells imaging (`RAD`), pathology (`PAT`) or genetics (`GE`).
pub fn report(id: &str, category: &str, name: &str, conclusion: &str, on: &str) -> Value {
    of_patient(
        "DiagnosticReport",
        id,
        json!({ "status": "final",
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": category }] }],
        "code": words(name), "effectiveDateTime": on, "conclusion": conclusion }),
    )
}

/// A note in plain words.
pub fn note(id: &str, title: &str, text: &str, on: &str) -> Value {
    use base64::Engine as _;
    let body = base64::engine::general_purpose::STANDARD.encode(text);
    of_patient(
        "DocumentReference",
        id,
        json!({ "status": "current", "type": words(title), "date": on,
        "content": [{ "attachment": { "contentType": "text/plain", "data": body } }] }),
    )
}

/// An order for a test or a referral.
pub fn request(id: &str, what: &str, on: &str) -> Value {
    of_patient(
        "ServiceRequest",
        id,
        json!({ "status": "active", "intent": "order", "code": words(what), "authoredOn": on }),
    )
}

pub fn relative(id: &str, who: &str, illness: &str, age: u32) -> Value {
    of_patient(
        "FamilyMemberHistory",
        id,
        json!({ "status": "completed", "relationship": words(who),
        "condition": [{ "code": words(illness), "onsetAge": { "value": age, "unit": "years" } }] }),
    )
}

pub fn device(id: &str, name: &str, model: &str) -> Value {
    json!({ "resourceType": "Device", "id": id, "status": "active", "patient": { "reference": "Patient/1" },
        "type": words(name), "modelNumber": model })
}

pub fn directive(id: &str, name: &str, on: &str) -> Value {
    with(
        note(id, name, "Signed by the person.", on),
        json!({
        "category": [{ "coding": [{ "system": "http://loinc.org", "code": "42348-3" }], "text": "Advance directives" }] }),
    )
}

pub fn goal(id: &str, what: &str, due: &str) -> Value {
    of_patient(
        "Goal",
        id,
        json!({ "lifecycleStatus": "active", "description": words(what),
        "target": [{ "dueDate": due }] }),
    )
}

pub fn team(id: &str, members: &[(&str, &str)]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|(name, role)| json!({ "role": [words(role)], "member": { "display": name } }))
        .collect();
    of_patient("CareTeam", id, json!({ "status": "active", "participant": members }))
}
