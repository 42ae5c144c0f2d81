//! Lakeside's record of her: everything, in full.

use serde_json::json;

use super::{
    super::{
        codes, document,
        json::{Resource, concept, hl7, reference, text},
        when::When,
    },
    LAKESIDE, around, history, hospital, notes, reports, visits,
};

/// The whole record, in the order a portal would send it.
pub fn record() -> Vec<Resource> {
    let mut entries = vec![disclaimer(), around::patient()];
    entries.extend(LAKESIDE.staff(("9990000011", "9990000029"), "Lakeside"));
    entries.push(
        Resource::new("Practitioner", "dr-tobias-wren").with("name", json!([{"text": "Tobias Wren, DO"}])),
    );
    entries.push(Resource::new("Location", "loc-4-west").with("name", "Lakeside Hospital, 4 West"));
    entries.extend(history::problems(&LAKESIDE, "problem-", false, |_| true));
    entries.extend(history::allergies(&LAKESIDE, "allergy-"));
    entries.extend(history::orders(&LAKESIDE, "order-", |_| true).into_iter().map(of_last_visit));
    entries.extend(history::shots(&LAKESIDE, "shot-", false));
    entries.extend(around::care());
    entries.extend(around::papers());
    for (index, visit) in visits::LAKESIDE.iter().enumerate() {
        entries.extend(office_visit(index, visit));
    }
    entries.extend(last_visit());
    entries.extend(hospital::stay());
    entries.extend(hospital::emergency());
    entries.extend(reports::reports());
    entries
}

/// What Epic puts into every answer.
fn disclaimer() -> Resource {
    Resource::new("OperationOutcome", "outcome-4119").with(
        "issue",
        json!([{"severity": "warning", "code": "informational", "details": {"coding": [
            {"system": "urn:oid:1.2.840.99999.7.1.657369", "code": "4119"}],
            "text": "This response includes information available to the authorized user at the time of \
                the request. It may not contain the entire record available in the system."}}]),
    )
}

fn office_visit(index: usize, visit: &visits::Visit) -> Vec<Resource> {
    let at = visit.at();
    let id = format!("visit-{}", at.stamp());
    let is_yearly = index.is_multiple_of(4);
    let reason = if is_yearly {
        concept(codes::ADULT_EXAM, "Yearly check-up")
    } else {
        text("Diabetes and blood pressure")
    };
    let mut entries =
        vec![LAKESIDE.visit(&id, "AMB", "Office visit", at, 30).with("reasonCode", json!([reason]))];
    entries.extend(visits::vitals(&LAKESIDE, "", visit, &id));
    entries.extend(visits::panels(&LAKESIDE, visit, &id));
    if is_yearly {
        entries.push(history::smoking(&LAKESIDE, &format!("smoking-{}", at.stamp()), at).in_visit(&id));
        let tired = if index == 20 { 2 } else { 1 };
        entries.extend(around::questionnaire(at, [1, 0, 1, tired, 0, 0, 1, 0, 0], &id));
    }
    let is_last = index + 1 == visits::LAKESIDE.len();
    if index % 2 == 1 || is_last {
        entries.extend(note(index, visit, &id, is_last));
    }
    entries
}

fn note(index: usize, visit: &visits::Visit, encounter: &str, is_last: bool) -> [Resource; 2] {
    let previous = index.checked_sub(1).and_then(|before| visits::LAKESIDE.get(before));
    let words = if is_last { notes::LAST.to_owned() } else { notes::office(visit, previous) };
    let formats = match index % 3 {
        0 => vec![document::plain(&words)],
        1 => vec![document::html("Progress note", &words), document::rtf(&words)],
        _ => vec![document::xhtml("Progress note", &words)],
    };
    let id = format!("note-{}", visit.at().stamp());
    [
        LAKESIDE.note(&id, codes::PROGRESS_NOTE, visit.at(), encounter, &formats),
        LAKESIDE.provenance(
            &format!("provenance-{id}"),
            ("DocumentReference", &id),
            visit.at().plus_minutes(600),
        ),
    ]
}

/// What else happened in the last visit: a new diagnosis, two orders, and what she takes on her own.
fn last_visit() -> Vec<Resource> {
    let at = When::on(2026, 10, 6);
    let visit = "visit-20261006";
    let potassium = concept(codes::HYPERKALEMIA, "High potassium");
    let ibuprofen = LAKESIDE
        .about("MedicationStatement", "taken-ibuprofen")
        .with("status", "active")
        .with("medicationCodeableConcept", concept(codes::IBUPROFEN_200, "ibuprofen 200 mg tablet"))
        .with("effectivePeriod", json!({"start": "2026-07"}))
        .with("dateAsserted", "2026-10-06")
        .with("informationSource", reference("Patient", LAKESIDE.patient))
        .with("dosage", json!([{"text": "2 tablets most evenings, without a prescription"}]))
        .with("context", reference("Encounter", visit));
    vec![
        LAKESIDE.visit_diagnosis("dx-potassium-2026", potassium.clone(), visit, at),
        LAKESIDE
            .request("request-potassium-2026", "active", concept(codes::PANEL_BMP, "Repeat potassium"), at)
            .with("occurrenceDateTime", "2026-10-13")
            .with("reasonCode", json!([potassium]))
            .in_visit(visit),
        LAKESIDE
            .request("request-kidney-clinic-2026", "active", text("Referral to the kidney clinic"), at)
            .with("category", json!([text("Referral")]))
            .with("reasonCode", json!([concept(codes::CKD_3A, "Kidney disease, stage 3a")]))
            .in_visit(visit),
        LAKESIDE
            .visit("visit-20270112", "AMB", "Office visit", When::on(2027, 1, 12), 30)
            .with("status", "planned"),
        ibuprofen,
    ]
}

/// The order of the last visit says in which visit it was made.
fn of_last_visit(order: Resource) -> Resource {
    if order.id() == Some("order-empagliflozin") {
        order
            .in_visit("visit-20261006")
            .with("reasonCode", json!([concept(codes::DIABETES_2, "Type 2 diabetes")]))
            .with("courseOfTherapyType", hl7("medicationrequest-course-of-therapy", "continuous"))
    } else {
        order
    }
}
