//! Which visit is meant, and which was the last of its kind.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::super::visits::{self, Took};
use super::wish::Wish;
use crate::insight::lifetime::Lifetime;
use crate::insight::specialists::Specialists;
use crate::insight::{Context, Refusal, plain};
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::specialties::specialty;
use crate::record::{Detail, Entry, Kind, Standing, VisitClass};

/// The visit that is prepared, and what lies behind it.
pub(super) struct Visits<'a> {
    /// The visit that is booked.
    pub booked: Option<&'a Entry>,
    /// The day, as given or as booked.
    pub day: Option<Date>,
    /// The last visit of that kind.
    pub last: Option<&'a Entry>,
    /// From this day on things are new.
    pub since: Date,
    /// The specialties of the visit that is booked.
    pub keys: Vec<&'static str>,
}

/// Where no earlier visit is known, a year counts as new.
const NEW_DAYS: i64 = 365;

impl<'a> Visits<'a> {
    /// Looks for the visit that was asked for, else for the next one.
    pub fn of(
        context: &Context<'a>,
        wish: &Wish,
        specialists: &Specialists<'a>,
    ) -> Result<Visits<'a>, Refusal> {
        let lifetime = Lifetime::of(context.view, context.today);
        let who = wish.who();
        let (mut ahead, mut past): (Vec<&'a Entry>, Vec<&'a Entry>) = (Vec::new(), Vec::new());
        for group in context.view.groups(Kind::Visit) {
            context.check()?;
            let entry = context.view.face(group);
            if entry.standing != Standing::Stated
                || lifetime.objection(entry).is_some()
                || entry.date.is_none()
            {
                continue;
            }
            match Took::of(entry, context.today) {
                Took::Ahead => ahead.push(entry),
                Took::Place if is_office(entry) => past.push(entry),
                _ => {}
            }
        }
        ahead.sort_by_key(|entry| (entry.date, entry.id));
        past.sort_by_key(|entry| std::cmp::Reverse((entry.date, entry.id)));
        let is_asked = |entry: &&&'a Entry| {
            let is_who = who.as_ref().is_some_and(|who| has_actor(entry, who));
            let keys = || specialists.of_entry(entry);
            let is_kind = || keys().iter().any(|key| wish.keys.contains(key));
            wish.keys.is_empty() && who.is_none() || is_who || is_kind()
        };
        let on_day = |entry: &&&'a Entry| {
            wish.date.is_none_or(|day| entry.date.is_some_and(|when| when.earliest() == day.earliest()))
        };
        let booked = ahead.iter().filter(on_day).find(is_asked).copied();
        let keys = booked.map(|entry| specialists.of_entry(entry)).unwrap_or_default();
        // Without a wish, the last visit with the clinician whose visit is booked, else the last of all.
        let is_free = wish.keys.is_empty() && who.is_none();
        let with_same = |entry: &&&'a Entry| booked.is_some_and(|booked| shares_actor(entry, booked));
        let same = past.iter().find(with_same).filter(|_| is_free).copied();
        let last = same.or_else(|| past.iter().find(is_asked).copied());
        let since = last.and_then(|entry| entry.date).map(|when| when.earliest());
        let since = since.unwrap_or_else(|| context.today.saturating_sub(NEW_DAYS.days()));
        let day = wish.date.map(|when| when.earliest()).or(booked.and_then(|entry| entry.date?.civil()));
        Ok(Visits { booked, day, last, since, keys })
    }

    /// Both, with citations, and what is not in the record.
    pub fn told(&self, context: &Context<'_>, wish: &Wish) -> Vec<String> {
        let mut lines: Vec<String> = wish.unknown().filter(|_| self.last.is_none()).into_iter().collect();
        let known = wish.keys.first().and_then(|key| specialty(key));
        let with = known.map_or_else(|| "visit".to_owned(), |known| format!("visit with a {}", known.name));
        match (self.booked, wish.date) {
            (Some(booked), _) => lines.push(format!("Visit: {}", told(booked))),
            (None, Some(day)) if day.latest() < context.today => {
                lines.push(format!("{day} is past; no visit on record is ahead of it"));
            }
            (None, Some(day)) => {
                lines.push(format!("Visit on {day}, as asked; none of that day is on record"))
            }
            (None, None) => lines.push(format!("No {with} ahead is on record")),
        }
        lines.push(match self.last {
            Some(last) => format!("Last {with}: {}; \"since\" below means since then", told(last)),
            None => format!("No earlier {with} in these records; \"new\" below means of the last 12 months"),
        });
        lines
    }
}

/// True of a visit that a person goes to: a stay or an emergency is told of in a question.
fn is_office(entry: &Entry) -> bool {
    matches!(&entry.detail, Detail::Visit(visit)
        if !matches!(visit.class, VisitClass::Inpatient | VisitClass::Emergency | VisitClass::Observation))
}

fn has_actor(entry: &Entry, who: &str) -> bool {
    let mut names = entry.actors.iter().filter_map(|actor| actor.name.as_deref());
    names.any(|name| holds_words(&fold(name), who))
}

fn shares_actor(one: &Entry, other: &Entry) -> bool {
    // The clinician leads; the house comes after, and is shared by many clinics.
    let name = |entry: &Entry| entry.actors.first().and_then(|actor| actor.name.as_deref().map(fold));
    name(one).is_some_and(|own| name(other) == Some(own))
}

fn told(entry: &Entry) -> String {
    let with: Vec<String> =
        entry.actors.iter().filter_map(|actor| actor.name.as_deref().map(plain)).take(2).collect();
    let with = if with.is_empty() { String::new() } else { format!(", {}", with.join(", ")) };
    let date = entry.date.map_or_else(String::new, |when| format!("{} ", when.date_text()));
    format!("{date}{}{with} [{}]", visits::what(entry), entry.id)
}
