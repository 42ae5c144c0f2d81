//! Questions about what has happened since the last visit: new problems, stays in hospital, and entries that
//! contradict each other.

use super::super::allergies::stance;
use super::super::problems::{Problem, is_of_a_visit};
use super::super::visits::{self, Took};
use super::candidate::{Candidate, Harm, Topic};
use super::visit::Visits;
use crate::insight::lifetime::Lifetime;
use crate::insight::rows::{self, name_cell};
use crate::insight::{Context, Refusal, plain};
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry, Kind, Standing, VisitClass, When};

/// A question about each.
pub(super) fn candidates(
    context: &Context<'_>,
    visits: &Visits<'_>,
    problems: &[Problem<'_>],
) -> Result<Vec<Candidate>, Refusal> {
    let mut all: Vec<Candidate> = conflicts(context, problems);
    all.extend(problems.iter().filter_map(|problem| of_problem(problem, visits)));
    let lifetime = Lifetime::of(context.view, context.today);
    for group in context.view.groups(Kind::Visit) {
        context.check()?;
        let entry = context.view.face(group);
        let is_since = entry.date.is_some_and(|when| when.latest() >= visits.since);
        let took = Took::of(entry, context.today) == Took::Place;
        if is_since && took && entry.standing == Standing::Stated && lifetime.objection(entry).is_none() {
            all.extend(of_stay(entry));
        }
    }
    Ok(all)
}

/// A problem that was recorded since the last visit.
fn of_problem(problem: &Problem<'_>, visits: &Visits<'_>) -> Option<Candidate> {
    let entry = problem.entry;
    let new: When = entry.recorded.or(entry.date)?;
    let began = entry.date.unwrap_or(new);
    // An old illness that is written down anew is no news.
    let is_new = new.latest() >= visits.since && began.latest() >= visits.since;
    if !is_new || !problem.is_present_illness() || is_of_a_visit(entry) {
        return None;
    }
    let name = name_cell(entry);
    let plainly = problem.known.map(|known| known.name).filter(|plain| fold(plain) != fold(&name));
    let plainly = plainly.map_or_else(String::new, |plain| format!(" ({plain})"));
    let checks = problem.known.map(|known| known.checks.join(", ")).filter(|checks| !checks.is_empty());
    let checks = checks.map_or_else(String::new, |checks| format!("; commonly checked with it: {checks}"));
    let topic = Topic {
        specialties: problem.known.map(|known| known.specialty).into_iter().collect(),
        conditions: problem.known.map(|known| known.key).into_iter().collect(),
        words: fold(&name),
        ..Topic::default()
    };
    Some(Candidate {
        harm: Harm::Some,
        question: format!("What does the new entry \"{name}\"{plainly} mean, and what comes next?"),
        why: vec![format!("on the problem list since {} [{}]", began.date_text(), entry.id)],
        answer: format!("what it means day by day, and who looks after it{checks}"),
        on: Some(began),
        topic,
        is_apart: true,
    })
}

/// A stay in hospital or an emergency since the last visit.
fn of_stay(entry: &Entry) -> Option<Candidate> {
    let Detail::Visit(visit) = &entry.detail else { return None };
    let is_stay =
        matches!(visit.class, VisitClass::Inpatient | VisitClass::Emergency | VisitClass::Observation);
    if !is_stay {
        return None;
    }
    let date = entry.date.map_or_else(String::new, |when| when.date_text());
    let why = visit.reasons.first().map_or_else(String::new, |why| format!(", reason: {}", plain(why)));
    let what = visits::what(entry);
    Some(Candidate {
        harm: Harm::Large,
        question: format!("What follows from the {what} of {date}?"),
        why: vec![format!("{date} {what}{why} [{}]", entry.id)],
        answer: "what was found, which medicines changed, and what still has to be checked".into(),
        on: entry.date,
        topic: Topic { words: fold(&why), ..Topic::default() },
        is_apart: true,
    })
}

/// Entries that contradict each other.
fn conflicts(context: &Context<'_>, problems: &[Problem<'_>]) -> Vec<Candidate> {
    let of = |harm, question: &str, why: String| Candidate {
        harm,
        question: question.into(),
        why: vec![why],
        answer: "which of them holds, and that the other is taken out of the record".into(),
        on: None,
        topic: Topic::default(),
        is_apart: true,
    };
    let mut all = Vec::new();
    let lines = stance(context).lines;
    all.extend(lines.into_iter().filter(|line| line.contains("CONFLICT")).map(|line| {
        let question = "The record says two things about allergies: which one holds?";
        of(Harm::Large, question, line.replace("**", ""))
    }));
    let none = rows::absences(context, Kind::Condition);
    let active = problems.iter().filter(|problem| problem.is_active).count();
    if active > 0
        && let Some(line) = none.into_iter().find(|line| line.contains("None known"))
    {
        let question = "The record says that no problem is known, and lists problems: what holds?";
        let why = format!("{}; {active} problems are listed as active", line.replace("**", ""));
        all.push(of(Harm::Some, question, why));
    }
    all
}
