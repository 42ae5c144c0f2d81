//! Results that are not one number: panels, components, cultures, titers, ratios, coded answers.

use serde_json::{Value, json};

use super::{
    super::{
        codes::{self, Code},
        json::{coding, concept, hl7_system, number, quantity, reference, text, unnamed},
        when::When,
    },
    Case, ODD, case,
};

#[rustfmt::skip] // One case a row.
pub fn cases() -> Vec<Case> {
    let at = When::on(2026, 6, 9);
    let component =
        |code: Code, value: Value| json!({"code": {"coding": [coding(code)]}, "valueString": value});
    let dipstick = ODD.result("components-only", concept(codes::PANEL_URINALYSIS, "Urinalysis"), at).with(
        "component",
        json!([
            component(codes::URINE_NITRITE, "Positive".into()),
            component(codes::URINE_LEUKOCYTES, "Large".into()),
            component(codes::URINE_PROTEIN, "Trace".into())
        ]),
    );
    let titer = ODD
        .result("titer", concept(codes::ANA_TITER, "ANA titer"), at)
        .with("valueRatio", json!({"numerator": {"value": 1}, "denominator": {"value": 320}}));
    let span = ODD
        .result("value-range", text("Epithelial cells, urine"), at)
        .with("valueRange", json!({"low": {"value": number("0")}, "high": {"value": number("5")}}));
    let coded =
        ODD.result("value-coded", text("Blood group"), at).with("valueCodeableConcept", text("O positive"));
    let panel = ODD.result("panel-members", concept(codes::PANEL_BMP, "Basic metabolic panel"), at).with(
        "hasMember",
        json!([reference("Observation", "twin-1"), reference("Observation", "no-such-result")]),
    );
    let mut cases = vec![
        case("Component-only: no value of its own", dipstick),
        case("A titer as a ratio, 1:320", titer),
        case("A value that is a range, 0 to 5", span),
        case("A value as a concept with words only", coded),
        case("A panel whose members are elsewhere; one of them nowhere", panel),
        case("A boolean value", ODD.result("value-boolean", text("Fasting"), at).with("valueBoolean", true)),
        case("An integer value", ODD.result("value-integer", text("Pregnancies"), at).with("valueInteger", 2)),
        case("A period as value", ODD.result("value-period", text("Last period"), at).with("valuePeriod", json!({"start": "2026-05-20", "end": "2026-05-25"}))),
        case("Stool test: lay words for the result", ODD.result("fit", concept(codes::FIT, "Stool blood test (FIT)"), at).with("valueString", "NEG").with("referenceRange", json!([{"text": "NEG"}]))),
        case("A nested string of 200 brackets and quotes", ODD.result("deep-nesting", text("Free text"), at).with("valueString", "[{\"".repeat(200))),
        case("Extensions nested thirty deep", ODD.result("deep-extension", text("Free text"), at).with("valueString", "x").with("extension", json!([deep(30)]))),
    ];
    cases.extend(culture());
    cases
}

fn deep(levels: usize) -> Value {
    let innermost = json!({"url": "https://oddcreek.example/deep", "valueString": "bottom"});
    (0..levels)
        .fold(innermost, |inside, _| json!({"url": "https://oddcreek.example/deep", "extension": [inside]}))
}

#[rustfmt::skip] // One case a row.
fn culture() -> Vec<Case> {
    let at = When::on(2026, 6, 11);
    // The words are our own.
    let organism = unnamed(codes::SNOMED, codes::SNOMED_E_COLI, "E. coli");
    let grown = ODD
        .result("culture", concept(codes::URINE_CULTURE, "Urine culture"), at)
        .with("valueCodeableConcept", organism)
        .with("note", json!([{"text": "More than 100,000 colonies per mL"}]));
    let drug = |id: &str, code: Code, name: &str, least: &str, comparator: &str, answer: &str| {
        let mut value = quantity(least, "ug/mL", "ug/mL");
        value["comparator"] = comparator.into();
        let system = hl7_system("v3-ObservationInterpretation");
        ODD.result(id, concept(code, name), at)
            .with("valueQuantity", value)
            .with("interpretation", json!([{"coding": [{"system": system, "code": answer}]}]))
            .with("derivedFrom", json!([reference("Observation", "culture")]))
    };
    let members: Vec<String> =
        ["culture", "culture-cipro", "culture-tmp-smx", "culture-amox-clav"].map(str::to_owned).into();
    vec![
        case("A urine culture: the organism", grown),
        case("Susceptibility: resistant", drug("culture-cipro", codes::SUSC_CIPROFLOXACIN, "Ciprofloxacin", "4", ">=", "R")),
        case("Susceptibility: susceptible, `S` must not be read as high or low", drug("culture-tmp-smx", codes::SUSC_TMP_SMX, "TMP-SMX", "20", "<=", "S")),
        case("Susceptibility: intermediate", drug("culture-amox-clav", codes::SUSC_AMOX_CLAV, "Amoxicillin-clavulanate", "16", "<=", "I")),
        case("The report over organism and drugs", ODD.lab_report("culture-report", codes::URINE_CULTURE, "Urine culture with susceptibilities", at, &members)),
    ]
}
