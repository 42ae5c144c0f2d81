//! Folding text so that two spellings of the same words compare equal.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Lower case, no accents, no punctuation, one space between words.
///
/// Apostrophes vanish (`Crohn's` becomes `crohns`); every other sign parts words
/// (`lisinopril/hctz` becomes `lisinopril hctz`), for that is how people and
/// laboratories differ in spelling.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            push(&mut folded, letter);
            continue;
        }
        // The order of the marks, which whole texts are decomposed for, does not matter: none is kept.
        decompose_compatible(letter, |part| {
            if !is_combining_mark(part) {
                part.to_lowercase().for_each(|lower| push(&mut folded, lower));
            }
        });
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

fn push(folded: &mut String, letter: char) {
    if letter.is_ascii_alphanumeric() || !letter.is_ascii() && letter.is_alphanumeric() {
        folded.push(letter.to_ascii_lowercase());
    } else if !matches!(letter, '\'' | '’' | '‘' | 'ʼ') && !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// Whether a folded text holds a folded phrase as whole words.
pub fn holds_words(folded: &str, phrase: &str) -> bool {
    !phrase.is_empty()
        && folded.match_indices(phrase).any(|(start, found)| {
            let end = start + found.len();
            (start == 0 || folded.as_bytes()[start - 1] == b' ')
                && (end == folded.len() || folded.as_bytes()[end] == b' ')
        })
}

/// False where a text as written cannot hold a plain word once it is folded: asked before thousands of texts
/// are folded to find nothing. Letters outside ASCII may fold to anything, so such a text may hold it.
pub fn may_hold(text: &str, word: &str) -> bool {
    let letters = text.as_bytes();
    let [first, rest @ ..] = word.as_bytes() else { return true };
    let goes_on =
        |at: usize| letters.get(at + 1..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(rest));
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), letters).any(goes_on)
        || !text.is_ascii()
        || letters.contains(&b'\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_hold_a_word_does_not_hold_it_folded() {
        for text in ["Home monitoring", "athome", "ho'me", "Hóme", "vital-signs", "", "HOM"] {
            assert!(may_hold(text, "home") || !fold(text).contains("home"), "{text}");
        }
        assert!(!may_hold("vital-signs", "home"));
    }

    #[test]
    fn case_accents_and_punctuation_do_not_matter() {
        assert_eq!(fold("  Ménière’s  DISEASE (left-sided) "), "menieres disease left sided");
        assert_eq!(fold("lisinopril/HCTZ 20-12.5 mg"), "lisinopril hctz 20 12 5 mg");
        assert_eq!(fold("Crohn's"), "crohns");
        assert_eq!(fold(""), "");
    }

    proptest::proptest! {
        #[test]
        fn folding_is_decomposing_without_the_marks(text in "(\\PC|[a-z '.]){0,20}") {
            use unicode_normalization::UnicodeNormalization;
            let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter));
            let mut folded = String::new();
            letters.flat_map(char::to_lowercase).for_each(|letter| push(&mut folded, letter));
            proptest::prop_assert_eq!(fold(&text), folded.trim_end());
        }
    }

    #[test]
    fn words_are_found_whole() {
        assert!(holds_words("took aspirin daily", "aspirin"));
        assert!(holds_words("heart attack", "heart attack"));
        assert!(!holds_words("aspirins", "aspirin"));
        assert!(!holds_words("anything", ""));
    }
}
