//! The texts of an entry in which a search looks.

use super::super::matching::words_of;
use crate::record::{Detail, Entry};

/// Names, codes, displays, ingredients: what an entry is called.
pub fn names_of(entry: &Entry) -> impl Iterator<Item = &str> {
    let ingredients = match &entry.detail {
        Detail::Medication(medicine) => medicine.ingredients.as_slice(),
        _ => &[],
    };
    words_of(&entry.concept).chain(ingredients.iter().map(|name| name.as_str()))
}

/// Comments, reasons, further elements, people: what stands beside it.
pub fn comments_of(entry: &Entry) -> impl Iterator<Item = &str> {
    let reasons: Vec<&str> = match &entry.detail {
        Detail::Medication(medicine) => medicine.reasons.iter().map(|text| text.as_str()).collect(),
        Detail::Visit(visit) => visit.reasons.iter().map(|text| text.as_str()).collect(),
        Detail::Document(document) => document.conclusion.as_deref().into_iter().collect(),
        Detail::Allergy(allergy) => allergy
            .reactions
            .iter()
            .flat_map(|reaction| reaction.manifestations.iter().map(|text| text.as_str()))
            .collect(),
        Detail::Family(family) => {
            let conditions = family.conditions.iter().filter_map(|condition| condition.concept.name());
            conditions.chain(family.relation.as_deref()).collect()
        }
        Detail::Measurement(found) => {
            found.components.iter().filter_map(|part| part.concept.name()).collect()
        }
        Detail::Answers(answers) => {
            answers.iter().flat_map(|(question, answer)| [question.as_str(), answer.as_str()]).collect()
        }
        _ => Vec::new(),
    };
    let notes = entry.notes.iter().map(|note| note.as_str());
    let further = entry.more.iter().map(|(_, value)| value.as_str());
    let people = entry.actors.iter().filter_map(|actor| actor.name.as_deref());
    reasons.into_iter().chain(notes).chain(further).chain(people)
}

/// The text of an entry that is read as prose.
pub fn prose(entry: &Entry) -> Option<&str> {
    match &entry.detail {
        Detail::Document(document) => document.text.as_deref(),
        Detail::Note { text, .. } => Some(text.as_str()),
        _ => None,
    }
}
