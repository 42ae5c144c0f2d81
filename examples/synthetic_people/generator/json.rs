//! The small pieces every FHIR resource is made of: numbers with their digits, codes, references.

use std::str::FromStr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Number, Value, json};

use super::codes::Code;

/// A JSON number with exactly these digits: `4.10` stays `4.10`.
pub fn number(digits: &str) -> Value {
    match Number::from_str(digits) {
        Ok(number) => Value::Number(number),
        Err(_) => unreachable!("the stories write numbers as digits: {digits}"),
    }
}

/// Digits of a whole number that counts tenths, hundredths …: `digits(410, 2)` is `4.10`.
pub fn digits(value: i64, decimals: u32) -> String {
    let scale = 10_i64.pow(decimals);
    if decimals == 0 {
        return value.to_string();
    }
    let sign = if value < 0 { "-" } else { "" };
    let width = decimals as usize;
    format!("{sign}{}.{:0width$}", value.abs() / scale, value.abs() % scale)
}

/// A `Coding` with the publisher's name.
pub fn coding(code: Code) -> Value {
    json!({"system": code.system, "code": code.code, "display": code.display})
}

/// A `CodeableConcept` of one code and the words the source shows.
pub fn concept(code: Code, text: &str) -> Value {
    json!({"coding": [coding(code)], "text": text})
}

/// A `CodeableConcept` of one code of a system of which no names may be repeated.
pub fn unnamed(system: &str, code: &str, text: &str) -> Value {
    json!({"coding": [{"system": system, "code": code}], "text": text})
}

/// A `CodeableConcept` of HL7's own terminology: `hl7("condition-clinical", "active")`.
pub fn hl7(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": hl7_system(system), "code": code}]})
}

/// The URI of a code system on terminology.hl7.org.
pub fn hl7_system(name: &str) -> String {
    format!("http://terminology.hl7.org/CodeSystem/{name}")
}

/// A `CodeableConcept` of words alone.
pub fn text(words: &str) -> Value {
    json!({"text": words})
}

/// A `Reference`, relative: `reference("Encounter", "visit-1")`.
pub fn reference(kind: &str, id: &str) -> Value {
    json!({"reference": format!("{kind}/{id}")})
}

/// A `Reference` with the words a page would show.
pub fn named_reference(kind: &str, id: &str, display: &str) -> Value {
    json!({"reference": format!("{kind}/{id}"), "display": display})
}

/// A `Quantity` with a UCUM code.
pub fn quantity(digits: &str, unit: &str, ucum: &str) -> Value {
    if unit.is_empty() {
        return json!({"value": number(digits)});
    }
    json!({"value": number(digits), "unit": unit, "system": "http://unitsofmeasure.org", "code": ucum})
}

/// A `Quantity` with a unit as printed and no code, as many laboratories send it.
pub fn plain_quantity(digits: &str, unit: &str) -> Value {
    json!({"value": number(digits), "unit": unit})
}

/// An `Attachment` that carries its content.
pub fn attachment(content_type: &str, content: &str, title: &str) -> Value {
    json!({"contentType": content_type, "data": STANDARD.encode(content), "title": title})
}

/// A resource under construction.
#[derive(Clone, Debug)]
pub struct Resource(Map<String, Value>);

impl Resource {
    /// A resource that has a type and an id, and nothing else yet.
    pub fn new(kind: &str, id: &str) -> Self {
        Self::without_id(kind).with("id", id)
    }

    /// A resource that has a type only.
    pub fn without_id(kind: &str) -> Self {
        Self(Map::from_iter([("resourceType".to_owned(), kind.into())]))
    }

    /// The same with one more element, or with this one replaced.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// The same with this element gone.
    pub fn without(mut self, key: &str) -> Self {
        self.0.remove(key);
        self
    }

    /// The same, tied to a visit.
    pub fn in_visit(self, encounter: &str) -> Self {
        self.with("encounter", reference("Encounter", encounter))
    }

    /// Its type.
    pub fn kind(&self) -> &str {
        self.0.get("resourceType").and_then(Value::as_str).unwrap_or_default()
    }

    /// Its id, if it has one.
    pub fn id(&self) -> Option<&str> {
        self.0.get("id").and_then(Value::as_str)
    }

    /// The finished JSON.
    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}
