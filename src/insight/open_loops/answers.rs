//! What came later in the record: the newest of each kind of thing, and which orders are named by an answer.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::subject::{Fit, Subject};
use crate::insight::lifetime::Lifetime;
use crate::insight::specialists::Specialists;
use crate::insight::visits::Took;
use crate::insight::{Context, Refusal};
use crate::knowledge::analytes::analyte_by_code;
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry, EntryId, Kind, LinkRole, Standing, System, VisitClass, When};

/// The newest of its kind.
pub(super) type Latest = (When, EntryId);

/// What is in the record since the first thing that was asked for.
pub(super) struct Answers<'a> {
    named: HashSet<(u16, &'a str)>,
    newest: HashMap<Subject, Latest>,
    booked: HashMap<Subject, Latest>,
    any_test: Option<Latest>,
}

/// Kinds that can answer an order or a piece of advice.
const KINDS: [Kind; 7] =
    [Kind::Lab, Kind::Vital, Kind::Visit, Kind::Procedure, Kind::Imaging, Kind::Document, Kind::Immunization];

impl<'a> Answers<'a> {
    /// Everything that was done on that day or later.
    pub fn of(
        context: &Context<'a>,
        specialists: &Specialists<'a>,
        since: Date,
    ) -> Result<Answers<'a>, Refusal> {
        let lifetime = Lifetime::of(context.view, context.today);
        let mut all =
            Answers { named: HashSet::new(), newest: HashMap::new(), booked: HashMap::new(), any_test: None };
        let mut tests: HashMap<&'static str, Latest> = HashMap::new();
        let mut names: HashMap<(Kind, &'a str, Option<&'a str>), (Latest, &'a Entry)> = HashMap::new();
        for kind in KINDS {
            for entry in context.view.entries(kind) {
                context.check()?;
                let is_ahead = kind == Kind::Visit && Took::of(entry, context.today) == Took::Ahead;
                if entry.is_logged() || !is_ahead && !was_done(entry, context) {
                    continue;
                }
                if !is_ahead {
                    all.named.extend(entry.linked(LinkRole::Order).map(|key| (entry.source, key)));
                }
                let Some(when) = entry.date.filter(|when| when.latest() >= since) else { continue };
                if lifetime.objection(entry).is_some() {
                    continue;
                }
                let latest = (when, entry.id);
                match kind {
                    Kind::Visit => all.see_visit(entry, latest, is_ahead, specialists),
                    Kind::Lab | Kind::Vital => {
                        if kind == Kind::Lab {
                            all.any_test = all.any_test.max(Some(latest));
                        }
                        let known = entry.concept.codes_in(&System::Loinc).find_map(analyte_by_code);
                        match known {
                            Some(known) => keep(tests.entry(known.key).or_insert(latest), latest),
                            None => keep_named(&mut names, entry, latest),
                        }
                    }
                    _ => keep_named(&mut names, entry, latest),
                }
            }
        }
        for (key, latest) in tests {
            all.newest.insert(Subject::Tests(vec![key]), latest);
        }
        for (latest, entry) in names.into_values() {
            if let Some(subject) = Subject::of_done(entry, specialists) {
                keep(all.newest.entry(subject).or_insert(latest), latest);
            }
            let Some(name) = entry.concept.name() else { continue };
            keep(all.newest.entry(Subject::Named(fold(name))).or_insert(latest), latest);
            // A note of a specialist shows that they were seen.
            let keys = specialists.of_entry(entry);
            if entry.kind() == Kind::Document && !keys.is_empty() {
                keep(all.newest.entry(Subject::Visit(keys)).or_insert(latest), latest);
            }
        }
        Ok(all)
    }

    fn see_visit(&mut self, entry: &'a Entry, latest: Latest, is_ahead: bool, specialists: &Specialists<'a>) {
        // A stay in hospital or an emergency is no visit that was asked for, whoever was seen there.
        let is_unplanned = matches!(&entry.detail, Detail::Visit(visit)
            if matches!(visit.class, VisitClass::Inpatient | VisitClass::Emergency | VisitClass::Observation));
        if is_unplanned {
            return;
        }
        let subject = Subject::Visit(specialists.of_entry(entry));
        match is_ahead {
            false => keep(self.newest.entry(subject).or_insert(latest), latest),
            // Of what is booked the next one counts.
            true => {
                let next = self.booked.entry(subject).or_insert(latest);
                *next = (*next).min(latest);
            }
        }
    }

    /// True where an answer names the order.
    pub fn is_named(&self, source: u16, key: &str) -> bool {
        self.named.contains(&(source, key))
    }

    /// The newest that is surely what was asked for, and the newest that may be.
    pub fn latest(&self, asked: &Subject) -> (Option<Latest>, Option<Latest>) {
        let (mut sure, mut perhaps) = (None, None);
        for (subject, latest) in &self.newest {
            match asked.is_met_by(subject) {
                Fit::Yes => sure = sure.max(Some(*latest)),
                Fit::Perhaps => perhaps = perhaps.max(Some(*latest)),
                Fit::No => {}
            }
        }
        let any = self.any_test.filter(|_| *asked == Subject::AnyTest);
        (sure.max(any), perhaps)
    }

    /// The next visit of that kind that is booked.
    pub fn booked(&self, asked: &Subject) -> Option<Latest> {
        let fitting = self.booked.iter().filter(|(subject, _)| asked.is_met_by(subject) == Fit::Yes);
        fitting.map(|(_, latest)| *latest).min()
    }
}

fn keep(kept: &mut Latest, other: Latest) {
    *kept = (*kept).max(other);
}

fn keep_named<'a>(
    names: &mut HashMap<(Kind, &'a str, Option<&'a str>), (Latest, &'a Entry)>,
    entry: &'a Entry,
    latest: Latest,
) {
    let Some(name) = entry.concept.name() else { return };
    // Notes of one name are by several hands, and by their hands of several specialties.
    let by = entry.actors.first().and_then(|actor| actor.name.as_deref());
    let by = by.filter(|_| entry.kind() == Kind::Document);
    let kept = names.entry((entry.kind(), name, by)).or_insert((latest, entry));
    if latest > kept.0 {
        *kept = (latest, entry);
    }
}

/// True of what took place: no cancelled test, no image that was not taken.
fn was_done(entry: &Entry, context: &Context<'_>) -> bool {
    if !matches!(entry.standing, Standing::Stated | Standing::Unconfirmed) {
        return false;
    }
    if entry.kind() == Kind::Visit {
        return Took::of(entry, context.today) == Took::Place;
    }
    let is_open = matches!(
        entry.status.as_deref(),
        Some(
            "cancelled"
                | "registered"
                | "preparation"
                | "on-hold"
                | "stopped"
                | "planned"
                | "not-done"
                | "draft"
        )
    );
    match &entry.detail {
        // What a laboratory could not measure answers nothing.
        Detail::Measurement(found) => !is_open && (found.value.is_some() || !found.components.is_empty()),
        _ => !is_open,
    }
}
