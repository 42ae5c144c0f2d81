//! The output schema of an answer, inlined and flattened: what hosts can read is less than what can be derived.
//!
//! Copilot Studio drops tools with `$ref`, cuts type arrays short and fails on integer `exclusiveMinimum`.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

/// The flat schema of what a type serializes to.
pub fn of<T: JsonSchema>() -> Map<String, Value> {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let schema: Schema = settings.into_generator().into_root_schema_for::<T>();
    let mut schema = schema.to_value();
    flatten(&mut schema);
    match schema {
        Value::Object(mut map) => {
            map.remove("title");
            map.remove("description");
            if let Some(Value::Object(properties)) = map.get_mut("properties") {
                properties.insert("alarms".into(), alarms());
            }
            map
        }
        // Answers are objects; `every_schema_is_flat` fails on anything else.
        _ => Map::new(),
    }
}

/// What may stand before every answer.
fn alarms() -> Value {
    json!({
        "type": "array",
        "items": { "type": "string" },
        "description": "What cannot wait: say it first.",
    })
}

/// The flat schema of a tool that answers one of two types: what both have is required, what one has is allowed.
pub fn either<A: JsonSchema, B: JsonSchema>() -> Map<String, Value> {
    let mut both = Value::Object(of::<A>());
    merge(&mut both, Value::Object(of::<B>()));
    match both {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn merge(schema: &mut Value, other: Value) {
    let (Value::Object(schema), Value::Object(other)) = (schema, other) else { return };
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        let theirs = other.get("required").and_then(Value::as_array);
        required.retain(|name| theirs.is_some_and(|theirs| theirs.contains(name)));
    }
    for (name, value) in other {
        match schema.get_mut(&name) {
            None => {
                schema.insert(name, value);
            }
            Some(ours) if name == "properties" => merge_properties(ours, value),
            Some(ours) if name == "items" => merge(ours, value),
            Some(_) => {}
        }
    }
}

fn merge_properties(ours: &mut Value, theirs: Value) {
    let (Value::Object(ours), Value::Object(theirs)) = (ours, theirs) else { return };
    for (name, schema) in theirs {
        match ours.get_mut(&name) {
            Some(ours) => merge(ours, schema),
            None => {
                ours.insert(name, schema);
            }
        }
    }
}

/// Takes out, everywhere, what some host cannot read.
fn flatten(schema: &mut Value) {
    match schema {
        Value::Array(schemas) => schemas.iter_mut().for_each(flatten),
        Value::Object(map) => {
            one_type(map);
            without_null_branch(map);
            unit_enum(map);
            map.remove("format");
            // A `null` default stands for "left out", which is what not being required says already.
            if map.get("default").is_some_and(Value::is_null) {
                map.remove("default");
            }
            map.values_mut().for_each(flatten);
        }
        _ => {}
    }
}

/// `["string", "null"]` as `"string"`: what is absent is left out, never null.
fn one_type(map: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = map.get("type")
        && let Some(first) = types.iter().find(|name| *name != "null").cloned()
    {
        map.insert("type".into(), first);
    }
    if let Some(Value::Array(words)) = map.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
}

/// `anyOf: [T, null]` as `T`.
fn without_null_branch(map: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = map.get("anyOf") else { return };
    let is_null = |branch: &Value| branch.get("type").is_some_and(|name| name == "null");
    let mut others = branches.iter().filter(|branch| !is_null(branch)).cloned();
    if let (Some(Value::Object(only)), None) = (others.next(), others.next()) {
        map.remove("anyOf");
        map.extend(only);
        one_type(map);
    }
}

/// `oneOf: [{const: "a"}, {const: "b"}]` as `enum: ["a", "b"]`.
fn unit_enum(map: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = map.get("oneOf") else { return };
    let words: Option<Vec<Value>> = branches
        .iter()
        .map(|branch| match (branch.get("const"), branch.get("enum")) {
            (Some(word), _) => Some(vec![word.clone()]),
            (None, Some(Value::Array(words))) => Some(words.clone()),
            _ => None,
        })
        .collect::<Option<Vec<Vec<Value>>>>()
        .map(|words| words.concat());
    if let Some(words) = words {
        map.remove("oneOf");
        map.insert("type".into(), "string".into());
        map.insert("enum".into(), words.into());
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Serialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only its schema is of interest")]
    enum Flag {
        /// Above.
        High,
        /// Below.
        Low,
        Normal,
    }

    #[derive(Serialize, JsonSchema)]
    struct Inner {
        #[serde(skip_serializing_if = "Option::is_none")]
        flag: Option<Flag>,
        count: u32,
    }

    #[derive(Serialize, JsonSchema)]
    struct Outer {
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        inner: Option<Inner>,
        rows: Vec<Inner>,
    }

    #[derive(Serialize, JsonSchema)]
    struct Other {
        name: String,
        rows: Vec<Outer>,
        text: String,
    }

    #[test]
    fn two_answers_share_one_schema() {
        let schema = Value::Object(either::<Outer, Other>());
        assert_eq!(schema["required"], serde_json::json!(["rows"]));
        assert_eq!(schema["properties"]["text"]["type"], "string");
        let rows = &schema["properties"]["rows"]["items"];
        assert_eq!(rows["required"], serde_json::json!([]));
        assert!(rows["properties"]["count"].is_object() && rows["properties"]["rows"].is_object());
    }

    #[test]
    fn what_hosts_cannot_read_is_gone() {
        let text = Value::Object(of::<Outer>()).to_string();
        for forbidden in ["$ref", "$defs", "oneOf", "anyOf", "null", "format", "$schema"] {
            assert!(!text.contains(forbidden), "{forbidden} in {text}");
        }
        assert!(text.contains(r#""enum":["normal","high","low"]"#), "{text}");
    }
}
