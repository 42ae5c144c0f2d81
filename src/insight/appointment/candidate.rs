//! A question that the record gives reason to ask, and the order in which questions are asked.

use std::cmp::Reverse;

use super::wish::Wish;
use crate::insight::answer::cited_in;
use crate::record::{EntryId, When};

/// How much harm it may do not to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Harm {
    /// Urgent, or an allergy against a medicine.
    Great = 0,
    /// What was to be repeated or followed by a day that is past, and after it two medicines against each other.
    Grave = 1,
    /// What is to be repeated or followed, what was newly flagged.
    Large = 2,
    /// Something new, something that runs out, something that changed.
    Some = 4,
    /// What is due, a goal.
    Small = 6,
    /// Long ago.
    Old = 8,
}

/// What a question belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Topic {
    pub specialties: Vec<&'static str>,
    pub conditions: Vec<&'static str>,
    pub analytes: Vec<&'static str>,
    pub medicines: Vec<&'static str>,
    /// The facts in folded words.
    pub words: String,
}

/// A question that may be asked.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub harm: Harm,
    pub question: String,
    pub why: Vec<String>,
    pub answer: String,
    pub on: Option<When>,
    pub topic: Topic,
    /// True where no other question about the same entries asks it: a refill is not asked by a question about
    /// two medicines, nor what a result means by one about a medicine.
    pub is_apart: bool,
}

impl Candidate {
    /// The entries it is about.
    pub fn about(&self) -> Vec<EntryId> {
        cited_in(&self.why.join(" "))
    }

    /// Its place: harm first, what belongs to the reason or specialty moved up, then the newest.
    fn place(&self, wish: &Wish) -> (u8, Reverse<Option<u128>>, Reverse<Vec<EntryId>>) {
        const UP: u8 = 3;
        // Nothing that belongs to the visit stands before what is urgent.
        let harm = match (self.harm, wish.is_about(&self.topic)) {
            (Harm::Great, _) => 0,
            // Behind what is new of the very reason, and before the rest of it.
            (Harm::Grave, false) => Harm::Large as u8 + 1,
            (harm, true) => harm as u8,
            (harm, false) => harm as u8 + UP,
        };
        (harm, Reverse(self.on.map(|when| when.order())), Reverse(self.about()))
    }
}

/// The questions in the order in which they are asked; what is about the same entries is asked once.
pub(super) fn in_order(mut found: Vec<Candidate>, wish: &Wish) -> Vec<Candidate> {
    found.sort_by_cached_key(|one| one.place(wish));
    let mut kept: Vec<Candidate> = Vec::new();
    for one in found {
        let about = one.about();
        let is_told = |other: &Candidate| {
            let cited = other.about();
            !other.is_apart && about.iter().all(|id| cited.contains(id))
        };
        if one.is_apart || about.is_empty() || !kept.iter().any(is_told) {
            kept.push(one);
        }
    }
    kept
}
