//! Something that was ordered or advised, before it is known whether anything answers it.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::answers::{Answers, Latest};
use super::subject::Subject;
use super::{LoopKind, OLD_DAYS, OpenLoop};
use crate::insight::Context;
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
    /// The facts, with citations.
    pub says: Vec<String>,
    /// Its name in a question.
    pub name: String,
    pub about: Vec<EntryId>,
}

/// An answer to something that is due so many days later or more must come in the second half of the time: a
/// scan after a month is not the one that was wanted after a year.
const LONG_DAYS: i32 = 90;

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
        is_named || answers.latest(&self.subject).0.is_some_and(|latest| self.is_since(latest))
    }

    fn is_since(&self, (when, _): Latest) -> bool {
        // Of one day, the time tells which came first.
        let is_before =
            || matches!((when.minute_utc(), self.on.minute_utc()), (Some(one), Some(own)) if one < own);
        when.earliest() >= self.counts_from() && !is_before()
    }

    /// As it is told.
    pub fn told(self, context: &Context<'_>, answers: &Answers<'_>) -> OpenLoop {
        let mut says = self.says.join("; ");
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
        let days = (context.today - self.due.unwrap_or(self.on.latest())).get_days();
        let is_old = days > OLD_DAYS;
        if is_old {
            says.push_str(&format!("; {} years ago", days / 365));
        }
        let ask = question(self.kind, &self.name);
        OpenLoop { kind: self.kind, on: Some(self.on), due: self.due, is_old, says, ask, about: self.about }
    }
}

fn question(kind: LoopKind, name: &str) -> String {
    match kind {
        LoopKind::ToRepeat => format!("When will \"{name}\" be done, or is a newer result known?"),
        LoopKind::OrderWithoutResult => {
            format!("Was \"{name}\" done, and what did it show? If not, when will it be?")
        }
        LoopKind::FollowUpAdvised => format!("A report advised: \"{name}\" Who sees to that, and when?"),
        LoopKind::ReferralWithoutVisit => format!("Is a visit booked for \"{name}\"?"),
        LoopKind::NotFinal => format!("Is there a final result of \"{name}\"?"),
        LoopKind::NotPerformed => format!("\"{name}\" was not performed: is it still wanted?"),
        LoopKind::Goal => format!("How far along is the goal \"{name}\", and does it still fit?"),
    }
}

/// The same thing ordered and advised, or ordered twice, is one: the newest leads, and all are told.
pub(super) fn merged(all: Vec<Asked<'_>>) -> Vec<Asked<'_>> {
    let mut sorted = all;
    sorted.sort_by_key(|one| (one.kind, std::cmp::Reverse((one.on.order(), one.about.first().copied()))));
    let mut kept: Vec<Asked<'_>> = Vec::new();
    for one in sorted {
        let is_same = |other: &&mut Asked<'_>| {
            let is_test = matches!(one.subject, Subject::Look { .. } | Subject::Tests(_));
            let is_kind = one.kind == other.kind && one.name == other.name;
            one.subject == other.subject && (is_test || is_kind)
        };
        match kept.iter_mut().find(is_same) {
            Some(other) => {
                const TOLD_MAX: usize = 3;
                if other.says.len() < TOLD_MAX {
                    other.says.extend(one.says);
                }
                other.about.extend(one.about);
            }
            None => kept.push(one),
        }
    }
    kept
}
