//! Where the text of a document says something else than what is coded beside it: another number, another medicine.

use std::collections::BTreeSet;

use super::json::{list, object, text};
use super::reading::Made;
use crate::knowledge::folding::fold;
use crate::knowledge::medicines::{Ingredient, ingredients_of};
use crate::sources::json::Json;

const RXNORM: &str = "2.16.840.1.113883.6.88";

/// Notes that the words of the document name another thing than its code does: a reference that points to the wrong
/// row would otherwise give one medicine, or one operation, the name of another.
pub fn tell_other_name(made: &mut Made<'_>) {
    let Some(says) = other_medicine(made).or_else(|| other_procedure(made)) else { return };
    let told = format!("The words of the document and its code differ: the code says {says}");
    let mut notes = match made.object.take("note") {
        Some(Json::Array(notes)) => notes,
        _ => Vec::new(),
    };
    notes.extend(object([("text", Some(text(told)))]));
    made.put("note", list(notes));
}

fn codings<'j, 'a>(concept: &'j Json<'a>) -> &'j [Json<'a>] {
    concept.get("coding").and_then(Json::as_array).unwrap_or_default()
}

fn displays<'j>(concept: &'j Json<'_>) -> Vec<&'j str> {
    codings(concept).iter().filter_map(|coding| coding.get("display")?.as_str()).collect()
}

/// The medicine of the code, where the words name another.
fn other_medicine(made: &Made<'_>) -> Option<String> {
    let prescribed = made.object.get("medicationCodeableConcept");
    let allergen = made.object.get("code").filter(|_| made.is_of("AllergyIntolerance"));
    let coded = prescribed.or(allergen)?;
    let rxcuis = codings(coded).iter().filter_map(|coding| {
        let is_rxnorm = coding.get("system")?.as_str()?.ends_with(RXNORM);
        coding.get("code")?.as_str().filter(|_| is_rxnorm)
    });
    let codes: Vec<(&str, &str)> =
        rxcuis.map(|code| ("http://www.nlm.nih.gov/research/umls/rxnorm", code)).collect();
    let by_words = ingredients_of(&[], coded.get("text")?.as_str()?);
    let by_codes = ingredients_of(&codes, &displays(coded).join("; "));
    let agree = by_words.iter().any(|word| by_codes.iter().any(|code| are_one(word, code)));
    if by_words.is_empty() || by_codes.is_empty() || agree {
        return None;
    }
    let names: BTreeSet<&str> = by_codes.iter().map(|ingredient| ingredient.name).collect();
    Some(names.into_iter().collect::<Vec<_>>().join(" and "))
}

/// The name that the code of a procedure or a device has, where the words share nothing with any.
fn other_procedure(made: &Made<'_>) -> Option<String> {
    let coded = match made.object.get("resourceType")?.as_str()? {
        "Procedure" => made.object.get("code")?,
        "Device" => made.object.get("type")?,
        _ => return None,
    };
    let words = coded.get("text")?.as_str()?;
    let displays = displays(coded);
    let is_another = !displays.is_empty() && !displays.iter().any(|name| may_be_one(words, name));
    is_another.then(|| displays.join("; "))
}

/// True where two names share the beginning of a word ("appendectomy", "excision of appendix"), or one of them has no
/// word to go by (CABG).
fn may_be_one(one: &str, other: &str) -> bool {
    const STEM: usize = 4;
    let stems = |name: &str| -> BTreeSet<String> {
        let folded = fold(name);
        folded
            .split(' ')
            .filter(|word| word.len() > STEM)
            .filter_map(|word| word.get(..STEM))
            .map(str::to_owned)
            .collect()
    };
    let (one, other) = (stems(one), stems(other));
    one.is_empty() || other.is_empty() || !one.is_disjoint(&other)
}

/// True where the two are the same, or one is said without its kind and the other is a kind of it: "penicillin", and
/// penicillin G.
fn are_one(one: &Ingredient, other: &Ingredient) -> bool {
    one.name == other.name || one.is_said_better_by(other) || other.is_said_better_by(one)
}

/// True where the words hold numbers that could be a value, and the coded one is not among them. Numbers that belong
/// to a date, a time or a range are no value.
pub fn is_another_number(coded: &str, words: &str) -> bool {
    let Ok(coded) = coded.trim().parse::<f64>() else { return false };
    let mut others = false;
    for word in words.split([' ', ';', '(', ')', '|', ',']) {
        if is_span(word) {
            if word
                .split(['/', '-', '–', ':'])
                .any(|part| part.parse::<f64>().is_ok_and(|part| part == coded))
            {
                return false; // one of a pair, such as a blood pressure
            }
            continue;
        }
        let digits = word.trim_matches(|letter: char| !letter.is_ascii_digit());
        let Ok(number) = digits.parse::<f64>() else { continue };
        if number == coded {
            return false;
        }
        others |= !is_year(digits) && word.starts_with(|letter: char| letter.is_ascii_digit());
    }
    others && !has_months(words)
}

/// A date, a time, a range or a pair.
fn is_span(word: &str) -> bool {
    word.contains(['/', ':', '–']) || word.get(1..).is_some_and(|rest| rest.contains('-'))
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

/// A date in words has a day that looks like a value.
fn has_months(words: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words = words.to_ascii_lowercase();
    words.split(|letter: char| !letter.is_alphabetic()).any(|word| {
        word.get(..3).is_some_and(|start| MONTHS.contains(&start))
            && (word.len() == 3 || word.len() > 3 && word != "mayo")
    })
}

#[cfg(test)]
mod tests {
    use super::{are_one, ingredients_of, is_another_number, may_be_one};

    #[test]
    fn only_a_value_that_is_plainly_another_is_told() {
        for words in ["Potassium; 5.6 mmol/L; 3.5-5.1", "Potassium 5.6", "K (2024) 6.5 mmol/L"] {
            assert!(is_another_number("4.2", words), "{words}");
        }
        for words in [
            "Potassium; 4.20 mmol/L; 3.5-5.1",
            "Potassium",
            "Potassium; 2024-03-02",
            "Potassium; 3/2/2024 14:05",
            "Potassium, measured Mar 2 2024",
            "Blood pressure 4.2/80",
        ] {
            assert!(!is_another_number("4.2", words), "{words}");
        }
        assert!(!is_another_number("none", "5"));
    }

    #[test]
    fn penicillin_is_no_other_medicine_than_penicillin_g() {
        let agree = |one, other| are_one(ingredients_of(&[], one)[0], ingredients_of(&[], other)[0]);
        assert!(agree("penicillin", "penicillin G") && agree("penicillin G", "penicillin"));
        assert!(agree("a statin", "atorvastatin"));
        assert!(!agree("penicillin V", "penicillin G") && !agree("penicillin", "atorvastatin"));
    }

    #[test]
    fn names_that_share_no_word_are_of_two_things() {
        assert!(may_be_one("Appendectomy", "Excision of appendix"));
        assert!(may_be_one("Colonoscopy with polypectomy", "Colonoscopy (procedure)"));
        assert!(may_be_one("CABG", "Coronary artery bypass graft"));
        assert!(!may_be_one("Colonoscopy", "Total hip replacement"));
    }
}
