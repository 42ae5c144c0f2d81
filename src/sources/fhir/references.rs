//! References: whom and what a resource names, also where it carries them inside itself.

use crate::sources::json::{Json, Object};

use super::node::Node;
use crate::record::{Actor, Entry, Link, LinkRole, Text};
use crate::sources::Subject;

/// Somebody or something that is referred to.
#[derive(Default)]
pub(super) struct Referred {
    /// The name that was sent along.
    pub name: Option<Text>,
    /// The identity at the source.
    pub key: Option<Text>,
}

impl<'a> Node<'a> {
    /// What a member refers to; of a list, the first that says something.
    pub fn reference(self, key: &str) -> Option<Referred> {
        self.references(key).next()
    }

    /// What a member refers to.
    pub fn references(self, key: &str) -> impl Iterator<Item = Referred> {
        self.items(key).iter().filter_map(move |item| match item {
            Json::Object(object) => self.beside(object, "").as_reference(),
            Json::String(written) => self.refer(written, None),
            _ => None,
        })
    }

    /// This node as a reference; a CodeableReference of R5 has one inside.
    pub fn as_reference(self) -> Option<Referred> {
        if let Some(inner) = self.get("reference").and_then(Json::as_object) {
            return self.beside(inner, "").as_reference();
        }
        let name = self.text("display");
        if let Some(written) = self.word("reference") {
            return self.refer(written, name);
        }
        let name = name.or_else(|| identifier_words(self.node("identifier")?));
        name.map(|name| Referred { name: Some(name), key: None })
    }

    /// The contained resource that a member refers to.
    pub fn contained(self, key: &str) -> Option<Node<'a>> {
        let id = self.node(key)?.word("reference")?.strip_prefix('#')?;
        contained(self.reading().resource, id).map(|object| self.beside(object, "contained"))
    }

    fn refer(self, written: &str, name: Option<Text>) -> Option<Referred> {
        let Some(id) = written.strip_prefix('#') else {
            // A reference to one version is a reference to the thing.
            let written = written.split("/_history/").next().unwrap_or(written);
            return Some(Referred { name, key: Some((self.reading().context.references)(written)) });
        };
        let inside = contained(self.reading().resource, id).map(|object| self.beside(object, "contained"));
        let is_entry = inside.is_some_and(|node| node.word("resourceType") == Some("Observation"));
        let name = name.or_else(|| super::contact::name_of(inside?));
        let key = is_entry.then(|| contained_key(&self.reading().key, id));
        (name.is_some() || key.is_some()).then_some(Referred { name, key })
    }
}

/// The identity of a resource inside another.
pub(super) fn contained_key(parent: &str, id: &str) -> Text {
    format!("{parent}#{id}").into()
}

fn contained<'a>(resource: &'a Object<'a>, id: &str) -> Option<&'a Object<'a>> {
    let items = resource.get("contained")?.as_array()?;
    let has_id = |object: &&Object<'_>| {
        let own = object.get("id").and_then(Json::as_str);
        // Some senders write the `#` into the id too.
        own.is_some_and(|own| own.trim_start_matches('#') == id)
    };
    items.iter().filter_map(Json::as_object).find(has_id)
}

/// An identifier in words (`NPI 1234567893`, `MR 12`).
fn identifier_words(node: Node) -> Option<Text> {
    let value = node.text("value")?;
    // A word without digits is a name that was put where a number is due.
    if !value.contains(|letter: char| letter.is_ascii_digit()) {
        return Some(value);
    }
    let has_npi_type = || {
        let kind = node.concept("type").unwrap_or_default();
        kind.codes.iter().any(|code| code.code.eq_ignore_ascii_case("npi"))
    };
    let is_npi =
        node.word("system").is_some_and(|system| system.ends_with("us-npi") || system.ends_with("npi_num"))
            || has_npi_type();
    let label = node.label("type").filter(|_| !is_npi);
    let label = label.as_deref().unwrap_or(if is_npi { "NPI" } else { "identifier" });
    Some(format!("{label} {value}").into())
}

/// Adds everybody whom a member names, in this part.
pub(super) fn add_actors(entry: &mut Entry, node: Node, key: &str, role: &str) {
    for referred in node.references(key) {
        add_actor(entry, role, referred);
    }
}

/// Adds somebody in this part.
pub(super) fn add_actor(entry: &mut Entry, role: &str, referred: Referred) {
    entry.actors.push(Actor { role: role.into(), name: referred.name, key: referred.key });
}

/// Adds every entry that a member names.
pub(super) fn add_links(entry: &mut Entry, node: Node, key: &str, role: LinkRole) {
    for key in node.references(key).filter_map(|referred| referred.key) {
        entry.links.push(Link { role, key });
    }
}

/// Adds every entry that a member names, and the names it gives them to `more`.
pub(super) fn add_named_links(entry: &mut Entry, node: Node, key: &str, role: LinkRole, label: &str) {
    for referred in node.references(key) {
        entry.more.extend(referred.name.map(|name| (label.into(), name)));
        entry.links.extend(referred.key.map(|key| Link { role, key }));
    }
}

/// Elements that name the person, over all types.
const SUBJECTS: [&str; 8] = [
    "subject",
    "patient",
    "beneficiary",
    "beneficiaryReference",
    "individual",
    "for",
    "participant",
    // DSTU2's coverage names nobody else; last, since later ones name whoever pays for it.
    "subscriber",
];

/// Whom a resource is about.
pub(super) fn subject(node: Node) -> Subject {
    if node.reading().kind == "Patient" {
        return Subject::IsPerson(node.reading().key.clone());
    }
    let named = SUBJECTS.iter().flat_map(|key| node.nodes(key));
    // Appointments name the person among other participants.
    let named = named.map(|node| node.node("actor").unwrap_or(node));
    let key = named.filter_map(|node| node.as_reference()?.key).find(|key| is_person(key));
    key.map_or(Subject::Nobody, Subject::Person)
}

/// True unless the identity says that it is something else: a group, a device, a place.
fn is_person(key: &str) -> bool {
    match key.rsplit_once('/') {
        Some((kind, _)) => kind.ends_with("Patient"),
        None => true,
    }
}

/// True where the subject is said to be a place, a device or a group, and nobody else is named.
pub(super) fn is_about_a_thing(resource: &Object<'_>, context: &super::Context) -> bool {
    let subject = resource.get("subject").map(super::node::first);
    let written = subject.and_then(|subject| subject.get("reference")).and_then(Json::as_str);
    let key =
        written.filter(|written| !written.starts_with('#')).map(|written| (context.references)(written));
    let kind = key.as_deref().and_then(|key| key.split('/').rev().nth(1));
    resource.get("patient").is_none() && matches!(kind, Some("Location" | "Device" | "Group"))
}
