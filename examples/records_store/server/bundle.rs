//! What FHIR answers are made of: bundles and OperationOutcomes, as the vendor writes them.

use axum::response::Response;
use serde_json::{Value, json};

use super::call::answer;
use super::quirks::{Total, When};
use super::search::Page;
use super::site::Site;

/// A page as a searchset.
pub fn bundle(site: &Site, kind: &str, page: &Page) -> String {
    let base = site.base();
    let base = base.trim_end_matches('/');
    let mut entries = Vec::new();
    for resource in &page.resources {
        let address = json!(format!("{base}/{}/{}", resource.kind, resource.id));
        let text = &resource.text;
        entries
            .push(format!("{{\"fullUrl\":{address},\"resource\":{text},\"search\":{{\"mode\":\"match\"}}}}"));
    }
    let is_withheld = site.switches().keeps(kind).is_some();
    for outcome in &site.vendor.outcomes {
        let is_now = match outcome.when {
            When::Always => true,
            When::Empty => page.total == 0,
            When::Withheld => is_withheld,
        };
        if is_now {
            let resource = issue(site, "warning", "informational", Some(&outcome.code), &outcome.text);
            let address = format!("urn:uuid:00000000-0000-4000-8000-{:0>12}", outcome.code);
            entries.push(
                json!({ "fullUrl": address, "resource": resource, "search": { "mode": "outcome" } })
                    .to_string(),
            );
        }
    }
    let path = if kind == "$everything" { "Patient/$everything" } else { kind };
    let next = page
        .next
        .as_ref()
        .map(|query| json!({ "relation": "next", "url": format!("{base}/{path}?{query}") }));
    let links = Value::from_iter(next);
    let total = match site.vendor.paging.total {
        Total::All => format!("\"total\":{},", page.total),
        Total::OfPage => format!("\"total\":{},", entries.len()),
        Total::Absent => String::new(),
    };
    let entries = entries.join(",");
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",{total}\"link\":{links},\"entry\":[{entries}]}}"
    )
}

/// An answer in this vendor's content type.
pub fn fhir(site: &Site, status: u16, text: String) -> Response {
    answer(status, &site.vendor.content_type, text)
}

/// An OperationOutcome.
pub fn outcome(site: &Site, status: u16, code: &str, text: &str) -> Response {
    fhir(site, status, issue(site, "error", code, None, text).to_string())
}

/// What is said of a page whose session has ended.
pub fn page_ended(site: &Site) -> Response {
    let ended = issue(site, "error", "processing", Some("4113"), "the session of this page has ended");
    fhir(site, 400, ended.to_string())
}

fn issue(site: &Site, severity: &str, code: &str, own_code: Option<&str>, text: &str) -> Value {
    let mut issue = json!({ "severity": severity, "details": { "text": text }, "diagnostics": text });
    // Without `code` it is no valid FHIR, and sent all the same.
    if site.vendor.outcome_has_code {
        issue["code"] = code.into();
    }
    if let Some(own_code) = own_code {
        let system = "urn:oid:1.2.840.99999.7.1.657369";
        issue["details"]["coding"] = json!([{ "system": system, "code": own_code }]);
    }
    json!({ "resourceType": "OperationOutcome", "issue": [issue] })
}
