//! Two medicines at once that are worth asking a pharmacist or prescriber about,
//! and why. A pair is a question: many are prescribed together on purpose.

use foldhash::{HashMap, HashSet};
use std::sync::LazyLock;

use super::medicine_facts::{facts, is_expected_together};
use super::table::{list, rows};

pub(super) const PAIRS: &str = include_str!("tables/medicine_pairs.tsv");

/// A row: two classes or ingredients in either order.
#[derive(Debug)]
pub struct Pair {
    /// A class key or an ingredient.
    pub one: &'static str,
    /// A class key or an ingredient; the same class twice stands for two
    /// different ingredients of it.
    pub other: &'static str,
    /// Why it is worth asking.
    pub why: &'static str,
    /// Sources with their years.
    pub sources: Vec<&'static str>,
}

/// A row that two ingredients meet.
#[derive(Clone, Copy, Debug)]
pub struct Met<'a> {
    /// The row.
    pub pair: &'static Pair,
    /// The ingredient of the first set.
    pub one: &'a str,
    /// The ingredient of the second set.
    pub other: &'a str,
}

struct Index {
    pairs: Vec<Pair>,
    /// By both names, the smaller first.
    by_names: HashMap<(&'static str, &'static str), usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let pairs: Vec<_> = rows(PAIRS)
        .map(|[one, other, why, sources]| Pair { one, other, why, sources: list(sources).collect() })
        .collect();
    let by_names = pairs.iter().enumerate().map(|(at, pair)| (in_order(pair.one, pair.other), at)).collect();
    Index { pairs, by_names }
});

fn in_order<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    if one <= other { (one, other) } else { (other, one) }
}

/// All rows, in the order of the table.
pub fn pairs() -> &'static [Pair] {
    &INDEX.pairs
}

/// The rows that an ingredient of one set and another of the other set meet, each
/// two ingredients once: those that name an ingredient before those that name two
/// classes. Give the same set twice for the pairs within it. What is commonly used
/// together on purpose meets no row.
pub fn pairs_between<'a>(ones: &[&'a str], others: &[&'a str]) -> Vec<Met<'a>> {
    let mut found = Vec::new();
    let mut seen: HashSet<(&str, &str)> = HashSet::default();
    for one in ones {
        for other in others {
            if one == other || !seen.insert(in_order(one, other)) {
                continue;
            }
            let mut met = rows_met_by(one, other).map(|pair| Met { pair, one, other }).peekable();
            if met.peek().is_some() && !is_expected_together(one, other) {
                found.extend(met);
            }
        }
    }
    found
}

fn rows_met_by<'a>(one: &'a str, other: &'a str) -> impl Iterator<Item = &'static Pair> + use<'a> {
    let class_of = |name: &str| facts(name).map_or("", |facts| facts.class);
    let (class, other_class) = (class_of(one), class_of(other));
    [(one, other), (one, other_class), (class, other), (class, other_class)]
        .into_iter()
        .filter_map(|(one, other)| INDEX.by_names.get(&in_order(one, other)))
        .map(|at| &INDEX.pairs[*at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::medicine_classes::class;

    #[test]
    fn rows_are_unique_and_refer_to_what_is_there() {
        assert_eq!(INDEX.by_names.len(), pairs().len());
        for pair in pairs() {
            for name in [pair.one, pair.other] {
                assert!(class(name).is_some() || facts(name).is_some(), "{name}");
            }
            assert!(!pair.why.is_empty() && !pair.sources.is_empty(), "{} {}", pair.one, pair.other);
        }
    }

    fn met(ones: &[&'static str], others: &[&'static str]) -> Vec<(&'static str, &'static str)> {
        pairs_between(ones, others).into_iter().map(|met| (met.pair.one, met.pair.other)).collect()
    }

    #[test]
    fn order_does_not_matter_and_each_two_are_met_once() {
        assert_eq!(met(&["warfarin"], &["ibuprofen"]), [("anticoagulant", "nsaid")]);
        assert_eq!(met(&["ibuprofen"], &["warfarin"]), [("anticoagulant", "nsaid")]);
        let both = ["warfarin", "ibuprofen"];
        assert_eq!(met(&both, &both), [("anticoagulant", "nsaid")]);
        assert!(met(&["metformin"], &["metformin"]).is_empty());
        assert!(met(&["metformin"], &["no such medicine"]).is_empty());
    }

    #[test]
    fn what_is_used_together_on_purpose_is_left_out() {
        assert_eq!(met(&["warfarin"], &["apixaban"]), [("anticoagulant", "anticoagulant")]);
        assert!(met(&["warfarin"], &["enoxaparin"]).is_empty());
    }
}
