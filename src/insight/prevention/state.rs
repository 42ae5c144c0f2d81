//! Where the person stands to one rule of one body.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::evidence::{Counting, Done, Evidence};
use super::shown::{Because, Tokens};
use crate::insight::portrait::{Portrait, Pregnancy};
use crate::knowledge::prevention::Rule;
use crate::record::When;

/// Where the person stands to a rule. "Overdue" exists only with a dated earlier one that has lapsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// An earlier one is on record, and the body's time since then is over.
    Overdue {
        /// The newest earlier one.
        last: Done,
        /// The day up to which it counted.
        until: When,
    },
    /// Nothing on record shows it. It is no "never".
    NoRecordHere,
    /// An earlier one is on record and counts for a short while yet, or the season has begun anew.
    Due {
        /// The newest earlier one.
        last: Done,
        /// The day.
        on: When,
    },
    /// Something on record makes the next check a follow-up at times of its own.
    FollowUp {
        /// What.
        because: Because,
        /// The newest check on record.
        last: Option<Done>,
    },
    /// Doses of a vaccine, counted and not judged.
    Counted {
        /// Days with a dose on record.
        recorded: usize,
        /// True where a body names more for this age.
        is_fewer: bool,
    },
    /// On record and still counting; `again` is nothing where the body sets no time for the next.
    UpToDate {
        /// What shows it.
        by: Done,
        /// The day up to which it counts.
        again: Option<When>,
    },
    /// The rule hangs on something that is not in these records.
    NotKnown {
        /// Tokens of [`crate::knowledge::prevention_tokens`].
        depends_on: Vec<&'static str>,
    },
    /// The body leaves the person out: the organ is gone, or another rule stands in its place.
    LeftOut {
        /// What shows it.
        because: Because,
    },
}

/// What falls due within so many days is told as due; the limit is ours.
const SOON_DAYS: i32 = 60;

/// Tokens after which nothing is left to follow up by this check, or another rule speaks.
const LEAVES_OUT: [&str; 5] =
    ["hysterectomy", "bilateral-mastectomy", "pregnant", "nursing-home", "brca-tested"];

impl State {
    /// Where the order of an answer puts it: what needs attention first.
    pub fn rank(&self) -> u8 {
        match self {
            State::Overdue { .. } => 0,
            State::Due { .. } => 1,
            State::FollowUp { .. } => 2,
            State::NoRecordHere => 3,
            State::Counted { is_fewer: true, .. } => 4,
            State::Counted { is_fewer: false, .. } => 5,
            State::UpToDate { .. } => 6,
            State::NotKnown { .. } => 7,
            State::LeftOut { .. } => 8,
        }
    }

    /// True for what a person may want to ask about now.
    pub fn needs_attention(&self) -> bool {
        self.rank() <= 3
    }

    /// The newest entry behind it.
    pub fn last(&self) -> Option<&Done> {
        match self {
            State::Overdue { last, .. } | State::Due { last, .. } => Some(last),
            State::UpToDate { by, .. } => Some(by),
            State::FollowUp { last, .. } => last.as_ref(),
            _ => None,
        }
    }
}

/// A rule that is for the person, and where the person stands to it.
pub(super) struct Judged {
    /// The rule.
    pub rule: &'static Rule,
    /// Where the person stands.
    pub state: State,
    /// What on record makes the rule one for the person, where it asks for something.
    pub because: Vec<Because>,
}

/// Judges a rule that is for the person's age and sex; nothing where it is not for the person after all.
pub(super) fn judged(
    rule: &'static Rule,
    tokens: &Tokens,
    evidence: &Evidence<'_>,
    portrait: &Portrait,
    today: Date,
) -> Option<Judged> {
    let missing: Vec<&str> = rule.needs.iter().copied().filter(|token| tokens.get(token).is_none()).collect();
    if missing.iter().any(|token| tokens.denies(token) || token.starts_with("pregnant")) {
        return None;
    }
    let because = rule.needs.iter().filter_map(|token| tokens.get(token)).cloned().collect();
    let state = match missing.is_empty() {
        true => state(rule, tokens, evidence, portrait, today),
        false => State::NotKnown { depends_on: missing },
    };
    Some(Judged { rule, state, because })
}

fn state(rule: &Rule, tokens: &Tokens, evidence: &Evidence<'_>, portrait: &Portrait, today: Date) -> State {
    let mut done = evidence.for_rule(rule, portrait);
    if let Some(began) = began(rule, portrait, today) {
        done.retain(|one| one.months.is_none() || one.done.on.earliest() >= began);
        // What was done in it counts to its end: nothing of it falls due again.
        done.iter_mut().for_each(|one| one.months = None);
    }
    let last = done.first().map(|one| one.done.clone());
    let met: Vec<&Because> = rule.not_when.iter().filter_map(|token| tokens.get(token)).collect();
    let is_left_out = |because: &&&Because| LEAVES_OUT.contains(&because.token);
    // An illness says more than the lack of an organ: a cancer is followed up after its operation too.
    match (met.iter().find(|because| !is_left_out(because)), met.first()) {
        (Some(because), _) => return State::FollowUp { because: (*because).clone(), last },
        (None, Some(because)) => return State::LeftOut { because: (*because).clone() },
        (None, None) => {}
    }
    if let Some((token, found)) = looked_into(&done) {
        let because = Because { token, id: found.id, name: found.name.clone(), on: Some(found.on) };
        return State::FollowUp { because, last };
    }
    by_evidence(done, today)
}

/// Stands in the place of a token where a result itself is marked by its report.
pub(super) const MARKED: &str = "marked";
/// Likewise where the last test was taken to look into something.
pub(super) const DIAGNOSTIC: &str = "diagnostic";

/// A result that its report marks, unless a later one of its kind took its place: a test of another kind after
/// it looks into what was found, and of two of one day each must be heeded. Or a last test that was no screening.
fn looked_into(done: &[Counting]) -> Option<(&'static str, &Done)> {
    let later_of_its_kind =
        |one: &Counting| done.iter().any(|other| other.kind == one.kind && other.done.on > one.done.on);
    let marked = done.iter().find(|one| one.done.is_marked && !later_of_its_kind(one));
    let diagnostic = done.first().filter(|last| last.is_diagnostic);
    match (marked, diagnostic) {
        (Some(marked), _) => Some((MARKED, &marked.done)),
        (None, Some(last)) => Some((DIAGNOSTIC, &last.done)),
        (None, None) => None,
    }
}

/// What is done and counts longest decides; what has lapsed is overdue since its own time was over.
fn by_evidence(done: Vec<Counting>, today: Date) -> State {
    let counting = done.into_iter().map(|one| {
        let until = one.months.map(|months| later(one.done.on, months));
        (one.done, until)
    });
    // Without an end counts longest.
    let longest = counting.max_by_key(|(done, until)| (until.is_none(), *until, done.on));
    let Some((done, until)) = longest else { return State::NoRecordHere };
    match until {
        None => State::UpToDate { by: done, again: None },
        Some(until) if until.latest() < today => State::Overdue { last: done, until },
        Some(until) if (until.latest() - today).get_days() <= SOON_DAYS => {
            State::Due { last: done, on: until }
        }
        Some(until) => State::UpToDate { by: done, again: Some(until) },
    }
}

/// So many months later, as exactly as the first date is known.
pub(super) fn later(when: When, months: u32) -> When {
    let day = when.earliest().saturating_add(i32::try_from(months).unwrap_or(i32::MAX / 1_000).months());
    let exact = When::day(day);
    let text = exact.date_text();
    let known = when.date_text().len();
    text.get(..known).and_then(When::parse).unwrap_or(exact)
}

/// Weeks of a pregnancy and of the year after a birth.
const PREGNANCY_WEEKS: i64 = 40;
const YEAR_WEEKS: i64 = 52;

/// The first day that can belong to the present pregnancy, for a rule that asks for one; where the year after
/// the birth belongs to the rule, the first of both.
fn began(rule: &Rule, portrait: &Portrait, today: Date) -> Option<Date> {
    let needs = |token: &str| rule.needs.contains(&token);
    let weeks = match portrait.pregnancy {
        Pregnancy::Current { weeks: Some(weeks), .. } => i64::from(weeks),
        Pregnancy::Current { weeks: None, .. } => PREGNANCY_WEEKS,
        _ => PREGNANCY_WEEKS + YEAR_WEEKS,
    };
    let is_wanted = needs("pregnant") || needs("pregnant-24-weeks") || needs("pregnant-or-postpartum");
    is_wanted.then(|| today.saturating_sub(weeks.weeks()))
}
