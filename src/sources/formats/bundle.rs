//! Resources and bundles of any type, bundles in bundles too.
//!
//! A bundle is cut into the slices of its entries first, so that each resource keeps its bytes and
//! is parsed once, by itself: one bad resource does not sink its bundle.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::sink::{Place, Sink};
use super::{health_card, outcome};
use crate::sources::json::{Json, Object};
use crate::sources::references::{References, id_of};

/// An entry of a bundle.
#[derive(Deserialize)]
pub struct Member<'a> {
    #[serde(borrow, rename = "fullUrl")]
    full_url: Option<&'a RawValue>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    #[serde(borrow)]
    request: Option<&'a RawValue>,
    #[serde(borrow)]
    response: Option<&'a RawValue>,
}

/// What is known of a resource before it is parsed, and the parts of a bundle.
#[derive(Deserialize)]
pub struct Head<'a> {
    #[serde(borrow, rename = "resourceType")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    bundle_type: Option<&'a RawValue>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
    #[serde(borrow)]
    link: Option<&'a RawValue>,
}

impl Head<'_> {
    /// Its type; `None` for an object that is no resource.
    pub fn kind(&self) -> Option<String> {
        string(self.kind)
    }

    /// Its type and id; an address gives an id to a resource that has none.
    pub fn identity_at(&self, url: &str) -> Option<(String, String)> {
        let id = string(self.id).or_else(|| id_of(url).map(str::to_owned));
        Some((self.kind()?, id?))
    }
}

/// What is said of an entry that is none.
pub const NO_OBJECT: &str = "this entry of the bundle is no object";

fn string(raw: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(raw?.get()).ok()
}

/// Reads the bundle with this head.
pub fn read_bundle(bundle: &Head<'_>, path: &str, outer: &References<'_>, depth: usize, sink: &mut Sink<'_>) {
    sink.found_resource();
    if depth >= sink.setting.depth_max {
        return sink.leave_out_unread(path, "bundles lie inside each other too deep");
    }
    let mut entries: Vec<&RawValue> = match bundle.entry {
        Some(entries) => match serde_json::from_str(entries.get()) {
            Ok(entries) => entries,
            Err(_) => {
                return sink.leave_out(&within(path, "entry"), "the entries of the bundle are no list");
            }
        },
        None => Vec::new(),
    };
    let kind = string(bundle.bundle_type);
    let total = entries.len();
    let is_history = kind.as_deref() == Some("history");
    if is_history {
        entries.reverse(); // newest first in the file; the newest must be handed over last
    }
    let members: Vec<Option<Member<'_>>> =
        entries.iter().map(|entry| serde_json::from_str(entry.get()).ok()).collect();
    let references = addresses(&members, outer);
    for (at, (member, entry)) in members.iter().zip(&entries).enumerate() {
        let at = if is_history { total - 1 - at } else { at };
        let path = within(path, &format!("entry[{at}]"));
        match member {
            Some(member) => read_member(member, &path, &references, depth, sink),
            None => sink.leave_out(&path, NO_OBJECT),
        }
        if depth == 0 {
            sink.advance(entry.get().len() as u64);
        }
    }
    if kind.as_deref() == Some("searchset") && has_next(bundle.link) {
        sink.leave_out(&within(path, "link"), "the bundle names a further page; see that it was saved too");
    }
}

/// The path of a part.
pub fn within(path: &str, part: &str) -> String {
    if path.is_empty() { part.to_owned() } else { format!("{path}.{part}") }
}

/// What the addresses of the entries stand for.
fn addresses<'a>(members: &[Option<Member<'_>>], outer: &'a References<'a>) -> References<'a> {
    let mut references = References::within(outer);
    for member in members.iter().flatten() {
        let (Some(url), Some(resource)) = (string(member.full_url), member.resource) else { continue };
        // An address that ends in `Type/id` says it itself; only others need a look into the resource.
        if crate::sources::references::identity(&url).is_some() {
            continue;
        }
        let Ok(head) = serde_json::from_str::<Head<'_>>(resource.get()) else { continue };
        if let Some((kind, id)) = head.identity_at(&url) {
            references.insert(&url, &kind, &id);
        }
    }
    references
}

fn read_member(
    member: &Member<'_>,
    path: &str,
    references: &References<'_>,
    depth: usize,
    sink: &mut Sink<'_>,
) {
    match member.resource {
        Some(resource) => {
            let full_url = string(member.full_url);
            let place = Place { path, full_url: full_url.as_deref(), references };
            read_resource(resource.get(), &place, depth, sink);
        }
        None => {
            let reason = without_resource(member);
            sink.leave_out(path, &reason);
        }
    }
}

/// Why an entry may come without a resource.
pub fn without_resource(member: &Member<'_>) -> String {
    #[derive(Deserialize, Default)]
    struct Exchange {
        method: Option<String>,
        status: Option<String>,
    }
    let read = |raw: Option<&RawValue>| -> Exchange {
        raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    };
    if read(member.request).method.as_deref() == Some("DELETE") {
        return "the source has deleted this resource".into();
    }
    let status = read(member.response).status.unwrap_or_default();
    let code: String = status.chars().take_while(char::is_ascii_digit).take(3).collect();
    match code.as_str() {
        "" => "this entry of the bundle has no resource".into(),
        code => format!("the server answered {code} instead of sending a resource"),
    }
}

/// What a text turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A resource, whatever became of it.
    Resource,
    /// JSON, but no resource.
    Other,
    /// Not to be read as JSON.
    Broken,
}

/// Reads one resource; a bundle is read in turn.
pub fn read_resource(text: &str, place: &Place<'_>, depth: usize, sink: &mut Sink<'_>) -> Seen {
    // A large bundle must not be held as one value; the search spares the others a look at their head.
    let may_be_bundle = memchr::memmem::find(text.as_bytes(), b"\"Bundle\"").is_some();
    if may_be_bundle
        && let Ok(head) = serde_json::from_str::<Head<'_>>(text)
        && head.kind().as_deref() == Some("Bundle")
    {
        read_bundle(&head, place.path, place.references, depth + 1, sink);
        return Seen::Resource;
    }
    let mut resource: Object<'_> = match serde_json::from_str(text) {
        Ok(resource) => resource,
        Err(error) => {
            sink.leave_out_unread(place.path, &reason(&error));
            return if error.is_data() { Seen::Other } else { Seen::Broken };
        }
    };
    match resource.get("resourceType").and_then(Json::as_str) {
        None => {
            sink.leave_out(place.path, "this is no FHIR resource: it has no resourceType");
            return Seen::Other;
        }
        Some("Parameters")
            if health_card::read_parameters(text, place.path, sink)
                || read_parameters(text, place, depth, sink) =>
        {
            return Seen::Resource;
        }
        Some("OperationOutcome") => {
            sink.found_resource();
            sink.leave_out(place.path, &outcome::words(&resource));
            return Seen::Resource;
        }
        Some(_) => {}
    }
    if resource.get("id").is_none()
        && let Some(id) = place.full_url.and_then(id_of)
    {
        resource.insert("id", Json::String(id.into()));
    }
    sink.resource(text, &resource, place);
    Seen::Resource
}

#[derive(Deserialize)]
struct Parameters<'a> {
    #[serde(borrow, default)]
    parameter: Vec<Parameter<'a>>,
}

#[derive(Deserialize)]
struct Parameter<'a> {
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    #[serde(borrow, default)]
    part: Vec<Parameter<'a>>,
}

/// Reads the resources that a Parameters carries, as a server sends what an operation found; false where
/// it carries none.
fn read_parameters(text: &str, place: &Place<'_>, depth: usize, sink: &mut Sink<'_>) -> bool {
    let Ok(parameters) = serde_json::from_str::<Parameters<'_>>(text) else { return false };
    let mut found = Vec::new();
    for (at, parameter) in parameters.parameter.iter().enumerate() {
        gather(parameter, &within(place.path, &format!("parameter[{at}]")), &mut found);
    }
    if found.is_empty() {
        return false;
    }
    sink.found_resource();
    for (path, resource) in &found {
        if depth >= sink.setting.depth_max {
            sink.leave_out(path, "resources lie inside each other too deep");
            continue;
        }
        let inner = Place { path, full_url: None, references: place.references };
        read_resource(resource, &inner, depth + 1, sink);
    }
    true
}

fn gather<'a>(parameter: &Parameter<'a>, path: &str, found: &mut Vec<(String, &'a str)>) {
    found.extend(parameter.resource.map(|resource| (within(path, "resource"), resource.get())));
    for (at, part) in parameter.part.iter().enumerate() {
        gather(part, &within(path, &format!("part[{at}]")), found);
    }
}

/// Why a text is no resource, without a word of it.
fn reason(error: &serde_json::Error) -> String {
    let words = error.to_string();
    if words.starts_with("recursion limit") {
        return "this resource is nested deeper than 128 levels".into();
    }
    match error.classify() {
        serde_json::error::Category::Eof => "the JSON ends in the middle".into(),
        serde_json::error::Category::Data => "this is no FHIR resource: it is no object".into(),
        _ => format!("this is not valid JSON (at character {})", error.column()),
    }
}

fn has_next(link: Option<&RawValue>) -> bool {
    let links: Option<Json<'_>> = link.and_then(|link| serde_json::from_str(link.get()).ok());
    let links = links.as_ref().and_then(Json::as_array).unwrap_or_default();
    links.iter().any(|link| link.get("relation").and_then(Json::as_str) == Some("next"))
}
