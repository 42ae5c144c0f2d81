//! How well words mark passages: what is withheld too little, and what too much.

use crate::knowledge::sensitive::{Class, Classes, passages_of};
use crate::knowledge::table::{list, rows};

const LABELLED: &str = include_str!("../../tables/tests/sensitive_passages.tsv");
const HELD_OUT: &str = include_str!("../../tables/tests/sensitive_held_out.tsv");

/// Recall and precision that each class must reach on the labelled passages.
const FLOOR: f64 = 0.95;
/// What all classes together must reach, recall and precision, on passages that the words were not made for:
/// what people write is never told by a list of words alone, and the grants say so.
const FLOOR_HELD_OUT: (f64, f64) = (0.75, 0.85);

/// How many passages a class was rightly found in, missed in, and found in without reason.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    right: u32,
    missed: u32,
    wrong: u32,
}

impl Tally {
    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.missed).max(1))
    }

    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong).max(1))
    }
}

fn found_in(text: &str) -> Classes {
    passages_of(text).into_iter().fold(Classes::NONE, |all, (_, classes)| all.with(classes))
}

/// The tally of each class over a labelled table, and each mistake in a line.
fn tallied(table: &'static str) -> (Vec<(Class, Tally)>, Vec<String>) {
    let mut tallies: Vec<(Class, Tally)> = Class::ALL.map(|class| (class, Tally::default())).to_vec();
    let mut mistakes = Vec::new();
    for [label, text] in rows(table) {
        let expected: Classes = list(label).filter_map(Class::named).collect();
        let found = found_in(text);
        for (class, tally) in &mut tallies {
            match (expected.contains(*class), found.contains(*class)) {
                (true, true) => tally.right += 1,
                (true, false) => {
                    tally.missed += 1;
                    mistakes.push(format!("missed {}: {text}", class.name()));
                }
                (false, true) => {
                    tally.wrong += 1;
                    mistakes.push(format!("too much {}: {text}", class.name()));
                }
                (false, false) => {}
            }
        }
    }
    (tallies, mistakes)
}

/// Shown with `cargo test --lib sensitive::tests::measured -- --nocapture`.
fn print(tallies: &[(Class, Tally)], mistakes: &[String]) {
    println!("{}", mistakes.join("\n"));
    for (class, tally) in tallies {
        let (recall, precision) = (tally.recall(), tally.precision());
        println!("{:<20} recall {recall:.3}, precision {precision:.3} ({tally:?})", class.name());
    }
}

#[test]
fn every_row_is_labelled_with_known_classes() {
    for [label, text] in rows(LABELLED) {
        assert!(label == "-" || list(label).all(|class| Class::named(class).is_some()), "{label}: {text}");
    }
    let texts: Vec<&str> = rows(LABELLED).map(|[_, text]| text).collect();
    let innocent = rows(LABELLED).filter(|[label, _]| *label == "-").count();
    assert!(innocent >= 150 && texts.len() - innocent >= 150, "{innocent} of {}", texts.len());
}

#[test]
fn words_withhold_neither_too_little_nor_too_much() {
    let (tallies, mistakes) = tallied(LABELLED);
    print(&tallies, &mistakes);
    for (class, tally) in tallies {
        let (recall, precision) = (tally.recall(), tally.precision());
        assert!(
            recall >= FLOOR && precision >= FLOOR,
            "{}: {recall} {precision} {mistakes:#?}",
            class.name()
        );
    }
}

#[test]
fn words_do_well_on_passages_that_they_were_not_made_for() {
    let (tallies, mistakes) = tallied(HELD_OUT);
    let all = tallies.iter().fold(Tally::default(), |all, (_, tally)| Tally {
        right: all.right + tally.right,
        missed: all.missed + tally.missed,
        wrong: all.wrong + tally.wrong,
    });
    print(&tallies, &mistakes);
    let (recall, precision) = (all.recall(), all.precision());
    println!("all together: recall {recall:.3}, precision {precision:.3}");
    let (least_recall, least_precision) = FLOOR_HELD_OUT;
    assert!(recall >= least_recall && precision >= least_precision, "{recall} {precision} {mistakes:#?}");
}
