//! What the flags of a report mean, by code or by words.
//!
//! Codes: HL7 v3 ObservationInterpretation (THO, CC0) and HL7 v2 table 0078, whose display names
//! ("Above high normal") some vendors send without a code.

use super::elements::label;
use super::node::Node;
use crate::record::{Concept, Flag, FlagMeaning, Text};

/// The flags of an observation or of a part of it.
pub(super) fn read(node: Node) -> Vec<Flag> {
    node.concepts("interpretation").filter_map(|concept| flag(&concept)).collect()
}

fn flag(concept: &Concept) -> Option<Flag> {
    let text: Text = label(concept)?;
    let known = concept.codes.iter().find_map(|code| by_code(&code.code, concept));
    let meaning = known.unwrap_or_else(|| by_code(&text, concept).unwrap_or_else(|| by_words(&text)));
    Some(Flag { meaning, text })
}

fn by_code(code: &str, concept: &Concept) -> Option<FlagMeaning> {
    Some(match code {
        "N" => FlagMeaning::Normal,
        "A" | "EX" => FlagMeaning::Abnormal,
        "AA" => FlagMeaning::CriticallyAbnormal,
        "L" | "LU" | "LX" | "L<" => FlagMeaning::Low,
        "LL" => FlagMeaning::CriticallyLow,
        "H" | "HU" | "HX" | "H>" => FlagMeaning::High,
        "HH" => FlagMeaning::CriticallyHigh,
        "POS" | "DET" | "RR" | "WR" => FlagMeaning::Positive,
        "NEG" | "ND" | "NR" => FlagMeaning::Negative,
        "S" => FlagMeaning::Susceptible,
        "I" => FlagMeaning::Intermediate,
        // R is resistant for an organism; some laboratories write it for a reactive test.
        "R" => match by_words(concept.text.as_deref().unwrap_or("")) {
            FlagMeaning::Positive => FlagMeaning::Positive,
            _ => FlagMeaning::Resistant,
        },
        _ => return None,
    })
}

fn by_words(text: &str) -> FlagMeaning {
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_critical = has(&["critical", "panic", "alert", "very"]);
    // A risk or a likelihood is no place in a range.
    if has(&["risk", "probability", "confidence"]) {
        return FlagMeaning::Other;
    }
    if has(&["high", "above", "elevated"]) {
        return if is_critical { FlagMeaning::CriticallyHigh } else { FlagMeaning::High };
    }
    if has(&["low", "decreased"]) {
        return if is_critical { FlagMeaning::CriticallyLow } else { FlagMeaning::Low };
    }
    if has(&["abnormal", "out of range", "outside"]) && !has(&["not abnormal", "no abnormal"]) {
        return if is_critical { FlagMeaning::CriticallyAbnormal } else { FlagMeaning::Abnormal };
    }
    if has(&["normal", "within range", "in range", "within limits"]) {
        return FlagMeaning::Normal;
    }
    if has(&["not detected", "negative", "non-reactive", "nonreactive", "non reactive", "undetected"]) {
        return FlagMeaning::Negative;
    }
    if has(&["detected", "positive", "reactive"]) {
        return FlagMeaning::Positive;
    }
    match text.trim() {
        "susceptible" | "sensitive" => FlagMeaning::Susceptible,
        "intermediate" => FlagMeaning::Intermediate,
        "resistant" => FlagMeaning::Resistant,
        _ => FlagMeaning::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_alone_are_understood() {
        for (text, meaning) in [
            ("above high normal", FlagMeaning::High),
            ("below low normal", FlagMeaning::Low),
            ("Above upper panic limits", FlagMeaning::CriticallyHigh),
            ("Normal", FlagMeaning::Normal),
            ("abnormal", FlagMeaning::Abnormal),
            ("Critical Low", FlagMeaning::CriticallyLow),
            ("Not detected", FlagMeaning::Negative),
            ("High risk", FlagMeaning::Other),
            ("H", FlagMeaning::High),
            ("see note", FlagMeaning::Other),
        ] {
            assert_eq!(flag(&Concept::named(text)).unwrap().meaning, meaning, "{text}");
        }
    }
}
