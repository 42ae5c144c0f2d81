//! Searches: what is found, and how it is cut into pages.

use std::collections::HashMap;
use std::sync::Arc;

use super::call::query;
use super::fhir::Caller;
use super::keys::random;
use super::people::Resource;
use super::quirks::{Need, Place};
use super::site::Site;

/// What a search found.
pub type Found = Arc<Vec<Arc<Resource>>>;

/// Answers that are being paged through.
#[derive(Debug, Default)]
pub struct Cursors {
    /// By their queries: forgotten when something changes.
    pub begun: HashMap<String, Cursor>,
    /// By the letters of opaque addresses: what was found once is paged through to its end.
    pub opaque: HashMap<String, Cursor>,
}

#[derive(Clone, Debug)]
pub struct Cursor {
    found: Found,
    starts: usize,
    count: usize,
    query: Vec<(String, String)>,
}

/// One page, and the query of the next.
pub struct Page {
    pub resources: Vec<Arc<Resource>>,
    pub total: usize,
    pub next: Option<String>,
}

/// The parameters that are compared with tokens of resources. Others are ignored, as servers do.
const COMPARED: &[&str] = &["category", "code", "type", "status", "intent", "clinical-status"];

/// The row that refuses this search.
pub fn refusal<'a>(site: &'a Site, kind: &str, query: &[(String, String)]) -> Option<&'a Need> {
    site.vendor.needs.iter().filter(|need| need.kind == kind).find(|need| {
        !need.one_of.iter().any(|wanted| match wanted.split_once('=') {
            None => query.iter().any(|(key, _)| key == wanted),
            Some((name, code)) => {
                let is_code = |value: &str| value.split(',').any(|one| one.rsplit('|').next() == Some(code));
                query.iter().any(|(key, value)| key == name && is_code(value))
            }
        })
    })
}

/// A page of a search. None when its address is no longer known.
pub fn page(site: &Site, caller: &Caller, kind: &str, query: &[(String, String)]) -> Option<Page> {
    let paging = &site.vendor.paging;
    let place = query.iter().find(|(key, _)| *key == paging.parameter).map(|(_, value)| value.as_str());
    let cursor = match (place, paging.place) {
        (Some(letters), Place::Opaque) => site.cursors().opaque.get(letters).cloned()?,
        (place, kept) => {
            let mut cursor = begin(site, caller, kind, query);
            let number: usize = place.and_then(|place| place.parse().ok()).unwrap_or(0);
            cursor.starts =
                if kept == Place::Page { number.saturating_sub(1) * cursor.count } else { number };
            cursor
        }
    };
    let ends = (cursor.starts + cursor.count).min(cursor.found.len());
    let resources = cursor.found[cursor.starts.min(ends)..ends].to_vec();
    let total = cursor.found.len();
    let next = (ends < total).then(|| next_query(site, Cursor { starts: ends, ..cursor }));
    Some(Page { resources, total, next })
}

/// What the query finds, from its start. It is put together once and kept until something changes.
fn begin(site: &Site, caller: &Caller, kind: &str, query: &[(String, String)]) -> Cursor {
    let paging = &site.vendor.paging;
    let asked = query.iter().find(|(key, _)| key == "_count").and_then(|(_, value)| value.parse().ok());
    let count: usize = asked.unwrap_or(paging.count).clamp(1, paging.count_max);
    let is_of_page = |key: &str| key == "_count" || key == paging.parameter;
    let query: Vec<(String, String)> = query.iter().filter(|(key, _)| !is_of_page(key)).cloned().collect();
    let key = format!("{kind} {caller:?} {query:?}");
    if let Some(known) = site.cursors().begun.get(&key) {
        return Cursor { count, ..known.clone() };
    }
    let found = Arc::new(found(site, caller, kind, &query));
    let cursor = Cursor { found, starts: 0, count, query };
    site.cursors().begun.insert(key, cursor.clone());
    cursor
}

fn found(site: &Site, caller: &Caller, kind: &str, query: &[(String, String)]) -> Vec<Arc<Resource>> {
    let people = site.people();
    let id = query.iter().find(|(key, _)| key == "_id").map(|(_, id)| id.as_str());
    let fits = |resource: &&Arc<Resource>| {
        caller.covers(resource) && id.is_none_or(|id| resource.id == id) && is_asked(resource, query)
    };
    let patient = caller.patient.as_deref().unwrap_or_default();
    let mut all: Vec<Arc<Resource>> = match (kind, id) {
        ("$everything", _) => people.everything(patient).filter(fits).cloned().collect(),
        (_, Some(id)) if id.contains(',') => Vec::new(),
        (_, Some(id)) => people.read(kind, id, Some(patient)).into_iter().filter(fits).cloned().collect(),
        (_, None) => people.search(kind, patient).filter(fits).cloned().collect(),
    };
    if let Some(keeps) = site.switches().keeps(kind) {
        all.truncate(keeps);
    }
    all
}

fn is_asked(resource: &Resource, query: &[(String, String)]) -> bool {
    query.iter().filter(|(key, _)| COMPARED.contains(&key.as_str())).all(|(key, wanted)| {
        wanted.split(',').any(|one| {
            let code = one.rsplit('|').next().unwrap_or(one);
            resource.tokens.iter().any(|(name, token)| name == key && token == code)
        })
    })
}

fn next_query(site: &Site, cursor: Cursor) -> String {
    let paging = &site.vendor.paging;
    let count = cursor.count.to_string();
    let place = match paging.place {
        Place::Page => (cursor.starts / cursor.count + 1).to_string(),
        Place::Offset => cursor.starts.to_string(),
        Place::Opaque => random(),
    };
    let mut pairs = Vec::new();
    if paging.keeps_query {
        pairs.extend(cursor.query.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        pairs.push(("_count", &count));
    }
    pairs.push((&paging.parameter, &place));
    let next = query(pairs);
    if paging.place == Place::Opaque {
        site.cursors().opaque.insert(place, cursor);
    }
    next
}
