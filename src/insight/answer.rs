//! What every tool returns.

use crate::record::EntryId;

/// Characters that an answer never exceeds, in the text and in the typed form each: hosts spill larger
/// ones into files (reference: Claude Code at 50,000).
pub const ANSWER_CHARS_MAX: usize = 40_000;

/// Characters of a list: room is left for what may have to stand before it.
pub const LIST_CHARS_MAX: usize = ANSWER_CHARS_MAX - super::alarm::ALARM_BYTES_MAX;

/// An answer: the same facts twice, of which a host shows its model one.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Compact Markdown that stands alone.
    pub text: String,
    /// The same facts, typed: an object.
    pub structured: serde_json::Value,
    /// The entries it cites, for the audit.
    pub cited: Vec<EntryId>,
}

/// How many bytes of prose cost so many o200k tokens at the most. English costs about 4 bytes a token,
/// notes full of abbreviations and numbers down to 2.6.
pub fn bytes_for(tokens: usize) -> usize {
    (tokens * 13 / 5).min(LIST_CHARS_MAX)
}

/// About how many o200k tokens a text costs, a little above the truth (a benchmark holds it against the
/// real tokenizer). Digits go by three, letters by words and their parts, every other sign by itself;
/// characters / 4 would be 16–35 % too low on prose and half on tables of dates and ids.
pub fn tokens(text: &str) -> usize {
    let mut tokens = 0;
    let mut letters = 0;
    let mut digits = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                tokens += word_tokens(&mut letters) + usize::from(digits % 3 == 0);
                digits += 1;
                continue;
            }
            b'a'..=b'z' | b'A'..=b'Z' => letters += 1,
            // A space belongs to the word behind it.
            b' ' => tokens += word_tokens(&mut letters),
            // Letters and signs of other scripts: a token for each that begins.
            0x80..=0xbf => {}
            _ => tokens += word_tokens(&mut letters) + 1,
        }
        digits = 0;
    }
    tokens + word_tokens(&mut letters)
}

/// Common words are one token; longer ones fall into parts of about six letters.
fn word_tokens(letters: &mut usize) -> usize {
    std::mem::take(letters).div_ceil(6)
}

/// As many o200k tokens as a text can cost at the most, as far as odd texts of many kinds show (a test holds
/// it against the real tokenizer): for a size that is promised for any record. On a page it counts about an
/// eighth above the truth.
pub fn tokens_at_most(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut tokens, mut at) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied();
        let (cost, length) = match byte {
            b'0'..=b'9' => {
                let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                (length.div_ceil(3), length)
            }
            b'a'..=b'z' | b'A'..=b'Z' => word(&bytes[at..], before == Some(b' ')),
            // A space belongs to the word or the sign behind it, not to a number.
            b' ' => {
                let belongs = |next: &u8| next.is_ascii_alphabetic() || next.is_ascii_punctuation();
                (usize::from(!bytes.get(at + 1).is_some_and(belongs)), 1)
            }
            // The end of a line belongs to the sign before it, a second one to the first.
            b'\n' => (usize::from(!before.is_some_and(|before| b"].):\n".contains(&before))), 1),
            b'*' if before == Some(b'*') => (0, 1),
            // Other scripts: no token is shorter than a byte.
            _ => (1, 1),
        };
        tokens += cost;
        at += length;
    }
    tokens
}

/// The tokens of the word with which a text begins, and its length: letters of one case, the first perhaps a
/// capital.
fn word(text: &[u8], is_after_space: bool) -> (usize, usize) {
    let first = usize::from(text[0].is_ascii_uppercase());
    let lower = text[first..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    if first == 1 && lower == 0 {
        let length = text.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
        return (odd_word_tokens(length), length);
    }
    let word = &text[..first + lower];
    let is_one = is_after_space && COMMON.iter().any(|common| word.eq_ignore_ascii_case(common.as_bytes()));
    (if is_one { 1 } else { plain_word_tokens(word) }, word.len())
}

/// Longer words of our own sentences and of most records that are one token behind a space; a test asks the
/// real tokenizer.
pub(super) const COMMON: [&str; 54] = [
    "problem",
    "problems",
    "diabetes",
    "disease",
    "record",
    "records",
    "recorded",
    "cancer",
    "infection",
    "active",
    "pressure",
    "tablet",
    "kidney",
    "health",
    "disorder",
    "office",
    "family",
    "follow",
    "months",
    "weight",
    "sources",
    "allergy",
    "history",
    "arthritis",
    "clinic",
    "condition",
    "conditions",
    "chronic",
    "emergency",
    "failure",
    "result",
    "results",
    "latest",
    "medicine",
    "medicines",
    "hospital",
    "reaction",
    "function",
    "status",
    "vaccine",
    "another",
    "documents",
    "language",
    "summary",
    "procedures",
    "without",
    "written",
    "severe",
    "patient",
    "ordered",
    "morning",
    "statement",
    "changed",
    "visits",
];

/// A word of a language falls into parts of about five letters, a long one (most are names of medicines) of
/// four, a heap of letters of two.
fn plain_word_tokens(word: &[u8]) -> usize {
    const LONG: usize = 8;
    let is_vowel = |letter: &u8| b"aeiouyAEIOUY".contains(letter);
    let consonants = || word.split(is_vowel).map(<[u8]>::len);
    let vowels = word.split(|letter| !is_vowel(letter)).map(<[u8]>::len).max();
    let is_heap = vowels >= Some(3)
        || word.len() > 3
            && (consonants().max() >= Some(4) || consonants().filter(|run| *run >= 3).count() > 1);
    match word.len() {
        letters if is_heap => odd_word_tokens(letters),
        letters => letters.div_ceil(if letters > LONG { 4 } else { 5 }),
    }
}

fn odd_word_tokens(letters: usize) -> usize {
    (letters * 3).div_ceil(5)
}

/// Every id that stands in brackets, once each.
pub fn cited_in(text: &str) -> Vec<EntryId> {
    let brackets = text.split('[').skip(1).filter_map(|rest| rest.get(..8)?.strip_suffix(']'));
    let ids: std::collections::BTreeSet<EntryId> = brackets.filter_map(EntryId::parse).collect();
    ids.into_iter().collect()
}
