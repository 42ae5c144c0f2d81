//! Theo Okafor-Lind, born 2019: well visits, growth, every vaccine with combination products, one
//! ear infection. One document Bundle from his pediatrician.

use serde_json::{Value, json};

use super::{
    analytes,
    bundle::{self, File},
    clinical::Medicine,
    codes::{self, Code},
    document,
    json::{Resource, concept, digits, hl7, hl7_system, quantity, reference, text},
    source::{Dialect, Source},
    when::When,
};

static CLINIC: Source = Source {
    base: "https://fhir.sunnyside.example/r4",
    patient: "theo-okafor-lind",
    organization: ("org-sunnyside", "Sunnyside Pediatrics"),
    clinician: ("dr-amara-field", "Amara Field, MD"),
    oid: "1.2.840.99999.7.3",
    dialect: Dialect::Full,
};

/// One well visit: age in words, day, weight in hundredths of a kilogram, length or height in tenths
/// of a centimetre, head in tenths with its percentile, and the percentile of the body mass index.
struct WellVisit {
    age: &'static str,
    day: (i16, i8, i8),
    weight: i64,
    height: i64,
    head: Option<(i64, i64)>,
    bmi_percentile: Option<i64>,
}

macro_rules! well_visits {
    ($($age:literal ($year:literal, $month:literal, $day:literal) $weight:literal $height:literal
        $head:expr, $bmi:expr;)*) => {
        &[$(WellVisit { age: $age, day: ($year, $month, $day), weight: $weight, height: $height,
            head: $head, bmi_percentile: $bmi }),*]
    };
}

// Sizes and percentiles follow the CDC 2000 growth charts for boys at about their 60th percentile.
#[rustfmt::skip]
static VISITS: &[WellVisit] = well_visits! {
    "newborn"   (2019,  3, 11)  406  532 Some((363, 61)), None;
    "1 month"   (2019,  4,  9)  495  571 Some((396, 60)), None;
    "2 months"  (2019,  5,  8)  578  601 Some((410, 59)), None;
    "4 months"  (2019,  7,  9)  721  650 Some((430, 60)), None;
    "6 months"  (2019,  9, 10)  845  687 Some((444, 61)), None;
    "9 months"  (2019, 12, 10)  980  732 Some((458, 60)), None;
    "12 months" (2020,  3, 10) 1090  772 Some((468, 59)), None;
    "15 months" (2020,  6,  9) 1160  805 Some((476, 60)), None;
    "18 months" (2020,  9,  8) 1220  834 Some((482, 60)), None;
    "2 years"   (2021,  3,  9) 1320  881 Some((491, 61)), Some(63);
    "30 months" (2021,  9, 14) 1410  925 Some((497, 60)), Some(58);
    "3 years"   (2022,  3,  8) 1510  966 Some((501, 60)), Some(57);
    "4 years"   (2023,  3, 14) 1720 1042 None, Some(56);
    "5 years"   (2024,  3, 12) 1990 1108 None, Some(73);
    "6 years"   (2025,  3, 11) 2290 1177 None, Some(78);
    "7 years"   (2026,  5, 12) 2680 1253 None, Some(81);
};

#[rustfmt::skip]
static SHOTS: &[(Code, (i16, i8, i8))] = &[
    (codes::HEP_B_PEDIATRIC, (2019, 3, 8)),
    (codes::DTAP_HEPB_IPV, (2019, 5, 8)), (codes::HIB_OMP, (2019, 5, 8)), (codes::PCV13, (2019, 5, 8)), (codes::ROTAVIRUS_5, (2019, 5, 8)),
    (codes::DTAP_HEPB_IPV, (2019, 7, 9)), (codes::HIB_OMP, (2019, 7, 9)), (codes::PCV13, (2019, 7, 9)), (codes::ROTAVIRUS_5, (2019, 7, 9)),
    (codes::DTAP_HEPB_IPV, (2019, 9, 10)), (codes::PCV13, (2019, 9, 10)), (codes::ROTAVIRUS_5, (2019, 9, 10)),
    (codes::FLU_QUADRIVALENT, (2019, 10, 15)), (codes::FLU_QUADRIVALENT, (2019, 11, 19)),
    (codes::MMR, (2020, 3, 10)), (codes::VARICELLA, (2020, 3, 10)), (codes::HEP_A_PEDIATRIC, (2020, 3, 10)), (codes::HIB_OMP, (2020, 3, 10)), (codes::PCV13, (2020, 3, 10)),
    (codes::DTAP, (2020, 6, 9)),
    (codes::HEP_A_PEDIATRIC, (2020, 9, 15)), (codes::FLU_QUADRIVALENT, (2020, 9, 15)),
    (codes::FLU_QUADRIVALENT, (2021, 9, 14)), (codes::FLU_QUADRIVALENT, (2022, 10, 4)),
    (codes::DTAP_IPV, (2023, 3, 14)), (codes::MMRV, (2023, 3, 14)),
    (codes::FLU_QUADRIVALENT, (2023, 10, 3)), (codes::FLU_TRIVALENT, (2024, 10, 8)), (codes::FLU_TRIVALENT, (2025, 10, 7)),
];

/// His one file.
pub fn files() -> Vec<File> {
    let mut entries = vec![patient()];
    entries.extend(CLINIC.staff(("9990000052", "9990000060"), "Sunnyside"));
    entries.push(
        CLINIC
            .about("RelatedPerson", "mother")
            .with("active", true)
            .with("relationship", json!([{"coding": [{"system": hl7_system("v3-RoleCode"), "code": "MTH"}]}]))
            .with("name", json!([{"text": "Nneka Okafor"}])),
    );
    entries.extend(VISITS.iter().flat_map(well_visit));
    entries.extend(SHOTS.iter().enumerate().map(|(index, (code, (year, month, day)))| {
        let lot = format!("K{:03}", 101 + index * 7);
        CLINIC.shot(&format!("shot-{}", index + 1), *code, When::on(*year, *month, *day), &lot)
    }));
    entries.extend(illness());
    let composition = composition(&entries);
    entries.insert(0, composition);
    let text = bundle::bundle("document", CLINIC.base, "2026-05-20T14:00:00Z", entries);
    vec![File::new("child/pediatrics.json", text)]
}

fn patient() -> Resource {
    Resource::new("Patient", CLINIC.patient)
        .with("identifier", json!([{"system": "urn:oid:1.2.840.99999.7.3.14", "value": "SP-3381"}]))
        .with("name", json!([{"use": "official", "family": "Okafor-Lind", "given": ["Theo"]}]))
        .with("gender", "male")
        .with("birthDate", "2019-03-08")
        .with("multipleBirthBoolean", false)
        .with("contact", json!([{"relationship": [text("Mother")], "name": {"text": "Nneka Okafor"}}]))
}

fn composition(entries: &[Resource]) -> Resource {
    let section = |title: &str, kinds: &[&str]| {
        let of_kind = entries.iter().filter(|entry| kinds.contains(&entry.kind()));
        let listed: Vec<Value> =
            of_kind.map(|entry| reference(entry.kind(), entry.id().unwrap_or_default())).collect();
        json!({"title": title, "entry": listed})
    };
    CLINIC
        .about("Composition", "composition-theo")
        .with("status", "final")
        .with("type", concept(codes::EPISODE_SUMMARY, "Summary of care"))
        .with("date", "2026-05-20T14:00:00Z")
        .with("author", json!([CLINIC.signer()]))
        .with("title", "Summary of Theo Okafor-Lind")
        .with(
            "section",
            json!([
                section("Vaccines", &["Immunization"]),
                section("Problems", &["Condition"]),
                section("Allergies", &["AllergyIntolerance"]),
                section("Medicines", &["MedicationRequest"]),
                section("Growth and results", &["Observation"]),
            ]),
        )
}

fn well_visit(visit: &WellVisit) -> Vec<Resource> {
    let at = When::on(visit.day.0, visit.day.1, visit.day.2);
    let id = format!("visit-{}", at.stamp());
    let named = |name: &str| format!("{name}-{}", at.stamp());
    let kind = format!("Well visit, {}", visit.age);
    let is_lying = visit.height < 875;
    let length = if is_lying { codes::LENGTH } else { codes::HEIGHT };
    let mut measured = vec![
        CLINIC.vital(&named("weight"), codes::WEIGHT, &digits(visit.weight, 2), ("kg", "kg"), at),
        CLINIC.vital(&named("height"), length, &digits(visit.height, 1), ("cm", "cm"), at),
    ];
    if let Some((head, percentile)) = visit.head {
        measured.push(CLINIC.vital(&named("head"), codes::HEAD, &digits(head, 1), ("cm", "cm"), at));
        measured.push(percent(&named("head-percentile"), codes::HEAD_PERCENTILE, percentile, at));
    }
    if let Some(percentile) = visit.bmi_percentile {
        let bmi = (visit.weight * 1_000_000 / (visit.height * visit.height) + 5) / 10;
        measured.push(CLINIC.vital(&named("bmi"), codes::BMI, &digits(bmi, 1), ("kg/m2", "kg/m2"), at));
        measured.push(percent(&named("bmi-percentile"), codes::BMI_PERCENTILE, percentile, at));
    }
    let words = format!(
        "Well visit at {}. Eating, sleeping and growing well. Development as expected for age. \
         Vaccines given as listed. Next well visit as scheduled.\n",
        visit.age
    );
    let reason = if visit.age == "newborn" { codes::NEWBORN } else { codes::CHILD_EXAM };
    measured.push(CLINIC.note(&named("note"), codes::PROGRESS_NOTE, at, &id, &[document::plain(&words)]));
    let visit_entry =
        CLINIC.visit(&id, "AMB", &kind, at, 25).with("reasonCode", json!([concept(reason, &kind)]));
    measured
        .into_iter()
        .map(|entry| if entry.kind() == "Observation" { entry.in_visit(&id) } else { entry })
        .chain([visit_entry])
        .collect()
}

fn percent(id: &str, code: Code, percentile: i64, at: When) -> Resource {
    CLINIC
        .observation(id, "vital-signs", concept(code, code.display), at)
        .with("valueQuantity", quantity(&percentile.to_string(), "%", "%"))
        .with("note", json!([{"text": "CDC 2000 growth charts"}]))
}

fn illness() -> Vec<Resource> {
    let at = When::on(2021, 1, 19);
    let visit = "visit-20210119";
    let amoxicillin = Medicine {
        code: codes::AMOXICILLIN_80_SUSPENSION,
        name: "amoxicillin 400 mg/5 mL suspension",
        label: "Give 6 mL (480 mg) by mouth twice a day for 10 days.",
    };
    let ear = concept(codes::OTITIS_MEDIA, "Ear infection, right");
    vec![
        CLINIC.visit(visit, "AMB", "Sick visit", at, 15).with("reasonCode", json!([ear.clone()])),
        CLINIC.visit_diagnosis("dx-ear-2021", ear.clone(), visit, at),
        CLINIC.problem("problem-ear", ear, "resolved", "2021-01-19").with("abatementDateTime", "2021-02-02"),
        CLINIC.problem("problem-eczema", concept(codes::ECZEMA, "Eczema"), "active", "2019-08"),
        CLINIC.order("order-amoxicillin", &amoxicillin, "completed", at).in_visit(visit),
        CLINIC.vital("temperature-20210119", codes::TEMPERATURE, "38.6", ("Cel", "Cel"), at).in_visit(visit),
        CLINIC.lab("hemoglobin-20200310", &analytes::HEMOGLOBIN, 121, When::on(2020, 3, 10)).with(
            "referenceRange",
            json!([{"low": quantity("10.5", "g/dL", "g/dL"), "high": quantity("13.5", "g/dL", "g/dL"),
                "text": "10.5-13.5 g/dL (child of 1 to 2 years)"}]),
        ),
        // The words are our own.
        CLINIC
            .allergy(
                "allergy-none",
                "allergy",
                super::json::unnamed(codes::SNOMED, codes::SNOMED_NO_KNOWN_ALLERGY, "No known allergies"),
            )
            .without("type")
            .with("verificationStatus", hl7("allergyintolerance-verification", "confirmed"))
            .with("recordedDate", "2026-05-12"),
    ]
}
