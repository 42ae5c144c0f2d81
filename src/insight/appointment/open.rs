//! Questions about what was begun and has no end in these records, each with the results that bear on it.

use super::candidate::{Candidate, Harm, Topic};
use super::latest::latest_by_words;
use super::results::{ALSO, Results};
use crate::insight::answer::cited_in;
use crate::insight::open_loops::{LoopKind, OpenLoop, open_loops};
use crate::insight::telling::dated_line;
use crate::insight::{Context, Refusal};
use crate::knowledge::analytes::analytes_matching;
use crate::knowledge::conditions::condition_by_words;
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::specialties::specialties_named;
use crate::record::{Detail, Entry, EntryId};

/// An order for more tests than this is for a look at many things: a marked result of one of them is a question
/// of its own.
const TESTS_MOST: usize = 4;

/// A question about each. A result of the very test that is open is a reason for that question, and is taken
/// from the results.
pub(super) fn candidates(context: &Context<'_>, results: &mut Results) -> Result<Vec<Candidate>, Refusal> {
    let mut all = Vec::new();
    for open in open_loops(context)? {
        context.check()?;
        let (is_old, tests) = (open.is_old, open.tests.clone());
        let goal = (open.kind == LoopKind::Goal).then(|| open.about.first().copied()).flatten();
        let mut candidate = of_loop(context, open);
        if !is_old && tests.len() <= TESTS_MOST {
            for result in results.taken(&tests) {
                candidate.harm = candidate.harm.min(result.harm);
                let told = candidate.about();
                candidate.why.extend(result.why.into_iter().filter(|why| !is_told(why, &told)));
                if let Some((_, asks)) = result.answer.split_once(ALSO) {
                    candidate.answer = format!("{}{ALSO}{asks}", candidate.answer);
                }
            }
        }
        if let Some(entry) = goal.and_then(|id| context.view.entry(id)) {
            candidate.why.extend(stands(context, entry)?);
        }
        all.push(candidate);
    }
    Ok(all)
}

fn is_told(why: &str, told: &[EntryId]) -> bool {
    let cited = cited_in(why);
    !cited.is_empty() && cited.iter().all(|id| told.contains(id))
}

/// The latest values of what a goal names.
fn stands(context: &Context<'_>, goal: &Entry) -> Result<Vec<String>, Refusal> {
    let Detail::Goal(told) = &goal.detail else { return Ok(Vec::new()) };
    let targets = told.targets.iter().map(|target| target.as_str());
    let words: Vec<&str> = goal.concept.name().into_iter().chain(targets).collect();
    let latest = latest_by_words(context, &words.join(", "))?;
    Ok(latest.into_iter().map(|entry| format!("latest: {}", dated_line(context, entry))).collect())
}

/// A check that everybody has at times is no finding that somebody was to follow.
fn is_routine(words: &str) -> bool {
    ["next screening", "routine screening", "annual screening", "yearly screening", "screening in"]
        .iter()
        .any(|often| holds_words(words, often))
}

fn of_loop(context: &Context<'_>, open: OpenLoop) -> Candidate {
    let answer = match open.kind {
        LoopKind::ToRepeat => {
            "a day for the test, who gives the result, and what follows if it is the same again"
        }
        LoopKind::OrderWithoutResult => {
            "the result if it was done elsewhere; else a day, or that it is not wanted any more"
        }
        LoopKind::FollowUpAdvised => {
            "whether it was done elsewhere; else a day for it, and who calls with the result"
        }
        LoopKind::ReferralWithoutVisit => "a name, a telephone number and a day",
        LoopKind::NotFinal => "the final result, or whom to call for it",
        LoopKind::NotPerformed => "whether the test is still wanted, and when",
        LoopKind::Goal => "where it stands now, and what would bring it nearer",
    };
    let words = fold(&open.says);
    // A repeat for which no day was set was meant to be soon.
    let is_past = open.due.map_or(open.kind == LoopKind::ToRepeat, |due| due < context.today);
    let harm = match open.kind {
        _ if open.is_old => Harm::Old,
        LoopKind::ToRepeat | LoopKind::FollowUpAdvised | LoopKind::OrderWithoutResult
            if is_past && !is_routine(&words) =>
        {
            Harm::Grave
        }
        LoopKind::ToRepeat | LoopKind::FollowUpAdvised | LoopKind::OrderWithoutResult => Harm::Large,
        LoopKind::ReferralWithoutVisit | LoopKind::NotFinal => Harm::Some,
        LoopKind::NotPerformed | LoopKind::Goal => Harm::Small,
    };
    let known = condition_by_words(&words);
    let topic = Topic {
        specialties: known
            .map(|known| known.specialty)
            .into_iter()
            .chain(specialties_named(&words).into_iter().map(|one| one.key))
            .collect(),
        conditions: known.map(|known| known.key).into_iter().collect(),
        analytes: analytes_matching(&words).into_iter().map(|one| one.key).collect(),
        medicines: Vec::new(),
        words,
    };
    let is_apart = open.kind == LoopKind::Goal;
    let (question, why, on) = (open.ask, vec![open.says], open.on);
    Candidate { harm, question, why, answer: answer.into(), on, topic, is_apart }
}
