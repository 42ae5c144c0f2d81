//! Entries that state an absence: that there is none, or that nobody asked. Neither is a fact of its kind.
//!
//! Codes: SNOMED CT codes of the situations "none known" as in the IPS allergy concept map (HL7, CC0),
//! of "not asked" as in US Core's AllergyIntolerance profile; IPS `absent-unknown-uv-ips` (HL7, CC0),
//! whose codes read `no-known-allergies` and `no-medication-info`.

use crate::record::{Concept, Kind, Standing, System};

const NONE_KNOWN: [&str; 5] = ["716186003", "160244002", "409137002", "428607008", "429625007"];
const NOT_ASKED: [&str; 1] = ["1631000175102"];

/// How the absence of allergies begins, in the words of records.
const NO_ALLERGIES: [&str; 5] = ["nka", "nkda", "nkfa", "no allerg", "no drug allerg"];

/// How any absence begins.
const NOTHING: [&str; 12] = [
    "no known",
    "none known",
    "no active allerg",
    "no active problem",
    "no active medication",
    "no current problem",
    "no current medication",
    "no planned",
    "no problems",
    "no medications",
    "no immunizations on",
    "no procedures on",
];

/// How it is said that nobody asked or that nothing is on file.
const NOT_ASKED_WORDS: [&str; 7] = [
    "not on file",
    "not asked",
    "patient not asked",
    "no information",
    "unknown allerg",
    "allergies not on file",
    "not assessed",
];

/// The standing of an entry that states an absence; nothing for any other.
pub fn standing(kind: Kind, concept: &Concept) -> Option<Standing> {
    use Kind::{Allergy, CarePlan, Condition, Device, Immunization, Medication, Procedure};
    if !matches!(kind, Allergy | CarePlan | Condition | Device | Immunization | Medication | Procedure) {
        return None;
    }
    let codes = || concept.codes.iter().map(|code| code.code.as_str());
    let has_code = |known: &[&str]| concept.codes_in(&System::Snomed).any(|code| known.contains(&code));
    let name = concept.name().unwrap_or_default().trim().to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| begins(&name, word));
    if has_code(&NONE_KNOWN)
        || codes().any(|code| code.starts_with("no-known-"))
        || begins(&NOTHING)
        || (kind == Allergy && begins(&NO_ALLERGIES))
        || name == "none"
    {
        return Some(Standing::NoneKnown);
    }
    let is_not_asked = has_code(&NOT_ASKED)
        || codes().any(|code| code.starts_with("no-") && code.ends_with("-info"))
        || begins(&NOT_ASKED_WORDS);
    is_not_asked.then_some(Standing::NotAsked)
}

/// An abbreviation is a whole word: `NKA` is none, `nkaxyz` is not.
fn begins(name: &str, word: &str) -> bool {
    let is_abbreviation = word.starts_with("nk");
    name.strip_prefix(word).is_some_and(|rest| !is_abbreviation || !rest.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absence_is_told_in_every_list_and_never_in_a_result() {
        let standing = |kind, name| standing(kind, &Concept::named(name));
        assert_eq!(standing(Kind::Condition, "No known problems"), Some(Standing::NoneKnown));
        assert_eq!(standing(Kind::Medication, "No current medications"), Some(Standing::NoneKnown));
        assert_eq!(standing(Kind::CarePlan, "No planned tests"), Some(Standing::NoneKnown));
        assert_eq!(standing(Kind::Allergy, "NKDA"), Some(Standing::NoneKnown));
        assert_eq!(standing(Kind::Allergy, "Not on File"), Some(Standing::NotAsked));
        assert_eq!(standing(Kind::Lab, "None"), None);
        assert_eq!(standing(Kind::Condition, "Nocturia"), None);
        assert_eq!(standing(Kind::Allergy, "Nkaxyz"), None);
    }
}
