//! The passage of a report that says what was found: final diagnosis, impression, conclusion, assessment.

use crate::knowledge::folding::fold;
use crate::record::Document;

/// A passage with the heading under which it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage<'a> {
    /// The heading as written.
    pub heading: &'a str,
    /// The words as written.
    pub text: &'a str,
}

/// Headings of the passage, the most telling first.
const HEADINGS: [&str; 16] = [
    "final diagnosis",
    "final diagnoses",
    "final pathologic diagnosis",
    "discharge diagnosis",
    "discharge diagnoses",
    "impression",
    "impressions",
    "conclusion",
    "conclusions",
    "interpretation",
    "assessment and plan",
    "assessment & plan",
    "assessment/plan",
    "assessment",
    "diagnosis",
    "diagnoses",
];

/// Headings that end the passage. A recommendation does not: it belongs to what was found.
const OTHERS: [&str; 22] = [
    "findings",
    "technique",
    "comparison",
    "history",
    "clinical history",
    "clinical information",
    "indication",
    "procedure",
    "specimen",
    "specimens",
    "gross description",
    "microscopic description",
    "subjective",
    "objective",
    "medications",
    "allergies",
    "vital signs",
    "physical exam",
    "review of systems",
    "hospital course",
    "addendum",
    "comment",
];

/// Where a signature begins.
const SIGNATURES: [&str; 4] =
    ["electronically signed", "signed by", "dictated by", "this report was electronically"];

/// The passage of the most telling heading in the text.
pub fn passage(text: &str) -> Option<Passage<'_>> {
    let lines = lines(text);
    let headed = |wanted: &str| lines.iter().position(|(_, line)| heading(line, &[wanted]).is_some());
    let first = HEADINGS.iter().find_map(|wanted| headed(wanted))?;
    let (start, line) = lines[first];
    let head = heading(line, &HEADINGS)?;
    let from = start + (head.rest.as_ptr() as usize - line.as_ptr() as usize);
    let after = lines[first + 1..].iter().find(|(_, line)| ends_passage(line));
    let to = after.map_or(text.len(), |(at, _)| *at);
    let body = text.get(from..to)?.trim();
    (!body.is_empty()).then_some(Passage { heading: head.words, text: body })
}

/// The passage of a document's text, unless the conclusion that came as a field says all of it.
pub fn passage_beyond(document: &Document) -> Option<Passage<'_>> {
    let found = passage(document.text.as_deref()?)?;
    let conclusion = document.conclusion.as_deref().map(fold).unwrap_or_default();
    (!conclusion.contains(&fold(found.text))).then_some(found)
}

/// Whether a later hand has added to the report: what was found may have changed.
pub fn has_addendum(text: &str) -> bool {
    lines(text).iter().any(|(_, line)| bare(line).to_lowercase().starts_with("addendum"))
}

/// Every line with the place where it begins.
fn lines(text: &str) -> Vec<(usize, &str)> {
    text.split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        })
        .collect()
}

struct Heading<'a> {
    words: &'a str,
    rest: &'a str,
}

/// The heading of a line, if it is one of these: alone, or with a colon behind it.
fn heading<'a>(line: &'a str, of: &[&str]) -> Option<Heading<'a>> {
    let line = bare(line);
    let word = of.iter().copied().filter(|word| starts_with(line, word)).max_by_key(|word| word.len())?;
    let rest = &line[word.len()..];
    let after = rest.trim_start_matches(['*', ' ', '\t', '_']);
    let is_alone = after.trim().is_empty();
    (is_alone || after.starts_with(':')).then(|| Heading {
        words: &line[..word.len()],
        rest: after.trim_start_matches([':', '*', '_', ' ', '\t']),
    })
}

fn ends_passage(line: &str) -> bool {
    let is_signature = SIGNATURES.iter().any(|words| starts_with(bare(line), words));
    is_signature || heading(line, &OTHERS).is_some() || heading(line, &HEADINGS).is_some()
}

/// A line without the marks that lists and headings begin with.
fn bare(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '#', '*', '-', '•', '_', '=']).trim_end()
}

fn starts_with(line: &str, words: &str) -> bool {
    line.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_impression_is_found_as_written_and_ends_before_the_signature() {
        let text = "FINDINGS:\nA nodule.\n\nIMPRESSION: \n1. 6 mm nodule.\nRECOMMENDATION: CT in 6 months.\n\nElectronically signed by Dr. Who";
        let found = passage(text).unwrap();
        assert_eq!(found.heading, "IMPRESSION");
        assert_eq!(found.text, "1. 6 mm nodule.\nRECOMMENDATION: CT in 6 months.");
    }

    #[test]
    fn the_final_diagnosis_outweighs_the_impression_above_it() {
        let text = "Impression: cyst?\n**Final Diagnosis:** Benign cyst.\nGROSS DESCRIPTION: tan";
        assert_eq!(passage(text).unwrap().text, "Benign cyst.");
    }

    #[test]
    fn prose_and_an_empty_heading_are_no_passage() {
        assert_eq!(passage("Impression of a healthy person.\nThe assessment went well."), None);
        assert_eq!(passage("IMPRESSION:\n\nFINDINGS: none"), None);
        assert_eq!(passage("Ünïcode ünd nö heading"), None);
    }

    #[test]
    fn an_addendum_is_noticed() {
        assert!(has_addendum("IMPRESSION: clear\n\n*** ADDENDUM 2024-01-02: there is a fracture"));
        assert!(!has_addendum("no later addendum was made"));
    }
}
