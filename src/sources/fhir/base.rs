//! What every resource has: identity, status, dates of change, marks, comments, categories, links.

use super::elements::label;
use super::negation::{add_modifiers, is_negated};
use super::node::Node;
use super::references::{add_links, add_named_links};
use crate::record::{Concept, Detail, Entry, EntryId, Kind, LinkRole, Standing, Text};

/// An entry of this kind with all that every resource has.
pub(super) fn start(node: Node, kind: Kind, detail: Detail) -> Entry {
    let reading = node.reading();
    let meta = node.node("meta");
    let status = node.text("status");
    let standing = if is_negated(node) { Standing::NotDone } else { standing(status.as_deref()) };
    let mut entry = Entry {
        key: reading.key.clone(),
        file: Text::trimmed(reading.context.file),
        standing,
        status,
        categories: categories(node, "category"),
        updated: meta.and_then(|meta| meta.when("lastUpdated")),
        notes: notes(node),
        security: meta.map(|meta| marks(meta, "security")).unwrap_or_default(),
        ..Entry::new(EntryId::new(kind, 0), detail)
    };
    add_identifiers(&mut entry, node);
    add_modifiers(&mut entry, node);
    add_named_links(&mut entry, node, "encounter", LinkRole::Visit, "visit");
    add_links(&mut entry, node, "basedOn", LinkRole::Order);
    add_links(&mut entry, node, "partOf", LinkRole::PartOf);
    for key in ["reasonReference", "reason", "reasonForUseReference"] {
        add_links(&mut entry, node, key, LinkRole::Reason);
    }
    // STU3 calls the visit so where R4 says `encounter`.
    add_named_links(&mut entry, node, "context", LinkRole::Visit, "visit");
    entry
}

/// The marks that withhold: codes of `meta.security` and the like.
pub(super) fn marks(node: Node, key: &str) -> Vec<Text> {
    let codings = node.nodes(key).flat_map(|node| node.nodes("coding").chain([node]));
    codings.filter_map(|coding| coding.text("code").or_else(|| coding.text("display"))).collect()
}

/// The marks that stand within a part of a resource (HL7 Security Labeling DS4P, inline labels).
pub(super) fn inline_marks(node: Node) -> Vec<Text> {
    let labels = node.extensions("extension-inline-sec-label");
    labels.filter_map(|label| label.node("valueCoding")?.text("code")).collect()
}

/// The source's categories as words: the code where it is one (`laboratory`), else its name, and the
/// text where it says something else.
pub(super) fn categories(node: Node, key: &str) -> Vec<Text> {
    let mut words: Vec<Text> = Vec::new();
    let mut add = |word: Option<Text>| {
        let word = word.filter(|word| !words.iter().any(|other| is_same(other, word)));
        words.extend(word);
    };
    for item in node.items(key) {
        let Some(concept) = node.concept_of(item) else { continue };
        for code in &concept.codes {
            let is_word = code.code.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '-');
            let name = code.display.clone().filter(|_| !is_word);
            add(name.or_else(|| Some(code.code.clone())));
        }
        add(concept.text.clone().or_else(|| label(&concept)));
    }
    words
}

fn is_same(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|letter| letter.is_alphanumeric()).map(|letter| letter.to_ascii_lowercase())
}

/// Comments; `comment` and `comments` are what earlier versions called them.
fn notes(node: Node) -> Vec<Text> {
    let mut notes = Vec::new();
    for item in node.items("note") {
        match item.as_object() {
            Some(object) => notes.extend(node.beside(object, "note").text("text")),
            None => notes.extend(super::node::scalar(item)),
        }
    }
    notes.extend(node.texts("comment").chain(node.texts("comments")).chain(node.texts("notes")));
    notes
}

/// Identifiers, as system and value, so that the same thing from two sources can be known.
fn add_identifiers(entry: &mut Entry, node: Node) {
    for identifier in node.nodes("identifier") {
        let Some(value) = identifier.text("value") else { continue };
        let system = identifier.word("system").unwrap_or("");
        entry.more.push(("identifier".into(), format!("{system}|{value}").into()));
    }
}

/// What a status says about whether the entry is a fact.
fn standing(status: Option<&str>) -> Standing {
    match status {
        Some("entered-in-error") => Standing::EnteredInError,
        Some("not-done") => Standing::NotDone,
        _ => Standing::Stated,
    }
}

/// Adds further elements in words, each under its label.
pub(super) fn add_more(entry: &mut Entry, node: Node, elements: &[(&str, &str)]) {
    for (key, label) in elements {
        let label = Text::from(*label);
        entry.more.extend(node.words(key).map(|words| (label.clone(), words)));
    }
}

/// Adds one further element.
pub(super) fn add_one(entry: &mut Entry, label: &str, value: Option<Text>) {
    entry.more.extend(value.map(|value| (label.into(), value)));
}

/// The narrative of a resource, as text to read.
pub(super) fn narrative(node: Node) -> Option<Text> {
    let text = node.node("text")?;
    let markup = text.word("div")?;
    match crate::sources::document_text::readable(Some("text/html"), markup.as_bytes()) {
        Ok(readable) => Text::trimmed(&readable),
        Err(reason) => {
            text.notice("div", &reason);
            None
        }
    }
}

/// The word of a coded status (`active`, `refuted`): the code where there is one.
pub(super) fn status_word(concept: &Concept) -> Option<Text> {
    let code = concept.codes.first().map(|code| code.code.clone());
    code.or_else(|| concept.text.clone()).map(|word| match word.chars().any(char::is_uppercase) {
        true => word.to_lowercase().into(),
        false => word,
    })
}

/// The words of a coded status, where they say more than its code (`unconfirmed, told by the patient`).
pub(super) fn add_status_text(entry: &mut Entry, node: Node, key: &str, label: &str) {
    // A plain word, as DSTU2 has it, says no more than the status itself.
    let Some(concept) = node.concept(key).filter(|_| node.word(key).is_none()) else { return };
    let says_more = |text: &Text| !concept.codes.iter().any(|code| is_same(&code.code, text));
    add_one(entry, label, node.node(key).and_then(|node| node.text("text")).filter(says_more));
}

/// What a verification status says about whether the entry is a fact.
pub(super) fn verified(verification: Option<&str>) -> Standing {
    match verification {
        Some("refuted") => Standing::Refuted,
        Some("entered-in-error" | "entered in error") => Standing::EnteredInError,
        Some("unconfirmed" | "provisional" | "differential") => Standing::Unconfirmed,
        _ => Standing::Stated,
    }
}
