//! Which sensitive classes the codes and names of a resource reveal, wherever they stand in it: a reader
//! keeps many of them as words alone (the reason of an order, the diagnosis of a claim).

use std::cell::RefCell;

use foldhash::HashMap;

use super::systems::system;
use crate::knowledge::sensitive::{Classes, classes_of_code, classes_of_words};
use crate::record::NAME_BYTES_MAX;
use crate::sources::json::{Json, Object};

/// So many codes and names are remembered; then remembering begins anew, so that it stays small.
const KNOWN_MAX: usize = 1 << 14;

/// Types whose codes are all kept by their reader, and those that are about people and places: what a
/// clinician is called is judged by their role.
const JUDGED_ELSEWHERE: [&str; 8] = [
    "Observation",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Location",
    "RelatedPerson",
    "Binary",
];

/// Members that hold no fact of their own: comments and narratives are prose, marks are judged apart.
const NO_FACTS: [&str; 6] = ["meta", "note", "text", "extension", "identifier", "attachment"];

thread_local! {
    static KNOWN: RefCell<HashMap<String, Classes>> = RefCell::default();
}

/// The classes that a resource of this type reveals.
pub(super) fn classes(kind: &str, resource: &Object<'_>) -> Classes {
    if JUDGED_ELSEWHERE.contains(&kind) { Classes::NONE } else { of_object(resource) }
}

/// The classes that the narrative of a resource reveals, which is not kept beside what it narrates.
pub(super) fn by_narrative(resource: &Object<'_>) -> Classes {
    let narrative = resource.get("text").and_then(Json::as_object).and_then(|text| text.get("div")?.as_str());
    narrative.map_or(Classes::NONE, classes_of_words)
}

fn of_object(object: &Object<'_>) -> Classes {
    let code = || Some((object.get("system")?.as_str()?, object.get("code")?.as_str()?));
    let mut found = code().map_or(Classes::NONE, |(system, code)| of_code(system, code));
    for (name, value) in object.each() {
        let more = match value {
            Json::String(text) if matches!(name, "display" | "text") => of_name(text),
            Json::Object(inner) if !NO_FACTS.contains(&name) => of_object(inner),
            Json::Array(items) if !NO_FACTS.contains(&name) => {
                let objects = items.iter().filter_map(Json::as_object);
                objects.fold(Classes::NONE, |all, inner| all.with(of_object(inner)))
            }
            _ => continue,
        };
        found = found.with(more);
    }
    found
}

fn of_code(written: &str, code: &str) -> Classes {
    remember(&[written, "|", code], || classes_of_code(system(Some(written)).address(), code))
}

fn of_name(text: &str) -> Classes {
    if text.len() > NAME_BYTES_MAX { Classes::NONE } else { remember(&[text], || classes_of_words(text)) }
}

fn remember(key: &[&str], meaning: impl FnOnce() -> Classes) -> Classes {
    KNOWN.with_borrow_mut(|known| {
        let key = key.concat();
        if let Some(classes) = known.get(&key) {
            return *classes;
        }
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        let classes = meaning();
        known.insert(key, classes);
        classes
    })
}
