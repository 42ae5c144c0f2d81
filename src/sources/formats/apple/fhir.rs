//! FHIR as text: the small part of it that a roll-up needs.

use super::kinds::ucum;
use crate::sources::EXPORTER;

/// The code systems of an observation.
pub const LOINC: &str = "http://loinc.org";
const HEALTHKIT: &str = "http://developer.apple.com/documentation/healthkit";

/// Bytes of an observation, and of an object inside of one: room that is made at once.
const RESOURCE_BYTES: usize = 1024;
const OBJECT_BYTES: usize = 128;

/// A JSON object being written.
pub struct Object(String);

impl Object {
    /// An object of this type.
    pub fn resource(kind: &str, id: &str) -> Object {
        let mut object = Object::with_room(RESOURCE_BYTES);
        object.text("resourceType", kind);
        object.text("id", id);
        object
    }

    /// An object.
    pub fn new() -> Object {
        Object::with_room(OBJECT_BYTES)
    }

    fn with_room(bytes: usize) -> Object {
        let mut json = String::with_capacity(bytes);
        json.push('{');
        Object(json)
    }

    /// Adds a member whose value is JSON already.
    pub fn json(&mut self, name: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quote(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(json);
    }

    /// Adds a text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.json(name, "");
        quote(&mut self.0, text);
    }

    /// Adds an object.
    pub fn object(&mut self, name: &str, object: Object) {
        self.json(name, &object.end());
    }

    /// Adds a list of objects.
    pub fn list(&mut self, name: &str, objects: impl IntoIterator<Item = Object>) {
        let mut objects = objects.into_iter().map(Object::end).peekable();
        if objects.peek().is_none() {
            return;
        }
        self.json(name, "[");
        while let Some(object) = objects.next() {
            self.0.push_str(&object);
            self.0.push(if objects.peek().is_some() { ',' } else { ']' });
        }
    }

    /// The text of the object.
    pub fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn quote(json: &mut String, text: &str) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if !text.bytes().all(is_plain) {
        return json.push_str(&serde_json::Value::from(text).to_string());
    }
    json.push('"');
    json.push_str(text);
    json.push('"');
}

/// The person of an export, as a resource refers to them.
pub fn exporter() -> Object {
    let mut subject = Object::new();
    subject.text("reference", EXPORTER);
    subject
}

/// A concept with its name, its LOINC code and what Apple calls it.
pub fn concept(name: &str, loinc: Option<&str>, apple: Option<&str>) -> Object {
    let coding = |system: &str, code: &str| {
        let mut coding = Object::new();
        coding.text("system", system);
        coding.text("code", code);
        coding
    };
    let loinc = loinc.map(|code| coding(LOINC, code));
    let mut concept = Object::new();
    concept.list("coding", loinc.into_iter().chain(apple.map(|code| coding(HEALTHKIT, code))));
    concept.text("text", name);
    concept
}

/// A quantity: its digits and its unit as Apple writes it.
pub fn quantity(digits: &str, unit: &str) -> Object {
    let mut quantity = Object::new();
    quantity.json("value", digits);
    match ucum(unit) {
        // What is only counted has no unit to read.
        Some("1") => {}
        Some(code) => {
            quantity.text("unit", code);
            quantity.text("system", "http://unitsofmeasure.org");
            quantity.text("code", code);
        }
        None if unit.is_empty() => {}
        None => quantity.text("unit", unit),
    }
    quantity
}

/// A part of an observation.
pub fn part(name: &str, loinc: Option<&str>, digits: &str, unit: &str) -> Object {
    let mut part = Object::new();
    part.object("code", concept(name, loinc, None));
    part.object("valueQuantity", quantity(digits, unit));
    part
}
