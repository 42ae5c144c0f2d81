//! The problems of the record by their plain names: what is an illness of the person now, what is past, and
//! what is none at all.

use std::collections::HashMap;

use super::conditions::is_active_problem;
use super::lifetime::Lifetime;
use super::{Context, Refusal};
use crate::knowledge::conditions::{Condition, Kind as ProblemKind, condition_of};
use crate::record::{ConditionList, Detail, Entry, Group, Kind, System};

/// One problem, with what the tables know of it.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    /// Everything that says it.
    pub group: &'a Group,
    /// The entry that speaks for it.
    pub entry: &'a Entry,
    /// The plain name and what goes with it; `None` for what no table knows.
    pub known: Option<&'static Condition>,
    /// True where it stands on the problem list as established and present.
    pub is_active: bool,
}

impl Problem<'_> {
    /// True for an illness that the person is recorded to have now: no event of the past, no family history,
    /// no suspicion, no screening.
    pub fn is_present_illness(&self) -> bool {
        let is_event = |known: &Condition| {
            known.is_guard() || matches!(known.kind, ProblemKind::Event | ProblemKind::History)
        };
        self.is_active && !self.known.is_some_and(is_event)
    }
}

/// Every problem that is a fact, the diagnoses of visits among them; what cannot be by its date is left out.
pub fn problems<'a>(context: &Context<'a>) -> Result<Vec<Problem<'a>>, Refusal> {
    let lifetime = Lifetime::of(context.view, context.today);
    // Records say the same words many times.
    let mut known: HashMap<(&str, Option<&str>), Option<&'static Condition>> = HashMap::new();
    let mut found = Vec::new();
    for group in context.view.groups(Kind::Condition) {
        context.check()?;
        let entry = context.view.face(group);
        if !entry.standing.is_fact() || lifetime.objection(entry).is_some() {
            continue;
        }
        let name = entry.concept.name().unwrap_or_default();
        let first = entry.concept.codes_in(&System::Icd10).next();
        let known = *known.entry((name, first)).or_insert_with(|| {
            let codes: Vec<&str> = entry.concept.codes_in(&System::Icd10).collect();
            condition_of(&codes, name)
        });
        found.push(Problem { group, entry, known, is_active: is_active_problem(entry, context) });
    }
    Ok(found)
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
