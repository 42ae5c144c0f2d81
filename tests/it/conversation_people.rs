//! Every tool over every synthetic person: the answer stands alone, fits its schema and its size, and is audited.

use std::collections::HashSet;
use std::path::Path;

use plainchart::access::audit;
use plainchart::ingest::{Request, import};
use plainchart::mcp::server::listed_tools;
use plainchart::record::EntryId;
use plainchart::store::{OwnerId, Sealed};
use rmcp::model::{ReadResourceRequestParams, ResourceContents};
use serde_json::{Value, json};

use crate::conversation::{World, call, refusal, text};

const ANSWER_CHARS_MAX: usize = 40_000;

fn person(name: &str) -> World {
    let world = World::new();
    let sealed = world.vault.create(&OwnerId::random(world.vault.random())).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/people").join(name);
    let request = Request { paths: vec![path], at: 1_767_225_600, ..Request::default() };
    import(&sealed, &request, &mut |_| {}).unwrap();
    World { sealed, ..world }
}

#[tokio::test]
async fn every_tool_answers_in_the_one_grammar_about_everyone() {
    for name in ["adult", "child", "deceased"] {
        let world = person(name);
        let client = world.client().await;
        for tool in listed_tools() {
            let arguments = match &*tool.name {
                "search_records" => json!({ "query": "sugar" }),
                "get_record" => continue,
                "connect_source" => json!({ "name": "Nowhere Clinic" }),
                _ => json!({}),
            };
            let answer = call(&client, &tool.name, arguments).await;
            assert_ne!(answer.is_error, Some(true), "{name} {}: {}", tool.name, text(&answer));
            let typed = answer.structured_content.as_ref().unwrap();
            let schema = Value::Object(tool.output_schema.as_ref().unwrap().as_ref().clone());
            fits(typed, &schema, &format!("{name} {}", tool.name));
            assert!(text(&answer).starts_with("**"), "{name} {}: {}", tool.name, text(&answer));
            assert!(text(&answer).contains("\nCoverage: "), "{name} {}: {}", tool.name, text(&answer));
            assert!(text(&answer).chars().count() <= ANSWER_CHARS_MAX);
            assert!(typed.to_string().chars().count() <= ANSWER_CHARS_MAX);
            is_audited(&world.sealed, &tool.name, text(&answer));
        }
    }
}

#[tokio::test]
async fn an_entry_that_is_cited_opens_in_full_and_as_it_came() {
    let client = person("adult").client().await;
    let answer = call(&client, "get_labs", json!({ "limit": 3 })).await;
    let schema = listed_tools().iter().find(|tool| tool.name == "get_record").unwrap().output_schema.clone();
    let schema = Value::Object(schema.unwrap().as_ref().clone());
    for id in cited(text(&answer)) {
        let full = call(&client, "get_record", json!({ "id": id })).await;
        assert!(text(&full).contains(&format!("[{id}]")), "{}", text(&full));
        fits(full.structured_content.as_ref().unwrap(), &schema, "get_record");
        let original = call(&client, "get_record", json!({ "id": id, "original": "true" })).await;
        assert!(text(&original).contains("Observation"), "{}", text(&original));
        fits(original.structured_content.as_ref().unwrap(), &schema, "get_record, original");
    }
    let unknown = refusal(&client, "get_record", json!({ "id": "L000000" })).await;
    assert!(unknown.starts_with("No entry L000000 can be seen. Ids look like"), "{unknown}");
}

#[tokio::test]
async fn the_summary_and_an_entry_are_resources_too() {
    let world = person("adult");
    let client = world.client().await;
    let templates = client.list_resource_templates(None).await.unwrap().resource_templates;
    assert_eq!(templates[0].uri_template, "plainchart://record/{id}");
    let resources = client.list_resources(None).await.unwrap().resources;
    let summary = read(&client, &resources[0].uri).await.unwrap();
    let answer = call(&client, "summarize_history", json!({})).await;
    assert_eq!(summary, text(&answer));
    let id = cited(&summary).into_iter().next().unwrap();
    let entry = read(&client, &format!("plainchart://record/{id}")).await.unwrap();
    assert!(entry.contains(&format!("[{id}]")), "{entry}");
    for bad in ["plainchart://record/L000000", "plainchart://record/", "file:///etc/passwd"] {
        assert!(read(&client, bad).await.is_err(), "{bad}");
    }
    let tools: Vec<String> =
        audit::read(&world.sealed, 10).unwrap().into_iter().map(|line| line.event.tool).collect();
    assert_eq!(tools, ["summarize_history", "summarize_history", "get_record", "get_record"]);
}

#[tokio::test]
async fn names_that_are_known_elsewhere_are_answered() {
    let client = person("adult").client().await;
    for (name, arguments) in [
        ("get_health_summary", json!({})),
        ("search_clinical_notes", json!({ "query": "diabetes", "years": 30 })),
        ("search", json!({ "query": "diabetes", "limit": 2 })),
        ("get_labs", json!({ "years": 3, "beforeDate": "2025-12-31" })),
    ] {
        let answer = call(&client, name, arguments).await;
        assert_ne!(answer.is_error, Some(true), "{name}: {}", text(&answer));
    }
    assert!(listed_tools().iter().all(|tool| tool.name != "search" && tool.name != "get_health_summary"));
}

async fn read(client: &crate::conversation::Client, uri: &str) -> Result<String, rmcp::ServiceError> {
    let result = client.read_resource(ReadResourceRequestParams::new(uri)).await?;
    match result.contents.as_slice() {
        [ResourceContents::TextResourceContents { text, mime_type, .. }] => {
            assert_eq!(mime_type.as_deref(), Some("text/markdown"));
            Ok(text.clone())
        }
        other => panic!("one text was expected: {other:?}"),
    }
}

/// The ids in brackets.
fn cited(text: &str) -> HashSet<String> {
    let ids = text.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(id, _)| id);
    ids.filter(|id| id.len() == 7 && EntryId::parse(id).is_some()).map(str::to_owned).collect()
}

/// The audit's last line names the tool and every entry that the answer cites.
fn is_audited(sealed: &Sealed, tool: &str, text: &str) {
    let line = audit::read(sealed, 1).unwrap().pop().unwrap();
    assert_eq!(line.event.tool, tool);
    let noted: HashSet<String> = line.event.entries.into_iter().collect();
    let missing: Vec<String> = cited(text).difference(&noted).cloned().collect();
    assert!(missing.is_empty(), "{tool} cites {missing:?} and the audit does not know");
}

/// Whether a value fits a flat schema: its type, what is required, and nothing that is not named.
fn fits(value: &Value, schema: &Value, place: &str) {
    let is_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    assert!(is_type, "{place}: {value} is no {}", schema["type"]);
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{place}: {value} is none of {words:?}");
    }
    if let Some(items) = value.as_array() {
        items.iter().for_each(|item| fits(item, &schema["items"], &format!("{place}[]")));
    }
    let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object()) else {
        return;
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(object.contains_key(name.as_str().unwrap()), "{place} lacks {name}");
    }
    for (name, value) in object {
        let schema =
            properties.get(name).unwrap_or_else(|| panic!("{place} has {name}, which is in no schema"));
        fits(value, schema, &format!("{place}.{name}"));
    }
}
