//! The notes of her visits: written from the same numbers as the results, in a doctor's short way.

use super::super::json::digits;
use super::visits::Visit;

/// The note of an ordinary visit.
pub fn office(visit: &Visit, previous: Option<&Visit>) -> String {
    let a1c = digits(visit.a1c, 1);
    let compared = match previous {
        Some(previous) => format!(", {} at the last visit", digits(previous.a1c, 1)),
        None => ", first visit here".to_owned(),
    };
    let (systolic, diastolic) = visit.pressure;
    let eyes = if visit.at().civil().year() % 2 == 0 {
        "Eye exam done this year, no retinopathy reported."
    } else {
        "Due for her yearly eye exam, reminded."
    };
    format!(
        "Visit of {}\n\
         Maria comes in for her diabetes and blood pressure.\n\
         Subjective: feels well on the whole. No chest pain, no shortness of breath. Checks her sugar \
         most mornings. Knee hurts on stairs.\n\
         Objective: blood pressure {systolic}/{diastolic}, weight {} kg. Feet: skin whole, feels the \
         monofilament on all sites.\n\
         Results today: A1c {a1c} %{compared}. Creatinine {} mg/dL, eGFR {}. Potassium {} mmol/L.\n\
         Assessment and plan\n\
         - Type 2 diabetes: A1c {a1c} %. Continue metformin. {eyes}\n\
         - High blood pressure: {}\n\
         - Cholesterol: continue atorvastatin.\n\
         - Walk 30 minutes on most days; she has agreed to try.\n\
         Return in about six months.\n",
        visit.at().american(),
        digits(visit.weight, 1),
        digits(visit.creatinine, 2),
        visit.egfr,
        digits(visit.potassium, 1),
        if systolic >= 140 { "above her goal of 130/80, see orders." } else { "near her goal of 130/80." },
    )
}

/// The last visit, in October 2026.
pub const LAST: &str = "Visit of 10/06/2026\n\
    Maria comes in for her half-yearly visit. Her daughter is with her.\n\
    Subjective: more tired since summer. Has been taking ibuprofen from the drugstore for her knee, two \
    tablets most evenings, since July. Checks her sugar three mornings a week, mostly 150 to 180. Stopped \
    walking because of the knee. No chest pain, no leg swelling.\n\
    Objective: blood pressure 146/84, repeated 142/82. Weight 86.8 kg. No edema.\n\
    Results today: A1c 8.1 % (7.8 in April). Creatinine 1.21 mg/dL, eGFR 50 (54 in April). Potassium 5.6 \
    mmol/L, flagged high. Albumin to creatinine in urine 74 mg/g (61 last year).\n\
    Assessment and plan\n\
    - Type 2 diabetes, not at goal: start empagliflozin 10 mg every morning. Talked about genital yeast \
    infections and about pausing it when she cannot eat or drink.\n\
    - Kidney disease stage 3a with albumin in the urine: asked her to leave out ibuprofen and use \
    acetaminophen for the knee. Referred to the kidney clinic.\n\
    - Potassium 5.6: repeat within one week. Low-potassium food sheet given.\n\
    - High blood pressure: above goal, recheck after ibuprofen is out.\n\
    - Lung nodule of 2025: the follow-up CT that was due in February 2026 has not been done. Order is \
    still open; staff to call.\n\
    - High-dose flu vaccine given today.\n\
    Return in three months, sooner for the potassium.\n";

/// The hospital's admission note of March 2023.
pub const ADMISSION: &str = "History and physical\n\
    Admitted 03/09/2023 through the emergency department.\n\
    Fever, right flank pain and vomiting for two days. Type 2 diabetes, high blood pressure. Penicillin \
    gave her hives in 1984.\n\
    Temperature 39.1, blood pressure 118/70, pulse 104. Tender over the right kidney.\n\
    Plan: ceftriaxone by vein after discussing the penicillin allergy, fluids, hold metformin and \
    losartan, urine culture, ultrasound of the kidneys.\n";

/// The hospital's summary of March 2023.
pub const DISCHARGE: &str = "Discharge summary\n\
    Admitted 03/09/2023, discharged 03/12/2023.\n\
    Reason: fever of 39.1, pain in the right flank and vomiting for two days.\n\
    Course: urine grew E. coli. Treated with ceftriaxone by vein for three days; no reaction in spite of \
    the penicillin allergy. Metformin and losartan were held while the kidneys were under strain: \
    creatinine 1.52 on arrival, 1.04 on discharge. Ultrasound showed no stone and no blockage.\n\
    Changes at discharge\n\
    - Trimethoprim-sulfamethoxazole for 10 more days, then stop.\n\
    - Metformin: restart on 03/14.\n\
    - Losartan: restart on 03/14.\n\
    Follow-up: blood test within one week at Lakeside.\n";

/// The emergency department's note of February 2025.
pub const EMERGENCY: &str = "Emergency department note\n\
    02/20/2025. Chest pain for four hours after moving boxes, sharp, worse when turning.\n\
    ECG: no sign of a heart attack. Troponin I twice below 0.04 ng/mL, three hours apart.\n\
    CT of the chest: no clot. A 5 mm nodule in the right upper lobe, not seen before because there is no \
    earlier CT.\n\
    Impression: pain from the chest wall. Home with acetaminophen.\n\
    The nodule needs a follow-up CT in 12 months; her doctor is to arrange it.\n";

/// An ordinary note of the diabetes clinic.
pub fn clinic(visit: &Visit) -> String {
    format!(
        "Diabetes follow-up of {}\nA1c {} %, fasting glucose {}. Blood pressure {}/{}.\n\
         - Sugar log reviewed.\n- Feet checked.\n- No low sugars reported.\n",
        visit.at().american(),
        digits(visit.a1c, 1),
        visit.glucose,
        visit.pressure.0,
        visit.pressure.1,
    )
}

/// The letter of the diabetes clinic.
pub const RIVERTON: &str = "Diabetes clinic visit of 07/14/2026\n\
    A1c 7.9, rising since February. Semaglutide was tried in 2024 and stopped for nausea. \
    Metformin at full dose.\n\
    Suggest an SGLT2 inhibitor through her main doctor, in view of the albumin in her urine.\n\
    - Home readings reviewed: mornings 145 to 175, no lows.\n\
    - Feet: no wounds.\n\
    - Eye exam: asked to bring the report.\n";
