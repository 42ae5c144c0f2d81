//! What must hold of every tool: hosts can read its schemas, its hints are set, and the list stays small.

use plainchart::mcp::server::listed_tools;
use serde_json::{Value, json};

/// `tools/list` of names, descriptions and input schemas may cost so many o200k tokens.
const TOKENS_MAX: usize = 5_000;

/// Words by which a description would steer the assistant instead of telling it what there is.
const STEERING: &[&str] = &["always", "must", "never", "important", "should", "do not", "only use"];

#[test]
fn the_tools_cost_little_to_list() {
    let listed: Vec<Value> = listed_tools()
        .iter()
        .map(|tool| json!({ "name": tool.name, "description": tool.description, "inputSchema": *tool.input_schema }))
        .collect();
    let listed = serde_json::to_string(&listed).unwrap();
    let tokens = tiktoken_rs::o200k_base().unwrap().encode_ordinary(&listed).len();
    println!("tools/list: {tokens} tokens");
    assert!(tokens <= TOKENS_MAX, "{tokens} tokens");
}

#[test]
fn the_list_of_tools_is_as_it_was() {
    let listed: Vec<Value> = listed_tools().iter().map(|tool| serde_json::to_value(tool).unwrap()).collect();
    insta::assert_snapshot!(serde_json::to_string_pretty(&listed).unwrap());
}

#[test]
fn every_tool_is_named_described_and_hinted() {
    for tool in listed_tools() {
        let name = &tool.name;
        assert!(name.len() <= 64 && name.split_once('_').is_some(), "{name}");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
        let hints = tool.annotations.as_ref().unwrap();
        assert_eq!(hints.title, tool.title, "{name}");
        assert!(tool.title.as_ref().is_some_and(|title| !title.is_empty()), "{name}");
        // Two tools go out to portals, and say so; all others read what is here.
        let stays = !["update_records", "connect_source"].contains(&&**name);
        assert_eq!(hints.read_only_hint, Some(stays), "{name}");
        assert_eq!(hints.destructive_hint, Some(false), "{name}");
        assert_eq!(hints.idempotent_hint, Some(stays), "{name}");
        assert_eq!(hints.open_world_hint, Some(!stays), "{name}");
        let description = tool.description.as_ref().unwrap().to_lowercase();
        let words: Vec<&str> = description.split(|character: char| !character.is_alphanumeric()).collect();
        for steering in STEERING {
            let is_said = if steering.contains(' ') {
                description.contains(steering)
            } else {
                words.contains(steering)
            };
            assert!(!is_said, "{name} says \"{steering}\"");
        }
    }
}

#[test]
fn every_schema_is_flat() {
    for tool in listed_tools() {
        let output = tool.output_schema.as_ref().unwrap();
        for (which, schema) in [("input", &tool.input_schema), ("output", output)] {
            let schema = Value::Object(schema.as_ref().clone());
            assert_eq!(schema["type"], "object", "{} {which}", tool.name);
            lint(&schema, &format!("{} {which}", tool.name));
        }
        assert_eq!(tool.input_schema["additionalProperties"], false, "{}", tool.name);
        let properties = tool.input_schema["properties"].as_object().unwrap();
        for (name, property) in properties {
            assert!(property["type"].is_string(), "{} {name}", tool.name);
        }
    }
}

#[test]
fn every_list_can_be_asked_alike() {
    for tool in listed_tools() {
        let properties = tool.input_schema["properties"].as_object().unwrap();
        // An entry in full goes on from its cursor too, and is no list.
        if !properties.contains_key("cursor") || tool.name == "get_record" {
            continue;
        }
        for name in ["since", "until", "added_since", "limit", "max_tokens"] {
            assert!(properties.contains_key(name), "{} takes no {name}", tool.name);
        }
        let output = tool.output_schema.as_ref().unwrap();
        for name in ["whose", "items", "shown", "total", "coverage", "next"] {
            assert!(output["properties"].get(name).is_some(), "{} answers no {name}", tool.name);
        }
    }
}

#[test]
fn the_lint_sees_what_it_is_for() {
    for bad in [
        json!({ "$ref": "#/x" }),
        json!({ "properties": { "a": { "type": ["string", "null"] } } }),
        json!({ "oneOf": [] }),
        json!({ "properties": { "a": { "type": "integer", "format": "uint32" } } }),
        json!({ "properties": { "a": { "type": "integer", "exclusiveMinimum": 0 } } }),
        json!({ "$defs": {} }),
    ] {
        assert!(std::panic::catch_unwind(|| lint(&bad, "bad")).is_err(), "{bad}");
    }
}

/// Fails on what some host cannot read. A property may have any name.
fn lint(schema: &Value, place: &str) {
    let Value::Object(map) = schema else { return };
    for (name, value) in map {
        match name.as_str() {
            "$ref" | "$defs" | "$schema" | "definitions" | "oneOf" | "anyOf" | "allOf" | "format"
            | "exclusiveMinimum" | "exclusiveMaximum" | "const" => panic!("{place}: {name}"),
            "type" => assert!(value.is_string(), "{place}: {value}"),
            "properties" => {
                let properties = value.as_object().unwrap();
                properties.iter().for_each(|(name, schema)| lint(schema, &format!("{place}.{name}")));
            }
            _ => lint(value, &format!("{place}.{name}")),
        }
    }
}
