//! Any number of entries of one person, as NDJSON lines, for benchmarks.

use serde_json::{Value, json};

use super::{
    analytes::{self, Analyte},
    clinical::Medicine,
    codes::{self, Code},
    document,
    json::{Resource, concept, digits},
    random::Random,
    source::{Dialect, Source},
    when::When,
};

static BULK: Source = Source {
    base: "https://fhir.bulkfield.example/R4",
    patient: "bulk-person",
    organization: ("org-bulk", "Bulkfield Hospital"),
    clinician: ("dr-bulk", "Ines Marlow, MD"),
    oid: "1.2.840.99999.7.9",
    dialect: Dialect::Full,
};

/// Sentences the notes are made of.
const SENTENCES: [&str; 16] = [
    "Slept through the night, ate breakfast, walked the hall twice.",
    "Blood pressure is better since the evening dose was moved.",
    "No fever, no chills, no new pain.",
    "Sugar readings at home between 110 and 160, one of 204 after a birthday.",
    "Left knee swollen after gardening, no redness, full range.",
    "Asked whether the cough could come from the tablets; we changed them in spring.",
    "Lungs clear on both sides, heart regular, no swelling of the legs.",
    "Creatinine unchanged from the last visit, potassium in range.",
    "Continue the statin; muscle aches are gone since the dose was halved.",
    "Flu vaccine given in the left arm, watched for fifteen minutes.",
    "Eye exam reported no retinopathy, next one in a year.",
    "She would like to try without the sleeping pill; plan made to taper.",
    "Daughter drives her to visits and fills the pill box on Sundays.",
    "Reviewed the colonoscopy letter together: next one in seven years.",
    "Feet checked, skin whole, feels the monofilament on every site.",
    "Return in three months, sooner if the dizziness comes back.",
];

const CONDITIONS: [(Code, &str); 5] = [
    (codes::HYPERTENSION, "High blood pressure"),
    (codes::DIABETES_2, "Type 2 diabetes"),
    (codes::COLD, "Cold"),
    (codes::BACK_PAIN, "Low back pain"),
    (codes::UTI, "Bladder infection"),
];

const MEDICINES: [(Code, &str); 5] = [
    (codes::METFORMIN_1000, "metformin 1,000 mg tablet"),
    (codes::AMLODIPINE_5, "amlodipine 5 mg tablet"),
    (codes::ATORVASTATIN_40, "atorvastatin 40 mg tablet"),
    (codes::LEVOTHYROXINE_75, "levothyroxine 75 mcg tablet"),
    (codes::CETIRIZINE_10, "cetirizine 10 mg tablet"),
];

/// NDJSON lines for one person: a Patient, then `entries` resources, seven in ten of them laboratory
/// results with a range, three in twenty vital signs, the rest conditions, orders, visits and notes of
/// about 2 KB. Lines have no line break at the end.
pub fn bulk_ndjson(entries: usize, seed: u64) -> impl Iterator<Item = String> {
    let mut random = Random::new(seed);
    let patient = Resource::new("Patient", BULK.patient)
        .with("name", json!([{"family": "Bulk", "given": ["Bettina"]}]))
        .with("gender", "female")
        .with("birthDate", "1950-02-03");
    let resources = (0..entries).map(move |index| entry(&mut random, index));
    [patient].into_iter().chain(resources).map(|resource| resource.into_value().to_string())
}

/// NDJSON lines of notes alone, of 2 KB each, until their texts reach `bytes`.
pub fn notes(bytes: usize, seed: u64) -> impl Iterator<Item = String> {
    let mut random = Random::new(seed);
    let mut written = 0;
    let mut index = 0;
    std::iter::from_fn(move || {
        if written >= bytes {
            return None;
        }
        let text = note_text(&mut random);
        written += text.len();
        index += 1;
        let at = some_day(&mut random);
        let note = BULK.note(
            &format!("note-{index}"),
            codes::PROGRESS_NOTE,
            at,
            "visit-0",
            &[document::plain(&text)],
        );
        Some(note.into_value().to_string())
    })
}

fn some_day(random: &mut Random) -> When {
    When::at(2006, 1, 2, 15, 0).plus_days(random.between(0, 7500)).plus_minutes(random.between(0, 540))
}

fn entry(random: &mut Random, index: usize) -> Resource {
    let at = some_day(random);
    match random.between(1, 100) {
        1..=70 => lab(random, index, at),
        71..=85 => vital(random, index, at),
        86..=89 => {
            let (code, words) = *random.pick(&CONDITIONS);
            BULK.problem(&format!("problem-{index}"), concept(code, words), "active", &at.day())
        }
        90..=93 => {
            let (code, name) = *random.pick(&MEDICINES);
            let medicine = Medicine { code, name, label: "Take 1 tablet by mouth once a day." };
            BULK.order(&format!("order-{index}"), &medicine, "active", at)
        }
        94..=97 => BULK.visit(&format!("visit-{index}"), "AMB", "Office visit", at, 25),
        _ => {
            let text: Value = document::plain(&note_text(random));
            BULK.note(&format!("note-{index}"), codes::PROGRESS_NOTE, at, "visit-0", &[text])
        }
    }
}

fn lab(random: &mut Random, index: usize, at: When) -> Resource {
    let panels: [&[&Analyte]; 3] =
        [&analytes::METABOLIC_PANEL, &analytes::BLOOD_COUNT, &analytes::LIPID_PANEL];
    let analyte = *random.pick(panel_of(&panels, at));
    let value = random.around(analyte.usual, analyte.spread.max(1) * 2).max(0);
    BULK.lab(&format!("lab-{index}"), analyte, value, at)
}

/// The panel of a day: chosen by the day, so that results of one draw belong together.
fn panel_of<'a>(panels: &'a [&'a [&'a Analyte]; 3], at: When) -> &'a [&'a Analyte] {
    panels[usize::from(at.civil().day().unsigned_abs()) % panels.len()]
}

fn vital(random: &mut Random, index: usize, at: When) -> Resource {
    let id = format!("vital-{index}");
    match random.between(0, 2) {
        0 => BULK.blood_pressure(&id, random.around(132, 20), random.around(80, 12), at),
        1 => {
            let weight = digits(random.around(742, 60), 1);
            BULK.vital(&id, codes::WEIGHT, &weight, ("kg", "kg"), at)
        }
        _ => {
            let pulse = random.around(73, 14).to_string();
            BULK.vital(&id, codes::HEART_RATE, &pulse, ("beats/min", "/min"), at)
        }
    }
}

fn note_text(random: &mut Random) -> String {
    let mut text = String::with_capacity(2_200);
    while text.len() < 2_000 {
        text.push_str(random.pick::<&str>(&SENTENCES));
        text.push(if random.between(0, 3) == 0 { '\n' } else { ' ' });
    }
    text
}
