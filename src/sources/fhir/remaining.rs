//! What a resource says beyond the elements that its reader knows, each in words under its own name: a
//! type without a reader of its own must not lose what it was sent for.

use super::node::{Node, scalar};
use crate::record::{Entry, Link, LinkRole, Text};
use crate::sources::json::{Json, Object};

/// Lines of one resource; the rest stands in its original.
const LINES_MAX: usize = 100;
/// Elements lie inside each other so deep.
const DEPTH_MAX: usize = 5;
/// Longer strings are bytes, not words.
const STRING_BYTES_MAX: usize = 20_000;

/// Members of an object that say something about the transport or were read with all resources.
const ALWAYS_KNOWN: [&str; 20] = [
    "resourceType",
    "id",
    "meta",
    "implicitRules",
    "language",
    "text",
    "contained",
    "extension",
    "modifierExtension",
    "identifier",
    "status",
    "note",
    "comment",
    "category",
    "subject",
    "patient",
    "encounter",
    "basedOn",
    "partOf",
    "for",
];

/// What may follow the name of an element that can be of several types.
const TYPES: [&str; 9] = [
    "CodeableConcept",
    "Reference",
    "Quantity",
    "DateTime",
    "Boolean",
    "Integer",
    "Decimal",
    "String",
    "Period",
];

/// Adds every member that is not among the known, in words.
pub(super) fn add(entry: &mut Entry, node: Node, is_known: impl Fn(&str) -> bool) {
    let members = node.members().filter(|(name, _)| !ALWAYS_KNOWN.contains(name) && !is_known(name));
    let mut left = LINES_MAX;
    for (name, value) in members.filter(|(name, _)| !name.starts_with('_')) {
        let items = match value {
            Json::Array(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        for item in items {
            let Some(words) = words(entry, node, item, DEPTH_MAX) else { continue };
            if left == 0 {
                entry.more.push(("and more".into(), "see the original".into()));
                return;
            }
            left -= 1;
            entry.more.push((in_plain_words(name).into(), words));
        }
    }
    // What is told here needs not be told again.
    node.reading().seen.set(u128::MAX);
}

/// A value in words; what it refers to is linked.
fn words(entry: &mut Entry, node: Node, value: &Json<'_>, depth: usize) -> Option<Text> {
    let object = match value {
        Json::Object(object) => object,
        Json::Array(items) => {
            let told = items.iter().filter_map(|item| words(entry, node, item, depth));
            return Text::trimmed(&told.collect::<Vec<Text>>().join(", "));
        }
        Json::String(text) if text.len() > STRING_BYTES_MAX => return None,
        value => return scalar(value),
    };
    let inner = node.within(object);
    if inner.has("reference") || inner.has("display") && !inner.has("code") {
        let referred = inner.as_reference()?;
        entry.links.extend(referred.key.map(|key| Link { role: LinkRole::Related, key }));
        return referred.name;
    }
    if !has_parts(object) {
        return inner.in_words().or_else(|| parts(entry, node, object, depth));
    }
    parts(entry, node, object, depth)
}

/// True of an element made of elements, and not of one value such as a concept or a period.
fn has_parts(object: &Object<'_>) -> bool {
    const OF_VALUES: [&str; 6] = ["coding", "low", "high", "numerator", "denominator", "extension"];
    object.each().any(|(name, value)| {
        !OF_VALUES.contains(&name)
            && matches!(value, Json::Object(_) | Json::Array(_))
            && !name.starts_with('_')
    })
}

fn parts(entry: &mut Entry, node: Node, object: &Object<'_>, depth: usize) -> Option<Text> {
    let mut told = Vec::new();
    // The bytes of what is attached are no words.
    let no_words = |name: &str| matches!(name, "id" | "extension" | "modifierExtension" | "data" | "hash");
    let own = object.each().filter(|(name, _)| !no_words(name));
    for (name, value) in own.filter(|(name, _)| depth > 0 && !name.starts_with('_')) {
        if let Some(words) = words(entry, node, value, depth - 1) {
            told.push(format!("{} {words}", in_plain_words(name)));
        }
    }
    Text::trimmed(&told.join(", "))
}

/// `suspectEntity` as `suspect entity`, `codeCodeableConcept` as `code`.
pub(super) fn in_plain_words(name: &str) -> String {
    let typed = TYPES.iter().find_map(|kind| name.strip_suffix(kind)).filter(|stem| !stem.is_empty());
    let mut words = String::with_capacity(name.len() + 4);
    for letter in typed.unwrap_or(name).chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}
