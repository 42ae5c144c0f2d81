//! The problems of the record by their plain names: what is an illness of the person now, what is past, and
//! what is none at all.

use std::collections::HashMap;

use jiff::civil::Date;

use super::conditions::is_active_problem;
use super::lifetime::Lifetime;
use super::{Context, Refusal};
use crate::knowledge::conditions::{
    Condition, Course, Kind as ProblemKind, condition_by_words, condition_of,
};
use crate::record::{ConditionList, Detail, Entry, Group, Kind, System};

/// What the tables make of the words of a problem.
#[derive(Clone, Copy, Default)]
pub struct Meaning {
    /// The plain name and what goes with it; `None` for what no table knows.
    pub known: Option<&'static Condition>,
    /// The plain name, where code and words mean the same thing.
    pub plain: Option<&'static str>,
    /// What it is where it is no illness of the person: family history, a suspicion, a screening, a risk.
    pub no_illness: Option<&'static str>,
}

/// Looks up what problems mean, each name once: records say the same words many times.
#[derive(Default)]
pub struct Meanings<'a> {
    found: HashMap<(&'a str, Option<&'a str>), Meaning>,
}

/// One problem, with what the tables know of it.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    /// Everything that says it.
    pub group: &'a Group,
    /// The entry that speaks for it.
    pub entry: &'a Entry,
    /// The plain name and what goes with it; `None` for what no table knows.
    pub known: Option<&'static Condition>,
    /// The plain name, where code and words mean the same thing.
    pub plain: Option<&'static str>,
    /// What it is where it is no illness of the person: family history, a suspicion, a screening, a risk.
    pub no_illness: Option<&'static str>,
    /// True where it stands on the problem list as established and present.
    pub is_active: bool,
    /// True where it commonly passes and began so long ago that nobody seems to have closed it.
    pub is_long_ago: bool,
}

impl Problem<'_> {
    /// True for an illness that the person is recorded to have now: no event of the past, no family history,
    /// no suspicion, no screening, nothing passing of long ago.
    pub fn is_present_illness(&self) -> bool {
        let is_apart = self.no_illness.is_some() || self.is_long_ago || self.is_event();
        self.is_active && !is_apart && !self.known.is_some_and(Condition::is_guard)
    }

    /// True for what happened once, or is told of the past.
    pub fn is_event(&self) -> bool {
        let is_past = |known: &Condition| matches!(known.kind, ProblemKind::Event | ProblemKind::History);
        self.known.is_some_and(is_past)
    }
}

/// Every problem that is a fact, the diagnoses of visits among them; what cannot be by its date is left out.
pub fn problems<'a>(context: &Context<'a>) -> Result<Vec<Problem<'a>>, Refusal> {
    let lifetime = Lifetime::of(context.view, context.today);
    let mut meanings = Meanings::default();
    let mut found = Vec::new();
    for group in context.view.groups(Kind::Condition) {
        context.check()?;
        let entry = context.view.face(group);
        if !entry.standing.is_fact() || lifetime.objection(entry).is_some() {
            continue;
        }
        let Meaning { known, plain, no_illness } = meanings.of(entry);
        let is_active = is_active_problem(entry, context);
        let is_long_ago = known.is_some_and(|known| is_long_ago(known, entry, context.today));
        found.push(Problem { group, entry, known, plain, no_illness, is_active, is_long_ago });
    }
    Ok(found)
}

impl<'a> Meanings<'a> {
    /// What the words and codes of an entry mean.
    pub fn of(&mut self, entry: &'a Entry) -> Meaning {
        let name = entry.concept.name().unwrap_or_default();
        let first = entry.concept.codes_in(&System::Icd10).next();
        *self.found.entry((name, first)).or_insert_with(|| {
            let codes: Vec<&str> = entry.concept.codes_in(&System::Icd10).collect();
            let known = condition_of(&codes, name);
            let by_code = known.and_then(no_illness);
            let words = condition_by_words(name);
            // A code names the illness alone: that it is only suspected, say the words.
            let by_words = || words.filter(|known| says_more_than_a_code(known)).and_then(no_illness);
            // Where the code means another thing than the words, neither may explain the other.
            let is_agreed = words.is_none_or(|words| known.is_some_and(|known| known.key == words.key));
            let plain = known.filter(|known| is_agreed && !known.is_guard()).map(|known| known.name);
            Meaning { known, plain, no_illness: by_code.or_else(by_words) }
        })
    }
}

/// What a row of the table is that is no illness of the person.
fn no_illness(known: &'static Condition) -> Option<&'static str> {
    match known.key {
        "family-history" | "family-history-cancer" => Some("family history"),
        "glaucoma-suspect" => Some("a suspicion"),
        key if key.starts_with("suspected") => Some("a suspicion"),
        "screening" => Some("a screening"),
        "at-risk" => Some("a risk"),
        "not-found" => Some("not found"),
        "exposure" => Some("a contact"),
        "carrier" => Some("a carrier state"),
        _ => None,
    }
}

fn says_more_than_a_code(known: &Condition) -> bool {
    known.key.starts_with("suspected") || known.key.starts_with("family-history")
}

/// After so many days what commonly passes is no longer told as a present illness; the figure is ours.
const PASSING_DAYS: i32 = 730;
/// No pregnancy lasts longer.
const PREGNANCY_DAYS: i32 = 300;

/// True of what commonly passes and began too long ago to be still there, though nobody has closed it.
pub fn is_long_ago(known: &Condition, entry: &Entry, today: Date) -> bool {
    let Some(began) = entry.date.or(entry.recorded) else { return false };
    let days = (today - began.latest()).get_days();
    match known.course {
        _ if known.key.contains("pregnancy") && known.course != Course::Chronic => days > PREGNANCY_DAYS,
        Course::Passing => days > PASSING_DAYS,
        Course::Chronic | Course::Either => false,
    }
}

/// The keys of the illnesses that the person is recorded to have now, each once.
pub fn present_keys(problems: &[Problem<'_>]) -> Vec<&'static str> {
    let present = problems.iter().filter(|problem| problem.is_present_illness());
    let mut keys: Vec<&'static str> =
        present.filter_map(|problem| problem.known).map(|known| known.key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// True for the diagnosis of a visit, which is on no list of problems.
pub fn is_of_a_visit(entry: &Entry) -> bool {
    matches!(&entry.detail, Detail::Condition(condition) if condition.list == ConditionList::Visit)
}
