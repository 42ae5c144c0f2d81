//! One hospital stay (March 2023) and one emergency visit (February 2025).

use serde_json::json;

use super::{
    super::{
        analytes::{self, Analyte},
        clinical::Medicine,
        codes, document,
        json::{Resource, concept, hl7, hl7_system, reference, text},
        when::When,
    },
    LAKESIDE, notes, reports,
};

/// The stay, from admission to discharge.
pub fn stay() -> Vec<Resource> {
    let start = When::at(2023, 3, 9, 2, 40);
    let visit = "visit-hospital-2023";
    let hospitalization = json!({"dischargeDisposition": {"text": "Home"},
        "admitSource": {"text": "Emergency department"}});
    let mut entries = vec![
        LAKESIDE
            .visit(visit, "IMP", "Hospital stay", start, 3 * 1440 + 700)
            .with("reasonCode", json!([concept(codes::PYELONEPHRITIS, "Kidney infection")]))
            .with("hospitalization", hospitalization)
            .with("location", json!([{"location": reference("Location", "loc-4-west")}])),
        LAKESIDE.visit_diagnosis(
            "dx-hospital-2023",
            concept(codes::PYELONEPHRITIS, "Kidney infection"),
            visit,
            start,
        ),
        LAKESIDE.note(
            "note-admission-2023",
            codes::HISTORY_AND_PHYSICAL,
            start,
            visit,
            &[document::plain(notes::ADMISSION)],
        ),
        LAKESIDE.note(
            "note-discharge-2023",
            codes::DISCHARGE_SUMMARY,
            start.plus_days(3),
            visit,
            &[document::html("Discharge summary", notes::DISCHARGE), document::rtf(notes::DISCHARGE)],
        ),
    ];
    let drip = Medicine {
        code: codes::CEFTRIAXONE_1000,
        name: "cefTRIAXone 1 g in sodium chloride 0.9 % IVPB",
        label: "1 g, intravenous, every 24 hours, first dose now.",
    };
    entries.push(
        LAKESIDE
            .order("order-ceftriaxone", &drip, "completed", start)
            .with("category", json!([hl7("medicationrequest-category", "inpatient")])),
    );
    let tablet = Medicine {
        code: codes::TMP_SMX_TABLET,
        name: "sulfamethoxazole-trimethoprim 800-160 mg tablet",
        label: "Take 1 tablet by mouth twice a day for 10 days.",
    };
    entries.push(
        LAKESIDE
            .order("order-tmp-smx", &tablet, "completed", start.plus_days(3))
            .with("category", json!([hl7("medicationrequest-category", "discharge")])),
    );
    for (day, creatinine, egfr, white, potassium) in
        [(0, 152, 39, 164, 49), (1, 131, 46, 132, 46), (3, 104, 61, 84, 44)]
    {
        let at = start.plus_days(day).plus_minutes(45);
        entries.extend(bedside(at, creatinine, egfr, white, potassium));
    }
    entries.extend(culture(start.plus_minutes(50)));
    entries.into_iter().map(|entry| tied(entry, visit)).collect()
}

fn bedside(at: When, creatinine: i64, egfr: i64, white: i64, potassium: i64) -> Vec<Resource> {
    let lab = |analyte: &Analyte, value: i64| {
        LAKESIDE.lab(&format!("{}-{}", analyte.key, at.stamp()), analyte, value, at)
    };
    vec![
        lab(&analytes::CREATININE, creatinine),
        lab(&analytes::EGFR, egfr),
        lab(&analytes::WBC, white),
        lab(&analytes::POTASSIUM, potassium),
        lab(&analytes::CRP, white - 60),
        LAKESIDE.vital(
            &format!("temperature-{}", at.stamp()),
            codes::TEMPERATURE,
            if white > 150 { "39.1" } else { "37.2" },
            ("Cel", "Cel"),
            at,
        ),
        LAKESIDE.blood_pressure(&format!("bp-{}", at.stamp()), 118, 70, at),
    ]
}

fn culture(at: When) -> Vec<Resource> {
    let grown = LAKESIDE
        .result("culture-2023", concept(codes::URINE_CULTURE, "Urine culture"), at)
        .with("valueString", "Escherichia coli, more than 100,000 colonies/mL")
        .with("specimen", reference("Specimen", "specimen-urine-2023"));
    let tested = [
        (codes::SUSC_CIPROFLOXACIN, "Ciprofloxacin", "R"),
        (codes::SUSC_TMP_SMX, "Trimethoprim + sulfamethoxazole", "S"),
        (codes::SUSC_CEFTRIAXONE, "Ceftriaxone", "S"),
    ];
    let mut entries: Vec<Resource> = tested
        .iter()
        .enumerate()
        .map(|(index, (drug, name, answer))| {
            let system = hl7_system("v3-ObservationInterpretation");
            let flag = json!([{"coding": [{"system": system, "code": answer}]}]);
            LAKESIDE
                .result(&format!("culture-2023-drug-{}", index + 1), concept(*drug, name), at)
                .with("valueString", *answer)
                .with("interpretation", flag)
        })
        .collect();
    let members: Vec<String> = (1..=tested.len()).map(|index| format!("culture-2023-drug-{index}")).collect();
    let all: Vec<String> = ["culture-2023".to_owned()].into_iter().chain(members).collect();
    entries.push(LAKESIDE.lab_report(
        "report-culture-2023",
        codes::URINE_CULTURE,
        "Urine culture with susceptibilities",
        at,
        &all,
    ));
    entries.push(grown);
    let specimen = LAKESIDE.about("Specimen", "specimen-urine-2023").with("type", text("Urine, clean catch"));
    entries.push(specimen);
    entries
}

/// The emergency visit: chest pain that was not the heart, and a nodule nobody looked for.
pub fn emergency() -> Vec<Resource> {
    let start = When::at(2025, 2, 20, 22, 15);
    let visit = "visit-emergency-2025";
    let findings = "No clot in the lungs. Heart of usual size. A solid nodule of 5 mm in the right upper \
        lobe. No earlier CT to compare.";
    let impression =
        "1. No pulmonary embolism. 2. Solid nodule of 5 mm, right upper lobe: follow-up CT in 12 months.";
    let scan =
        reports::imaging("report-ct-2025", codes::CT_CHEST, "CT of the chest with contrast", start, findings)
            .with("conclusion", impression);
    let troponin = |id: &str, at: When| LAKESIDE.lab(id, &analytes::TROPONIN_I, 1, at);
    let diagnosis = concept(codes::CHEST_PAIN, "Chest pain");
    let entries = vec![
        LAKESIDE
            .visit(visit, "EMER", "Emergency department visit", start, 320)
            .with("reasonCode", json!([diagnosis.clone()])),
        LAKESIDE.visit_diagnosis("dx-emergency-2025", diagnosis, visit, start),
        troponin("troponin-20250220-1", start.plus_minutes(20)),
        troponin("troponin-20250220-2", start.plus_minutes(200)),
        LAKESIDE.lab("creatinine-20250220", &analytes::CREATININE, 113, start.plus_minutes(20)),
        LAKESIDE.lab("egfr-20250220", &analytes::EGFR, 55, start.plus_minutes(20)),
        LAKESIDE.blood_pressure("bp-20250220", 158, 90, start.plus_minutes(5)),
        LAKESIDE.note(
            "note-emergency-2025",
            codes::EMERGENCY_NOTE,
            start,
            visit,
            &[document::plain(notes::EMERGENCY)],
        ),
        scan,
        LAKESIDE
            .request(
                "request-ct-2026",
                "active",
                concept(codes::CT_CHEST, "Follow-up CT of the chest"),
                start,
            )
            .with("occurrenceDateTime", "2026-02-20")
            .with("reasonCode", json!([concept(codes::LUNG_NODULE, "Lung nodule of 5 mm")])),
    ];
    entries.into_iter().map(|entry| tied(entry, visit)).collect()
}

/// An entry tied to a visit, where its type has such an element and it is not tied yet.
fn tied(entry: Resource, visit: &str) -> Resource {
    match entry.kind() {
        "Encounter" | "DocumentReference" | "Specimen" | "Condition" => entry,
        _ => entry.in_visit(visit),
    }
}
