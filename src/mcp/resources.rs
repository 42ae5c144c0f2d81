//! The record as resources: the summary, and any entry by its id. They are read through the same gate.

use rmcp::model::{Resource, ResourceTemplate};
use serde_json::{Map, Value};

/// The summary of the record.
const SUMMARY: &str = "plainchart://record/summary";
/// What stands before an id.
const ENTRY: &str = "plainchart://record/";
const MARKDOWN: &str = "text/markdown";

/// The resources that can be listed. Entries are not: a list of them is what tools are for.
pub fn listed() -> Vec<Resource> {
    let summary = Resource::new(SUMMARY, "summary").with_title("Summary of the record");
    vec![summary.with_description("The whole record on one page").with_mime_type(MARKDOWN)]
}

/// The templates.
pub fn templates() -> Vec<ResourceTemplate> {
    let entry = ResourceTemplate::new(format!("{ENTRY}{{id}}"), "entry").with_title("One entry in full");
    vec![
        entry
            .with_description("An entry by the id that stands in brackets in every answer")
            .with_mime_type(MARKDOWN),
    ]
}

/// The call that reads a resource: the tool and its arguments.
pub fn call(uri: &str) -> Option<(&'static str, Map<String, Value>)> {
    if uri == SUMMARY {
        return Some(("summarize_history", Map::new()));
    }
    let id = uri.strip_prefix(ENTRY)?;
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then(|| ("get_record", Map::from_iter([("id".to_owned(), id.into())])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_call() {
        assert_eq!(call("plainchart://record/summary").unwrap().0, "summarize_history");
        let (tool, arguments) = call("plainchart://record/L482913").unwrap();
        assert_eq!((tool, &arguments["id"]), ("get_record", &Value::from("L482913")));
        for bad in ["plainchart://record/", "plainchart://record/../x", "file:///etc/passwd", ""] {
            assert!(call(bad).is_none(), "{bad}");
        }
    }
}
