//! How a record shows a condition of the prevention rules. A token that is not on
//! record is not a no.

use std::sync::LazyLock;

use super::bounds::Bound;
use super::decimal::Decimal;
use super::table::{list, rows};

pub(super) const TOKENS: &str = include_str!("tables/prevention_tokens.tsv");

/// A condition of the prevention rules.
#[derive(Debug)]
pub struct Token {
    /// Stable name, as in `pregnant`.
    pub key: &'static str,
    /// What on record shows it, as alternatives.
    pub shown_by: Vec<Shown>,
    /// Words beside which what shows it does not count: `gestational` beside diabetes.
    pub but_not: Vec<&'static str>,
    /// What else must be heeded; may be empty.
    pub note: &'static str,
}

/// One way in which a record shows a token.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Whole words in an entry of that kind. An entry that says no, denies or
    /// suspects does not count, nor one marked as an error.
    Words(ShownKind, &'static str),
    /// The newest value of an analyte.
    Value(AnalyteRule),
    /// A pregnancy with a date, as in `current` or `ended within 12 months`.
    Pregnancy(&'static str),
}

/// Limits that a value must keep, all of them.
#[derive(Clone, Debug)]
pub struct AnalyteRule {
    /// The analyte.
    pub key: &'static str,
    /// The limits, in the analyte's usual unit.
    pub bounds: Vec<Bound>,
}

impl AnalyteRule {
    /// Whether a value in the analyte's usual unit keeps all limits; nothing when
    /// it is no plain number.
    pub fn holds(&self, value: &str) -> Option<bool> {
        let number = Decimal::parse(value.trim())?;
        Some(self.bounds.iter().all(|bound| bound.is_met_by(number)))
    }

    /// Reads `bmi>=18.5&bmi<30`.
    fn read(text: &'static str) -> Option<Self> {
        let mut parts = text.split('&').map(|part| {
            let at = part.find(['<', '>'])?;
            Some((&part[..at], Bound::read(&part[at..])?))
        });
        let (key, first) = parts.next()??;
        let mut bounds = vec![first];
        for part in parts {
            let (other, bound) = part?;
            if other != key {
                return None;
            }
            bounds.push(bound);
        }
        Some(Self { key, bounds })
    }
}

/// Kinds of entries that can show a token by their words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShownKind {
    /// The key of an illness in the table of conditions.
    Illness,
    /// A problem, not refuted and not a family member's.
    Condition,
    /// A procedure that was done.
    Procedure,
    /// An order for a medicine or a statement about one.
    Medicine,
    /// Social history and smoking status; `pack years>=20` is a limit.
    Social,
    /// An illness of a blood relative.
    FamilyHistory,
    /// A result.
    Lab,
    /// A document.
    Document,
    /// The kind of a stay.
    Encounter,
    /// A questionnaire.
    Questionnaire,
}

impl Shown {
    fn read(text: &'static str) -> Option<Self> {
        let (kind, words) = text.split_once(':')?;
        let kind = match kind {
            "analyte" => return AnalyteRule::read(words).map(Self::Value),
            "pregnancy" => return Some(Self::Pregnancy(words)),
            "illness" => ShownKind::Illness,
            "condition" => ShownKind::Condition,
            "procedure" => ShownKind::Procedure,
            "medicine" => ShownKind::Medicine,
            "social" => ShownKind::Social,
            "family-history" => ShownKind::FamilyHistory,
            "lab" => ShownKind::Lab,
            "document" => ShownKind::Document,
            "encounter" => ShownKind::Encounter,
            "questionnaire" => ShownKind::Questionnaire,
            _ => return None,
        };
        Some(Self::Words(kind, words))
    }
}

/// What begins the words that must not stand beside the others.
const NOT: &str = "not:";

static TOKEN_LIST: LazyLock<Vec<Token>> = LazyLock::new(|| {
    rows(TOKENS)
        .map(|[key, shown_by, note]| Token {
            key,
            shown_by: list(shown_by).filter_map(Shown::read).collect(),
            but_not: list(shown_by).filter_map(|text| text.strip_prefix(NOT)).collect(),
            note,
        })
        .collect()
});

/// All tokens, in the order of the table.
pub fn tokens() -> &'static [Token] {
    &TOKEN_LIST
}

/// The token with that key.
pub fn token(key: &str) -> Option<&'static Token> {
    TOKEN_LIST.iter().find(|token| token.key == key)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::knowledge::analytes::analyte_by_key;
    use crate::knowledge::conditions::condition;

    #[test]
    fn rows_are_read_whole() {
        let keys: HashSet<_> = tokens().iter().map(|token| token.key).collect();
        assert_eq!(keys.len(), tokens().len());
        for [key, shown_by, _] in rows(TOKENS) {
            let read = token(key).unwrap();
            assert!(!read.shown_by.is_empty(), "{key}");
            assert_eq!(read.shown_by.len() + read.but_not.len(), list(shown_by).count(), "{key}");
            for shown in &read.shown_by {
                match shown {
                    Shown::Words(ShownKind::Illness, key) => assert!(condition(key).is_some(), "{key}"),
                    Shown::Value(rule) => assert!(analyte_by_key(rule.key).is_some(), "{key}"),
                    Shown::Words(_, words) | Shown::Pregnancy(words) => assert!(!words.is_empty(), "{key}"),
                }
            }
        }
    }

    #[test]
    fn two_limits_must_both_hold() {
        let Some(Shown::Value(rule)) = token("bmi-18-30").unwrap().shown_by.first() else {
            panic!("the token is shown by a value");
        };
        assert_eq!(rule.key, "bmi");
        assert_eq!(
            ["18.4", "18.5", "29.9", "30"].map(|value| rule.holds(value)),
            [Some(false), Some(true), Some(true), Some(false)]
        );
        assert_eq!(rule.holds("about 20"), None);
    }
}
