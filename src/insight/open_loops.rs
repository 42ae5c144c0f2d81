//! What was begun and has no end in these records: orders without a result, referrals without a visit, what a
//! report advised, tests that were not performed, results to be repeated, goals.
//!
//! That nothing stands later says nothing of what was done elsewhere, and is told so.

mod advice;
mod advised;
mod answers;
mod asked;
mod goals;
mod ordered;
mod subject;
mod undone;

use jiff::civil::Date;

use super::lifetime::Lifetime;
use super::specialists::Specialists;
use super::whose::Whose;
use super::{Context, Refusal};
use crate::record::{EntryId, When};

use answers::Answers;
use asked::Asked;

/// Something that was begun and has no end in these records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenLoop {
    /// Which kind.
    pub kind: LoopKind,
    /// When it was ordered, advised, set.
    pub on: Option<When>,
    /// By when it was to be, where the record says so.
    pub due: Option<Date>,
    /// True where it began longer ago than three years: told last, with its age.
    pub is_old: bool,
    /// The fact, with its citations.
    pub says: String,
    /// What to ask, in one sentence.
    pub ask: String,
    /// The entries it is about.
    pub about: Vec<EntryId>,
    /// The tests that would answer it, by the keys of their analytes.
    pub tests: Vec<&'static str>,
}

/// Which kind, what is most harmful to forget first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoopKind {
    /// A result that was to be repeated.
    ToRepeat,
    /// An order without a result.
    OrderWithoutResult,
    /// What a report advised.
    FollowUpAdvised,
    /// A referral without a visit.
    ReferralWithoutVisit,
    /// A result that was never called final.
    NotFinal,
    /// A test that was cancelled or could not be performed.
    NotPerformed,
    /// A goal that is not recorded as reached.
    Goal,
}

/// What began longer ago than this is told last.
const OLD_DAYS: i32 = 3 * 365;

/// What is open, what is most harmful to forget first and of that the newest; what is old last. A person who
/// has died has nothing open.
pub fn open_loops(context: &Context<'_>) -> Result<Vec<OpenLoop>, Refusal> {
    context.derived(|| Ok(Found(found(context)?))).map(|found| found.0.clone())
}

/// As they were found.
struct Found(Vec<OpenLoop>);

fn found(context: &Context<'_>) -> Result<Vec<OpenLoop>, Refusal> {
    if Whose::of(context.view).died.is_some() {
        return Ok(Vec::new());
    }
    let specialists = Specialists::of(context)?;
    let lifetime = Lifetime::of(context.view, context.today);
    let mut all: Vec<Asked<'_>> = ordered::ordered(context, &specialists)?;
    all.extend(advised::advised(context, &lifetime)?);
    all.extend(undone::undone(context, &lifetime)?);
    let since = all.iter().map(Asked::counts_from).min();
    let mut open = Vec::new();
    if let Some(since) = since {
        let answers = Answers::of(context, &specialists, since)?;
        all.retain(|one| !one.is_answered(&answers));
        open.extend(asked::merged(all, context.today).into_iter().map(|one| one.told(context, &answers)));
    }
    open.extend(goals::goals(context)?);
    open.sort_by_key(|one| {
        let newest = std::cmp::Reverse((one.on.map(|when| when.order()), one.about.first().copied()));
        (one.is_old, one.kind, newest)
    });
    Ok(open)
}

#[cfg(test)]
mod tests;
