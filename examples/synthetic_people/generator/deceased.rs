//! Walter Brannigan, 1938 to 2025: a record that goes on after its person has died.
//!
//! Heart failure, kidney disease, warfarin; hospice; orders nobody has stopped; entries dated later.

use serde_json::json;

use super::{
    analytes,
    bundle::{self, File},
    clinical::Medicine,
    codes::{self, Code},
    document,
    json::{Resource, concept, reference, text},
    source::{Dialect, Source},
    when::When,
};

static HOSPITAL: Source = Source {
    base: "https://fhir.mercyhill.example/R4",
    patient: "walter-brannigan",
    organization: ("org-mercy-hill", "Mercy Hill Hospital"),
    clinician: ("dr-piotr-vale", "Piotr Vale, MD"),
    oid: "1.2.840.99999.7.4",
    dialect: Dialect::Full,
};

/// His one file.
pub fn files() -> Vec<File> {
    let mut entries = vec![patient()];
    entries.extend(HOSPITAL.staff(("9990000078", "9990000086"), "Mercy Hill"));
    entries.extend(problems());
    entries.extend(orders());
    entries.extend(results());
    entries.extend(directives());
    entries.extend(afterwards());
    let text = bundle::bundle("collection", HOSPITAL.base, "2025-09-01T14:00:00Z", entries);
    vec![File::new("deceased/mercy-hill.json", text)]
}

fn patient() -> Resource {
    Resource::new("Patient", HOSPITAL.patient)
        .with("identifier", json!([{"system": "urn:oid:1.2.840.99999.7.4.14", "value": "MH-77012"}]))
        .with("name", json!([{"use": "official", "family": "Brannigan", "given": ["Walter", "James"]}]))
        .with("gender", "male")
        .with("birthDate", "1938-12-02")
        .with("deceasedDateTime", "2025-05-14T09:20:00Z")
}

fn problems() -> Vec<Resource> {
    let listed: [(&str, Code, &str, &str); 7] = [
        ("heart-failure", codes::HEART_FAILURE, "Heart failure", "2017-02"),
        ("fibrillation", codes::ATRIAL_FIBRILLATION, "Atrial fibrillation", "2015"),
        ("kidney", codes::CKD_4, "Chronic kidney disease, stage 4", "2021-06-10"),
        ("lungs", codes::COPD, "COPD", "2010"),
        ("blood-thinner", codes::ANTICOAGULATED, "On a blood thinner", "2015"),
        ("hospice", codes::PALLIATIVE, "Hospice care", "2025-04-22"),
        ("dnr", codes::DNR, "Do not resuscitate", "2025-04-22"),
    ];
    listed
        .into_iter()
        .map(|(key, code, words, onset)| {
            HOSPITAL.problem(&format!("problem-{key}"), concept(code, words), "active", onset)
        })
        .collect()
}

/// All still "active".
fn orders() -> Vec<Resource> {
    let order = |id: &str, code: Code, name: &'static str, label: &'static str, authored: When| {
        HOSPITAL.order(id, &Medicine { code, name, label }, "active", authored)
    };
    let spring = When::on(2025, 2, 4);
    vec![
        order(
            "order-warfarin",
            codes::WARFARIN_5,
            "warfarin 5 mg tablet",
            "Take as directed by the clinic.",
            spring,
        ),
        order(
            "order-metoprolol",
            codes::METOPROLOL_XL_100,
            "metoprolol succinate 100 mg",
            "Take 1 tablet daily.",
            spring,
        ),
        order(
            "order-furosemide",
            codes::FUROSEMIDE_40,
            "furosemide 40 mg tablet",
            "Take 1 tablet twice a day.",
            spring,
        ),
        order(
            "order-digoxin",
            codes::DIGOXIN_125,
            "digoxin 0.125 mg tablet",
            "Take 1 tablet every other day.",
            spring,
        ),
        order(
            "order-oxycodone",
            codes::OXYCODONE_5,
            "oxycodone 5 mg tablet",
            "1 tablet every 4 hours as needed.",
            When::on(2025, 4, 22),
        ),
        // A pharmacy's automatic renewal, six days after the death.
        order(
            "order-digoxin-renewed",
            codes::DIGOXIN_125,
            "digoxin 0.125 mg tablet",
            "Take 1 tablet every other day.",
            When::on(2025, 5, 20),
        ),
    ]
}

fn results() -> Vec<Resource> {
    let drawn = [
        (When::on(2024, 8, 6), [23, 47, 212, 28, 2900]),
        (When::on(2024, 11, 12), [26, 48, 231, 26, 3350]),
        (When::on(2025, 2, 4), [31, 51, 248, 23, 4100]),
        (When::on(2025, 4, 18), [34, 56, 291, 19, 7800]),
    ];
    let measured: [&analytes::Analyte; 5] =
        [&analytes::INR, &analytes::POTASSIUM, &analytes::CREATININE, &analytes::EGFR, &analytes::NT_PROBNP];
    drawn
        .into_iter()
        .flat_map(|(at, values)| {
            measured.into_iter().zip(values).map(move |(analyte, value)| {
                HOSPITAL.lab(&format!("{}-{}", analyte.key, at.stamp()), analyte, value, at)
            })
        })
        .collect()
}

fn directives() -> Vec<Resource> {
    let at = When::on(2025, 4, 22);
    let order = "Portable medical order, signed 04/22/2025 by Walter Brannigan and Piotr Vale, MD.\n\
        - No attempt at resuscitation.\n- Comfort-focused treatment.\n- No feeding tube.\n";
    let farewell =
        "Hospice visit of 05/13/2025. Sleeping most of the day, comfortable. Family at the bedside.\n";
    vec![
        HOSPITAL.visit("visit-hospice", "HH", "Hospice at home", at, 22 * 1440),
        HOSPITAL.note(
            "order-portable",
            codes::PORTABLE_ORDER,
            at,
            "visit-hospice",
            &[document::html("Portable medical order", order)],
        ),
        HOSPITAL.note(
            "note-hospice",
            codes::PROGRESS_NOTE,
            When::on(2025, 5, 13),
            "visit-hospice",
            &[document::plain(farewell)],
        ),
    ]
}

/// How he was at the end, and what is dated after the death.
fn afterwards() -> Vec<Resource> {
    let culture = HOSPITAL
        .result("culture-late", text("Blood culture, final"), When::on(2025, 5, 13))
        .with("issued", When::on(2025, 5, 18).utc())
        .with("valueString", "No growth after 5 days");
    let posted = HOSPITAL.lab("potassium-20250602", &analytes::POTASSIUM, 61, When::on(2025, 6, 2)).with(
        "note",
        json!([{"text": "Posted to this chart by mistake: the sample is of another patient."}]),
    );
    let appointment = Resource::new("Appointment", "appointment-20250610")
        .with("status", "booked")
        .with("start", "2025-06-10T15:00:00Z")
        .with(
            "participant",
            json!([{"actor": reference("Patient", HOSPITAL.patient), "status": "accepted"}]),
        );
    let function = HOSPITAL
        .observation(
            "function-20250422",
            "exam",
            concept(codes::FUNCTION, "Daily activities"),
            When::on(2025, 4, 22),
        )
        .with("valueCodeableConcept", text("Needs help with all daily activities"));
    vec![
        function,
        culture,
        posted,
        appointment,
        HOSPITAL
            .visit("visit-20250610", "AMB", "Cardiology follow-up", When::on(2025, 6, 10), 20)
            .with("status", "planned"),
        HOSPITAL.request("request-echo-2025", "active", text("Cardiology follow-up"), When::on(2025, 3, 3)),
        HOSPITAL.request("request-flu-2025", "active", text("Flu vaccine reminder"), When::on(2025, 8, 29)),
    ]
}
