//! Words by which a sentence of a report advises something to be done, and words by which it does not.

use std::sync::LazyLock;

use super::folding::holds_words;
use super::table::rows;

pub(super) const ADVICE: &str = include_str!("tables/advice.tsv");

/// What words do in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Advise by themselves.
    Advises,
    /// Speak of doing something again, or later.
    Again,
    /// Say that nothing is to be done.
    Not,
    /// Leave it open altogether: `as needed`.
    Hanging,
    /// Name a condition: `if symptoms persist`.
    Condition,
    /// Tell of a visit or test that has been.
    Past,
    /// Tell what was found, which may stand beside advice that says so.
    Found,
}

static WORDS: LazyLock<Vec<(Does, &'static str)>> = LazyLock::new(|| {
    rows(ADVICE).filter_map(|[does, words, _]: [&'static str; 3]| Some((named(does)?, words))).collect()
});

fn named(does: &str) -> Option<Does> {
    Some(match does {
        "advises" => Does::Advises,
        "again" => Does::Again,
        "not" => Does::Not,
        "hanging" => Does::Hanging,
        "condition" => Does::Condition,
        "past" => Does::Past,
        "found" => Does::Found,
        _ => return None,
    })
}

/// Whether a folded sentence holds words that do this.
pub fn holds(folded: &str, does: Does) -> bool {
    WORDS.iter().any(|(known, words)| *known == does && holds_words(folded, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::folding::fold;

    #[test]
    fn every_row_is_known_and_folded() {
        for [does, words, _] in rows(ADVICE) {
            assert!(named(does).is_some() && fold(words) == words, "{does} {words}");
        }
        assert!(holds("repeat in 3 months", Does::Again) && !holds("repeated", Does::Not));
    }
}
