//! The passages of prose that reveal something: a paragraph, an item of a list, a row of a table; of a long
//! paragraph the sentence, of a long enumeration the item.

use std::ops::Range;

use super::{Classes, classes_of_words};

mod lines;
mod sentences;

use lines::{Line, lines};

/// A longer paragraph is withheld sentence by sentence: it holds more than one matter.
const PARAGRAPH_BYTES_MAX: usize = 500;

/// The passages of a text that reveal something, in their order.
pub fn passages_of(text: &str) -> Vec<(Range<usize>, Classes)> {
    let mut found = Vec::new();
    let mut section = Section::default();
    for line in lines(text) {
        let words = &text[line.range.clone()];
        section.enter(&line, words);
        if !section.classes.is_empty() {
            found.push((line.range, classes_of_words(words).with(section.classes)));
            continue;
        }
        let pieces = revealing(words, line.range.start);
        found.extend(pieces);
    }
    found
}

/// What reveals something of one paragraph that begins at `start`: all of it, unless it is long or the
/// words stand in an enumeration.
fn revealing(words: &str, start: usize) -> Vec<(Range<usize>, Classes)> {
    let whole = classes_of_words(words);
    if words.len() < sentences::LIST_BYTES_MIN {
        let range = start..start + words.len();
        return if whole.is_empty() { Vec::new() } else { vec![(range, whole)] };
    }
    let pieces = sentences::of(words).into_iter().filter_map(|piece| {
        let classes = classes_of_words(&words[piece.range.clone()]);
        (!classes.is_empty()).then_some((piece, classes))
    });
    let pieces: Vec<(sentences::Piece, Classes)> = pieces.collect();
    // A sentence of a short paragraph tells of the matter of its neighbours.
    if words.len() <= PARAGRAPH_BYTES_MAX && pieces.iter().any(|(piece, _)| !piece.is_item) {
        let classes = pieces.iter().fold(whole, |all, (_, classes)| all.with(*classes));
        return vec![(start..start + words.len(), classes)];
    }
    let placed = |piece: sentences::Piece| start + piece.range.start..start + piece.range.end;
    pieces.into_iter().map(|(piece, classes)| (placed(piece), classes)).collect()
}

/// A heading that reveals something tells it of all that stands under it.
#[derive(Default)]
struct Section {
    classes: Classes,
    /// Whether it ends only with another heading: a heading of Markdown does, a line with a colon ends with
    /// its paragraph.
    is_open: bool,
    has_begun: bool,
}

impl Section {
    fn enter(&mut self, line: &Line, words: &str) {
        if line.is_heading {
            let classes = classes_of_words(words);
            *self = Section { classes, is_open: words.starts_with('#'), has_begun: false };
            return;
        }
        let is_over = line.is_labelled || line.is_after_gap && self.has_begun && !self.is_open;
        if is_over && !self.is_open {
            *self = Section::default();
        }
        self.has_begun = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The passages in words, each with its classes.
    fn cut(text: &str) -> Vec<&str> {
        passages_of(text).into_iter().map(|(range, _)| &text[range]).collect()
    }

    #[test]
    fn a_paragraph_an_item_and_a_row_are_withheld_by_themselves() {
        let text = "Knee is better.\n\nMood is low, major depression.\n\n- lisinopril 10 mg\n- sertraline 50 mg\n- aspirin\n\n| asthma | active |\n| HIV infection | active |";
        assert_eq!(
            cut(text),
            ["Mood is low, major depression.", "- sertraline 50 mg", "| HIV infection | active |"]
        );
    }

    #[test]
    fn a_wrapped_paragraph_is_one_and_its_phrase_is_found_across_the_line_end() {
        let text = "The patient was seen today and reports a long history of substance\nabuse, now in treatment at a clinic.\nKnee is fine.";
        assert_eq!(
            cut(text),
            [
                "The patient was seen today and reports a long history of substance\nabuse, now in treatment at a clinic."
            ]
        );
    }

    #[test]
    fn what_stands_under_a_heading_that_reveals_goes_with_it() {
        let text = "PSYCHIATRIC HISTORY:\nTwo stays in 2014.\nNone since.\n\nKnee: fine.\n# Mental Health\nDoing well.\n\nSleeps better.\n# Plan\nWalk daily.";
        assert_eq!(
            cut(text),
            [
                "PSYCHIATRIC HISTORY:",
                "Two stays in 2014.",
                "None since.",
                "# Mental Health",
                "Doing well.",
                "Sleeps better."
            ]
        );
    }

    #[test]
    fn of_a_long_paragraph_the_sentence_and_of_a_long_list_the_item() {
        let filler = "The wound is clean and dry and was dressed again today. ".repeat(10);
        let text = format!("{filler}He drinks heavily on weekends. {filler}");
        assert_eq!(cut(&text), ["He drinks heavily on weekends."]);
        let items = "acute bronchitis (disorder), ".repeat(20);
        let text = format!("History of {items}alcoholism (disorder), {items}sprain.");
        assert_eq!(cut(&text), ["alcoholism (disorder)"]);
        let items = "acute bronchitis (disorder), ".repeat(6);
        let listed =
            format!("Patient is 61 years old. History of {items}alcoholism (disorder), a sprained ankle.");
        assert_eq!(cut(&listed), ["alcoholism (disorder)"], "of a short paragraph too");
        let prose = format!("{listed} He drinks heavily.");
        assert_eq!(cut(&prose), [prose.as_str()], "but a sentence takes its paragraph with it");
    }

    proptest::proptest! {
        #[test]
        fn passages_are_in_order_and_nothing_outside_of_them_reveals(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "depression", "hiv", "\n", "\n\n", ". ", "- ", "Plan:", "# ", "é", " | ", "walks", ", ", "  ",
                    "The wound is clean and dry and was dressed again today by the nurse. ",
                ]),
                0..60,
            )
        ) {
            let text = parts.concat();
            let mut at = 0;
            let mut rest = String::new();
            for (range, classes) in passages_of(&text) {
                proptest::prop_assert!(at <= range.start && range.start < range.end && !classes.is_empty());
                rest.push_str(&text[at..range.start]);
                rest.push_str(" ; ");
                at = range.end;
            }
            rest.push_str(&text[at..]);
            proptest::prop_assert!(classes_of_words(&rest).is_empty(), "{rest:?}");
        }
    }
}
