//! Values that cannot be, values in the wrong place, values that are no values.

use serde_json::{Value, json};

use super::{
    super::{
        analytes::{self, Analyte},
        codes,
        json::{Resource, concept, hl7, number, plain_quantity, quantity},
        when::When,
    },
    Case, ODD, case,
};

fn lab(id: &str, analyte: &Analyte, value: i64) -> Resource {
    ODD.lab(id, analyte, value, When::on(2026, 9, 15))
}

/// A result with a value as text.
pub fn worded(id: &str, analyte: &Analyte, value: &str) -> Resource {
    lab(id, analyte, 0).without("valueQuantity").without("interpretation").with("valueString", value)
}

fn quantity_of(id: &str, analyte: &Analyte, value: Value) -> Resource {
    lab(id, analyte, 0).without("interpretation").with("valueQuantity", value)
}

#[rustfmt::skip] // One case a row.
pub fn cases() -> Vec<Case> {
    let absent = |id: &str, words: &str| {
        lab(id, &analytes::CALCIUM, 0)
            .without("valueQuantity")
            .without("interpretation")
            .with("dataAbsentReason", json!({"text": words}))
    };
    let unknown = lab("absent-coded", &analytes::TSH, 0)
        .without("valueQuantity")
        .without("interpretation")
        .with("dataAbsentReason", hl7("data-absent-reason", "unknown"));
    let at_noon = When::at(2026, 9, 16, 17, 0);
    let twin = |id: &str, value: i64| ODD.lab(id, &analytes::POTASSIUM, value, at_noon);
    let compared = |digits: &str, comparator: &str, unit: &str| {
        let mut value = quantity(digits, unit, unit);
        value["comparator"] = comparator.into();
        value
    };
    let long = json!({"value": number("24.07564201110548"), "unit": "kg/m2",
        "system": "http://unitsofmeasure.org", "code": "kg/m2"});
    let exact = quantity_of("digits-4-10", &analytes::POTASSIUM, quantity("4.10", "mmol/L", "mmol/L"));
    vec![
        case("A1c of 2.6 %: not plausible", lab("a1c-impossible", &analytes::A1C, 26)),
        case("Total protein of 70 g/dL: a tenfold unit error (70 g/L)", lab("protein-tenfold", &analytes::PROTEIN, 700)),
        case("A hemoglobin without any unit", quantity_of("hemoglobin-no-unit", &analytes::HEMOGLOBIN, json!({"value": number("13.1")}))),
        case("The value sits in `dataAbsentReason.text`", absent("value-in-absent-reason", "9.6 mg/dL")),
        case("`dataAbsentReason.text` says why: not a value", absent("absent-worded", "Specimen hemolyzed")),
        case("`dataAbsentReason` coded unknown, and nothing else", unknown),
        case("`np` (not performed) as a final result", worded("np-final", &analytes::FERRITIN, "np")),
        case("`TNP` as a final result", worded("tnp-final", &analytes::HEMATOCRIT, "TNP")),
        case("`QNS` (quantity not sufficient) as a final result", worded("qns-final", &analytes::PLATELETS, "QNS")),
        case("`See note` as a result, and the note holds the number", worded("see-note", &analytes::CRP, "See note").with("note", json!([{"text": "CRP 3.2 mg/L, method changed 09/01"}]))),
        case("Two numbers at one instant, first", twin("twin-1", 39)),
        case("Two numbers at one instant, second: there is no latest", twin("twin-2", 57)),
        case("A comparator: < 5", quantity_of("comparator-below", &analytes::URINE_ALBUMIN, compared("5", "<", "mg/L"))),
        case("A comparator: > 100", quantity_of("comparator-above", &analytes::CRP, compared("100", ">", "mg/L"))),
        case("A comparator inside a string: `<0.5`", worded("comparator-worded", &analytes::TSH, "<0.5")),
        case("A number as a string", worded("number-worded", &analytes::SODIUM, "139")),
        case("A number with a decimal comma as a string", worded("number-comma", &analytes::CALCIUM, "9,4")),
        case("Very long digits: 24.07564201110548", ODD.vital("digits-long", codes::BMI, "0", ("kg/m2", "kg/m2"), at_noon).with("valueQuantity", long)),
        case("4.10 stays 4.10", exact),
        case("Glucose in another unit: 5.4 mmol/L", quantity_of("glucose-mmol", &analytes::GLUCOSE, quantity("5.4", "mmol/L", "mmol/L")).without("referenceRange")),
        case("A vendor's unit that parses as kelvin: K/uL", quantity_of("unit-kelvin", &analytes::WBC, plain_quantity("6.8", "K/uL"))),
        case("A vendor's unit that divides by 1.73", quantity_of("unit-gfr", &analytes::EGFR, plain_quantity("88", "mL/min/1.73"))),
        case("A unit in capitals", quantity_of("unit-capitals", &analytes::GLUCOSE, plain_quantity("97", "MG/DL"))),
        case("A value of zero with no unit, range or flag", quantity_of("zero", &analytes::CREATININE, json!({"value": number("0")})).without("referenceRange")),
        case("A negative concentration", quantity_of("negative", &analytes::BILIRUBIN, quantity("-0.2", "mg/dL", "mg/dL"))),
        case("A value in exponent form", quantity_of("exponent", &analytes::WBC, json!({"value": number("6.1e3"), "unit": "/uL"}))),
        case("A result with neither value nor reason", lab("no-value", &analytes::ALT, 0).without("valueQuantity").without("interpretation")),
        case("A code without a system; only the words tell", lab("code-without-system", &analytes::ALBUMIN, 41).with("code", json!({"coding": [{"code": "1751-7"}], "text": "ALBUMIN"}))),
        case("The system is misspelt: `http://loinc`", lab("system-misspelt", &analytes::CHLORIDE, 101).with("code", json!({"coding": [{"system": "http://loinc", "code": "2075-0"}], "text": "Chloride"}))),
        case("No code at all", lab("no-code", &analytes::CO2, 25).with("code", json!({"text": "BICARB (VEN)"}))),
        case("The effective time is missing; only `issued` is there", lab("no-effective", &analytes::AST, 24).without("effectiveDateTime")),
        case("The effective time is a year", lab("effective-year", &analytes::TSH, 190).with("effectiveDateTime", "2011")),
        case("UTC instant whose local day is another: 02:30Z on the 3rd is the evening of the 2nd", ODD.lab("utc-evening", &analytes::GLUCOSE, 104, When::at(2026, 7, 3, 2, 30))),
        case("An effective date in the future", ODD.lab("future", &analytes::GLUCOSE, 99, When::at(2031, 1, 1, 12, 0))),
        case("Whole-blood creatinine, beside an eGFR from serum that does not fit it", lab("creatinine-whole-blood", &analytes::CREATININE, 140).with("code", concept(codes::CREATININE_BLOOD, "Creatinine, whole blood"))),
        case("Glucose from a finger, whole blood, in the same hour as one from a vein", lab("glucose-finger", &analytes::GLUCOSE, 118).with("code", concept(codes::GLUCOSE_WHOLE_BLOOD, "Glucose, fingerstick"))),
        case("The reported eGFR of that day", lab("egfr-reported", &analytes::EGFR, 92)),
    ]
}
