//! Laboratory results and vital signs in a source's dialect.

use serde_json::{Value, json};

use super::{
    analytes::Analyte,
    codes::{self, Code},
    json::{Resource, coding, concept, digits, hl7, hl7_system, plain_quantity, quantity, reference},
    source::{Dialect, Source},
    when::When,
};

impl Source {
    /// A numeric result. `value` counts units of the analyte's last decimal place.
    pub fn lab(&self, id: &str, analyte: &Analyte, value: i64, at: When) -> Resource {
        let shown = digits(value, analyte.decimals);
        let result = self.result(id, self.lab_code(analyte), at);
        let result = match self.dialect {
            Dialect::Full => result.with("valueQuantity", quantity(&shown, analyte.unit, analyte.ucum)),
            Dialect::Sparse => result.with("valueQuantity", plain_quantity(&shown, analyte.unit)),
        };
        let result = match self.range(analyte) {
            Some(range) => result.with("referenceRange", json!([range])),
            None => result,
        };
        match self.flag(analyte, value) {
            Some(flag) => result.with("interpretation", json!([flag])),
            None => result,
        }
    }

    /// A result of any value: everything but the value, the range and the flag.
    pub fn result(&self, id: &str, code: Value, at: When) -> Resource {
        self.observation(id, "laboratory", code, at).with("issued", self.instant(at.plus_minutes(190)))
    }

    /// An observation of a category, final, without a value.
    pub fn observation(&self, id: &str, category: &str, code: Value, at: When) -> Resource {
        self.about("Observation", id)
            .with("status", "final")
            .with("category", json!([hl7("observation-category", category)]))
            .with("code", code)
            .with("effectiveDateTime", self.instant(at))
    }

    /// A vital sign with one number.
    pub fn vital(&self, id: &str, code: Code, value: &str, unit: (&str, &str), at: When) -> Resource {
        let value = match self.dialect {
            Dialect::Full => quantity(value, unit.0, unit.1),
            Dialect::Sparse => plain_quantity(value, unit.0),
        };
        self.observation(id, "vital-signs", concept(code, code.display), at).with("valueQuantity", value)
    }

    /// A blood pressure: two components and no value of its own.
    pub fn blood_pressure(&self, id: &str, systolic: i64, diastolic: i64, at: When) -> Resource {
        let part = |code: Code, value: i64| {
            let value = quantity(&value.to_string(), "mmHg", "mm[Hg]");
            json!({"code": {"coding": [coding(code)]}, "valueQuantity": value})
        };
        self.observation(id, "vital-signs", concept(codes::BP_PANEL, "Blood pressure"), at)
            .with("component", json!([part(codes::SYSTOLIC, systolic), part(codes::DIASTOLIC, diastolic)]))
    }

    /// A laboratory report over results.
    pub fn lab_report(&self, id: &str, code: Code, name: &str, at: When, results: &[String]) -> Resource {
        let results: Vec<Value> = results.iter().map(|id| reference("Observation", id)).collect();
        self.report(id, ("LAB", "Laboratory"), concept(code, name), at).with("result", results)
    }

    /// A report of a section of HL7 table 0074 (LAB, RAD, PAT …), final, without findings.
    pub fn report(&self, id: &str, section: (&str, &str), code: Value, at: When) -> Resource {
        let category = json!({"coding": [{"system": hl7_system("v2-0074"), "code": section.0}],
            "text": section.1});
        self.about("DiagnosticReport", id)
            .with("status", "final")
            .with("category", json!([category]))
            .with("code", code)
            .with("effectiveDateTime", self.instant(at))
            .with("issued", self.instant(at.plus_minutes(200)))
            .with("performer", json!([self.place()]))
            .with("identifier", self.identifier("20", id))
    }

    fn lab_code(&self, analyte: &Analyte) -> Value {
        match self.dialect {
            // The provider's own code comes first, as it does in life.
            Dialect::Full => json!({"coding": [
                {"system": format!("urn:oid:{}.768282", self.oid), "code": analyte.key.to_uppercase(),
                 "display": analyte.text.to_uppercase()},
                coding(analyte.code)], "text": analyte.text}),
            Dialect::Sparse => {
                json!({"coding": [coding(analyte.code)], "text": analyte.text.to_uppercase()})
            }
        }
    }

    fn range(&self, analyte: &Analyte) -> Option<Value> {
        let show = |value: i64| digits(value, analyte.decimals);
        let text = match (analyte.low, analyte.high) {
            (Some(low), Some(high)) => format!("{}-{}", show(low), show(high)),
            (None, Some(high)) => format!("<{}", show(high + 1)),
            (Some(low), None) => format!(">={}", show(low)),
            (None, None) => return None,
        };
        if self.dialect == Dialect::Sparse {
            return Some(json!({"text": text}));
        }
        let mut range = json!({"text": format!("{text} {}", analyte.unit).trim_end()});
        let bound = |value: i64| quantity(&show(value), analyte.unit, analyte.ucum);
        if let Some(low) = analyte.low {
            range["low"] = bound(low);
        }
        if let Some(high) = analyte.high {
            range["high"] = bound(high);
        }
        Some(range)
    }

    fn flag(&self, analyte: &Analyte, value: i64) -> Option<Value> {
        let (code, words) = match analyte.critical {
            Some((low, _)) if value <= low => ("LL", "below lower panic limits"),
            Some((_, high)) if value >= high => ("HH", "above upper panic limits"),
            _ if analyte.low.is_some_and(|low| value < low) => ("L", "below low normal"),
            _ if analyte.high.is_some_and(|high| value > high) => ("H", "above high normal"),
            _ => return None,
        };
        Some(match self.dialect {
            Dialect::Full => {
                json!({"coding": [{"system": hl7_system("v3-ObservationInterpretation"), "code": code}]})
            }
            Dialect::Sparse => json!({"text": words}),
        })
    }
}
