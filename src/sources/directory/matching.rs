//! Which brands of one bundle have every word of a question, and how well.

use super::index::Index;
use super::near::{letters, may_be_near, wrong_letters, wrong_max};
use super::same::{is_glue, same};
use crate::knowledge::folding::fold;

/// More words than this no name has; what follows them is not looked at.
const WORDS_MAX: usize = 8;
/// A shorter beginning is that of too many words.
const BEGINNING_MIN: usize = 2;

/// A beginning is worse than the word itself, and one wrong letter worse than beginnings alone.
const BEGINNING: u16 = 1;
const WRONG_LETTER: u16 = 16;
/// The field stands below: it decides only where the words are matched alike.
const FIELD_BITS: u32 = 3;
const NOT_FOUND: u16 = u16::MAX;

/// The folded words of a question.
pub(super) struct Question {
    words: Vec<String>,
}

/// A brand that has every word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    /// How far the words are from those of the question: 0 where all are the same.
    pub distance: u16,
    /// Where the words stand: 0 where all stand in the name.
    pub fields: u16,
    /// How many words its name has besides.
    pub further: u16,
    /// A row of the brands.
    pub brand: u32,
}

impl Match {
    /// Whether a word is taken for misspelt.
    pub fn is_misspelt(self) -> bool {
        self.distance >= WRONG_LETTER
    }
}

impl Question {
    /// The words of what was typed; `None` where there is none.
    pub fn of(typed: &str) -> Option<Question> {
        let folded = fold(typed);
        let mut words: Vec<String> = Vec::new();
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            if words.len() < WORDS_MAX && !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        (!words.is_empty()).then_some(Question { words })
    }

    /// Every brand that has all words, in the order of its rows.
    pub fn matches(&self, index: &Index) -> Vec<Match> {
        let brands = index.owners.len();
        let mut totals: Vec<Option<(u16, u16)>> = vec![Some((0, 0)); brands];
        let mut costs = vec![NOT_FOUND; brands];
        // A question of glue alone is a question for these words.
        let has_more = self.words.iter().any(|word| !is_glue(word));
        for word in &self.words {
            costs.fill(NOT_FOUND);
            each_like(word, index, &mut |at, distance| {
                for (brand, field) in index.brands(at) {
                    let cost = distance << FIELD_BITS | field as u16;
                    let best = &mut costs[brand as usize];
                    *best = (*best).min(cost);
                }
            });
            let may_miss = has_more && is_glue(word);
            for (total, cost) in totals.iter_mut().zip(&costs) {
                *total = match (*total, *cost) {
                    (Some(total), NOT_FOUND) if may_miss => Some(total),
                    (Some((distance, fields)), cost) if cost != NOT_FOUND => {
                        Some((distance + (cost >> FIELD_BITS), fields + (cost & ((1 << FIELD_BITS) - 1))))
                    }
                    _ => None,
                };
            }
        }
        let found = totals.into_iter().enumerate().filter_map(|(brand, total)| Some((brand, total?)));
        found.map(|(brand, total)| self.told(brand, total, index)).collect()
    }

    fn told(&self, brand: usize, (distance, fields): (u16, u16), index: &Index) -> Match {
        let further = usize::from(index.name_words[brand]).saturating_sub(self.words.len());
        let further = u16::try_from(further).unwrap_or(u16::MAX);
        Match { distance, fields, further, brand: super::building::row(brand) }
    }

    /// How many of the words a text has, in any of the ways in which a brand is found by them.
    pub fn found_in(&self, text: &str) -> usize {
        let folded = fold(text);
        let has = |word: &&String| folded.split(' ').any(|own| distance(word, own).is_some());
        self.words.iter().filter(has).count()
    }

    /// Whether a text is what was asked for, word for word.
    pub fn is(&self, text: &str) -> bool {
        let folded = fold(text);
        let mut own: Vec<&str> = folded.split(' ').filter(|word| !is_glue(word)).collect();
        own.dedup();
        let words = self.words.iter().map(String::as_str).filter(|word| !is_glue(word));
        words.eq(own.iter().copied()) && !own.is_empty()
    }
}

/// How far a word of a question is from a word of a name; `None` where they are not alike.
fn distance(word: &str, own: &str) -> Option<u16> {
    if word == own || same(word).any(|same| same == own) {
        return Some(0);
    }
    if word.len() >= BEGINNING_MIN && own.starts_with(word) {
        return Some(BEGINNING);
    }
    let (word, own): (Vec<char>, Vec<char>) = (word.chars().collect(), own.chars().collect());
    wrong(&word, &own)
}

fn wrong(word: &[char], own: &[char]) -> Option<u16> {
    let most = misspelt_max(word);
    let wrong = if most == 0 { None } else { wrong_letters(word, own, most) };
    wrong.and_then(|wrong| u16::try_from(wrong).ok()).map(|wrong| wrong * WRONG_LETTER)
}

/// A number that differs is another number, and no misspelling.
fn misspelt_max(word: &[char]) -> usize {
    if word.iter().any(char::is_ascii_digit) { 0 } else { wrong_max(word.len()) }
}

/// Calls with every word of the index that is like this one, and how far it is.
fn each_like(word: &str, index: &Index, see: &mut impl FnMut(usize, u16)) {
    let beginning = if word.len() >= BEGINNING_MIN { index.beginning(word) } else { equal(word, index) };
    for at in beginning {
        see(at, if index.word(at) == word { 0 } else { BEGINNING });
    }
    for same in same(word) {
        equal(same, index).for_each(|at| see(at, 0));
    }
    let letters_of_word: Vec<char> = word.chars().collect();
    let most = misspelt_max(&letters_of_word);
    if most == 0 {
        return;
    }
    let bits = letters(word);
    let mut own: Vec<char> = Vec::new();
    for at in (0..index.len()).filter(|at| may_be_near(bits, index.letters(*at), most)) {
        own.clear();
        own.extend(index.word(at).chars());
        if let Some(distance) = wrong(&letters_of_word, &own).filter(|distance| *distance > 0) {
            see(at, distance);
        }
    }
}

fn equal(word: &str, index: &Index) -> std::ops::Range<usize> {
    let beginning = index.beginning(word);
    let is_there = !beginning.is_empty() && index.word(beginning.start) == word;
    beginning.start..beginning.start + usize::from(is_there)
}
