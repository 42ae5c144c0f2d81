//! Why there is no value, and the values that hide among the reasons.

use crate::record::{Concept, Text};

/// Reasons of HL7's data-absent-reason and v3 NullFlavor (THO, CC0), as codes and as display names.
const REASONS: [&str; 34] = [
    "unknown",
    "asked-unknown",
    "asked but unknown",
    "temp-unknown",
    "temporarily unknown",
    "not-asked",
    "not asked",
    "asked-declined",
    "asked but declined",
    "masked",
    "not-applicable",
    "not applicable",
    "unsupported",
    "as-text",
    "as text",
    "error",
    "not-a-number",
    "not a number",
    "not a number (nan)",
    "negative-infinity",
    "positive-infinity",
    "negative infinity (ninf)",
    "positive infinity (pinf)",
    "not-performed",
    "not performed",
    "not-permitted",
    "not permitted",
    "no information",
    "unk",
    "ni",
    "na",
    "nask",
    "asku",
    "nav",
];

/// Parts of sentences that say why there is no result.
const EXPLAINS: [&str; 25] = [
    "cancel",
    "unable",
    "insufficient",
    "hemoly",
    "haemoly",
    "reject",
    "refus",
    "declin",
    "see ",
    "pending",
    "not available",
    "not given",
    "not received",
    "not obtained",
    "not collected",
    "not recorded",
    "no specimen",
    "unsatisfactory",
    "clotted",
    "contaminat",
    "interfer",
    "lost",
    "missing",
    "recollect",
    "invalid",
];

/// The words with which laboratories say that a test was not done, as the whole result.
const NOT_DONE: [&str; 11] = [
    "np",
    "n/p",
    "tnp",
    "qns",
    "not performed",
    "not done",
    "test not performed",
    "test not done",
    "quantity not sufficient",
    "quantity insufficient",
    "not-performed",
];

/// The reason as recorded, and the value where the text of the reason is one.
pub(super) fn read(reason: Option<Concept>) -> (Option<Text>, Option<Text>) {
    let Some(reason) = reason else { return (None, None) };
    let code = || reason.codes.first().map(|code| code.code.clone());
    match reason.text.clone() {
        Some(text) if is_reason(&text) => (Some(text), None),
        Some(text) => (None, Some(text)),
        None => (code(), None),
    }
}

fn is_reason(text: &str) -> bool {
    let text = text.to_lowercase();
    REASONS.contains(&text.as_str()) || is_not_done(&text) || EXPLAINS.iter().any(|part| text.contains(part))
}

/// True where the words of a result say that the test was not done.
pub(super) fn is_not_done(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    NOT_DONE.contains(&text.as_str())
        || ["test not performed", "not performed", "quantity not sufficient", "specimen rejected"]
            .iter()
            .any(|beginning| text.starts_with(beginning))
        || ["cancelled", "canceled"].contains(&text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_among_the_reasons_is_a_value() {
        for value in ["Negative", "12.3 mg/dL", "< 5", "Trace", "O POS"] {
            assert_eq!(read(Some(Concept::named(value))), (None, Some(value.into())), "{value}");
        }
        for reason in ["Not Performed", "Specimen hemolyzed in transit", "unknown", "QNS", "See comment"] {
            assert_eq!(read(Some(Concept::named(reason))), (Some(reason.into()), None), "{reason}");
        }
    }

    #[test]
    fn a_test_that_was_not_done_says_so() {
        for text in ["np", "TNP", "QNS", "Not performed.", "Test not performed: hemolyzed", "Cancelled"] {
            assert!(is_not_done(text), "{text}");
        }
        for text in ["NPH", "Negative", "Not detected", "5"] {
            assert!(!is_not_done(text), "{text}");
        }
    }
}
