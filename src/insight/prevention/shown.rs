//! Which conditions of the prevention rules the record shows, each with the entry that shows it. What is
//! not on record is no "no".

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::social;
use super::token_names::{by_illness, counts_on, further, is_another, names};
use crate::insight::lifetime::Lifetime;
use crate::insight::measurements::measurement;
use crate::insight::plausible::is_possible;
use crate::insight::portrait::{Portrait, Pregnancy};
use crate::insight::problems::problems;
use crate::insight::telling::in_few_words;
use crate::insight::trend::stated;
use crate::insight::{Context, Refusal, plain, rows};
use crate::knowledge::prevention_tokens::{Shown, ShownKind, tokens};
use crate::record::{Detail, Entry, EntryId, Kind, Standing, Value, When};

/// What shows a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// The token.
    pub token: &'static str,
    /// The entry.
    pub id: EntryId,
    /// Its name as recorded.
    pub name: String,
    /// Its date.
    pub on: Option<When>,
}

/// The tokens of one record.
pub(super) struct Tokens {
    found: HashMap<&'static str, Because>,
    /// Tokens that the record says are not so: a newest value outside the limits, "never smoker".
    denied: HashSet<&'static str>,
}

impl Tokens {
    /// Looks at every kind that can show one, once.
    pub fn of(context: &Context<'_>, portrait: &Portrait) -> Result<Tokens, Refusal> {
        let mut shown = Tokens { found: HashMap::new(), denied: HashSet::new() };
        shown.add_problems(context, portrait)?;
        shown.add_named(context, Kind::Procedure, ShownKind::Procedure)?;
        shown.add_named(context, Kind::Medication, ShownKind::Medicine)?;
        shown.add_named(context, Kind::FamilyHistory, ShownKind::FamilyHistory)?;
        shown.add_named(context, Kind::Document, ShownKind::Document)?;
        shown.add_named(context, Kind::Visit, ShownKind::Encounter)?;
        // Only what asks for the family's cancers asks whether genes were tested, and results are many.
        if shown.get("family-history-breast-ovarian").is_some() {
            shown.add_named(context, Kind::Lab, ShownKind::Lab)?;
        }
        social::add(&mut shown, context)?;
        shown.add_values(context, portrait)?;
        shown.add_pregnancy(portrait);
        Ok(shown)
    }

    /// What shows a token, if the record does.
    pub fn get(&self, token: &str) -> Option<&Because> {
        self.found.get(token)
    }

    /// True where the record says that it is not so.
    pub fn denies(&self, token: &str) -> bool {
        self.denied.contains(token) && !self.found.contains_key(token)
    }

    pub(super) fn deny(&mut self, token: &'static str) {
        self.denied.insert(token);
    }

    /// Adds what shows a token; of several the latest is kept.
    pub(super) fn add(&mut self, context: &Context<'_>, token: &'static str, entry: &Entry) {
        let on = entry.date.or(entry.recorded);
        if self.found.get(token).is_none_or(|known| known.on < on) {
            let because = Because { token, id: entry.id, name: name(context, entry), on };
            self.found.insert(token, because);
        }
    }

    fn add_problems(&mut self, context: &Context<'_>, portrait: &Portrait) -> Result<(), Refusal> {
        let mut names = names(ShownKind::Condition);
        let by_key = by_illness();
        for problem in problems(context)? {
            context.check()?;
            if problem.entry.standing != Standing::Stated {
                continue;
            }
            let known = problem.known.and_then(|known| by_key.get(known.key)).into_iter().flatten();
            let known = known.filter(|token| !is_another(token, problem.entry));
            for token in names.of(problem.entry, &[]).iter().chain(known) {
                if counts_on(token, &problem, portrait, context.today) {
                    self.add(context, token, problem.entry);
                }
            }
        }
        Ok(())
    }

    fn add_named(&mut self, context: &Context<'_>, kind: Kind, shown: ShownKind) -> Result<(), Refusal> {
        let mut names = names(shown);
        let lifetime = Lifetime::of(context.view, context.today);
        for entry in context.view.entries(kind) {
            context.check()?;
            let found = names.of(entry, &further(entry));
            if found.is_empty() || !stands(entry, &lifetime, context.today) {
                continue;
            }
            for token in found.iter() {
                if *token != "nursing-home" || is_going_on(entry, context.today) {
                    self.add(context, token, entry);
                }
            }
        }
        Ok(())
    }

    /// Tokens shown by the newest value of an analyte in an adult who is not pregnant; a percentile as recorded.
    fn add_values(&mut self, context: &Context<'_>, portrait: &Portrait) -> Result<(), Refusal> {
        for (key, is_for_adults) in [("bmi", true), ("bmi-percentile", false)] {
            let is_wrong_age = is_for_adults && (!portrait.is_adult() || portrait.pregnancy.is_current());
            let Some((entry, number)) = newest_value(context, key)?.filter(|_| !is_wrong_age) else {
                continue;
            };
            for token in tokens() {
                for (place, shown) in token.shown_by.iter().enumerate() {
                    let Shown::Value(rule) = shown else { continue };
                    match rule.holds(&number).filter(|_| rule.key == key) {
                        Some(true) => self.add(context, token.key, entry),
                        // Where the value comes first it is what decides; elsewhere it is one sign of several.
                        Some(false) if place == 0 => self.deny(token.key),
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn add_pregnancy(&mut self, portrait: &Portrait) {
        let (by, on) = match portrait.pregnancy {
            Pregnancy::Current { by, on, .. } | Pregnancy::Ended { by, on, .. } => (by, on),
            Pregnancy::Not { .. } | Pregnancy::NotRecorded => return,
        };
        for token in tokens() {
            let holds = token.shown_by.iter().any(|shown| match (shown, portrait.pregnancy) {
                (Shown::Pregnancy("current"), Pregnancy::Current { .. }) => true,
                (Shown::Pregnancy("current>=24 weeks"), Pregnancy::Current { weeks, .. }) => {
                    weeks >= Some(24)
                }
                // A loss is not met with what is written for the year after a birth.
                (Shown::Pregnancy("ended within 12 months"), Pregnancy::Ended { days_ago, was_lost, .. }) => {
                    days_ago <= 365 && !was_lost
                }
                _ => false,
            });
            if holds {
                let name = "pregnancy".to_owned();
                let because = Because { token: token.key, id: by, name, on: Some(When::day(on)) };
                self.found.insert(token.key, because);
            }
        }
    }
}

/// What an entry says, where its name alone is not it: a value, an answer, a relative's illness.
fn name(context: &Context<'_>, entry: &Entry) -> String {
    match &entry.detail {
        Detail::Measurement(_) => in_few_words(context, entry),
        Detail::Family(family) => {
            let relation = family.relation.as_deref().map_or_else(|| rows::name_cell(entry), plain);
            let illnesses = family.conditions.iter().map(|illness| plain(&illness.concept.label()));
            format!("{relation}: {}", illnesses.collect::<Vec<_>>().join(", "))
        }
        _ => rows::name_cell(entry),
    }
}

/// True for what is stated, done, and can be by its date.
pub(super) fn stands(entry: &Entry, lifetime: &Lifetime, today: Date) -> bool {
    let is_ahead = entry.date.is_some_and(|on| on.earliest() > today);
    entry.standing == Standing::Stated
        && !is_ahead
        && lifetime.objection(entry).is_none()
        && !entry.status.as_deref().is_some_and(|status| NOT_DONE.contains(&status))
}

/// Statuses of what has not been done, or not yet.
const NOT_DONE: [&str; 17] = [
    "preparation",
    "planned",
    "booked",
    "proposed",
    "pending",
    "draft",
    "waitlist",
    "on-hold",
    "stopped",
    "cancelled",
    "registered",
    "aborted",
    "noshow",
    "suspended",
    "not-done",
    "revoked",
    "in-progress",
];

fn is_going_on(stay: &Entry, today: Date) -> bool {
    let began = stay.date.map(|on| on.earliest());
    let two_years_ago = today.saturating_sub(2.years());
    match stay.end {
        Some(end) => end.latest() >= today,
        None => began.is_some_and(|began| began >= two_years_ago),
    }
}

/// The newest plain number of an analyte, with its entry.
fn newest_value<'a>(context: &Context<'a>, key: &str) -> Result<Option<(&'a Entry, String)>, Refusal> {
    let strands = stated(context, &[Kind::Vital])?;
    let of_it = strands.iter().filter(|strand| strand.analyte.is_some_and(|known| known.key == key));
    let newest = of_it.filter_map(|strand| strand.placed().next()).max_by_key(|entry| (entry.date, entry.id));
    Ok(newest.and_then(|entry| {
        let found = measurement(entry).filter(|found| is_possible(entry, found))?;
        match found.value.as_ref()? {
            Value::Quantity(quantity) if quantity.comparator.is_none() => {
                Some((entry, quantity.number.as_written().to_owned()))
            }
            _ => None,
        }
    }))
}
