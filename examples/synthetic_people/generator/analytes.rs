//! What the laboratories of the stories measure: name, unit, range, and what is usual for a person.
//!
//! The ranges are those an invented laboratory prints. They are not a reference for anyone.

use super::codes::{self, Code};

/// One thing a laboratory measures. Values count in units of the last decimal place.
#[derive(Debug)]
pub struct Analyte {
    /// A short name, also used in ids.
    pub key: &'static str,
    /// Its LOINC code.
    pub code: Code,
    /// The words on the report.
    pub text: &'static str,
    /// The unit as printed.
    pub unit: &'static str,
    /// The unit in UCUM.
    pub ucum: &'static str,
    /// Decimal places.
    pub decimals: u32,
    /// The lower bound of the printed range.
    pub low: Option<i64>,
    /// The upper bound of the printed range.
    pub high: Option<i64>,
    /// Beyond this the laboratory phones.
    pub critical: Option<(i64, i64)>,
    /// A usual value.
    pub usual: i64,
    /// How far it usually wanders.
    pub spread: i64,
}

macro_rules! analytes {
    ($($name:ident, $key:literal, $code:ident, $text:literal, $unit:literal, $ucum:literal, $decimals:literal,
        $low:expr, $high:expr, $critical:expr, $usual:literal, $spread:literal;)*) => {
        $(#[doc = $text]
        pub static $name: Analyte = Analyte {
            key: $key, code: codes::$code, text: $text, unit: $unit, ucum: $ucum, decimals: $decimals,
            low: $low, high: $high, critical: $critical, usual: $usual, spread: $spread,
        };)*
    };
}

// name, key, code, words, unit, UCUM, decimals, low, high, critical, usual, spread
#[rustfmt::skip]
analytes! {
    A1C, "a1c", A1C, "Hemoglobin A1c", "%", "%", 1, Some(40), Some(56), None, 54, 3;
    GLUCOSE, "glucose", GLUCOSE, "Glucose", "mg/dL", "mg/dL", 0, Some(70), Some(99), Some((50, 450)), 92, 9;
    SODIUM, "sodium", SODIUM, "Sodium", "mmol/L", "mmol/L", 0, Some(136), Some(145), Some((120, 160)), 140, 3;
    POTASSIUM, "potassium", POTASSIUM, "Potassium", "mmol/L", "mmol/L", 1, Some(35), Some(51), Some((28, 62)), 43, 4;
    CHLORIDE, "chloride", CHLORIDE, "Chloride", "mmol/L", "mmol/L", 0, Some(98), Some(107), None, 102, 3;
    CO2, "co2", CO2, "Carbon dioxide", "mmol/L", "mmol/L", 0, Some(21), Some(31), None, 26, 3;
    BUN, "bun", BUN, "Urea nitrogen", "mg/dL", "mg/dL", 0, Some(7), Some(25), None, 16, 4;
    CREATININE, "creatinine", CREATININE, "Creatinine", "mg/dL", "mg/dL", 2, Some(57), Some(105), None, 82, 6;
    CALCIUM, "calcium", CALCIUM, "Calcium", "mg/dL", "mg/dL", 1, Some(86), Some(104), Some((60, 130)), 94, 4;
    PROTEIN, "protein", PROTEIN, "Protein, total", "g/dL", "g/dL", 1, Some(61), Some(81), None, 71, 4;
    ALBUMIN, "albumin", ALBUMIN, "Albumin", "g/dL", "g/dL", 1, Some(36), Some(51), None, 43, 3;
    BILIRUBIN, "bilirubin", BILIRUBIN, "Bilirubin, total", "mg/dL", "mg/dL", 1, Some(2), Some(12), None, 6, 3;
    ALP, "alp", ALP, "Alkaline phosphatase", "U/L", "U/L", 0, Some(37), Some(153), None, 78, 14;
    AST, "ast", AST, "AST", "U/L", "U/L", 0, Some(10), Some(35), None, 22, 6;
    ALT, "alt", ALT, "ALT", "U/L", "U/L", 0, Some(6), Some(29), None, 23, 8;
    EGFR, "egfr", EGFR, "eGFR (CKD-EPI 2021)", "mL/min/1.73m2", "mL/min/{1.73_m2}", 0, Some(60), None, None, 84, 5;
    CHOLESTEROL, "cholesterol", CHOLESTEROL, "Cholesterol, total", "mg/dL", "mg/dL", 0, None, Some(199), None, 178, 14;
    HDL, "hdl", HDL, "HDL cholesterol", "mg/dL", "mg/dL", 0, Some(50), None, None, 48, 5;
    LDL, "ldl", LDL_CALCULATED, "LDL cholesterol (calculated)", "mg/dL", "mg/dL", 0, None, Some(99), None, 98, 12;
    TRIGLYCERIDES, "triglycerides", TRIGLYCERIDES, "Triglycerides", "mg/dL", "mg/dL", 0, None, Some(149), None, 158, 35;
    WBC, "wbc", WBC, "White blood cells", "10*3/uL", "10*3/uL", 1, Some(38), Some(108), None, 69, 14;
    RBC, "rbc", RBC, "Red blood cells", "10*6/uL", "10*6/uL", 2, Some(380), Some(510), None, 445, 18;
    HEMOGLOBIN, "hemoglobin", HEMOGLOBIN, "Hemoglobin", "g/dL", "g/dL", 1, Some(117), Some(155), Some((70, 200)), 132, 6;
    HEMATOCRIT, "hematocrit", HEMATOCRIT, "Hematocrit", "%", "%", 1, Some(350), Some(450), None, 398, 15;
    MCV, "mcv", MCV, "MCV", "fL", "fL", 1, Some(800), Some(1000), None, 895, 25;
    MCH, "mch", MCH, "MCH", "pg", "pg", 1, Some(270), Some(330), None, 297, 8;
    MCHC, "mchc", MCHC, "MCHC", "g/dL", "g/dL", 1, Some(320), Some(360), None, 332, 6;
    PLATELETS, "platelets", PLATELETS, "Platelets", "10*3/uL", "10*3/uL", 0, Some(140), Some(400), None, 246, 30;
    URINE_ALBUMIN, "urine-albumin", URINE_ALBUMIN, "Albumin, urine", "mg/L", "mg/L", 1, None, None, None, 140, 30;
    URINE_CREATININE, "urine-creatinine", URINE_CREATININE, "Creatinine, urine", "mg/dL", "mg/dL", 0, Some(20), Some(275), None, 96, 30;
    URINE_ACR, "urine-acr", URINE_ACR, "Albumin/creatinine ratio, urine", "mg/g", "mg/g", 0, None, Some(29), None, 15, 5;
    TSH, "tsh", TSH, "TSH", "mIU/L", "m[IU]/L", 2, Some(40), Some(450), None, 212, 60;
    FERRITIN, "ferritin", FERRITIN, "Ferritin", "ng/mL", "ng/mL", 0, Some(16), Some(232), None, 74, 20;
    CRP, "crp", CRP, "C-reactive protein", "mg/L", "mg/L", 1, None, Some(79), None, 30, 15;
    TROPONIN_I, "troponin-i", TROPONIN_I, "Troponin I", "ng/mL", "ng/mL", 2, None, Some(4), None, 1, 0;
    INR, "inr", INR, "INR", "", "{INR}", 1, Some(9), Some(11), Some((5, 50)), 25, 4;
    NT_PROBNP, "nt-probnp", NT_PROBNP, "NT-proBNP", "pg/mL", "pg/mL", 0, None, Some(449), None, 3400, 600;
}

/// A comprehensive metabolic panel, with the eGFR laboratories add.
pub static METABOLIC_PANEL: [&Analyte; 15] = [
    &GLUCOSE,
    &SODIUM,
    &POTASSIUM,
    &CHLORIDE,
    &CO2,
    &BUN,
    &CREATININE,
    &EGFR,
    &CALCIUM,
    &PROTEIN,
    &ALBUMIN,
    &BILIRUBIN,
    &ALP,
    &AST,
    &ALT,
];
/// A lipid panel.
pub static LIPID_PANEL: [&Analyte; 4] = [&CHOLESTEROL, &HDL, &LDL, &TRIGLYCERIDES];
/// A blood count.
pub static BLOOD_COUNT: [&Analyte; 8] = [&WBC, &RBC, &HEMOGLOBIN, &HEMATOCRIT, &MCV, &MCH, &MCHC, &PLATELETS];
/// Albumin in the urine.
pub static URINE_PANEL: [&Analyte; 3] = [&URINE_ALBUMIN, &URINE_CREATININE, &URINE_ACR];
