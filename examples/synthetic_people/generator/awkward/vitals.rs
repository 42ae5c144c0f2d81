//! Vital signs: a weight in grams, half a blood pressure, a child as tall as a door.

use serde_json::{Value, json};

use super::{
    super::{
        codes::{self, Code},
        json::{Resource, coding, concept, number, quantity, reference, text},
        when::When,
    },
    Case, ODD, case, verbatim,
};

#[rustfmt::skip] // One case a row.
pub fn cases() -> Vec<Case> {
    let at = When::on(2026, 9, 15);
    let vital = |id: &str, code: Code, value: &str, unit: &str| ODD.vital(id, code, value, (unit, unit), at);
    let pressure = |id: &str, components: Value| {
        ODD.observation(id, "vital-signs", concept(codes::BP_PANEL, "Blood pressure"), at)
            .with("component", components)
    };
    let part = |code: Code, value: &str| json!({"code": {"coding": [coding(code)]}, "valueQuantity": quantity(value, "mmHg", "mm[Hg]")});
    let missing =
        json!({"code": {"coding": [coding(codes::DIASTOLIC)]}, "dataAbsentReason": text("Cuff slipped")});
    let as_words = ODD
        .observation("bp-string", "vital-signs", concept(codes::BP_PANEL, "BP"), at.plus_minutes(30))
        .with("valueString", "124/78 sitting");
    let fahrenheit = ODD
        .observation("temperature-no-unit", "vital-signs", concept(codes::TEMPERATURE, "Temp"), at)
        .with("valueQuantity", json!({"value": number("98.6")}));
    let alone = |id: &str, code: Code, value: &str| {
        ODD.vital(id, code, value, ("mmHg", "mm[Hg]"), at.plus_minutes(60))
    };
    vec![
        case("A weight of 90,718 gram: 200 pounds", vital("weight-gram", codes::WEIGHT, "90718", "g")),
        case("A weight in pounds with a vendor's unit", vital("weight-pounds", codes::WEIGHT, "200", "lbs")),
        case("A height in feet written as a decimal", vital("height-feet", codes::HEIGHT, "5.6", "ft")),
        case("A blood pressure panel", pressure("bp-panel", json!([part(codes::SYSTOLIC, "128"), part(codes::DIASTOLIC, "76")]))),
        case("A blood pressure with the diastolic absent", pressure("bp-half", json!([part(codes::SYSTOLIC, "131"), missing]))),
        case("A blood pressure as a string", as_words),
        case("Systolic and diastolic as two observations: systolic", alone("bp-systolic-alone", codes::SYSTOLIC, "126")),
        case("Systolic and diastolic as two observations: diastolic", alone("bp-diastolic-alone", codes::DIASTOLIC, "74")),
        case("A blood pressure with the numbers swapped", pressure("bp-swapped", json!([part(codes::SYSTOLIC, "70"), part(codes::DIASTOLIC, "120")]))),
        case("One reading above 180/120, no symptoms known", ODD.blood_pressure("bp-severe", 194, 122, When::on(2026, 3, 3))),
        case("A temperature of 98.6 without a unit", fahrenheit),
        case("A pulse of 0", vital("pulse-zero", codes::HEART_RATE, "0", "/min")),
    ]
}

/// A second, tiny file: a child of six at 197 cm.
pub fn tall_child() -> Vec<Case> {
    let child = Resource::new("Patient", "tall-child")
        .with("name", json!([{"family": "Merriweather", "given": ["Pip"]}]))
        .with("gender", "female")
        .with("birthDate", "2020-05-02");
    let of_child = |vital: Resource| vital.with("subject", reference("Patient", "tall-child"));
    let at = When::on(2026, 5, 5);
    let height = of_child(ODD.vital("tall-child-height", codes::HEIGHT, "197", ("cm", "cm"), at));
    let weight = of_child(ODD.vital("tall-child-weight", codes::WEIGHT, "21.4", ("kg", "kg"), at));
    vec![
        verbatim("A child of six", child),
        verbatim("197 cm at six years: not plausible, no percentile from it", height),
        verbatim("Her weight, plausible", weight),
    ]
}
