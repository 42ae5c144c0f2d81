//! The tools that the suite knows by name, and those that ask a client of the older era back while it waits.
#![expect(deprecated, reason = "the suite of the older era asks for it")]

use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResult, ClientCapabilities, ElicitResult, LoggingLevel,
    LoggingMessageNotificationParam, ProgressNotificationParam,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};

use super::fixtures::{IMAGE, SOUND};
use super::{asking, value};

/// Between two notifications.
const PAUSE: Duration = Duration::from_millis(50);

/// Tools without arguments.
const PLAIN: &[&str] = &[
    "test_simple_text",
    "test_image_content",
    "test_audio_content",
    "test_embedded_resource",
    "test_multiple_content_types",
    "test_tool_with_logging",
    "test_error_handling",
    "test_tool_with_progress",
    "test_elicitation_sep1034_defaults",
    "test_elicitation_sep1330_enums",
    "test_missing_capability",
    "test_logging_tool",
    "test_streaming_elicitation",
];

/// All of them.
pub fn listed() -> Value {
    let tool = |name: &str, schema: Value| json!({ "name": name, "description": "For the test", "inputSchema": schema });
    let nothing = || json!({ "type": "object", "properties": {} });
    let text = |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } }, "required": [name] });
    let header = json!({ "type": "string", "x-mcp-header": "Region" });
    let mut tools: Vec<Value> = PLAIN.iter().chain(asking::TOOLS).map(|name| tool(name, nothing())).collect();
    tools.push(tool("test_sampling", text("prompt")));
    tools.push(tool("test_elicitation", text("message")));
    tools.push(tool("test_headers", json!({ "type": "object", "properties": { "region": header } })));
    tools.push(tool("json_schema_2020_12_tool", schema()));
    Value::Array(tools)
}

/// Answers one of them.
pub async fn call(
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResult, ErrorData> {
    let argument = |name: &str| {
        let value = request.arguments.as_ref().and_then(|arguments| arguments.get(name)?.as_str());
        value.unwrap_or_default().to_owned()
    };
    let text = |text: &str| json!({ "type": "text", "text": text });
    let content = match &*request.name {
        "test_simple_text" => vec![text("This is a simple text response for testing.")],
        "test_image_content" => vec![image()],
        "test_audio_content" => vec![json!({ "type": "audio", "data": SOUND, "mimeType": "audio/wav" })],
        "test_embedded_resource" => {
            vec![embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")]
        }
        "test_multiple_content_types" => {
            let data = embedded(
                "test://mixed-content-resource",
                "application/json",
                r#"{"test":"data","value":123}"#,
            );
            vec![text("Multiple content types test:"), image(), data]
        }
        "test_error_handling" => {
            let content = [text("This tool intentionally returns an error for testing")];
            return value(json!({ "resultType": "complete", "isError": true, "content": content }));
        }
        "test_tool_with_logging" => {
            log(context).await;
            vec![text("logged")]
        }
        "test_tool_with_progress" => {
            progress(context).await;
            vec![text("progressed")]
        }
        "test_sampling" => {
            vec![text(&format!("LLM response: {}", sampled(context, &argument("prompt")).await?))]
        }
        "test_elicitation" => {
            let string = |description: &str| json!({ "type": "string", "description": description });
            let fields =
                json!({ "username": string("User's response"), "email": string("User's email address") });
            let result = elicited(context, &argument("message"), fields, &["username", "email"]).await?;
            vec![text(&format!("User response: {}", told(&result)))]
        }
        "test_elicitation_sep1034_defaults" => {
            let result = elicited(context, "Defaults", defaults(), &[]).await?;
            vec![text(&format!("Elicitation completed: {}", told(&result)))]
        }
        "test_elicitation_sep1330_enums" => {
            let result = elicited(context, "Choices", choices(), &[]).await?;
            vec![text(&format!("Elicitation completed: {}", told(&result)))]
        }
        "test_missing_capability" => {
            if context.client_capabilities().is_none_or(|client| client.sampling.is_none()) {
                let needed: ClientCapabilities = value(json!({ "sampling": {} }))?;
                return Err(ErrorData::missing_required_client_capability(needed));
            }
            vec![text("sampling is there")]
        }
        "test_logging_tool" | "test_streaming_elicitation" | "test_headers" | "json_schema_2020_12_tool" => {
            vec![text("done")]
        }
        _ => return Err(ErrorData::invalid_params("there is no such tool", None)),
    };
    value(json!({ "resultType": "complete", "content": content }))
}

fn image() -> Value {
    json!({ "type": "image", "data": IMAGE, "mimeType": "image/png" })
}

fn embedded(uri: &str, kind: &str, text: &str) -> Value {
    json!({ "type": "resource", "resource": { "uri": uri, "mimeType": kind, "text": text } })
}

async fn log(context: &RequestContext<RoleServer>) {
    for words in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
        let line = LoggingMessageNotificationParam::new(LoggingLevel::Info, json!(words));
        let _ = context.peer.notify_logging_message(line).await;
        tokio::time::sleep(PAUSE).await;
    }
}

async fn progress(context: &RequestContext<RoleServer>) {
    for done in [0.0, 50.0, 100.0] {
        if let Some(token) = context.meta.get_progress_token() {
            let told = ProgressNotificationParam::new(token, done).with_total(100.0);
            let _ = context.peer.notify_progress(told).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn sampled(context: &RequestContext<RoleServer>, prompt: &str) -> Result<String, ErrorData> {
    let message = json!({ "role": "user", "content": { "type": "text", "text": prompt } });
    let asked = value(json!({ "messages": [message], "maxTokens": 100 }))?;
    let answered = context.peer.create_message(asked).await.map_err(unanswered)?;
    let answered = serde_json::to_value(answered).unwrap_or_default();
    let content = &answered["content"];
    let text = content["text"].as_str().or_else(|| content[0]["text"].as_str());
    Ok(text.unwrap_or_default().to_owned())
}

async fn elicited(
    context: &RequestContext<RoleServer>,
    message: &str,
    fields: Value,
    required: &[&str],
) -> Result<ElicitResult, ErrorData> {
    let mut schema = json!({ "type": "object", "properties": fields });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    let asked = value(json!({ "mode": "form", "message": message, "requestedSchema": schema }))?;
    context.peer.create_elicitation(asked).await.map_err(unanswered)
}

fn unanswered(error: impl ToString) -> ErrorData {
    ErrorData::internal_error(error.to_string(), None)
}

fn told(result: &ElicitResult) -> String {
    let result = serde_json::to_value(result).unwrap_or_default();
    format!("action={}, content={}", result["action"].as_str().unwrap_or_default(), result["content"])
}

fn defaults() -> Value {
    json!({
        "name": { "type": "string", "default": "John Doe" },
        "age": { "type": "integer", "default": 30 },
        "score": { "type": "number", "default": 95.5 },
        "status": { "type": "string", "enum": ["active", "inactive", "pending"], "default": "active" },
        "verified": { "type": "boolean", "default": true },
    })
}

fn choices() -> Value {
    let options = ["option1", "option2", "option3"];
    let titled = |word: &str| {
        let all = [("value1", "First"), ("value2", "Second"), ("value3", "Third")];
        json!(all.map(|(value, place)| json!({ "const": value, "title": format!("{place} {word}") })))
    };
    json!({
        "untitledSingle": { "type": "string", "enum": options },
        "titledSingle": { "type": "string", "oneOf": titled("Option") },
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": { "type": "array", "items": { "type": "string", "enum": options } },
        "titledMulti": { "type": "array", "items": { "anyOf": titled("Choice") } },
    })
}

/// Everything that JSON Schema 2020-12 brought.
fn schema() -> Value {
    let string = || json!({ "type": "string" });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {
            "address": {
                "$anchor": "addressDef",
                "type": "object",
                "properties": { "street": string(), "city": string() },
            },
        },
        "properties": {
            "name": string(),
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": string(),
            "email": string(),
        },
        "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
        "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
        "then": { "required": ["phone"] },
        "else": { "required": ["email"] },
        "additionalProperties": false,
    })
}
