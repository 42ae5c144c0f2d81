//! What somebody wants from the visit: why, with whom, when, and what worries them.

use super::super::matching::{Term, begins_words, terms};
use super::super::problems::Problem;
use super::AppointmentAsk;
use super::candidate::Topic;
use super::visit::Visits;
use crate::insight::Refusal;
use crate::knowledge::analytes::analytes_matching;
use crate::knowledge::conditions::condition_by_words;
use crate::knowledge::folding::fold;
use crate::knowledge::medicines::ingredients_of;
use crate::knowledge::specialties::{specialties, specialties_named};
use crate::record::When;

/// What is wanted from the visit.
#[derive(Default)]
pub(super) struct Wish {
    pub specialty: Option<String>,
    /// Keys of the specialties that were asked for.
    pub keys: Vec<&'static str>,
    pub date: Option<When>,
    /// In the person's own words.
    pub concerns: Vec<String>,
    /// What belongs to the reason, and to the specialty.
    pub topic: Topic,
    words: Vec<Term>,
}

/// So many concerns are told.
pub(super) const CONCERNS_MAX: usize = 5;

impl Wish {
    /// Understands what was asked.
    pub fn of(ask: &AppointmentAsk) -> Result<Wish, Refusal> {
        let date = ask.date.as_deref().map(|text| {
            When::parse(text).ok_or_else(|| {
                Refusal::BadArgument("date is no date: write YYYY-MM-DD, such as 2026-04-01".into())
            })
        });
        let named = ask.specialty.as_deref().map(specialties_named).unwrap_or_default();
        let reason = ask.reason.clone().unwrap_or_default();
        let mut topic = Topic::default();
        topic.analytes.extend(analytes_matching(&reason).into_iter().map(|known| known.key));
        if let Some(known) = condition_by_words(&reason).filter(|known| !known.is_guard()) {
            topic.conditions.push(known.key);
            topic.analytes.extend(&known.results);
        }
        topic.medicines.extend(ingredients_of(&[], &reason).into_iter().map(|known| known.name));
        let concerns = ask.concerns.as_deref().unwrap_or_default().split(['\n', ';']);
        let concerns = concerns.map(str::trim).filter(|concern| !concern.is_empty());
        Ok(Wish {
            keys: named.into_iter().map(|specialty| specialty.key).collect(),
            date: date.transpose()?,
            concerns: concerns.map(str::to_owned).collect(),
            topic,
            words: terms(&reason),
            specialty: ask.specialty.clone().filter(|words| !words.trim().is_empty()),
        })
    }

    /// Adds what belongs to the specialty by the person's own problems.
    pub fn widen(&mut self, problems: &[Problem<'_>], visits: &Visits<'_>) {
        self.topic.specialties.clone_from(&self.keys);
        let keys = if self.keys.is_empty() { &visits.keys } else { &self.keys };
        // A family doctor sees to everything, and nothing moves up.
        let keys: Vec<&str> = keys.iter().copied().filter(|key| *key != "primary-care").collect();
        let present = problems.iter().filter(|problem| problem.is_present_illness());
        for known in present.filter_map(|problem| problem.known) {
            let is_of_stage = |key: &&str| known.stages.contains(key);
            let is_asked = self.topic.conditions.iter().any(is_of_stage);
            if keys.contains(&known.specialty) || is_asked {
                self.topic.conditions.push(known.key);
                self.topic.analytes.extend(&known.results);
            }
        }
    }

    /// Whether something belongs to the reason or the specialty.
    pub fn is_about(&self, topic: &Topic) -> bool {
        let shares = |own: &[&'static str], other: &[&'static str]| own.iter().any(|key| other.contains(key));
        shares(&self.topic.analytes, &topic.analytes)
            || shares(&self.topic.conditions, &topic.conditions)
            || shares(&self.topic.specialties, &topic.specialties)
            || shares(&self.topic.medicines, &topic.medicines)
            || self.words.iter().any(|term| term.names.iter().any(|name| begins_words(&topic.words, name)))
    }

    /// What is said of a specialty that no table knows.
    pub fn unknown(&self) -> Option<String> {
        let words = self.specialty.as_deref().filter(|_| self.keys.is_empty())?;
        let names = specialties().iter().map(|one| one.name.to_owned());
        let near = super::super::matching::near(words, names);
        let near = if near.is_empty() { String::new() } else { format!("; near: {}", near.join(", ")) };
        Some(format!(
            "\"{}\" is no specialty known here{near}. The questions are for any visit.",
            crate::insight::plain(words)
        ))
    }

    /// The words of the specialty, folded, for a clinician's name.
    pub fn who(&self) -> Option<String> {
        let words = self.specialty.as_deref().filter(|_| self.keys.is_empty())?;
        let words = fold(words);
        let words = words.strip_prefix("dr ").unwrap_or(&words);
        (words.len() > 2).then(|| words.to_owned())
    }
}
