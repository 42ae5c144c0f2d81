//! What is known while a document is read: its narratives, whom it is about, who is named in it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::json::{display, list, object, reference, text};
use super::narrative::{self, Narratives};
use super::values::{address, identifier, label, name, name_line, telecom};
use super::xml::Element;
use super::{security, times};
use crate::clock::hex;
use crate::sources::json::{Json, Object};

/// Statements of an entry, by the names of their elements.
pub const STATEMENTS: [&str; 7] =
    ["act", "encounter", "observation", "organizer", "procedure", "substanceAdministration", "supply"];
/// HL7's identifier of the Social Security Administration's numbers (HL7 Terminology, NamingSystem "ssn").
const SOCIAL_SECURITY: &str = "2.16.840.1.113883.4.1";
/// A longer number is told by its hash.
const ID_BYTES_MAX: usize = 100;

/// What a statement says, as a FHIR resource.
#[derive(Clone, Debug)]
pub struct Made<'a> {
    /// The element that it was read from.
    pub element: Element<'a>,
    /// The resource.
    pub object: Object<'a>,
    /// What FHIR has no element for: label and words.
    pub more: Vec<(&'static str, String)>,
    /// What the document's own text says of it.
    pub words: Option<String>,
    /// Marks that withhold it.
    pub security: Vec<String>,
}

impl<'a> Made<'a> {
    /// True for the document itself and whom it is about, and not for what it states.
    pub fn is_document(&self) -> bool {
        matches!(self.element.name(), "ClinicalDocument" | "patientRole")
    }

    /// True for a resource of this type.
    pub fn is_of(&self, kind: &str) -> bool {
        self.object.get("resourceType").and_then(Json::as_str) == Some(kind)
    }

    /// Adds a member that says something.
    pub fn put(&mut self, name: &'static str, value: Option<Json<'a>>) -> &mut Made<'a> {
        if let Some(value) = value {
            self.object.insert(name, value);
        }
        self
    }

    /// Adds words under a label.
    pub fn tell(&mut self, label: &'static str, words: Option<String>) -> &mut Made<'a> {
        self.more.extend(words.filter(|words| !words.is_empty()).map(|words| (label, words)));
        self
    }
}

/// A document, or a piece of one, that is being read.
pub struct Reading<'a> {
    /// The narratives by their IDs.
    pub narratives: Narratives<'a>,
    /// Whom it is about: a reference to a Patient.
    pub patient: Option<String>,
    /// Identifiers that different statements share: they need something more.
    shared: HashSet<(&'a str, String)>,
    /// Clinicians and organisations, by their identity.
    contacts: RefCell<BTreeMap<String, Made<'a>>>,
    /// Marks of the organizers, by where they begin.
    pub(super) marks: RefCell<HashMap<usize, Vec<String>>>,
}

impl<'a> Reading<'a> {
    /// Begins to read what is below this element.
    pub fn of(root: Element<'a>) -> Reading<'a> {
        let patient = root.descendants().find(|element| element.name() == "patientRole");
        let patient = patient.map(|role| format!("Patient/{}", key_of_person(role)));
        let (contacts, marks) = (RefCell::default(), RefCell::default());
        Reading { narratives: Narratives::of(root), patient, shared: shared(root), contacts, marks }
    }

    /// A resource of this type from this statement, with what all of them have. `subject` is the name of the
    /// element that says whom it is about.
    pub fn start(&self, element: Element<'a>, kind: &'static str, subject: &'static str) -> Made<'a> {
        let words = element.child("text").and_then(|words| self.narratives.words(words));
        let mut made = Made {
            element,
            object: Object::default(),
            more: Vec::new(),
            words,
            security: security::marks(self, element),
        };
        made.put("resourceType", Some(text(kind)));
        made.put("id", self.id(element).map(text));
        made.put("identifier", list(element.all("id").filter_map(identifier)));
        if let Some(patient) = &self.patient {
            made.put(subject, reference(patient.clone(), None));
        }
        let told = made.words.as_deref().map(narrative::of_words);
        made.put("text", object([("div", told.map(text))]));
        made
    }

    /// The identity of a statement at its source.
    pub fn id(&self, element: Element<'a>) -> Option<String> {
        let key = key_of(element)?;
        match self.shared.contains(&(element.name(), key.clone())) {
            true => Some(format!("{key}~{}", short_hash(&fingerprint(element)))),
            false => Some(key),
        }
    }

    /// A concept.
    pub fn concept(&self, coded: Element<'a>) -> Option<Json<'a>> {
        super::values::concept(coded, &self.narratives)
    }

    /// The concept of an element inside a statement.
    pub fn concept_at(&self, element: Element<'a>, path: &[&str]) -> Option<Json<'a>> {
        element.at(path).and_then(|coded| self.concept(coded))
    }

    /// What a concept is called.
    pub fn label_at(&self, element: Element<'a>, path: &[&str]) -> Option<String> {
        element.at(path).and_then(|coded| label(coded, &self.narratives))
    }

    /// Somebody who is named: with a contact of their own, where the document says how they can be reached.
    pub fn who(&self, assigned: Element<'a>) -> Option<Json<'a>> {
        let person = assigned.child("assignedPerson").or_else(|| assigned.child("relatedPerson"));
        let person = person.or_else(|| assigned.child("informationRecipient"));
        let own = person.and_then(|person| person.child("name")).and_then(name_line);
        let device = || assigned.at(&["assignedAuthoringDevice", "softwareName"]).map(Element::words);
        let organization =
            assigned.child("representedOrganization").or_else(|| assigned.child("receivedOrganization"));
        match own {
            Some(own) => self.contact(assigned, "Practitioner", own, person),
            None => organization.and_then(|it| self.organization(it)).or_else(|| display(device()?)),
        }
    }

    /// An organisation.
    pub fn organization(&self, organization: Element<'a>) -> Option<Json<'a>> {
        let own = organization.child("name").map(Element::words).filter(|words| !words.is_empty())?;
        self.contact(organization, "Organization", own, None)
    }

    /// A place, by its name or its kind.
    pub fn place(&self, role: Element<'a>) -> Option<Json<'a>> {
        let own = role.at(&["playingEntity", "name"]).or_else(|| role.at(&["location", "name"]));
        let named = own.map(Element::words).filter(|words| !words.is_empty());
        display(named.or_else(|| self.label_at(role, &["code"]))?)
    }

    fn contact(
        &self,
        element: Element<'a>,
        kind: &'static str,
        own: String,
        person: Option<Element<'a>>,
    ) -> Option<Json<'a>> {
        let reach: Vec<Json<'a>> = element.all("telecom").filter_map(telecom).collect();
        let addresses: Vec<Json<'a>> = element.all("addr").filter_map(address).collect();
        let key = key_of(element).filter(|_| !reach.is_empty() || !addresses.is_empty());
        let Some(key) = key else { return display(own) };
        let key = format!("{kind}/{key}");
        let mut contacts = self.contacts.borrow_mut();
        if !contacts.contains_key(&key) {
            let mut made = Made {
                element,
                object: Object::default(),
                more: Vec::new(),
                words: None,
                security: Vec::new(),
            };
            made.put("resourceType", Some(text(kind)));
            made.put("id", key_of(element).map(text));
            made.put("identifier", list(element.all("id").filter_map(identifier)));
            match person {
                Some(person) => made.put("name", list(person.child("name").and_then(name))),
                None => made.put("name", Some(text(own.clone()))),
            };
            made.put("telecom", list(reach));
            made.put("address", list(addresses));
            let specialty =
                self.concept_at(element, &["code"]).and_then(|code| object([("code", Some(code))]));
            made.put("qualification", list(specialty.filter(|_| kind == "Practitioner")));
            contacts.insert(key.clone(), made);
        }
        drop(contacts);
        reference(key, Some(own))
    }

    /// Everybody who was named and can be reached.
    pub fn contacts(&self) -> Vec<Made<'a>> {
        std::mem::take(&mut *self.contacts.borrow_mut()).into_values().collect()
    }

    /// Who wrote a statement, and when: the last of its authors.
    pub fn author(&self, element: Element<'a>) -> (Option<Json<'a>>, Option<String>) {
        let author = element.all("author").last();
        let who =
            author.and_then(|author| author.child("assignedAuthor")).and_then(|author| self.who(author));
        (who, author.and_then(|author| times::at(author, &["time"])))
    }

    /// Those who did it.
    pub fn performers(&self, element: Element<'a>) -> Vec<Json<'a>> {
        let assigned = element.all("performer").filter_map(|performer| performer.child("assignedEntity"));
        assigned.filter_map(|assigned| self.who(assigned)).collect()
    }

    /// Comments on a statement, as notes.
    pub fn notes(&self, element: Element<'a>) -> Option<Json<'a>> {
        let comments = related(element).filter(|inner| is_comment(*inner));
        let words = comments.filter_map(|comment| {
            let words = comment.child("text").and_then(|words| self.narratives.words(words));
            words.or_else(|| self.label_at(comment, &["value"]))
        });
        list(words.filter_map(|words| object([("text", Some(text(words)))])))
    }

    /// Comments on several elements, as notes.
    pub fn notes_of(&self, elements: impl IntoIterator<Item = Option<Element<'a>>>) -> Option<Json<'a>> {
        let told = elements.into_iter().flatten().filter_map(|element| self.notes(element));
        list(told.flat_map(|notes| match notes {
            Json::Array(notes) => notes,
            _ => Vec::new(),
        }))
    }

    /// Why: the problems that a statement names as its reason.
    pub fn reasons(&self, element: Element<'a>) -> Option<Json<'a>> {
        let reasons = element
            .all("entryRelationship")
            .filter(|relation| relation.attribute("typeCode") == Some("RSON"));
        let values = reasons.flat_map(|relation| relation.all("observation")).filter_map(|reason| {
            let value = reason.child("value").and_then(|value| self.concept(value));
            value.or_else(|| self.concept_at(reason, &["code"]))
        });
        list(values)
    }
}

/// The statements inside a statement.
pub fn related<'a>(element: Element<'a>) -> impl Iterator<Item = Element<'a>> {
    let relations =
        element.children().filter(|child| matches!(child.name(), "entryRelationship" | "component"));
    relations.flat_map(|relation| relation.children().filter(|child| STATEMENTS.contains(&child.name())))
}

/// A comment: the template for it, or LOINC 48767-8 in earlier ones; both as in HL7's C-CDA examples.
pub fn is_comment(element: Element<'_>) -> bool {
    element.follows("2.16.840.1.113883.10.20.22.4.64")
        || element.child("code").and_then(Element::code) == Some("48767-8")
}

/// The first identifier that says something, in letters that an identity may have.
pub fn key_of(element: Element<'_>) -> Option<String> {
    let mut ids = element.all("id").filter(|id| id.null_flavor().is_none() && id.attribute("root").is_some());
    // A social security number says who somebody is, but stands in no identity of ours.
    let id = ids.find(|id| id.attribute("root") != Some(SOCIAL_SECURITY))?;
    let written = [id.attribute("root"), id.attribute("extension")];
    let key = written.into_iter().flatten().collect::<Vec<_>>().join("|");
    if key.len() > ID_BYTES_MAX {
        return Some(short_hash(&key));
    }
    let safe = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '|');
    match key.chars().all(safe) {
        true => Some(key),
        // What has another meaning in an identity must not look like it.
        false => {
            Some(format!("{}-{}", key.chars().filter(|it| safe(*it)).collect::<String>(), short_hash(&key)))
        }
    }
}

/// The identity of the person: by an identifier, else by what describes them.
pub fn key_of_person(role: Element<'_>) -> String {
    let described = || {
        let named = role.descendants().filter(|part| matches!(part.name(), "name" | "birthTime"));
        let words = named.map(|part| part.value().map_or_else(|| part.words(), str::to_owned));
        format!("described-{}", short_hash(&words.collect::<Vec<_>>().join("|")))
    };
    key_of(role).unwrap_or_else(described)
}

/// Identifiers that statements of different content share.
fn shared(root: Element<'_>) -> HashSet<(&str, String)> {
    let mut seen: HashMap<(&str, String), String> = HashMap::new();
    let mut shared = HashSet::new();
    for element in root.descendants().filter(|element| STATEMENTS.contains(&element.name())) {
        let Some(key) = key_of(element).map(|key| (element.name(), key)) else { continue };
        let own = fingerprint(element);
        match seen.get(&key) {
            Some(other) if *other != own => {
                shared.insert(key);
            }
            Some(_) => {}
            None => {
                seen.insert(key, own);
            }
        }
    }
    shared
}

/// What tells two statements under one identifier apart.
fn fingerprint(element: Element<'_>) -> String {
    let product = ["consumable", "manufacturedProduct", "manufacturedMaterial", "code"];
    let parts = [
        Some(element.name()),
        element.child("code").and_then(Element::code),
        element.child("value").and_then(|value| value.code().or(value.value())),
        element.at(&product).and_then(Element::code),
        element.at(&["participant", "participantRole", "playingEntity", "code"]).and_then(Element::code),
        element.at(&["effectiveTime"]).and_then(|time| time.value().or_else(|| time.child("low")?.value())),
    ];
    parts.map(Option::unwrap_or_default).join("|")
}

fn short_hash(words: &str) -> String {
    hex(&Sha256::digest(words.as_bytes())[..8])
}

/// Text that is owned or not, as JSON.
pub fn said<'a>(words: Option<impl Into<Cow<'a, str>>>) -> Option<Json<'a>> {
    words.map(text)
}
