//! Questions about checks: what is overdue or due by an earlier one on record, and what a report marked. What
//! is merely not on record gives no reason for a question of its own.

use super::candidate::{Candidate, Harm, Topic};
use crate::insight::prevention::{Check, State, checks};
use crate::insight::{Context, Refusal};
use crate::knowledge::analytes::analytes_matching;
use crate::knowledge::conditions::condition_by_words;
use crate::knowledge::folding::fold;

/// Bodies that speak of one check are named up to so many.
const BODIES_MAX: usize = 2;

/// A question about each check; several bodies that speak of one are told in one question.
/// What another question asks already is not asked again.
pub(super) fn candidates(context: &Context<'_>, others: &[Candidate]) -> Result<Vec<Candidate>, Refusal> {
    let wanted =
        checks(context)?.into_iter().filter(|check| is_wanted(&check.state) && !is_asked(check, others));
    let mut told: Vec<(String, Candidate)> = Vec::new();
    for check in wanted {
        match told.iter_mut().find(|(name, _)| *name == check.name) {
            Some((_, candidate)) if candidate.why.len() < BODIES_MAX => candidate.why.push(check.says),
            Some(_) => {}
            None => told.push((check.name.clone(), candidate(check))),
        }
    }
    Ok(told.into_iter().map(|(_, candidate)| candidate).collect())
}

/// True of a check whose marked result another question is about already.
fn is_asked(check: &Check, others: &[Candidate]) -> bool {
    let last = check.state.last().filter(|_| matches!(check.state, State::FollowUp { .. }));
    last.is_some_and(|last| others.iter().any(|other| other.about().contains(&last.id)))
}

fn is_wanted(state: &State) -> bool {
    match state {
        State::Overdue { .. } | State::Due { .. } => true,
        State::FollowUp { last, .. } => last.as_ref().is_some_and(|last| last.is_marked),
        _ => false,
    }
}

fn candidate(check: Check) -> Candidate {
    let words = fold(&check.name);
    let known = condition_by_words(&words);
    let (harm, answer) = match check.state {
        State::FollowUp { .. } => (Harm::Large, "what the marked result calls for, and on which days"),
        State::Overdue { .. } => (Harm::Some, "whether it was done elsewhere; else a day, or why not"),
        _ => (Harm::Small, "a day for it, or why it is not wanted any more"),
    };
    let topic = Topic {
        specialties: known.map(|known| known.specialty).into_iter().collect(),
        conditions: known.map(|known| known.key).into_iter().collect(),
        analytes: analytes_matching(&words).into_iter().map(|one| one.key).collect(),
        medicines: Vec::new(),
        words,
    };
    let on = check.state.last().map(|last| last.on);
    let (question, why) = (check.ask, vec![check.says]);
    Candidate { harm, question, why, answer: answer.into(), on, topic, is_apart: false }
}
