//! What a server says about its own answer: an OperationOutcome in a bundle is a notice, not an entry.

use crate::sources::json::{Json, Object};

/// Characters of a notice that are kept.
const WORDS_MAX: usize = 300;

/// The notice of an OperationOutcome in words. `diagnostics` is left out, since it may hold names.
pub fn words(outcome: &Object<'_>) -> String {
    let issues = outcome.get("issue").and_then(Json::as_array).unwrap_or_default();
    let said: Vec<String> = issues.iter().filter_map(issue).collect();
    if said.is_empty() {
        return "the server sent a notice without words".into();
    }
    let said = format!("the server says: {}", said.join("; "));
    said.chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect()
}

fn issue(issue: &Json<'_>) -> Option<String> {
    let details = issue.get("details");
    let coding =
        || details?.get("coding")?.as_array()?.iter().find_map(|coding| coding.get("display")?.as_str());
    let text = details.and_then(|details| details.get("text")?.as_str()).or_else(coding);
    let code = issue.get("code").and_then(Json::as_str);
    let severity = issue.get("severity").and_then(Json::as_str).unwrap_or("notice");
    Some(format!("{} ({severity})", text.or(code)?))
}
