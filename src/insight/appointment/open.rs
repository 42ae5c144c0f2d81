//! Questions about what was begun and has no end in these records.

use super::candidate::{Candidate, Harm, Topic};
use crate::insight::open_loops::{LoopKind, OpenLoop, open_loops};
use crate::insight::{Context, Refusal};
use crate::knowledge::analytes::analytes_matching;
use crate::knowledge::conditions::condition_by_words;
use crate::knowledge::folding::fold;
use crate::knowledge::specialties::specialties_named;

/// A question about each.
pub(super) fn candidates(context: &Context<'_>) -> Result<Vec<Candidate>, Refusal> {
    Ok(open_loops(context)?.into_iter().map(of_loop).collect())
}

fn of_loop(open: OpenLoop) -> Candidate {
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
    let harm = match open.kind {
        _ if open.is_old => Harm::Old,
        LoopKind::ToRepeat | LoopKind::FollowUpAdvised | LoopKind::OrderWithoutResult => Harm::Large,
        LoopKind::ReferralWithoutVisit | LoopKind::NotFinal => Harm::Some,
        LoopKind::NotPerformed | LoopKind::Goal => Harm::Small,
    };
    let words = fold(&open.says);
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
    Candidate { harm, question: open.ask, why: vec![open.says], answer: answer.into(), on: open.on, topic }
}
