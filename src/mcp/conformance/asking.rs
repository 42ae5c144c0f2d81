//! Tools and a prompt that ask for input before they answer, as 2026-07-28 does it (SEP-2322): by an answer that
//! names what is needed, and a state that comes back with it.

use hmac::{Hmac, KeyInit, Mac};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientCapabilities, ContentBlock, ElicitResult,
    GetPromptRequestParams, GetPromptResponse, InputRequiredResult, InputResponses,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::value;
use crate::clock::hex;

/// The tools.
pub const TOOLS: &[&str] = &[
    "test_input_required_result_elicitation",
    "test_input_required_result_sampling",
    "test_input_required_result_list_roots",
    "test_input_required_result_request_state",
    "test_input_required_result_multiple_inputs",
    "test_input_required_result_multi_round",
    "test_input_required_result_tampered_state",
    "test_input_required_result_capabilities",
];

/// One step: what is asked for, by name, and the state that comes back.
struct Step {
    asked: Value,
    state: Option<&'static str>,
}

/// One of the tools; `None` for another.
pub fn tool(
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Option<Result<CallToolResponse, ErrorData>> {
    let steps = steps(&request.name, context.client_capabilities().unwrap_or_default())?;
    let step = next(&steps, request.input_responses.as_ref(), request.request_state.as_deref());
    Some(step.and_then(|step| match step {
        Some(step) => Ok(required(step)?.into()),
        None => Ok(CallToolResult::success(vec![ContentBlock::text(said(request))]).into()),
    }))
}

/// The prompt; `None` for another.
pub fn prompt(request: &GetPromptRequestParams) -> Option<Result<GetPromptResponse, ErrorData>> {
    if request.name != "test_input_required_result_prompt" {
        return None;
    }
    let context = elicitation("What context should the prompt use?", "context", "string");
    let steps = [Step { asked: json!({ "user_context": context }), state: None }];
    let step = next(&steps, request.input_responses.as_ref(), None);
    Some(step.and_then(|step| match step {
        Some(step) => Ok(required(step)?.into()),
        None => {
            let content = json!({ "type": "text", "text": "With the context that was given." });
            let messages = json!([{ "role": "user", "content": content }]);
            let prompt = json!({ "resultType": "complete", "messages": messages });
            Ok(GetPromptResponse::Complete(value(prompt)?))
        }
    }))
}

fn steps(tool: &str, client: ClientCapabilities) -> Option<Vec<Step>> {
    let name = || elicitation("What is your name?", "name", "string");
    let confirm = || json!({ "confirm": elicitation("Please confirm", "ok", "boolean") });
    let roots = || json!({ "method": "roots/list", "params": {} });
    let one = |asked: Value, state| Some(vec![Step { asked, state }]);
    match tool.strip_prefix("test_input_required_result_")? {
        "elicitation" => one(json!({ "user_name": name() }), None),
        "sampling" => {
            one(json!({ "capital_question": sampling("What is the capital of France?", 100) }), None)
        }
        "list_roots" => one(json!({ "client_roots": roots() }), None),
        "request_state" | "tampered_state" => one(confirm(), Some("confirm")),
        "multiple_inputs" => {
            let greeting = sampling("Generate a greeting", 50);
            one(json!({ "user_name": name(), "greeting": greeting, "client_roots": roots() }), Some("all"))
        }
        "multi_round" => {
            let first = elicitation("Step 1: What is your name?", "name", "string");
            let second = elicitation("Step 2: What is your favorite color?", "color", "string");
            Some(vec![
                Step { asked: json!({ "step1": first }), state: Some("round 1") },
                Step { asked: json!({ "step2": second }), state: Some("round 2") },
            ])
        }
        "capabilities" => {
            let mut asked = Map::new();
            if client.elicitation.is_some() {
                asked.insert("user_name".into(), name());
            }
            if client.sampling.is_some() {
                asked.insert("greeting".into(), sampling("Generate a greeting", 50));
            }
            one(Value::Object(asked), None)
        }
        _ => None,
    }
}

/// The step that is still to be asked; `None` when all have been answered.
fn next<'a>(
    steps: &'a [Step],
    responses: Option<&InputResponses>,
    state: Option<&str>,
) -> Result<Option<&'a Step>, ErrorData> {
    // Without a state it is the first step that is answered.
    let mut answered = &steps[0];
    if let Some(state) = state {
        let known = steps.iter().find(|step| step.state.is_some_and(|own| sealed(own) == state));
        answered = known.ok_or_else(|| ErrorData::invalid_params("the state is not as it was sent", None))?;
    }
    let has_all = responses.is_some_and(|responses| {
        answered.asked.as_object().is_some_and(|asked| {
            asked.iter().all(|(name, asked)| responses.get(name).is_some_and(|given| is_answer(asked, given)))
        })
    });
    if !has_all || (answered.state.is_some() && state.is_none()) {
        return Ok(Some(answered));
    }
    Ok(steps.iter().skip_while(|step| !std::ptr::eq(*step, answered)).nth(1))
}

fn is_answer(asked: &Value, given: &Value) -> bool {
    match asked["method"].as_str() {
        Some("elicitation/create") => serde_json::from_value::<ElicitResult>(given.clone()).is_ok(),
        Some("roots/list") => given["roots"].is_array(),
        _ => given["content"].is_object() || given["content"].is_array(),
    }
}

fn required(step: &Step) -> Result<InputRequiredResult, ErrorData> {
    let mut result = json!({ "resultType": "input_required", "inputRequests": step.asked });
    if let Some(state) = step.state {
        result["requestState"] = json!(sealed(state));
    }
    value(result)
}

/// A state that whoever changes it gives away.
fn sealed(state: &str) -> String {
    // The key is no secret: nothing hangs on it.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(b"plainchart's fixture") else { return String::new() };
    mac.update(state.as_bytes());
    format!("{state}.{}", hex(&mac.finalize().into_bytes()))
}

fn said(request: &CallToolRequestParams) -> String {
    let responses = json!(request.input_responses);
    match responses["user_name"]["content"]["name"].as_str() {
        Some(name) => format!("Hello, {name}!"),
        None => format!("state-ok: {responses}"),
    }
}

fn elicitation(message: &str, field: &str, kind: &str) -> Value {
    let schema = json!({ "type": "object", "properties": { field: { "type": kind } }, "required": [field] });
    json!({ "method": "elicitation/create", "params": { "message": message, "requestedSchema": schema } })
}

fn sampling(text: &str, tokens: u32) -> Value {
    let message = json!({ "role": "user", "content": { "type": "text", "text": text } });
    json!({ "method": "sampling/createMessage", "params": { "messages": [message], "maxTokens": tokens } })
}
