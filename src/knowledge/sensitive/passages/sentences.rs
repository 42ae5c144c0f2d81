//! The sentences of a long paragraph, and the items of a long enumeration.

use std::ops::Range;

/// A shorter sentence is no long enumeration.
pub(super) const LIST_BYTES_MIN: usize = 200;
/// Fewer commas make no enumeration.
const ITEMS_MIN: usize = 7;
/// The items of an enumeration are names, not clauses: so long they are in the middle.
const ITEM_BYTES_MAX: usize = 60;
/// What ends in a full stop and no sentence.
const SHORTENED: [&str; 13] =
    ["dr", "mr", "mrs", "ms", "st", "vs", "no", "approx", "e.g", "i.e", "pt", "inc", "jr"];

/// A sentence, or an item of one that enumerates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it stands in its paragraph.
    pub range: Range<usize>,
    /// Whether it is an item, which says nothing of its neighbours.
    pub is_item: bool,
}

/// The sentences of a paragraph, and of one that is a long enumeration its items.
pub(super) fn of(paragraph: &str) -> Vec<Piece> {
    sentences(paragraph).into_iter().flat_map(|sentence| items(paragraph, sentence)).collect()
}

fn sentences(paragraph: &str) -> Vec<Range<usize>> {
    let ends = paragraph.match_indices(['.', '!', '?']).map(|(at, _)| at + 1);
    let ends = ends.filter(|&end| is_end(&paragraph[..end - 1], &paragraph[end..]));
    parts(paragraph, 0..paragraph.len(), ends)
}

fn is_end(before: &str, after: &str) -> bool {
    let word = before.rsplit([' ', '\n', '(']).next().unwrap_or_default().to_lowercase();
    let is_shortened = SHORTENED.contains(&word.as_str()) || word.chars().count() == 1;
    let next = after.trim_start();
    let goes_on = after.len() == next.len() || next.starts_with(char::is_lowercase);
    !goes_on && !is_shortened
}

fn items(paragraph: &str, sentence: Range<usize>) -> Vec<Piece> {
    let words = &paragraph[sentence.clone()];
    let ends: Vec<usize> = words.match_indices([',', ';']).map(|(at, _)| sentence.start + at + 1).collect();
    let is_list = ends.len() + 1 >= ITEMS_MIN && words.len() / (ends.len() + 1) <= ITEM_BYTES_MAX;
    if words.len() < LIST_BYTES_MIN || !is_list {
        return vec![Piece { range: sentence, is_item: false }];
    }
    // The sign that parts two items belongs to neither.
    let bare = |part: Range<usize>| {
        part.start..part.start + paragraph[part.clone()].trim_end_matches([',', ';', '.']).len()
    };
    let parts = parts(paragraph, sentence, ends.into_iter()).into_iter().map(bare);
    parts.map(|range| Piece { range, is_item: true }).collect()
}

/// A range parted at these places, each part without the white space around it.
fn parts(text: &str, range: Range<usize>, ends: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut from = range.start;
    let ends = ends.chain([range.end]);
    let parts = ends.map(|end| std::mem::replace(&mut from, end)..end);
    let trimmed = parts.map(|part| {
        let words = &text[part.clone()];
        let start = part.start + (words.len() - words.trim_start().len());
        start..start + words.trim().len()
    });
    trimmed.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_the_next_begins() {
        let text = "Seen by Dr. Lee at 10.30. Took 2.5 mg vs. 5 mg. Why? Unknown.\nNext line. J. Doe";
        let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        let expected = [
            "Seen by Dr. Lee at 10.30.",
            "Took 2.5 mg vs. 5 mg.",
            "Why?",
            "Unknown.",
            "Next line.",
            "J. Doe",
        ];
        assert_eq!(found, expected);
    }
}
