//! Many phrases looked for in one text, as whole folded words, longest first.

use foldhash::HashMap;

use super::folding::fold;

/// An index of phrases, each with the values it stands for.
pub(super) struct Phrases<T> {
    values: HashMap<String, Vec<T>>,
    /// For each first word of a phrase, how many words the longest such phrase has.
    longest_by_first_word: HashMap<String, usize>,
}

impl<T: Copy + PartialEq> Phrases<T> {
    /// An index of the given phrases; they are folded here.
    pub(super) fn new<'a>(phrases: impl Iterator<Item = (&'a str, T)>) -> Self {
        let mut index = Self { values: HashMap::default(), longest_by_first_word: HashMap::default() };
        for (phrase, value) in phrases {
            let phrase = fold(phrase);
            let Some(first) = phrase.split(' ').next().filter(|word| !word.is_empty()) else {
                continue;
            };
            let words = phrase.split(' ').count();
            let longest = index.longest_by_first_word.entry(first.to_owned()).or_default();
            *longest = words.max(*longest);
            let values = index.values.entry(phrase).or_default();
            if !values.contains(&value) {
                values.push(value);
            }
        }
        index
    }

    /// What exactly these words stand for.
    pub(super) fn exactly(&self, words: &str) -> &[T] {
        self.values.get(&fold(words)).map_or(&[], Vec::as_slice)
    }

    /// What every phrase in the text stands for, in the order of the text, once each.
    pub(super) fn within(&self, text: &str) -> Vec<T> {
        let mut found = Vec::new();
        self.each(text, |values| {
            for value in values {
                if !found.contains(value) {
                    found.push(*value);
                }
            }
        });
        found
    }

    /// Calls `see` with the values of each phrase in the text; a longer phrase
    /// hides the shorter ones inside it.
    pub(super) fn each(&self, text: &str, mut see: impl FnMut(&[T])) {
        let folded = fold(text);
        let mut rest = folded.as_str();
        while !rest.is_empty() {
            let step = match self.longest_at(rest) {
                Some((phrase, values)) => {
                    see(values);
                    phrase.len()
                }
                None => word_end(rest),
            };
            rest = rest[step..].trim_start();
        }
    }

    /// The longest phrase that a folded text begins with, and what it stands for.
    pub(super) fn longest_at<'t>(&self, folded: &'t str) -> Option<(&'t str, &[T])> {
        let mut end = word_end(folded);
        let longest = *self.longest_by_first_word.get(&folded[..end])?;
        let mut found = None;
        for words in 1..=longest {
            let phrase = &folded[..end];
            found = self.values.get(phrase).map(|values| (phrase, values.as_slice())).or(found);
            if words == longest || end == folded.len() {
                break;
            }
            end += 1 + word_end(&folded[end + 1..]);
        }
        found
    }
}

/// Where the first word of a folded text ends. Words are short: a search made for long texts would be slower.
fn word_end(folded: &str) -> usize {
    folded.bytes().position(|byte| byte == b' ').unwrap_or(folded.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Phrases<u8> {
        Phrases::new([("insulin", 1), ("Insulin glargine", 2), ("HCTZ", 3)].into_iter().chain([("hctz", 4)]))
    }

    #[test]
    fn the_longest_phrase_wins_and_order_is_kept() {
        assert_eq!(index().within("INSULIN-glargine 10 units, hctz; insulin"), [2, 3, 4, 1]);
    }

    #[test]
    fn parts_of_words_are_not_found() {
        assert!(index().within("insulinoma, prohctz").is_empty());
    }

    #[test]
    fn exact_words_only() {
        assert_eq!(index().exactly("Hctz"), [3, 4]);
        assert!(index().exactly("hctz 25").is_empty());
    }
}
