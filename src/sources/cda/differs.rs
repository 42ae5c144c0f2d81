//! Where the text of a document says something else than what is coded beside it: another number, another medicine.

use std::collections::BTreeSet;

use super::json::{list, object, text};
use super::reading::Made;
use crate::knowledge::medicines::{Ingredient, ingredients_of};
use crate::sources::json::Json;

const RXNORM: &str = "2.16.840.1.113883.6.88";

/// Notes that the words of the document name another medicine than its code does: a reference that points to the
/// wrong row would otherwise give one medicine the name of another.
pub fn tell_other_medicine(made: &mut Made<'_>) {
    let coded = ["medicationCodeableConcept", "code"].iter().find_map(|name| made.object.get(name));
    let is_medicine =
        made.object.get("medicationCodeableConcept").is_some() || made.is_of("AllergyIntolerance");
    let Some(coded) = coded.filter(|_| is_medicine) else { return };
    let Some(words) = coded.get("text").and_then(Json::as_str) else { return };
    let codings = coded.get("coding").and_then(Json::as_array).unwrap_or_default();
    let part = |coding: &'_ Json<'_>, name: &str| Some(coding.get(name)?.as_str()?.to_owned());
    let displays: Vec<String> = codings.iter().filter_map(|coding| part(coding, "display")).collect();
    let codes: Vec<String> = codings
        .iter()
        .filter(|coding| part(coding, "system").is_some_and(|system| system.ends_with(RXNORM)))
        .filter_map(|coding| part(coding, "code"))
        .collect();
    let codes: Vec<(&str, &str)> =
        codes.iter().map(|code| ("http://www.nlm.nih.gov/research/umls/rxnorm", code.as_str())).collect();
    let by_words = ingredients_of(&[], words);
    let by_codes = ingredients_of(&codes, &displays.join("; "));
    let agree = by_words.iter().any(|word| by_codes.iter().any(|code| are_one(word, code)));
    if by_words.is_empty() || by_codes.is_empty() || agree {
        return;
    }
    let coded: BTreeSet<&str> = by_codes.iter().map(|ingredient| ingredient.name).collect();
    let coded: Vec<&str> = coded.into_iter().collect();
    let told =
        format!("The words of the document and its code differ: the code says {}", coded.join(" and "));
    let mut notes = match made.object.take("note") {
        Some(Json::Array(notes)) => notes,
        _ => Vec::new(),
    };
    notes.extend(object([("text", Some(text(told)))]));
    made.put("note", list(notes));
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
    use super::{are_one, ingredients_of, is_another_number};

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
}
