//! Something that was ordered or advised, before it is known whether anything answers it.

use std::cmp::Reverse;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::answers::{Answers, Latest};
use super::subject::Subject;
use super::{LoopKind, OLD_DAYS, OpenLoop};
use crate::insight::Context;
use crate::knowledge::folding::{fold, holds_words};
use crate::record::{EntryId, When};

/// Something that was ordered or advised.
pub(super) struct Asked<'a> {
    pub kind: LoopKind,
    pub on: When,
    pub due: Option<Date>,
    pub subject: Subject,
    /// Its orders by source and identity: what names one of them answers it.
    pub keys: Vec<(u16, &'a str)>,
    /// True where what was done on the same day cannot be the answer: it was to be done again.
    pub is_again: bool,
    /// True where somebody is to come again: a day that is booked answers it.
    pub is_return: bool,
    /// The facts, with citations.
    pub says: Vec<String>,
    /// Its name in a question.
    pub name: String,
    pub about: Vec<EntryId>,
}

/// An answer to something that is due so many days later or more must come in the second half of the time: a
/// scan after a month is not the one that was wanted after a year.
const LONG_DAYS: i32 = 90;
/// A return that is booked so many days late is the return that was advised.
const LATE_DAYS: i64 = 31;
/// Orders and advice of one day, or nearly, are about one thing where only one of them names the place.
const NEAR_DAYS: i32 = 31;
/// So many are told in full of those that are one.
const TOLD_MAX: usize = 3;

impl Asked<'_> {
    /// The first day on which something done can be the answer.
    pub fn counts_from(&self) -> Date {
        let on = self.on.latest();
        let days = self.due.map_or(0, |due| (due - on).get_days());
        match days {
            LONG_DAYS.. => on.saturating_add(i64::from(days / 2).days()),
            1.. => on.saturating_add(1.day()),
            _ if self.is_again => on.saturating_add(1.day()),
            _ => on,
        }
    }

    /// True where an answer names it, or something of its kind was done since.
    pub fn is_answered(&self, answers: &Answers<'_>) -> bool {
        let is_named = self.keys.iter().any(|(source, key)| answers.is_named(*source, key));
        is_named
            || answers.latest(&self.subject).0.is_some_and(|latest| self.is_since(latest))
            || self.is_booked(answers)
    }

    /// True of a return that somebody advised and that is booked, not long after it is due. A referral that is
    /// booked stays open with its day, for who is referred wants to be seen and not only to have a day.
    fn is_booked(&self, answers: &Answers<'_>) -> bool {
        if !self.is_return {
            return false;
        }
        let last = self.due.map(|due| {
            let days = (due - self.on.latest()).get_days();
            due.saturating_add(i64::from(days / 2).max(LATE_DAYS).days())
        });
        let booked = answers.booked(&self.subject);
        booked.is_some_and(|(when, _)| last.is_none_or(|last| when.earliest() <= last))
    }

    fn is_since(&self, (when, _): Latest) -> bool {
        // Of one day, the time tells which came first.
        let is_before =
            || matches!((when.minute_utc(), self.on.minute_utc()), (Some(one), Some(own)) if one < own);
        when.earliest() >= self.counts_from() && !is_before()
    }

    /// As it is told.
    pub fn told(self, context: &Context<'_>, answers: &Answers<'_>) -> OpenLoop {
        let is_old = self.is_old(context.today);
        let mut says = self.says[..self.says.len().min(TOLD_MAX)].join("; ");
        if self.says.len() > TOLD_MAX {
            let cited: Vec<String> = self.about[TOLD_MAX..].iter().map(|id| format!("[{id}]")).collect();
            says.push_str(&format!("; and {} more of it {}", cited.len(), cited.join(" ")));
        }
        if self.subject != Subject::Named(String::new()) {
            says.push_str(&format!("; no later {} stands in these records", self.subject.called()));
        }
        let perhaps = answers.latest(&self.subject).1.filter(|latest| self.is_since(*latest));
        if let Some((when, id)) = perhaps {
            let day = when.date_text();
            says.push_str(&format!("; one of {day} may be the answer, nothing says so [{id}]"));
        }
        if let Some((when, id)) = answers.booked(&self.subject) {
            says.push_str(&format!("; a visit is booked for {} [{id}]", when.date_text()));
        }
        if is_old {
            says.push_str(&format!("; {} years ago", self.days_since(context.today) / 365));
        }
        let ask = question(self.kind, &self.name, self.on, &self.subject);
        let Asked { kind, due, about, .. } = self;
        let tests = if let Subject::Tests(keys) = self.subject { keys } else { Vec::new() };
        OpenLoop { kind, on: Some(self.on), due, is_old, says, ask, about, tests }
    }

    fn days_since(&self, today: Date) -> i32 {
        (today - self.due.unwrap_or(self.on.latest())).get_days()
    }

    fn is_old(&self, today: Date) -> bool {
        self.days_since(today) > OLD_DAYS
    }

    /// True where both ask for one thing: the same look at the body, tests of which one answers both, or the
    /// same words.
    fn is_one_with(&self, other: &Asked<'_>) -> bool {
        match (&self.subject, &other.subject) {
            (Subject::Tests(own), Subject::Tests(others)) => own.iter().any(|key| others.contains(key)),
            (Subject::Look { how, places }, Subject::Look { how: other_how, places: others }) => {
                let is_near = (self.on.latest() - other.on.latest()).get_days().abs() <= NEAR_DAYS;
                let is_unsaid = places.is_empty() || others.is_empty();
                how == other_how && (places == others || is_unsaid && is_near)
            }
            (own, others) => own == others && self.kind == other.kind && self.name == other.name,
        }
    }
}

fn question(kind: LoopKind, name: &str, on: When, subject: &Subject) -> String {
    match kind {
        LoopKind::ToRepeat => format!("When will \"{name}\" be done, or is a newer result known?"),
        LoopKind::OrderWithoutResult => {
            format!("Was \"{name}\" done, and what did it show? If not, when will it be?")
        }
        LoopKind::FollowUpAdvised => {
            // "Next in two years" is said of something that only the report names.
            let of = match subject {
                Subject::Look { how, .. } if !holds_words(&fold(name), &fold(how)) => format!(" ({how})"),
                _ => String::new(),
            };
            format!("Advised on {}{of}: \"{name}\". Who sees to that, and when?", on.date_text())
        }
        LoopKind::ReferralWithoutVisit => format!("Is a visit booked for \"{name}\"?"),
        LoopKind::NotFinal => format!("Is there a final result of \"{name}\"?"),
        LoopKind::NotPerformed => format!("\"{name}\" was not performed: is it still wanted?"),
        LoopKind::Goal => format!("How far along is the goal \"{name}\", and does it still fit?"),
    }
}

/// The same thing ordered and advised, or ordered twice, is one: the newest leads, what is old never does, and
/// it is due when the first of them is.
pub(super) fn merged(all: Vec<Asked<'_>>, today: Date) -> Vec<Asked<'_>> {
    let mut sorted = all;
    sorted.sort_by_key(|one| {
        (one.is_old(today), one.kind, Reverse((one.on.order(), one.about.first().copied())))
    });
    let mut kept: Vec<Asked<'_>> = Vec::new();
    for one in sorted {
        let is_old = one.is_old(today);
        match kept.iter_mut().find(|other| other.is_one_with(&one)) {
            Some(other) => {
                if !is_old {
                    other.due = other.due.into_iter().chain(one.due).min();
                }
                // The look that names its place names it for both.
                if let (Subject::Look { places, .. }, Subject::Look { places: named, .. }) =
                    (&mut other.subject, one.subject)
                    && places.is_empty()
                {
                    *places = named;
                }
                other.says.extend(one.says);
                other.about.extend(one.about);
            }
            None => kept.push(one),
        }
    }
    kept
}
