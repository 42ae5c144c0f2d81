//! Reading with FHIR: searches, single resources and Binaries, for those who may.

use axum::response::Response;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::bundle::{bundle, fhir, outcome, page_ended};
use super::call::{Call, answer, with_header};
use super::people::Resource;
use super::scopes::Scopes;
use super::search;
use super::site::Site;
use super::switches::SignIn;

/// Who asks, and what they may see.
#[derive(Clone, Debug)]
pub struct Caller {
    /// None where somebody in front of this server has checked the token: then whoever is asked for.
    pub patient: Option<String>,
    is_parent: bool,
    scopes: Scopes,
}

impl Caller {
    pub fn covers(&self, resource: &Resource) -> bool {
        self.scopes.cover(resource)
    }
}

pub fn serve(site: &Site, call: &Call, rest: &[&str]) -> Response {
    let Some(caller) = caller(site, call) else {
        let refused = outcome(site, 401, "login", "the token is missing, wrong or too old");
        return with_header(refused, "www-authenticate", "Bearer error=\"invalid_token\"");
    };
    match rest {
        // Epic since 2026: a POST takes nothing from the address (fhir.md 1.3).
        [kind, "_search"] => search(site, caller, kind, &call.form),
        ["Patient", id, "$everything"] if site.vendor.everything => {
            let query = [vec![("patient".to_owned(), (*id).to_owned())], call.query.clone()].concat();
            search(site, caller, "$everything", &query)
        }
        [kind] => search(site, caller, kind, &call.query),
        [kind, id] => read(site, &caller, kind, id),
        _ => outcome(site, 404, "not-found", "there is nothing here"),
    }
}

fn caller(site: &Site, call: &Call) -> Option<Caller> {
    let token = call.bearer()?;
    if site.is_open {
        let caller = Caller { patient: None, is_parent: false, scopes: Scopes::new("patient/*.rs") };
        return (!site.sessions().is_ended_other(token)).then_some(caller);
    }
    let sessions = site.sessions();
    let agreed = sessions.access(token)?;
    let is_parent = matches!(agreed.who, SignIn::Parent(_));
    Some(Caller { patient: Some(agreed.patient().to_owned()), is_parent, scopes: Scopes::new(&agreed.scope) })
}

/// What this vendor says where the scopes do not reach: a refusal, or nothing as if there were no data.
fn forbidden(site: &Site, caller: &Caller, kind: &str) -> Option<Response> {
    if kind == "$everything" || caller.scopes.cover_type(kind) || site.vendor.forbidden.status == 200 {
        return None;
    }
    Some(outcome(site, site.vendor.forbidden.status, "forbidden", &site.vendor.forbidden.text))
}

fn search(site: &Site, mut caller: Caller, kind: &str, query: &[(String, String)]) -> Response {
    let unsupported = &site.vendor.unsupported;
    if unsupported.types.iter().any(|other| other == kind) {
        return outcome(site, unsupported.status, "not-supported", "this type is not served");
    }
    if let Some(refusal) = forbidden(site, &caller, kind) {
        return refusal;
    }
    let is_page = query.iter().any(|(key, _)| *key == site.vendor.paging.parameter);
    let is_whole = !is_page || site.vendor.paging.keeps_query;
    if is_whole && let Err(refusal) = check(site, &mut caller, kind, query) {
        return refusal;
    }
    match search::page(site, &caller, kind, query) {
        Some(page) => fhir(site, 200, bundle(site, kind, &page)),
        None => page_ended(site),
    }
}

/// Whether the vendor takes this query, and whether it stays with the caller's own patient.
fn check(site: &Site, caller: &mut Caller, kind: &str, query: &[(String, String)]) -> Result<(), Response> {
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let asked = value("patient").or(value("subject")).map(|patient| patient.trim_start_matches("Patient/"));
    let asked = if kind == "Patient" { value("_id") } else { asked };
    if caller.patient.is_none() {
        caller.patient = asked.map(str::to_owned);
    }
    if asked.is_some() && asked != caller.patient.as_deref() {
        return Err(outcome(site, 403, "forbidden", "this is another patient"));
    }
    if asked.is_none() && kind != "Patient" && value("_id").is_none() {
        // fhir.md 1.10, Oracle: at least one required parameter. No server gives the whole of everybody.
        return Err(outcome(site, 400, "required", "at least one required parameter is missing"));
    }
    if let Some(need) = search::refusal(site, kind, query) {
        return Err(outcome(site, need.status, "required", &need.text));
    }
    let refusal = site.switches().refusal(kind, query);
    refusal.map_or(Ok(()), |(status, text)| Err(outcome(site, status, "processing", &text)))
}

fn read(site: &Site, caller: &Caller, kind: &str, id: &str) -> Response {
    if let Some(refusal) = forbidden(site, caller, kind) {
        return refusal;
    }
    let child = caller.patient.as_deref().filter(|_| caller.is_parent);
    if kind == "RelatedPerson" && child.is_some() && id.strip_prefix("parent-of-") == child {
        let patient = json!({ "reference": format!("Patient/{}", child.unwrap_or_default()) });
        let name = json!([{ "family": "Madeup", "given": ["Parent"] }]);
        let parent = json!({ "resourceType": "RelatedPerson", "id": id, "patient": patient, "name": name });
        return fhir(site, 200, parent.to_string());
    }
    let people = site.people();
    let found = people.read(kind, id, caller.patient.as_deref());
    let Some(found) = found.filter(|resource| caller.covers(resource)) else {
        return outcome(site, 404, "not-found", "there is no such resource");
    };
    if kind == "Binary" && site.vendor.raw_binary {
        let binary: Value = serde_json::from_str(&found.text).unwrap_or_default();
        let bytes = STANDARD.decode(binary["data"].as_str().unwrap_or_default()).unwrap_or_default();
        return answer(200, binary["contentType"].as_str().unwrap_or("application/octet-stream"), bytes);
    }
    fhir(site, 200, found.text.clone())
}
