//! Turns resources into the text of files: bundles with one entry a line, and NDJSON.

use serde_json::{Value, json};

use super::{
    json::{Resource, number},
    random::Random,
};

/// One file of a person's folder.
pub struct File {
    /// Its path below the folder of all people, with `/`.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

impl File {
    /// A file.
    pub fn new(path: &str, text: String) -> Self {
        Self { path: path.to_owned(), text }
    }
}

/// A Bundle whose entries have absolute addresses below `base`.
pub fn bundle(kind: &str, base: &str, timestamp: &str, resources: Vec<Resource>) -> String {
    let is_search = kind == "searchset";
    let entries: Vec<Value> = resources
        .into_iter()
        .map(|resource| {
            let address = format!("{base}/{}/{}", resource.kind(), resource.id().unwrap_or_default());
            if resource.kind() == "OperationOutcome" {
                let address = format!("urn:uuid:{}", Random::named(&address).uuid());
                return json!({"fullUrl": address, "resource": resource.into_value(),
                    "search": {"mode": "outcome"}});
            }
            let mut entry = json!({"fullUrl": address, "resource": resource.into_value()});
            if is_search {
                entry["search"] = json!({"mode": "match"});
            }
            entry
        })
        .collect();
    let mut head = json!({"resourceType": "Bundle", "type": kind, "timestamp": timestamp});
    if kind == "document" {
        let name = format!("urn:uuid:{}", Random::named(base).uuid());
        head["identifier"] = json!({"system": "urn:ietf:rfc:3986", "value": name});
    }
    if is_search {
        head["total"] = number(&entries.len().to_string());
    }
    with_entries(&head, &entries)
}

/// A Bundle of entries that are finished already.
pub fn with_entries(head: &Value, entries: &[Value]) -> String {
    let head = head.to_string();
    let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
    format!("{},\"entry\":[\n{}\n]}}\n", head.strip_suffix('}').unwrap_or(&head), lines.join(",\n"))
}

/// One resource a line.
pub fn ndjson(resources: Vec<Resource>) -> String {
    resources.into_iter().map(|resource| format!("{}\n", resource.into_value())).collect()
}
