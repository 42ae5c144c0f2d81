//! What both clinics know of her: problems, medicines, allergies, vaccines. Facts in tables; each
//! clinic tells them in its own dialect and leaves some out.

use serde_json::{Value, json};

use super::super::{
    clinical::{Medicine, diagnosis_with_snomed},
    codes::{self, Code},
    json::{Resource, concept, text, unnamed},
    source::Source,
    when::When,
};

/// A problem: key, code, SNOMED CT code or nothing, words, course, and whether Riverton lists it.
pub struct Problem(pub &'static str, pub Code, pub &'static str, pub &'static str, pub Course, pub bool);

/// The course of a problem.
pub enum Course {
    /// Still there since.
    Since(&'static str),
    /// Over: from, to.
    Over(&'static str, &'static str),
}

use Course::{Over, Since};

/// Her problem list.
#[rustfmt::skip]
pub static PROBLEMS: &[Problem] = &[
    Problem("diabetes", codes::DIABETES_2, codes::SNOMED_DIABETES_2, "Type 2 diabetes", Since("2013-03"), true),
    Problem("diabetes-kidney", codes::DIABETES_2_KIDNEY, "", "Kidney disease from diabetes", Since("2024-05-14"), false),
    Problem("hypertension", codes::HYPERTENSION, codes::SNOMED_HYPERTENSION, "High blood pressure", Since("2012"), true),
    Problem("cholesterol", codes::HYPERLIPIDEMIA, "", "High cholesterol", Since("2016-11-15"), true),
    Problem("kidney", codes::CKD_3A, "", "Chronic kidney disease, stage 3a", Since("2024-11-12"), true),
    Problem("obesity", codes::OBESITY_1, "", "Obesity", Since("2016-11-15"), false),
    Problem("knee", codes::KNEE_ARTHRITIS, "", "Arthritis of the right knee", Since("2018-05-15"), false),
    Problem("reflux", codes::REFLUX, "", "Acid reflux", Over("2017-05-16", "2021-05-18"), false),
    Problem("rhinitis", codes::RHINITIS, "", "Seasonal allergies", Since("2009"), false),
    Problem("polyp", codes::COLON_POLYP_HISTORY, "", "Colon polyp removed in 2021", Since("2021-06-22"), false),
    Problem("nodule", codes::LUNG_NODULE, "", "Small nodule in the right lung", Since("2025-02-20"), false),
    Problem("pyelonephritis", codes::PYELONEPHRITIS, "", "Kidney infection", Over("2023-03-09", "2023-03-23"), false),
];

/// The problem list as a clinic tells it.
pub fn problems(
    source: &Source,
    prefix: &str,
    with_snomed: bool,
    keep: fn(&Problem) -> bool,
) -> Vec<Resource> {
    let tell = |problem: &Problem| {
        let Problem(key, code, snomed, words, course, _) = problem;
        let code = match (with_snomed, *snomed) {
            (true, snomed) if !snomed.is_empty() => diagnosis_with_snomed(*code, snomed, words),
            _ => concept(*code, words),
        };
        let id = format!("{prefix}{key}");
        match course {
            Since(onset) => source.problem(&id, code, "active", onset),
            Over(onset, end) => source.problem(&id, code, "resolved", onset).with("abatementDateTime", *end),
        }
    };
    PROBLEMS.iter().filter(|problem| keep(problem)).map(tell).collect()
}

/// An order: key, medicine, status, day, why it ended, and whether Riverton has the same order.
pub struct Order(
    pub &'static str,
    pub Medicine,
    pub &'static str,
    pub (i16, i8, i8),
    pub &'static str,
    pub bool,
);

const fn medicine(code: Code, name: &'static str, label: &'static str) -> Medicine {
    Medicine { code, name, label }
}

/// Her medicines over the years.
#[rustfmt::skip]
pub static ORDERS: &[Order] = &[
    Order("metformin-500", medicine(codes::METFORMIN_500, "metformin 500 mg tablet", "Take 1 tablet by mouth twice a day with meals."), "completed", (2016, 11, 15), "Dose raised", true),
    Order("metformin-1000", medicine(codes::METFORMIN_1000, "metformin 1,000 mg tablet", "Take 1 tablet by mouth twice a day with meals."), "active", (2020, 6, 16), "", true),
    Order("lisinopril-10", medicine(codes::LISINOPRIL_10, "lisinopril 10 mg tablet", "Take 1 tablet by mouth every morning."), "completed", (2016, 11, 15), "Dose raised", false),
    Order("lisinopril-20", medicine(codes::LISINOPRIL_20, "lisinopril 20 mg tablet", "Take 1 tablet by mouth every morning."), "stopped", (2019, 5, 14), "Cough", true),
    Order("losartan-50", medicine(codes::LOSARTAN_50, "losartan 50 mg tablet", "Take 1 tablet by mouth once a day."), "stopped", (2022, 5, 17), "Dose raised", true),
    Order("losartan-100", medicine(codes::LOSARTAN_100, "losartan 100 mg tablet", "Take 1 tablet by mouth once a day."), "active", (2025, 11, 18), "", true),
    Order("amlodipine-5", medicine(codes::AMLODIPINE_5, "amlodipine 5 mg tablet", "Take 1 tablet by mouth at bedtime."), "active", (2021, 11, 16), "", false),
    Order("atorvastatin-20", medicine(codes::ATORVASTATIN_20, "atorvastatin 20 mg tablet", "Take 1 tablet by mouth at bedtime."), "completed", (2016, 11, 15), "Dose raised", true),
    Order("atorvastatin-40", medicine(codes::ATORVASTATIN_40, "atorvastatin 40 mg tablet", "Take 1 tablet by mouth at bedtime."), "active", (2020, 11, 17), "", true),
    Order("semaglutide", medicine(codes::SEMAGLUTIDE_STARTER, "semaglutide 0.25 mg pen", "Inject 0.25 mg under the skin once a week."), "stopped", (2024, 5, 14), "Nausea", true),
    Order("empagliflozin", medicine(codes::EMPAGLIFLOZIN_10, "empagliflozin 10 mg tablet", "Take 1 tablet by mouth every morning."), "active", (2026, 10, 6), "", false),
    Order("aspirin", medicine(codes::ASPIRIN_81, "aspirin 81 mg tablet", "Take 1 tablet by mouth once a day."), "stopped", (2016, 11, 15), "No longer advised", false),
    Order("omeprazole", medicine(codes::OMEPRAZOLE_20, "omeprazole 20 mg capsule", "Take 1 capsule by mouth before breakfast for 8 weeks."), "completed", (2017, 5, 16), "Course ended", false),
    Order("cetirizine", medicine(codes::CETIRIZINE_10, "cetirizine 10 mg tablet", "Take 1 tablet by mouth once a day as needed for allergies."), "active", (2018, 5, 15), "", false),
    Order("nitrofurantoin", medicine(codes::NITROFURANTOIN_100, "nitrofurantoin 100 mg capsule", "Take 1 capsule by mouth twice a day for 5 days."), "completed", (2020, 2, 3), "Course ended", false),
];

/// Her medicines as a clinic tells them.
pub fn orders(source: &Source, prefix: &str, keep: fn(&Order) -> bool) -> Vec<Resource> {
    let tell = |order: &Order| {
        let Order(key, medicine, status, (year, month, day), ended, _) = order;
        let told = source.order(&format!("{prefix}{key}"), medicine, status, When::on(*year, *month, *day));
        if ended.is_empty() { told } else { told.with("statusReason", text(ended)) }
    };
    ORDERS.iter().filter(|order| keep(order)).map(tell).collect()
}

/// Penicillin gave her hives; lisinopril made her cough.
pub fn allergies(source: &Source, prefix: &str) -> Vec<Resource> {
    // SNOMED CT codes for the reactions, in words of our own.
    let reaction = |code: &str, words: &str, severity: &str| json!([{"manifestation": [unnamed(codes::SNOMED, code, words)], "severity": severity}]);
    let penicillin = source
        .allergy(&format!("{prefix}penicillin"), "allergy", concept(codes::PENICILLIN_G, "Penicillin"))
        .with("category", json!(["medication"]))
        .with("criticality", "high")
        .with("onsetDateTime", "1984")
        .with("reaction", reaction(codes::SNOMED_HIVES, "Hives", "moderate"));
    let lisinopril = source
        .allergy(&format!("{prefix}lisinopril"), "intolerance", concept(codes::LISINOPRIL, "Lisinopril"))
        .with("category", json!(["medication"]))
        .with("criticality", "low")
        .with("recordedDate", "2022-05-17")
        .with("reaction", reaction(codes::SNOMED_COUGH, "Dry cough", "mild"));
    vec![penicillin, lisinopril]
}

/// A vaccine: code, day, lot, and whether Riverton has it too.
type Shot = (Code, (i16, i8, i8), &'static str, bool);

#[rustfmt::skip]
static SHOTS: &[Shot] = &[
    (codes::PPSV23, (2016, 11, 15), "PV2207", true),
    (codes::TDAP, (2018, 5, 15), "TD1180", true),
    (codes::FLU_QUADRIVALENT, (2016, 11, 15), "FQ1601", false),
    (codes::FLU_QUADRIVALENT, (2017, 11, 14), "FQ1702", false),
    (codes::FLU_QUADRIVALENT, (2018, 11, 13), "FQ1803", true),
    (codes::FLU_QUADRIVALENT, (2019, 11, 12), "FQ1904", true),
    (codes::FLU_QUADRIVALENT, (2020, 11, 17), "FQ2005", true),
    (codes::FLU_QUADRIVALENT, (2021, 11, 16), "FQ2106", true),
    (codes::FLU_QUADRIVALENT, (2022, 11, 15), "FQ2207", true),
    (codes::FLU_QUADRIVALENT, (2023, 11, 14), "FQ2308", true),
    (codes::FLU_TRIVALENT, (2024, 11, 12), "FT2409", true),
    (codes::FLU_TRIVALENT, (2025, 11, 18), "FT2510", false),
    (codes::FLU_HIGH_DOSE, (2026, 10, 6), "FH2611", false),
    (codes::COVID_2021, (2021, 3, 20), "CV0312", true),
    (codes::COVID_2021, (2021, 4, 10), "CV0415", true),
    (codes::COVID_2021, (2021, 11, 16), "CV1127", false),
    (codes::COVID_2023, (2023, 11, 14), "CV2340", false),
    (codes::COVID_2023, (2024, 11, 12), "CV2455", true),
    (codes::SHINGLES, (2021, 5, 18), "SZ0518", true),
    (codes::SHINGLES, (2021, 11, 16), "SZ1116", true),
    (codes::PCV20, (2024, 5, 14), "PC2014", false),
];

/// Her vaccines as a clinic tells them.
pub fn shots(source: &Source, prefix: &str, only_shared: bool) -> Vec<Resource> {
    let told = SHOTS.iter().filter(|shot| shot.3 || !only_shared).enumerate();
    told.map(|(index, (code, (year, month, day), lot, _))| {
        source.shot(&format!("{prefix}{}", index + 1), *code, When::on(*year, *month, *day), lot)
    })
    .collect()
}

/// A smoking status, as of a day.
pub fn smoking(source: &Source, id: &str, at: When) -> Resource {
    let value: Value = concept(codes::FORMER_SMOKER, "Former smoker (quit 2009)");
    source
        .observation(id, "social-history", concept(codes::SMOKING, "Smoking status"), at)
        .with("valueCodeableConcept", value)
}
