//! The medicine that an order, statement, administration or dispense names.

use super::base::{self, add_more, add_one};
use super::node::Node;
use crate::record::{Concept, Detail, Entry, Kind, Link, LinkRole, Text};

/// Reads a medicine that others refer to. It says nothing about the person.
pub(super) fn read(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Other, Detail::Plain);
    entry.concept = own_concept(node);
    entry.categories.push("medication".into());
    add_medicine_facts(&mut entry, node);
    entry
}

fn add_medicine_facts(entry: &mut Entry, node: Node) {
    add_more(entry, node, &[("form", "form"), ("amount", "amount"), ("manufacturer", "manufacturer")]);
    for ingredient in node.nodes("ingredient") {
        let item = ingredient.choices("item").find_map(|(key, _, _)| ingredient.words(key).next());
        let strength = ingredient.node("strength").and_then(Node::in_words);
        let words = item.map(|item| match strength {
            Some(strength) => format!("{item} {strength}").into(),
            None => item,
        });
        add_one(entry, "ingredient", words);
    }
    if let Some(batch) = node.node("batch") {
        add_more(entry, batch, &[("lotNumber", "lot"), ("expirationDate", "expires on")]);
    }
}

/// What medicine it is: coded here, carried inside, or a resource of its own that `ingest` finds by
/// its link and by `medication` among the further elements.
pub(super) fn name_medicine(entry: &mut Entry, node: Node) {
    if let Some(concept) = node.concept("medicationCodeableConcept") {
        entry.concept = concept;
    }
    for key in ["medicationReference", "medication"] {
        if let Some(inside) = node.contained(key) {
            entry.concept = own_concept(inside);
            add_medicine_facts(entry, inside);
        }
        let Some(referred) = node.reference(key) else { continue };
        if entry.concept.is_empty() {
            entry.concept.text = referred.name;
        }
        if let Some(key) = referred.key {
            entry.more.push(("medication".into(), key.clone()));
            entry.links.push(Link { role: LinkRole::Related, key });
        }
    }
    if let (true, Some(value)) = (entry.concept.is_empty(), node.get("medication")) {
        entry.concept = node.concept_of(super::node::first(value)).unwrap_or_default();
    }
}

/// The concept of a medicine; of one without a code, its ingredients.
fn own_concept(node: Node) -> Concept {
    let ingredients = || {
        let items = node.nodes("ingredient").filter_map(|ingredient| {
            ingredient.choices("item").find_map(|(key, _, _)| ingredient.words(key).next())
        });
        Concept { text: Text::trimmed(&items.collect::<Vec<_>>().join(" / ")), codes: Vec::new() }
    };
    node.concept("code").unwrap_or_else(ingredients)
}
