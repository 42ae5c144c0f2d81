//! What is worth asking a doctor or pharmacist about the medicines for home: facts with their citations and a
//! question, never a change of a medicine (reference: clinical safety, section 2, Medicines).

mod allergy;
mod ground;
mod list;
mod person;
mod together;

use super::super::answer::cited_in;
use crate::insight::{Context, Refusal};
use crate::knowledge::medicines::ingredients_of;
use crate::record::EntryId;

use ground::{Ground, Taken};

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReviewTopic {
    /// A medicine that itself is recorded as an allergy or intolerance.
    AllergyToIt,
    /// An allergy to its class, or to a class that goes with it.
    AllergyToClass,
    /// Methotrexate with words of every day: it is mostly taken once a week.
    WeeklyTakenDaily,
    /// Two blood thinners.
    TwoAnticoagulants,
    /// An opioid with a benzodiazepine.
    OpioidWithBenzodiazepine,
    /// A blood thinner with a pain medicine of the NSAID kind.
    AnticoagulantWithNsaid,
    /// A pain medicine of the NSAID kind with a water pill and an ACE inhibitor or ARB.
    TripleHit,
    /// Another pair of the table.
    Pair,
    /// Pregnancy, recorded or possible.
    Pregnancy,
    /// Kidney function.
    Kidney,
    /// One ingredient in two products or from two sources.
    SameIngredient,
    /// Two of one class.
    SameClass,
    /// 65 years and over.
    Age,
    /// The record says that there are none, and lists some.
    NoneKnownBesideSome,
    /// Nothing has confirmed it for long.
    NotConfirmed,
}

/// One thing to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// What it is about.
    pub topic: ReviewTopic,
    /// How much harm stands behind it: 0 is the most. It orders the questions and is told to nobody.
    pub harm: u8,
    /// The entries it rests on.
    pub about: Vec<EntryId>,
    /// The facts, with citations, in words that stand alone.
    pub says: String,
    /// The same in few words, for an answer that lists the medicines anyway.
    pub briefly: String,
    /// The question for the doctor or pharmacist.
    pub ask: String,
    /// What stands behind it, with the year.
    pub source: String,
}

/// Everything worth asking about the medicines for home, the most harmful first. Nothing for a person who has
/// died.
pub fn reviews(context: &Context<'_>) -> Result<Vec<Review>, Refusal> {
    let Some(ground) = Ground::of(context)? else { return Ok(Vec::new()) };
    let mut found = on_medicines(&ground);
    found.extend(list::reviews(&ground));
    Ok(sorted(found))
}

/// What is worth asking about a medicine that somebody names and that is not among those for home: with those
/// that are, and with what is recorded of the person.
pub fn reviews_of_named(context: &Context<'_>, words: &str) -> Result<Vec<Review>, Refusal> {
    let ingredients = ingredients_of(&[], words);
    let ground = if ingredients.is_empty() { None } else { Ground::of(context)? };
    let Some(mut ground) = ground else { return Ok(Vec::new()) };
    ground.taken.retain(|taken| taken.home().is_some());
    let before = on_medicines(&ground);
    ground.taken.push(Taken::asked(words, ingredients));
    let mut found = on_medicines(&ground);
    found.retain(|review| !before.contains(review));
    Ok(sorted(found))
}

fn on_medicines(ground: &Ground<'_>) -> Vec<Review> {
    let mut found = allergy::reviews(ground);
    found.extend(together::reviews(ground));
    found.extend(person::reviews(ground));
    found
}

/// The most harmful first; of equal harm in the order of the topics, then of the entries.
fn sorted(mut reviews: Vec<Review>) -> Vec<Review> {
    reviews.sort_by(|one, other| {
        let key = |review: &Review| (review.harm, review.topic);
        key(one).cmp(&key(other)).then_with(|| other.about.cmp(&one.about))
    });
    reviews
}

impl Review {
    fn of(topic: ReviewTopic, harm: u8, says: String, briefly: String, ask: &str, source: String) -> Review {
        Review { topic, harm, about: cited_in(&says), says, briefly, ask: ask.to_owned(), source }
    }

    /// In one line, for an answer that lists the medicines anyway.
    pub fn line(&self) -> String {
        format!("{} {} ({})", self.briefly, self.ask, self.source)
    }
}

#[cfg(test)]
mod tests;
