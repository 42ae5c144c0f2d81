//! The lines of a text as its writer meant them: wrapped ones joined, items and rows apart.

use std::ops::Range;

/// Lines of prose that was wrapped are about so long; shorter ones end where their writer ended them, and
/// longer ones were never wrapped.
const WRAPPED_BYTES: Range<usize> = 55..121;
/// A heading has no more.
const HEADING_BYTES_MAX: usize = 60;
/// The words before the colon of a labelled line (`Alcohol use: none`).
const LABEL_BYTES_MAX: usize = 40;

/// One paragraph, item, row or heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it stands, without the white space around it.
    pub range: Range<usize>,
    /// Whether it stands above what it is about.
    pub is_heading: bool,
    /// Whether it begins with a label of its own.
    pub is_labelled: bool,
    /// Whether an empty line stands before it.
    pub is_after_gap: bool,
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let (mut at, mut is_after_gap, mut last): (usize, bool, &str) = (0, true, "");
    for raw in text.split_inclusive('\n') {
        let words = raw.trim();
        let start = at + (raw.len() - raw.trim_start().len());
        at += raw.len();
        if words.is_empty() {
            is_after_gap = true;
            continue;
        }
        let range = start..start + words.len();
        match found.last_mut().filter(|line| !is_after_gap && goes_on(line, last, words)) {
            Some(line) => line.range.end = range.end,
            None => found.push(Line {
                is_heading: is_heading(words),
                is_labelled: is_labelled(words),
                range,
                is_after_gap,
            }),
        }
        is_after_gap = false;
        last = words;
    }
    found
}

/// Whether a line goes on with what the line above it began.
fn goes_on(above: &Line, last: &str, words: &str) -> bool {
    if above.is_heading || is_row(last) || begins_anew(words) {
        return false;
    }
    let has_ended = last.ends_with(['.', '!', '?', ':', ';']);
    let is_middle = words.starts_with(|first: char| first.is_lowercase() || first == '(');
    WRAPPED_BYTES.contains(&last.len()) || is_middle && !has_ended
}

fn begins_anew(words: &str) -> bool {
    is_item(words) || is_row(words) || is_heading(words) || is_labelled(words)
}

/// `- one`, `• one`, `1. one`, `2) two`.
fn is_item(words: &str) -> bool {
    let after_digits = words.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let is_numbered = after_digits.len() < words.len() && after_digits.starts_with(['.', ')']);
    is_numbered && !after_digits[1..].starts_with(|sign: char| sign.is_ascii_digit())
        || words.starts_with(['•', '·', '◦', '▪', '–', '[', '☐', '☑'])
        || words.starts_with("- ")
        || words.starts_with("* ")
        || words.starts_with("+ ")
}

fn is_row(words: &str) -> bool {
    words.contains(['|', '\t'])
}

fn is_heading(words: &str) -> bool {
    let bare = words.trim_matches(['*', '_', '=', '-', ' ']);
    let is_short = words.len() <= HEADING_BYTES_MAX && !words.ends_with('.');
    let is_upper =
        bare.len() >= 4 && bare.chars().any(char::is_alphabetic) && !bare.chars().any(char::is_lowercase);
    let is_marked = words.starts_with('#') || words.starts_with("**") && words.ends_with("**");
    is_short && !is_item(words) && !is_row(words) && (is_marked || is_upper || words.ends_with(':'))
}

/// `Alcohol use: none`; not the time in `at 10:30`.
fn is_labelled(words: &str) -> bool {
    let Some((label, rest)) = words.split_once(':') else { return false };
    label.len() <= LABEL_BYTES_MAX
        && rest.starts_with(char::is_whitespace)
        && label.starts_with(|first: char| first.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_are_joined_and_labels_are_not() {
        let text = "Seen for a long standing cough that has been getting worse\nover time.\nSmoking: never\nAlcohol: none\n\n1. Rest\n2. Fluids, and if the fever does not go away in three days\n   come back";
        let found = lines(text);
        let words: Vec<&str> = found.iter().map(|line| &text[line.range.clone()]).collect();
        assert_eq!(words.len(), 5, "{words:?}");
        assert!(words[0].ends_with("over time.") && words[4].ends_with("come back"), "{words:?}");
        assert!(found[1].is_labelled && found[3].is_after_gap && !found[4].is_after_gap);
    }

    #[test]
    fn headings_are_told_from_sentences() {
        for heading in ["# Social History", "SOCIAL HISTORY", "Social history:", "**Plan**"] {
            assert!(is_heading(heading), "{heading}");
        }
        for other in ["Social history: lives alone.", "- Plan:", "He is well.", "OK", "a | b:"] {
            assert!(!is_heading(other), "{other}");
        }
    }
}
