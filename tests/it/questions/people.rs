//! The people of the bank, made up by hand so that each expected fact can be worked out from a few lines.
//! All of it is invented. Today is 2026-11-23.

use serde_json::{Value, json};

use super::resources::*;
use crate::people::Chart;

/// The record of a person of the bank, or of a synthetic person by the name of their folder.
pub fn chart(name: &str) -> Chart {
    let resources = match name {
        "adult" | "child" | "deceased" | "awkward" | "insured" => return Chart::of(name),
        "mom" => mom(),
        "pregnant" => pregnant(),
        "once pregnant" => once_pregnant(),
        "home pressure" => home_pressure(),
        "odd labs" => odd_labs(),
        "anemia" => anemia(),
        "many pills" => many_pills(),
        "man of 70" => man_of_70(),
        "woman of 45" => woman_of_45(),
        "teen" => teen(),
        "sex not clear" => sex_not_clear(),
        "nothing" => vec![patient("Ola", "1980-01-01", "female")],
        "heart and kidneys" => heart_and_kidneys(),
        "gone" => gone(),
        "tests and scans" => tests_and_scans(),
        _ => panic!("nobody in the bank is called {name}"),
    };
    let lines: Vec<String> = resources.iter().map(Value::to_string).collect();
    let chart = Chart::empty();
    chart.import_text("clinic.ndjson", &lines.join("\n"));
    if name == "mom" {
        let pill = plainchart::record::EntryId::parse(&chart.id("MedicationRequest/furosemide"));
        let said = "She stopped the water pill in October: too dizzy.";
        plainchart::ingest::note(&chart.sealed, said, pill, crate::people::FIRST_READ_AT + 60).unwrap();
    }
    chart
}

/// Ruth, 82: heart failure, a blood thinner, diabetes and tired kidneys.
fn mom() -> Vec<Value> {
    let potassium = |id: &str, value: &str, date: &str, flag: &str| {
        ranged(lab(id, "Potassium", "2823-3", value, date), "3.5-5.1", flag)
    };
    let egfr = |id: &str, value: &str, date: &str| {
        lab(id, "eGFR (CKD-EPI 2021)", "98979-8", &format!("{value} mL/min/1.73m2"), date)
    };
    let dispensed = json!({ "resourceType": "MedicationDispense", "id": "d1", "status": "completed",
        "subject": { "reference": "Patient/1" }, "medicationCodeableConcept": { "text": "apixaban 5 mg tablet" },
        "authorizingPrescription": [{ "reference": "MedicationRequest/apixaban" }],
        "daysSupply": { "value": 30, "unit": "days" }, "whenHandedOver": "2026-11-10" });
    vec![
        patient("Ruth", "1944-03-08", "female"),
        problem("hf", "Congestive heart failure", "I50.9", "2019-04-02", "active"),
        problem("af", "Atrial fibrillation", "I48.91", "2020-06-11", "active"),
        problem("dm", "Type 2 diabetes mellitus", "E11.9", "2008", "active"),
        problem("ckd3", "Chronic kidney disease stage 3b", "N18.32", "2023-02-01", "active"),
        problem("stroke", "Stroke", "I63.9", "2021-09-14", "active"),
        problem("gout", "Gout", "M10.9", "2010", "resolved"),
        order("apixaban", "apixaban 5 mg tablet", "Take 1 tablet by mouth twice a day", "2026-06-02"),
        order(
            "metformin",
            "metformin 500 mg tablet",
            "Take 1 tablet by mouth twice a day with meals",
            "2026-05-01",
        ),
        order("furosemide", "furosemide 40 mg tablet", "Take 1 tablet by mouth every morning", "2026-05-01"),
        order("atorvastatin", "atorvastatin 40 mg tablet", "Take 1 tablet by mouth at bedtime", "2026-05-01"),
        order("old-hctz", "hydrochlorothiazide 25 mg tablet", "Take 1 tablet by mouth daily", "2014-03-01"),
        with(
            order("ward", "morphine 2 mg injection", "2 mg every hour as needed", "2026-08-21"),
            json!({ "category": [{ "coding": [{ "code": "inpatient" }] }] }),
        ),
        dispensed,
        allergy("pcn", "Penicillin", "hives"),
        device("pacemaker", "Cardiac pacemaker", "Azure XT DR"),
        directive("dnr", "Do not resuscitate order", "2025-02-03"),
        team(
            "team",
            &[
                ("Dr. Amara Singh", "Nephrologist"),
                ("Dr. Paul Reyes", "Cardiologist"),
                ("June Oak", "Daughter, caregiver"),
            ],
        ),
        potassium("k1", "4.6 mmol/L", "2026-08-24", "N"),
        potassium("k2", "5.6 mmol/L", "2026-11-02", "H"),
        egfr("egfr1", "38", "2026-05-04"),
        egfr("egfr2", "34", "2026-11-02"),
        ranged(lab("a1c", "Hemoglobin A1c", "4548-4", "7.4 %", "2026-11-02"), "4.0-5.6", "H"),
        visit("er", "EMER", "Emergency visit", "Fall at home", "2026-08-20", "2026-08-20"),
        visit("stay", "IMP", "Hospital stay", "Heart failure, fluid overload", "2026-08-21", "2026-08-26"),
        visit("kidney", "AMB", "Nephrology visit", "Kidney follow-up", "2026-11-02", "2026-11-02"),
        report(
            "ct",
            "RAD",
            "CT chest without contrast",
            "1. A 6 mm nodule in the right upper lobe. 2. Recommend follow-up CT chest in 6 months. 3. Small pleural effusions.",
            "2026-02-10",
        ),
        request("echo", "Echocardiogram", "2026-08-26"),
        with(
            request("eye", "Referral to ophthalmology", "2026-05-04"),
            json!({ "category": [{ "text": "Referral" }] }),
        ),
        shot("td", "Td (adult)", "09", "2015-04-02"),
        relative("father", "Father", "Heart attack", 52),
        social("smoke", "Tobacco smoking status", "72166-2", "Former smoker", "2026-05-04"),
    ]
}

/// Dana, 32, nine weeks pregnant.
fn pregnant() -> Vec<Value> {
    vec![
        patient("Dana", "1994-05-20", "female"),
        social("status", "Pregnancy status", "82810-3", "Pregnant", "2026-11-10"),
        problem("preg", "Pregnancy", "Z33.1", "2026-10-20", "active"),
        problem("ht", "Essential hypertension", "I10", "2024-01-01", "active"),
        order("lisinopril", "lisinopril 10 mg tablet", "Take 1 tablet daily", "2026-03-02"),
        lab("hb", "Hemoglobin", "718-7", "11.4 g/dL", "2026-11-12"),
        lab("cr", "Creatinine", "2160-0", "0.6 mg/dL", "2026-11-12"),
        pressure("bp1", "142/92", "2026-11-12"),
    ]
}

/// A loss in 2012 that nobody closed.
fn once_pregnant() -> Vec<Value> {
    vec![
        patient("Ines", "1983-07-07", "female"),
        problem("loss", "Miscarriage", "O03.9", "2012-05-02", "active"),
        problem("preg", "Pregnancy", "Z33.1", "2012-03-01", "active"),
        lab("cr", "Creatinine", "2160-0", "0.8 mg/dL", "2026-10-01"),
    ]
}

/// Lee, 58: forty readings at home over four weeks.
fn home_pressure() -> Vec<Value> {
    let mut all = vec![
        patient("Lee", "1968-02-01", "male"),
        problem("ht", "Essential hypertension", "I10", "2021-03-01", "active"),
        order("amlodipine", "amlodipine 5 mg tablet", "Take 1 tablet daily", "2026-06-01"),
    ];
    for day in 0..20_u32 {
        let date = jiff::civil::date(2026, 10, 26).saturating_add(jiff::Span::new().days(i64::from(day)));
        for (turn, hour) in ["07:30", "20:00"].iter().enumerate() {
            // 150/90 in the mornings, 140/86 in the evenings: the mean of all is 145/88.
            let reading = if turn == 0 { "150/90" } else { "140/86" };
            all.push(with(
                pressure(&format!("bp{day}-{turn}"), reading, &format!("{date}T{hour}:00-05:00")),
                json!({ "note": [{ "text": "Measured at home" }] }),
            ));
        }
    }
    all
}

/// Results as real ones are.
fn odd_labs() -> Vec<Value> {
    let tsh = |id: &str, value: &str, date: &str| lab(id, "TSH", "3016-3", &format!("{value} mIU/L"), date);
    vec![
        patient("Noa", "1975-04-04", "female"),
        // Glucose in two units: 5.5 mmol/L are 99.1 mg/dL (factor 18.016).
        lab("g1", "Glucose", "2345-7", "92 mg/dL", "2026-01-10"),
        lab("g2", "Glucose", "2345-7", "5.5 mmol/L", "2026-07-10"),
        // Within the usual variation of sodium: no direction.
        lab("na1", "Sodium", "2951-2", "139 mmol/L", "2026-01-10"),
        lab("na2", "Sodium", "2951-2", "140 mmol/L", "2026-07-10"),
        // No range, no flag.
        lab("alt", "ALT", "1742-6", "31 U/L", "2026-07-10"),
        // A text range, above it.
        ranged(lab("crp", "C-reactive protein", "1988-5", "12.0 mg/L", "2026-07-10"), "<5.0", ""),
        // Cannot be.
        lab("a1c", "Hemoglobin A1c", "4548-4", "2.6 %", "2026-07-10"),
        with(
            lab("k", "Potassium", "2823-3", "5.9 mmol/L", "2026-07-10"),
            json!({ "status": "preliminary",
            "note": [{ "text": "Specimen hemolyzed" }] }),
        ),
        with(lab("ca", "Calcium", "17861-6", "", "2026-07-10"), json!({ "status": "cancelled" })),
        tsh("t1", "2.1", "2024-01-10"),
        tsh("t2", "9.8", "2026-07-10"),
        // Two numbers at one time.
        lab("mg1", "Magnesium", "19123-9", "1.8 mg/dL", "2026-07-10T08:00:00Z"),
        lab("mg2", "Magnesium", "19123-9", "2.4 mg/dL", "2026-07-10T08:00:00Z"),
        lab("hbu", "Hemoglobin", "718-7", "13.1", "2026-07-10"),
        ranged(lab("hiv", "Hepatitis C antibody", "", "Negative", "2026-07-10"), "Negative", ""),
    ]
}

/// An A1c beside anemia and iron that is low.
fn anemia() -> Vec<Value> {
    vec![
        patient("Mia", "1970-09-09", "female"),
        problem("anemia", "Iron deficiency anemia", "D50.9", "2026-03-01", "active"),
        ranged(lab("hb", "Hemoglobin", "718-7", "9.8 g/dL", "2026-10-02"), "12.0-15.5", "L"),
        ranged(lab("fer", "Ferritin", "2276-4", "6 ng/mL", "2026-10-02"), "15-150", "L"),
        ranged(lab("mcv", "MCV", "787-2", "72 fL", "2026-10-02"), "80-100", "L"),
        lab("a1c", "Hemoglobin A1c", "4548-4", "6.6 %", "2026-10-02"),
    ]
}

/// Sam, 71: what should make a pharmacist ask.
fn many_pills() -> Vec<Value> {
    vec![
        patient("Sam", "1955-01-15", "male"),
        problem("af", "Atrial fibrillation", "I48.91", "2020-01-01", "active"),
        problem("ra", "Rheumatoid arthritis", "M06.9", "2012-01-01", "active"),
        order("warfarin", "warfarin 5 mg tablet", "Take 1 tablet every evening", "2026-08-01"),
        order("apixaban", "apixaban 5 mg tablet", "Take 1 tablet twice a day", "2026-09-01"),
        order(
            "ibuprofen",
            "ibuprofen 600 mg tablet",
            "Take 1 tablet every 8 hours as needed for pain",
            "2026-09-01",
        ),
        order(
            "oxycodone",
            "oxycodone 5 mg tablet",
            "Take 1 tablet every 6 hours as needed for pain",
            "2026-09-10",
        ),
        order("lorazepam", "lorazepam 1 mg tablet", "Take 1 tablet at bedtime", "2026-09-10"),
        order("mtx", "methotrexate 2.5 mg tablet", "Take 6 tablets once a week on Monday", "2026-07-01"),
        order(
            "glargine",
            "insulin glargine 100 units/mL",
            "Inject 20 units under the skin at bedtime",
            "2026-07-01",
        ),
        order("lispro", "insulin lispro 100 units/mL", "Inject 6 units before meals", "2026-07-01"),
        order("lisin", "lisinopril 20 mg tablet", "Take 1 tablet daily", "2026-07-01"),
        order("zestril", "Zestril 10 mg tablet", "Take 1 tablet daily", "2026-08-01"),
        order(
            "amoxicillin",
            "amoxicillin 500 mg capsule",
            "Take 1 capsule 3 times a day for 7 days",
            "2026-11-20",
        ),
        order("aspirin", "aspirin 81 mg tablet", "Take 1 tablet daily", "2019-01-01"),
        allergy("pcn", "Penicillin", "swelling of the face"),
        lab("egfr", "eGFR (CKD-EPI 2021)", "98979-8", "55 mL/min/1.73m2", "2026-09-01"),
    ]
}

/// Gus, 70, who smoked.
fn man_of_70() -> Vec<Value> {
    vec![
        patient("Gus", "1956-06-06", "male"),
        social("smoke", "Tobacco smoking status", "72166-2", "Former smoker", "2026-05-04"),
        procedure("colo", "Colonoscopy", "2013-05-02"),
        shot("flu", "Influenza, injectable", "140", "2025-10-02"),
        shot("tdap", "Tdap", "115", "2014-03-01"),
    ]
}

/// Eva, 45: a mammogram ordered and none done, a cervix taken out.
fn woman_of_45() -> Vec<Value> {
    vec![
        patient("Eva", "1981-02-02", "female"),
        procedure("hyst", "Total abdominal hysterectomy with removal of cervix", "2019-06-01"),
        request("mammo", "Screening mammogram", "2026-03-01"),
        procedure("colo", "Colonoscopy", "2024-05-02"),
        shot("tdap", "Tdap", "115", "2022-03-01"),
    ]
}

/// Ari, 15.
fn teen() -> Vec<Value> {
    vec![
        patient("Ari", "2011-06-10", "male"),
        shot("tdap", "Tdap", "115", "2022-07-01"),
        problem("asthma", "Asthma", "J45.909", "2018", "active"),
        lab("chol", "Cholesterol", "2093-3", "182 mg/dL", "2026-05-01"),
        lab("cr", "Creatinine", "2160-0", "0.7 mg/dL", "2026-05-01"),
        pressure("bp", "128/78", "2026-05-01"),
    ]
}

/// Recorded in two ways: nothing that hangs on it is computed.
fn sex_not_clear() -> Vec<Value> {
    let birth_sex = json!({ "extension": [{
        "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "F" }] });
    vec![
        with(patient("Kit", "1976-01-01", "male"), birth_sex),
        lab("cr", "Creatinine", "2160-0", "1.0 mg/dL", "2026-05-01"),
        lab("hb", "Hemoglobin", "718-7", "13.2 g/dL", "2026-05-01"),
    ]
}

/// Two conditions whose advice pulls apart.
fn heart_and_kidneys() -> Vec<Value> {
    vec![
        patient("Bea", "1950-10-10", "female"),
        problem("ht", "Essential hypertension", "I10", "2005", "active"),
        problem("hf", "Heart failure", "I50.9", "2022", "active"),
        problem("stones", "Kidney stones", "N20.0", "2018", "active"),
        problem("hyperk", "Hyperkalemia", "E87.5", "2026-09-01", "active"),
        order("metoprolol", "metoprolol succinate 50 mg tablet", "Take 1 tablet every morning", "2026-09-01"),
        order(
            "nitro",
            "nitroglycerin 0.4 mg tablet",
            "1 tablet under the tongue as needed for chest pain",
            "2026-09-01",
        ),
        order("old", "simvastatin 20 mg tablet", "Take 1 tablet at bedtime", "2012-01-01"),
        order("nolabel", "spironolactone 25 mg tablet", "", "2026-09-01"),
        goal("walk", "Walk 20 minutes a day", "2027-01-31"),
        allergy("shell", "Shellfish", "hives"),
        procedure("hip", "Right hip replacement", "2020-02-02"),
        vital("w1", "Weight", "29463-7", "71.0 kg", "2026-11-20"),
    ]
}

/// A person who has died.
fn gone() -> Vec<Value> {
    vec![
        with(patient("Tom", "1940-01-01", "male"), json!({ "deceasedDateTime": "2026-09-03" })),
        problem("dm", "Type 2 diabetes mellitus", "E11.9", "2008", "active"),
        order("metformin", "metformin 500 mg tablet", "Take 1 tablet twice a day", "2026-08-01"),
        ranged(lab("k", "Potassium", "2823-3", "6.9 mmol/L", "2026-09-02"), "3.5-5.1", "HH"),
    ]
}

/// Uma, 61: a culture, a biopsy, a scan, a gene.
fn tests_and_scans() -> Vec<Value> {
    let susceptible = |id: &str, drug: &str, flag: &str| {
        ranged(
            with(
                lab(id, &format!("{drug} susceptibility"), "", flag, "2026-10-10"),
                json!({ "derivedFrom": [{ "reference": "Observation/culture" }] }),
            ),
            "",
            flag,
        )
    };
    let culture = with(
        lab("culture", "Urine culture", "630-4", "Escherichia coli, more than 100,000 CFU/mL", "2026-10-10"),
        json!({ "hasMember": [{ "reference": "Observation/nitro" }, { "reference": "Observation/cipro" }] }),
    );
    let panel = json!({ "resourceType": "DiagnosticReport", "id": "culture-report", "status": "final",
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "MB" }] }],
        "code": { "text": "Urine culture" }, "subject": { "reference": "Patient/1" }, "effectiveDateTime": "2026-10-10",
        "result": [{ "reference": "Observation/culture" }, { "reference": "Observation/nitro" }, { "reference": "Observation/cipro" }] });
    vec![
        patient("Uma", "1965-03-03", "female"),
        culture,
        susceptible("nitro", "Nitrofurantoin", "S"),
        susceptible("cipro", "Ciprofloxacin", "R"),
        panel,
        report(
            "biopsy",
            "PAT",
            "Breast biopsy, left",
            "Final diagnosis: Fibroadenoma. No atypia is seen.",
            "2026-09-01",
        ),
        report(
            "gene",
            "GE",
            "Hereditary cancer panel",
            "BRCA2 c.7007G>A: variant of uncertain significance.",
            "2026-08-01",
        ),
        report(
            "ct",
            "RAD",
            "CT abdomen and pelvis",
            "Impression: 3 mm stone in the left kidney. No obstruction.",
            "2026-07-01",
        ),
        note(
            "visit",
            "Primary care note",
            "She reports a glass of wine most evenings.\n\nPlan: recheck blood pressure in 3 months.",
            "2026-06-01",
        ),
        visit("pc", "AMB", "Primary care visit", "Annual visit", "2026-06-01", "2026-06-01"),
    ]
}
