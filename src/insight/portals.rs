//! What connected portals gave and did not give, as far as the caller may hear of it.

mod nothing;
mod notices;

pub use nothing::{Nothing, missing, missing_kinds};
pub use notices::notices;

use super::Context;
use crate::knowledge::asked_for::{AskedFor, asked_for};
use crate::knowledge::sensitive::Classes;
use crate::record::{Fetched, Kind, Queried, QueryState, Source};

/// In which way a query did not bring all there is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// It could not be had this time.
    Failed,
    /// Some of it came.
    Partial,
    /// It was asked for at the sign-in, and not granted: no answer is not an empty one.
    NotPermitted,
    /// The portal does not answer it, or not to us.
    Refused,
}

impl Lack {
    /// Every way, in the order in which they are told.
    pub const ALL: [Lack; 4] = [Lack::Failed, Lack::Partial, Lack::NotPermitted, Lack::Refused];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Lack::Failed => "failed",
            Lack::Partial => "partial",
            Lack::NotPermitted => "not permitted",
            Lack::Refused => "refused",
        }
    }
}

/// What became of a query that the caller may hear of.
pub struct Outcome<'a> {
    /// The query.
    pub query: &'a Queried,
    /// What is missing of it; nothing where all of it came.
    pub lack: Option<Lack>,
    asked: &'static AskedFor,
}

/// A source that was fetched from, or could not be.
pub struct Portal<'a> {
    /// The source.
    pub source: &'a Source,
    /// What became of it.
    pub fetched: &'a Fetched,
    /// What was not granted at the sign-in.
    pub not_granted: Vec<&'a str>,
    /// Its queries, in the order of the plan.
    pub outcomes: Vec<Outcome<'a>>,
}

/// The portals that the caller may see, with what may be told of each.
pub fn portals<'a>(context: &Context<'a>) -> impl Iterator<Item = Portal<'a>> {
    let view = context.view;
    let kinds: Vec<Kind> = view.scope().kinds.iter().copied().collect();
    let classes = Classes::from_bits(view.scope().classes);
    view.sources().filter_map(move |source| {
        let fetched = source.fetched.as_ref()?;
        let outcomes = fetched.queries.iter().map(|query| Outcome::of(query, fetched));
        let outcomes = outcomes.filter(|outcome| is_seen(outcome.asked, &kinds, classes)).collect();
        // Words that are no type speak of the sign-in itself: `offline_access`.
        let is_of_sign_in = |word: &str| word.starts_with(|first: char| first.is_ascii_lowercase());
        let is_told =
            |word: &&str| is_of_sign_in(word) || is_seen(asked_for(type_of(word), ""), &kinds, classes);
        let not_granted = fetched.not_granted.iter().map(|word| word.as_str()).filter(is_told).collect();
        Some(Portal { source, fetched, not_granted, outcomes })
    })
}

impl<'a> Outcome<'a> {
    fn of(query: &'a Queried, fetched: &Fetched) -> Outcome<'a> {
        let is_granted = !fetched.not_granted.contains(&query.asks_for);
        let lack = match query.state {
            QueryState::Failed => Some(Lack::Failed),
            QueryState::Partial => Some(Lack::Partial),
            // A server may answer with nothing where it means: not to you.
            QueryState::Empty | QueryState::Refused if !is_granted => Some(Lack::NotPermitted),
            QueryState::Refused => Some(Lack::Refused),
            QueryState::Whole | QueryState::Empty => None,
        };
        Outcome { query, lack, asked: asked_for(&query.asks_for, &query.id) }
    }
}

/// The type in what was not granted, also where it was granted in part: `Observation (in part)`.
fn type_of(not_granted: &str) -> &str {
    not_granted.split(' ').next().unwrap_or(not_granted)
}

/// A query for what is withheld is not told of, however it ended.
fn is_seen(asked: &AskedFor, kinds: &[Kind], classes: Classes) -> bool {
    let mut own = if asked.main.is_empty() { &asked.also } else { &asked.main }.iter();
    own.any(|kind| kinds.contains(kind)) && asked.class.is_none_or(|class| classes.contains(class))
}

impl<'a> Portal<'a> {
    /// Whether it was ever fetched from to the end.
    pub fn was_fetched(&self) -> bool {
        self.fetched.at > 0
    }

    /// The queries by which something of these kinds may be missing. That a portal never answers one of
    /// several ways of asking hides nothing.
    pub fn lacks<'s>(&'s self, kinds: &'s [Kind]) -> impl Iterator<Item = (Lack, &'a Queried)> + 's {
        self.outcomes.iter().filter_map(move |outcome| {
            let lack = outcome.lack?;
            let bears = match lack {
                Lack::Failed | Lack::Partial => outcome.asked.brings(kinds),
                // What came before may have changed since.
                _ if outcome.query.has_brought => outcome.asked.brings(kinds),
                Lack::NotPermitted | Lack::Refused => self.is_unheard(outcome, kinds),
            };
            bears.then_some((lack, outcome.query))
        })
    }

    /// Whether no other query stands in for one that was not answered: of its type, or of a kind.
    fn is_unheard(&self, outcome: &Outcome<'_>, kinds: &[Kind]) -> bool {
        let is_silent = |other: &Outcome<'_>| matches!(other.lack, Some(Lack::NotPermitted | Lack::Refused));
        let mut of_type = self.outcomes.iter().filter(|other| other.query.asks_for == outcome.query.asks_for);
        let mut own = outcome.asked.main.iter().filter(|kind| kinds.contains(kind));
        outcome.asked.is_main_of(kinds)
            && (of_type.all(is_silent) || own.any(|kind| self.main_of(*kind).all(is_silent)))
    }

    fn main_of(&self, kind: Kind) -> impl Iterator<Item = &Outcome<'a>> {
        self.outcomes.iter().filter(move |outcome| outcome.asked.is_main_of(&[kind]))
    }

    /// Whether it was asked for this kind, and answered that it holds none.
    pub fn holds_none(&self, kind: Kind) -> bool {
        let answers = |outcome: &&Outcome<'_>| outcome.query.state.is_complete() && outcome.lack.is_none();
        // What a query for several kinds brings need not be of this one.
        let is_empty =
            |outcome: &Outcome<'_>| outcome.query.state != QueryState::Whole || outcome.asked.main.len() > 1;
        self.was_fetched()
            && self.lacks(&[kind]).next().is_none()
            && self.main_of(kind).any(|outcome| answers(&outcome))
            && self.main_of(kind).all(is_empty)
    }
}

#[cfg(test)]
mod tests;
