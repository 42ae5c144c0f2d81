//! Danger words in what a person types: which line to name, and the sentence that
//! comes first in the answer. Never asked about the text of a record.

use foldhash::HashMap;
use std::sync::LazyLock;

use super::folding::fold;
use super::table::{list, rows};

pub(super) const DANGER: &str = include_str!("tables/danger_words.tsv");

/// A row that has spoken.
#[derive(Debug)]
pub struct Danger {
    /// The kind, as in `chest-pain`.
    pub kind: &'static str,
    /// The lines to name, the first first.
    pub lines: Vec<&'static str>,
    /// The sentence that comes first in the answer.
    pub says: &'static str,
    /// Sources with their years.
    pub source: &'static str,
}

/// A gap in a phrase stands for no to three words.
const GAP_WORDS_MAX: usize = 3;

/// A phrase as its parts between the gaps, each as its words.
struct Phrase {
    row: usize,
    /// Whether it silences its row instead of making it speak.
    is_unless: bool,
    parts: Vec<Vec<&'static str>>,
}

struct Index {
    dangers: Vec<Danger>,
    by_first_word: HashMap<&'static str, Vec<Phrase>>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut dangers = Vec::new();
    let mut by_first_word: HashMap<&'static str, Vec<Phrase>> = HashMap::default();
    for [kind, lines, phrases, unless, says, source] in rows(DANGER) {
        let row = dangers.len();
        let phrases = list(phrases).map(|phrase| (phrase, false));
        let unless = list(unless).map(|phrase| (phrase, true));
        for (phrase, is_unless) in phrases.chain(unless) {
            let parts: Vec<Vec<_>> =
                phrase.split('*').map(|part| part.split_whitespace().collect()).collect();
            if let Some(first) = parts.first().and_then(|part| part.first()) {
                by_first_word.entry(first).or_default().push(Phrase { row, is_unless, parts });
            }
        }
        dangers.push(Danger { kind, lines: list(lines).collect(), says, source });
    }
    Index { dangers, by_first_word }
});

/// The first row of a kind, as in `chest-pain`: what is said of that danger.
pub fn danger(kind: &str) -> Option<&'static Danger> {
    INDEX.dangers.iter().find(|danger| danger.kind == kind)
}

/// The first danger that a typed question speaks of.
pub fn danger_of(text: &str) -> Option<&'static Danger> {
    dangers_of(text).into_iter().next()
}

/// The dangers that a typed question speaks of, one of each kind, in the order of
/// the table: the first leads, the others add their line.
pub fn dangers_of(text: &str) -> Vec<&'static Danger> {
    // People type these for an apostrophe; folding would part the word there.
    let folded = fold(&text.replace(['`', '´', '′'], "'"));
    let words: Vec<&str> = folded.split(' ').collect();
    let mut speaks = vec![false; INDEX.dangers.len()];
    let mut is_silenced = vec![false; INDEX.dangers.len()];
    for (at, word) in words.iter().enumerate() {
        for phrase in INDEX.by_first_word.get(word).into_iter().flatten() {
            let marks = if phrase.is_unless { &mut is_silenced } else { &mut speaks };
            marks[phrase.row] = marks[phrase.row] || begins_with(&words[at..], &phrase.parts);
        }
    }
    let mut found: Vec<&'static Danger> = Vec::new();
    for (row, danger) in INDEX.dangers.iter().enumerate() {
        let is_new = found.iter().all(|known| known.kind != danger.kind);
        if speaks[row] && !is_silenced[row] && is_new {
            found.push(danger);
        }
    }
    found
}

/// Whether the words begin with the first part, and after a gap each with the others.
fn begins_with(words: &[&str], parts: &[Vec<&'static str>]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return true };
    let Some(after) = words.strip_prefix(first.as_slice()) else { return false };
    rest.is_empty() || (0..=GAP_WORDS_MAX.min(after.len())).any(|gap| begins_with(&after[gap..], rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: &str = include_str!("tables/tests/danger_cases.tsv");

    fn kinds(text: &str) -> Vec<&'static str> {
        dangers_of(text).into_iter().map(|danger| danger.kind).collect()
    }

    #[test]
    fn every_case_is_answered_as_expected() {
        let mut wrong = Vec::new();
        for [sentence, expected] in rows(CASES) {
            let found = kinds(sentence);
            let is_right = if expected == "none" { found.is_empty() } else { found.contains(&expected) };
            if !is_right {
                wrong.push(format!("{sentence}: {expected}, but {found:?}"));
            }
        }
        assert!(rows::<2>(CASES).count() > 500);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn rows_are_whole() {
        for [kind, lines, phrases, unless, says, source] in rows(DANGER) {
            assert!(!says.is_empty() && source.contains("20"), "{kind}");
            assert!(list(lines).count() > 0, "{kind}");
            for line in list(lines) {
                assert!(matches!(line, "911" | "988" | "1-800-222-1222" | "1-800-799-7233"), "{line}");
            }
            assert!(says.contains(lines.split(';').next().unwrap_or(lines)), "{kind}");
            for phrase in list(phrases).chain(list(unless)) {
                let plain = phrase.replace(" * ", " ");
                assert_eq!(fold(&plain), plain, "{kind}: {phrase} is never found");
            }
        }
    }

    #[test]
    fn rows_of_one_kind_say_the_same() {
        for danger in &INDEX.dangers {
            let first = INDEX.dangers.iter().find(|other| other.kind == danger.kind);
            assert_eq!(first.map(|other| other.says), Some(danger.says), "{}", danger.kind);
        }
    }

    #[test]
    fn a_gap_is_at_most_three_words() {
        let parts = vec![vec!["chest"], vec!["hurts", "now"]];
        let is_found = |text: &str| begins_with(&text.split(' ').collect::<Vec<_>>(), &parts);
        assert!(is_found("chest hurts now") && is_found("chest of my old hurts now please"));
        assert!(!is_found("chest of my old dad hurts now") && !is_found("chest hurts"));
    }

    #[test]
    fn apostrophes_of_any_kind_are_dropped() {
        for text in
            ["I can't breathe", "I can’t breathe", "I can´t breathe", "I can`t breathe", "i cant breathe"]
        {
            assert_eq!(danger_of(text).map(|danger| danger.kind), Some("breathing"), "{text}");
        }
        assert!(danger_of("What was my last cholesterol?").is_none());
        assert!(danger_of("").is_none());
    }
}
