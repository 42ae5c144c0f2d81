//! What kind of entry an observation is: by its category, else by its code.

use crate::record::{Concept, Kind, System, Text};

/// LOINC codes of vital signs and body measures, from the US Core 9.0.0 examples (CC0).
const VITALS: [&str; 24] = [
    "85353-1", "85354-9", "55284-4", "96607-7", "8480-6", "8462-4", "8867-4", "9279-1", "8310-5", "8331-1",
    "2708-6", "59408-5", "29463-7", "8302-2", "8306-3", "39156-5", "59576-9", "77606-2", "8289-1", "9843-4",
    "72514-3", "96608-5", "96609-3", "3151-8",
];

/// LOINC codes of social history, questionnaires and preferences, from the same examples.
const BACKGROUND: [&str; 24] = [
    "72166-2", "82810-3", "86645-9", "11341-5", "76690-7", "11331-6", "74013-4", "8664-5", "105045-9",
    "88121-9", "88122-7", "88123-5", "88124-3", "95541-9", "75773-2", "44249-1", "44261-6", "44260-8",
    "72109-2", "75626-2", "93025-5", "69856-3", "75276-6", "11332-4",
];

/// LOINC: whether there is an advance directive, from the same examples.
const DIRECTIVES: [&str; 1] = ["45473-6"];

/// The kind of an observation. A laboratory or vital sign category outweighs any other.
pub(super) fn kind(categories: &[Text], concept: &Concept, has_words: bool) -> Kind {
    let mut by_category = categories.iter().filter_map(|category| by_category(category));
    let first = by_category.next();
    let kinds: Vec<Kind> = first.into_iter().chain(by_category).collect();
    let strongest = [Kind::Directive, Kind::Lab, Kind::Vital, Kind::Background];
    if let Some(kind) = strongest.into_iter().find(|kind| kinds.contains(kind)) {
        return kind;
    }
    if let Some(kind) = by_code(concept) {
        return kind;
    }
    match kinds.first() {
        // An imaging finding in words is a report; a number (an ejection fraction) is a clinical test.
        Some(Kind::Imaging) if has_words => Kind::Imaging,
        _ => Kind::Lab,
    }
}

fn by_category(category: &str) -> Option<Kind> {
    let word = category.to_ascii_lowercase().replace([' ', '_'], "-");
    Some(match word.as_str() {
        "observation-adi-documentation" | "adi-documentation" => Kind::Directive,
        "laboratory" | "lab" | "labs" | "laboratory-studies" => Kind::Lab,
        "vital-signs" | "vital-sign" | "vitals" | "vitalsigns" => Kind::Vital,
        "social-history"
        | "survey"
        | "sdoh"
        | "activity"
        | "functional-status"
        | "disability-status"
        | "cognitive-status"
        | "care-experience-preference"
        | "treatment-intervention-preference"
        | "intervention-preference"
        | "smartdata"
        | "smart-data" => Kind::Background,
        "imaging" | "radiology" => Kind::Imaging,
        _ => return None,
    })
}

fn by_code(concept: &Concept) -> Option<Kind> {
    let has = |codes: &[&str]| concept.codes_in(&System::Loinc).any(|code| codes.contains(&code));
    if has(&VITALS) {
        Some(Kind::Vital)
    } else if has(&BACKGROUND) {
        Some(Kind::Background)
    } else {
        has(&DIRECTIVES).then_some(Kind::Directive)
    }
}
