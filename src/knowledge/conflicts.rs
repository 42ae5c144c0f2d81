//! Where day-to-day guidance for two recorded conditions pulls apart, and what to ask.

use std::sync::LazyLock;

use super::table::{list, rows};

pub(super) const CONFLICTS: &str = include_str!("tables/conflicts.tsv");

/// Two lines that are shown together with the question; neither goes first.
#[derive(Debug)]
pub struct Conflict {
    /// Keys of the conditions that the one line is for.
    pub ones: Vec<&'static str>,
    /// Keys of the conditions that the other line is for.
    pub others: Vec<&'static str>,
    /// What is said for the one.
    pub one_says: &'static str,
    /// What is said for the other.
    pub other_says: &'static str,
    /// What to ask.
    pub ask: &'static str,
    /// Sources with their years.
    pub source: &'static str,
}

static CONFLICT_LIST: LazyLock<Vec<Conflict>> = LazyLock::new(|| {
    rows(CONFLICTS)
        .map(|[ones, others, one_says, other_says, ask, source]| Conflict {
            ones: list(ones).collect(),
            others: list(others).collect(),
            one_says,
            other_says,
            ask,
            source,
        })
        .collect()
});

/// The rows of which one condition of each side is among the recorded and current
/// ones, in the order of the table. One condition alone never meets a row.
pub fn conflicts(recorded: &[&str]) -> Vec<&'static Conflict> {
    let is_met = |row: &&Conflict| {
        recorded.iter().any(|one| {
            row.ones.contains(one) && recorded.iter().any(|other| other != one && row.others.contains(other))
        })
    };
    CONFLICT_LIST.iter().filter(is_met).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::conditions::condition;

    #[test]
    fn rows_are_whole_and_refer_to_what_is_there() {
        for row in CONFLICT_LIST.iter() {
            assert!(!row.ones.is_empty() && !row.others.is_empty(), "{}", row.ask);
            assert!(row.ones.iter().chain(&row.others).all(|key| condition(key).is_some()), "{}", row.ask);
            assert!(row.ask.contains('?') && row.source.contains("20"), "{}", row.ask);
            assert!(!row.one_says.is_empty() && !row.other_says.is_empty(), "{}", row.ask);
        }
    }

    #[test]
    fn both_conditions_must_be_recorded() {
        let met = conflicts(&["heart-failure", "kidney-stones"]);
        assert!(met.len() == 1 && met[0].ask.contains("drink"), "{met:?}");
        assert!(conflicts(&["heart-failure"]).is_empty());
        assert!(conflicts(&[]).is_empty());
        assert_eq!(conflicts(&["kidney-stones", "heart-failure"]).len(), 1);
    }
}
