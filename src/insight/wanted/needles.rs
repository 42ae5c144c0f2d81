//! All names of a search, found in one pass over a text as it was written.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, Input, MatchKind};

use super::super::matching::{Term, begins_words};
use super::{floor, spelled};
use crate::knowledge::folding::fold;

/// What a plain scan of a text in lower case can find of the names: of each its longest word, since line
/// breaks and hyphens may part the words. No needle holds another one.
pub struct Needles {
    finder: AhoCorasick,
    /// For each needle, the names that it may belong to.
    names: Vec<Vec<Name>>,
}

/// A name with a needle in it.
struct Name {
    term: usize,
    is_asked_one: bool,
    words: String,
    /// The byte of the words at which the needle stands.
    at: usize,
    /// How much of its longest word stands before the needle.
    before: usize,
}

/// A name that stands in a text.
pub struct Mention {
    /// Which of the terms it names.
    pub term: usize,
    /// Whether it is the name that was asked for, and not another one.
    pub is_asked_one: bool,
    /// The byte of the text where its longest word begins.
    pub at: usize,
    /// Whether the text begins with it.
    pub is_first: bool,
}

/// Bytes around a needle within which its whole name must stand, line breaks and all, where it is folded.
const WINDOW: usize = 96;

impl Needles {
    /// The needles of these terms; `None` for more of them than can be looked for.
    pub fn of(terms: &[Term]) -> Option<Needles> {
        let all: BTreeSet<&str> =
            terms.iter().flat_map(|term| &term.names).map(|name| needle(name).1).collect();
        let holds_another = |one: &str| all.iter().any(|other| *other != one && one.contains(other));
        let needles: Vec<&str> = all.iter().copied().filter(|one| !holds_another(one)).collect();
        let mut names: Vec<Vec<Name>> = needles.iter().map(|_| Vec::new()).collect();
        for (term, words) in terms.iter().enumerate() {
            for (number, words) in words.names.iter().enumerate() {
                let (from, longest) = needle(words);
                let held =
                    needles.iter().enumerate().find_map(|(place, held)| Some((place, longest.find(held)?)));
                let (place, before) = held?;
                let (is_asked_one, words) = (number == 0, words.clone());
                names[place].push(Name { term, is_asked_one, words, at: from + before, before });
            }
        }
        // With this kind of match few needles are looked for many bytes at a time.
        let finder = AhoCorasickBuilder::new().match_kind(MatchKind::LeftmostFirst).build(&needles).ok()?;
        Some(Needles { finder, names })
    }

    /// Hands on every mention of a name in the text. `lower` is room for a copy, to be used again and again.
    pub fn mentions(&self, text: &str, lower: &mut Vec<u8>, mut mention: impl FnMut(Mention)) {
        lower.clear();
        lower.extend_from_slice(text.as_bytes());
        lower.make_ascii_lowercase();
        let mut from = 0;
        // Needles may overlap, but none holds another: the next one begins after this one has begun.
        while let Some(hit) = self.finder.find(Input::new(&*lower).range(from..)) {
            for name in &self.names[hit.pattern().as_usize()] {
                if name.stands(text, hit.start()) {
                    let at = hit.start().saturating_sub(name.before);
                    let (term, is_asked_one, is_first) =
                        (name.term, name.is_asked_one, hit.start() <= name.at);
                    mention(Mention { term, is_asked_one, at, is_first });
                }
            }
            from = hit.start() + 1;
        }
    }
}

impl Name {
    /// Whether the whole name stands around a place where its needle was found.
    fn stands(&self, text: &str, at: usize) -> bool {
        spelled::stands_at(text, at, &self.words, self.at)
            .unwrap_or_else(|| stands_near(text, at, &self.words))
    }
}

/// The longest word of a name, and where in the name it stands.
fn needle(name: &str) -> (usize, &str) {
    let places = name.split(' ').map(|word| (word.as_ptr() as usize - name.as_ptr() as usize, word));
    let (at, longest) = places.max_by_key(|(_, word)| word.len()).unwrap_or((0, ""));
    // `crohns` stands as `Crohn's` in raw text.
    (at, if longest.len() > 4 { longest.strip_suffix('s').unwrap_or(longest) } else { longest })
}

/// Whether a name stands around a place once the text there is folded.
fn stands_near(text: &str, at: usize, name: &str) -> bool {
    let from = floor(text, at.saturating_sub(WINDOW));
    let to = floor(text, (at + WINDOW).min(text.len()));
    // The window must not begin inside a word, or its second half would pass for a word.
    let from = if from == 0 {
        0
    } else {
        text[from..at].find(|letter: char| !letter.is_alphanumeric()).map_or(at, |cut| from + cut)
    };
    begins_words(&fold(&text[from..to]), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions(names: &[&[&str]], text: &str) -> Vec<(usize, usize)> {
        let term = |names: &&[&str]| Term { names: names.iter().map(|name| (*name).to_owned()).collect() };
        let terms: Vec<Term> = names.iter().map(term).collect();
        let mut found = Vec::new();
        let take = |mention: Mention| found.push((mention.term, mention.at));
        Needles::of(&terms).unwrap().mentions(text, &mut Vec::new(), take);
        found
    }

    #[test]
    fn a_name_within_another_and_names_that_overlap_are_all_found() {
        let names: &[&[&str]] = &[&["statin", "atorvastatin"], &["tinnitus"]];
        assert_eq!(
            mentions(names, "Atorvastatin, a STATIN; statinnitus, tinnitus"),
            [(0, 0), (0, 16), (0, 24), (1, 37)]
        );
        assert_eq!(mentions(&[&["ab abc"], &["abc d"]], "ab-abc\nd"), [(0, 3), (1, 3)]);
    }

    #[test]
    fn a_word_of_a_phrase_that_stands_alone_beside_it_is_no_mention() {
        let phrase: &[&[&str]] = &[&["left arm"]];
        assert_eq!(mentions(phrase, "Given in the left arm. Left knee swollen."), [(0, 13)]);
        assert_eq!(mentions(phrase, "“Left”—arm"), [(0, 3)]);
        assert_eq!(
            mentions(&[&["crohns disease"]], "Crohn’s disease, crohn's\n disease"),
            [(0, 10), (0, 28)]
        );
    }
}
