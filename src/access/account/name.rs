//! The name with which somebody signs in: an e-mail address or any other, in one form however it is typed.

use unicode_normalization::UnicodeNormalization;

use super::error::Unusable;
use crate::secret::Secret;

const CHARS: std::ops::RangeInclusive<usize> = 3..=200;
/// Nobody types more, and folding takes time by length.
const TYPED_BYTES_MAX: usize = 1_024;

/// A name. It is personal: it has no `Display`, and `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct Name {
    shown: Secret<String>,
    folded: Secret<String>,
}

impl Name {
    /// Reads a name as typed.
    pub fn parse(typed: &str) -> Result<Name, Unusable> {
        if typed.len() > TYPED_BYTES_MAX {
            return Err(Unusable::Name);
        }
        let shown = typed.nfkc().collect::<String>();
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        if !CHARS.contains(&shown.chars().count()) || shown.chars().any(is_unseen) {
            return Err(Unusable::Name);
        }
        let folded = fold(&shown);
        Ok(Name { shown: Secret::new(shown), folded: Secret::new(folded) })
    }

    /// The name as the person wrote it.
    pub fn shown(&self) -> &str {
        self.shown.expose()
    }

    /// The form that is the same for all ways to type it.
    pub fn folded(&self) -> &str {
        self.folded.expose()
    }
}

/// Letter case and compatible forms do not matter. Case is folded between two normalisations, since each can
/// undo the other.
pub(super) fn fold(text: &str) -> String {
    let once: String = text.nfkc().collect();
    // Upper and then lower, so that `ß` and `SS` or the two small sigmas are the same.
    let folded: String = once.to_uppercase().to_lowercase();
    folded.chars().map(|letter| if letter == 'ς' { 'σ' } else { letter }).nfkc().collect()
}

/// Control characters, and those that show nothing or turn the line around: two names that look the same
/// would be two accounts.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_typed() {
        let folded = |typed: &str| Name::parse(typed).unwrap().folded().to_owned();
        assert_eq!(folded(" Anna@Example.ORG "), "anna@example.org");
        assert_eq!(folded("Zoë  Straße"), folded("ZOE\u{308} STRASSE"));
        assert_eq!(folded("Ａｎｎａ"), folded("anna"));
        assert_eq!(folded("ΟΔΥΣΣΕΥΣ"), folded("Οδυσσεύς".replace('ύ', "υ").as_str()));
        assert_eq!(Name::parse(" Anna  Example").unwrap().shown(), "Anna Example");
    }

    #[test]
    fn folding_once_more_changes_nothing() {
        for typed in ["Zoë Straße", "ΟΔΥΣΣΕΥΣ", "ǅungla", "ﬃx it", "İstanbul", "ŉame"] {
            assert_eq!(fold(&fold(typed)), fold(typed), "{typed}");
        }
    }

    #[test]
    fn a_name_that_is_short_long_or_holds_what_cannot_be_seen_is_refused() {
        let long = "x".repeat(201);
        for bad in ["", "  ", "ab", "an\u{200b}na", "an\u{202e}na", "an\0na", &long, &"é".repeat(600)] {
            assert_eq!(Name::parse(bad).err(), Some(Unusable::Name), "{bad:?}");
        }
    }

    #[test]
    fn a_name_is_not_printed() {
        assert!(!format!("{:?}", Name::parse("Anna").unwrap()).to_lowercase().contains("anna"));
    }
}
