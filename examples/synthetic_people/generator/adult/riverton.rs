//! Riverton's record of her: less of everything, in other words, under other ids, and with what
//! Lakeside sent it told again.

use serde_json::json;

use super::{
    super::{
        analytes::{self, Analyte},
        codes, document,
        json::{Resource, hl7_system, text},
        when::When,
    },
    RIVERTON, history, notes, visits,
};

/// What Riverton measures itself.
static OWN: [&Analyte; 6] = [
    &analytes::A1C,
    &analytes::GLUCOSE,
    &analytes::CREATININE,
    &analytes::EGFR,
    &analytes::POTASSIUM,
    &analytes::LDL,
];

/// The whole record, with ids that mean nothing.
pub fn record() -> Vec<Resource> {
    let mut entries = vec![patient()];
    entries.extend(RIVERTON.staff(("9990000037", "9990000045"), "Riverton"));
    entries.extend(history::problems(&RIVERTON, "a-4410.problem-", true, |problem| problem.5));
    entries.extend(history::allergies(&RIVERTON, "a-4410.allergy-").into_iter().take(1));
    entries.extend(history::orders(&RIVERTON, "a-4410.rx-", |order| order.5));
    entries.extend(history::shots(&RIVERTON, "a-4410.vaccine-", true));
    for (index, visit) in visits::RIVERTON.iter().enumerate() {
        let id = format!("a-4410.encounter-{}", 300 + index);
        entries.push(RIVERTON.visit(&id, "AMB", "DIABETES FOLLOW UP", visit.at(), 25));
        entries.extend(visits::vitals(&RIVERTON, "a-4410.vital-", visit, &id));
        let drawn = OWN.iter().filter(|analyte| analyte.key != "ldl" || visit.ldl.is_some());
        let results = drawn.map(|analyte| {
            let id = format!("a-4410.result-{}-{}", 500 + index, analyte.key);
            RIVERTON.lab(&id, analyte, visit.value(analyte), visit.at())
        });
        entries.extend(results.map(|result| result.in_visit(&id)));
        if index + 1 < visits::RIVERTON.len() {
            let page = [document::html("Diabetes clinic", &notes::clinic(visit))];
            let note_id = format!("a-4410.note-{}", 60 + index);
            entries.push(RIVERTON.note(&note_id, codes::PROGRESS_NOTE, visit.at(), &id, &page));
        }
    }
    entries.extend(from_lakeside());
    entries.push(history::smoking(&RIVERTON, "a-4410.social-1", When::on(2023, 2, 14)));
    let letter = [document::html("Diabetes clinic", notes::RIVERTON)];
    let at = When::on(2026, 7, 14);
    entries.push(RIVERTON.note("a-4410.note-88", codes::CONSULT_NOTE, at, "a-4410.encounter-311", &letter));
    // The hospital's summary, byte for byte, under another id and without its visit.
    let summary = [document::html("Discharge summary", notes::DISCHARGE)];
    let received = When::on(2023, 3, 20);
    let copy = RIVERTON.note("a-4410.scan-12", codes::DISCHARGE_SUMMARY, received, "none", &summary);
    entries.push(copy.without("context"));
    entries.push(uncoded());
    entries
}

/// Herself, as Riverton knows her: no second given name in full, another number.
fn patient() -> Resource {
    Resource::new("Patient", RIVERTON.patient)
        .with(
            "identifier",
            json!([{"type": {"coding": [{"system": hl7_system("v2-0203"), "code": "MR"}]},
            "system": "urn:oid:1.2.840.99999.7.2.14", "value": "20771"}]),
        )
        .with("name", json!([{"use": "official", "family": "ALVAREZ", "given": ["MARIA", "E"]}]))
        .with("gender", "female")
        .with("birthDate", "1961-04-17")
        .with("telecom", json!([{"system": "phone", "value": "555-0142"}]))
}

/// The laboratory sent Lakeside's results of 2022 and later here as well: the same draws.
fn from_lakeside() -> Vec<Resource> {
    let recent = visits::LAKESIDE.iter().filter(|visit| visit.day.0 >= 2022);
    recent
        .enumerate()
        .flat_map(|(index, visit)| {
            let shared = OWN.iter().filter(|analyte| analyte.key != "ldl" || visit.ldl.is_some());
            shared.map(move |analyte| {
                let id = format!("a-4410.result-{}-{}", 700 + index, analyte.key);
                RIVERTON
                    .lab(&id, analyte, visit.value(analyte), visit.at())
                    .with("performer", json!([{"display": "Lakeside Laboratory"}]))
            })
        })
        .collect()
}

/// A result without any code, as one in nine is at this vendor.
fn uncoded() -> Resource {
    RIVERTON
        .result("a-4410.result-999", text("VIBRATION SENSE, FEET"), When::on(2026, 7, 14))
        .with("valueString", "reduced at both big toes")
        .with("interpretation", json!([text("abnormal")]))
}
