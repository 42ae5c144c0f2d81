//! The prompts and resources that the suite knows by name, as they go over the wire.

use serde_json::{Map, Value, json};

/// One red pixel.
pub const IMAGE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/// A sound without a sample.
pub const SOUND: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

/// The prompts.
pub fn prompts() -> Value {
    let argument = |name: &str| json!({ "name": name, "description": "For the test", "required": true });
    json!([
        { "name": "test_simple_prompt", "description": "Without arguments" },
        {
            "name": "test_prompt_with_arguments",
            "description": "With two arguments",
            "arguments": [argument("arg1"), argument("arg2")],
        },
        {
            "name": "test_prompt_with_embedded_resource",
            "description": "With a resource",
            "arguments": [argument("resourceUri")],
        },
        { "name": "test_prompt_with_image", "description": "With an image" },
        { "name": "test_input_required_result_prompt", "description": "Asks before it answers" },
    ])
}

/// One prompt.
pub fn prompt(name: &str, arguments: &Map<String, Value>) -> Option<Value> {
    let argument = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default();
    let says = |content: Value| json!({ "role": "user", "content": content });
    let text = |text: &str| says(json!({ "type": "text", "text": text }));
    let messages = match name {
        "test_simple_prompt" => vec![text("This is a simple prompt for testing.")],
        "test_prompt_with_arguments" => {
            let (first, second) = (argument("arg1"), argument("arg2"));
            vec![text(&format!("Prompt with arguments: arg1='{first}', arg2='{second}'"))]
        }
        "test_prompt_with_embedded_resource" => {
            let resource = json!({
                "uri": argument("resourceUri"),
                "mimeType": "text/plain",
                "text": "Embedded resource content for testing.",
            });
            let embedded = says(json!({ "type": "resource", "resource": resource }));
            vec![embedded, text("Please process the embedded resource above.")]
        }
        "test_prompt_with_image" => {
            let image = says(json!({ "type": "image", "data": IMAGE, "mimeType": "image/png" }));
            vec![image, text("Please analyze the image above.")]
        }
        _ => return None,
    };
    Some(json!({ "resultType": "complete", "messages": messages }))
}

/// The resources.
pub fn resources() -> Value {
    let resource = |name: &str, kind: &str| json!({ "uri": format!("test://{name}"), "name": name, "description": "For the test", "mimeType": kind });
    json!([
        resource("static-text", "text/plain"),
        resource("static-binary", "image/png"),
        resource("watched-resource", "text/plain"),
    ])
}

/// The template.
pub fn templates() -> Value {
    json!([{
        "uriTemplate": "test://template/{id}/data",
        "name": "template",
        "description": "For the test",
        "mimeType": "application/json",
    }])
}

/// What is at an address.
pub fn resource(uri: &str) -> Option<Value> {
    let text = |kind: &str, text: &str| json!([{ "uri": uri, "mimeType": kind, "text": text }]);
    match uri {
        "test://static-text" => Some(text("text/plain", "This is the content of the static text resource.")),
        "test://static-binary" => Some(json!([{ "uri": uri, "mimeType": "image/png", "blob": IMAGE }])),
        "test://watched-resource" => Some(text("text/plain", "watched")),
        _ => {
            let id = uri.strip_prefix("test://template/")?.strip_suffix("/data")?;
            let data = json!({ "id": id, "templateTest": true, "data": format!("Data for ID: {id}") });
            Some(text("application/json", &data.to_string()))
        }
    }
}
