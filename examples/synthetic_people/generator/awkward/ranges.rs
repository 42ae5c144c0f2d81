//! Ranges as words, several ranges, no range; statuses that take results back.

use serde_json::{Value, json};

use super::{
    super::{
        analytes::{self, Analyte},
        codes,
        json::{Resource, concept, hl7, hl7_system, quantity, reference, text},
        when::When,
    },
    Case, ODD, case,
};

fn lab(id: &str, analyte: &Analyte, value: i64) -> Resource {
    ODD.lab(id, analyte, value, When::on(2026, 8, 20))
}

fn ranged(id: &str, analyte: &Analyte, value: i64, ranges: Value) -> Resource {
    lab(id, analyte, value).without("interpretation").with("referenceRange", ranges)
}

fn said(id: &str, analyte: &Analyte, value: &str, range: &str) -> Resource {
    ranged(id, analyte, 0, json!([{"text": range}])).without("valueQuantity").with("valueString", value)
}

pub fn cases() -> Vec<Case> {
    let mut cases = worded();
    cases.extend(several());
    cases.extend(statuses());
    cases
}

#[rustfmt::skip] // One case a row.
fn worded() -> Vec<Case> {
    let words = |range: &str| json!([{"text": range}]);
    let bare = |id: &str, analyte: &Analyte, value: i64| {
        lab(id, analyte, value).without("interpretation").without("referenceRange")
    };
    let plain = |id: &str, flag: &str| {
        lab(id, &analytes::POTASSIUM, 55)
            .without("referenceRange")
            .with("interpretation", json!([text(flag)]))
    };
    vec![
        case("Range only as text: `70-99`, value inside", ranged("range-text", &analytes::GLUCOSE, 92, words("70-99"))),
        case("Range only as text: `<5.0`, value above", ranged("range-below", &analytes::CRP, 81, words("<5.0"))),
        case("Range only as text: `>=60`, value below", ranged("range-above", &analytes::EGFR, 58, words(">=60"))),
        case("Range `Negative`, value `Negative`", said("range-negative", &analytes::URINE_ALBUMIN, "Negative", "Negative")),
        case("Range `Negative`, value `Trace`", said("range-trace", &analytes::URINE_ALBUMIN, "Trace", "Negative")),
        case("Range text that is no range", ranged("range-see-report", &analytes::FERRITIN, 88, words("See report"))),
        case("No range and no flag: unknown, not normal", bare("no-range", &analytes::ALP, 310)),
        case("No range and no flag, one of many", bare("no-range-2", &analytes::AST, 31)),
        case("Flag in plain words, no range", plain("flag-words", "HIGH")),
        case("Flag as a vendor's star", plain("flag-star", "*")),
        case("The flag says normal, the number lies outside the range", lab("flag-contradicts", &analytes::SODIUM, 149).with("interpretation", json!([hl7("v3-ObservationInterpretation", "N")]))),
        case("Low and high are swapped", ranged("range-swapped", &analytes::CALCIUM, 95, json!([{"low": quantity("10.4", "mg/dL", "mg/dL"), "high": quantity("8.6", "mg/dL", "mg/dL")}]))),
        case("The range is in another unit than the value", ranged("range-other-unit", &analytes::GLUCOSE, 101, json!([{"low": quantity("3.9", "mmol/L", "mmol/L"), "high": quantity("5.5", "mmol/L", "mmol/L")}]))),
    ]
}

#[rustfmt::skip] // One case a row.
fn several() -> Vec<Case> {
    let meaning =
        |code: &str| json!({"coding": [{"system": hl7_system("referencerange-meaning"), "code": code}]});
    let span = |low: &str, high: &str, unit: &str| json!({"low": quantity(low, unit, unit), "high": quantity(high, unit, unit)});
    let mut normal = span("0.9", "1.1", "{INR}");
    normal["type"] = meaning("normal");
    let mut goal = span("2.0", "3.0", "{INR}");
    goal["type"] = meaning("treatment");
    let for_men = {
        let mut range = span("13.5", "17.5", "g/dL");
        range["appliesTo"] = json!([text("Male")]);
        range
    };
    let for_women = {
        let mut range = span("11.7", "15.5", "g/dL");
        range["appliesTo"] = json!([text("Female")]);
        range
    };
    let mut for_children = span("156", "369", "U/L");
    for_children["age"] = json!({"low": {"value": 1, "unit": "a"}, "high": {"value": 10, "unit": "a"}});
    let mut phase = span("1.5", "9.3", "mIU/L");
    phase["appliesTo"] = json!([text("Follicular phase")]);
    vec![
        case("Two ranges, one normal and one of treatment: 2.6 is the goal, not high", ranged("range-treatment", &analytes::INR, 26, json!([normal, goal]))),
        case("Ranges for both sexes, the other one first", ranged("range-sexes", &analytes::HEMOGLOBIN, 125, json!([for_men.clone(), for_women]))),
        case("Only the range of the other sex", ranged("range-other-sex", &analytes::HEMOGLOBIN, 121, json!([for_men]))),
        case("Only the range of another age", ranged("range-other-age", &analytes::ALP, 88, json!([for_children]))),
        case("A range of a phase of the cycle", ranged("range-phase", &analytes::TSH, 300, json!([phase]))),
    ]
}

#[rustfmt::skip] // One case a row.
fn statuses() -> Vec<Case> {
    let potassium = |id: &str, value: i64, status: &str| {
        ODD.lab(id, &analytes::POTASSIUM, value, When::on(2026, 8, 27)).with("status", status)
    };
    let hidden = |id: &str, code: &str| {
        lab(id, &analytes::CRP, 210).with("meta", json!({"security": [
            {"system": "urn:oid:1.2.840.99999.7.5.security", "code": code, "display": "Not released to the patient"}]}))
    };
    let egfr = |id: &str, code: codes::Code, words: &str, value: i64| {
        lab(id, &analytes::EGFR, value).with("code", concept(code, words))
    };
    vec![
        case("Preliminary: replaced by the next", potassium("status-preliminary", 61, "preliminary")),
        case("Corrected: replaces the one before at the same instant", potassium("status-corrected", 44, "corrected").with("identifier", json!([{"value": "ACC-7781"}])).with("note", json!([{"text": "Corrected: the first sample was hemolyzed"}]))),
        case("Amended", lab("status-amended", &analytes::CALCIUM, 97).with("status", "amended")),
        case("Cancelled, with a value left in it", lab("status-cancelled", &analytes::SODIUM, 118).with("status", "cancelled")),
        case("Entered in error: the value belongs to nobody", lab("status-error", &analytes::GLUCOSE, 620).with("status", "entered-in-error")),
        case("Registered: no value yet", lab("status-registered", &analytes::TSH, 0).with("status", "registered").without("valueQuantity").without("interpretation")),
        case("Critical potassium of 6.8 …", ODD.lab("critical", &analytes::POTASSIUM, 68, When::on(2026, 10, 2))),
        case("… and a normal one eight hours later", ODD.lab("critical-after", &analytes::POTASSIUM, 46, When::on(2026, 10, 2).plus_minutes(480))),
        case("NOPAT label: not to be shown to the patient yet", hidden("label-nopat", "NOPAT")),
        case("NOAUTH label: not to be shown to a proxy", hidden("label-noauth", "NOAUTH")),
        case("Two race-labelled eGFR of one sample, first", egfr("egfr-race-1", codes::EGFR_MDRD_NONBLACK, "eGFR non-African American", 71)),
        case("Two race-labelled eGFR of one sample, second", egfr("egfr-race-2", codes::EGFR_MDRD_BLACK, "eGFR African American", 86)),
        case("A result that replaces another by `derivedFrom` and a word in its note", lab("derived", &analytes::LDL, 88).with("derivedFrom", json!([reference("Observation", "status-amended")]))),
    ]
}
