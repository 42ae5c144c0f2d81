//! What a result must say because of those beside it, and what is said of those that are not shown.

use std::collections::HashSet;

use super::measurement;
use crate::insight::portrait::Who;
use crate::insight::rows::{self, Shown};
use crate::insight::{Asked, Context, Coverage, Refusal, measured, series};
use crate::record::{Abnormality, Entry, EntryId, Kind, Measurement, Standing, When};

/// What a row must say because of the rows beside it.
pub(super) struct Beside {
    /// Some result has neither flag nor a range that decides: a recorded N is then told, since an empty
    /// cell would be read as one.
    has_unknown: bool,
    /// Results of one test on one day, of which the time of day says which came first.
    timed: HashSet<EntryId>,
    /// Whose results they are: a range may be for men alone.
    who: Who,
}

impl Beside {
    /// Of results with the newest first.
    pub fn of(context: &Context<'_>, shown: &[Shown<'_>]) -> Result<Beside, Refusal> {
        let who = Who::of(context);
        let is_unknown = |one: &Shown<'_>| {
            measurement(one.face).is_some_and(|found| {
                let abnormality = measured::abnormality(found, Some((&who, one.face)));
                abnormality == Abnormality::Unknown && found.flags.is_empty()
            })
        };
        let has_unknown = shown.iter().any(is_unknown);
        let mut timed = HashSet::new();
        for test in series::by_test(context, shown)? {
            for pair in test.shown.windows(2) {
                let [one, other] = [pair[0].face, pair[1].face];
                let Some((first, second)) = one.date.zip(other.date) else { continue };
                let is_one_day = first.civil().is_some() && first.civil() == second.civil();
                if is_one_day && first.minute_utc() != second.minute_utc() {
                    timed.extend([one.id, other.id]);
                }
            }
        }
        Ok(Beside { has_unknown, timed, who })
    }

    pub fn date(&self, id: EntryId, when: When) -> String {
        if self.timed.contains(&id) { when.minute_text() } else { when.date_text() }
    }

    pub fn abnormality(&self, entry: &Entry, found: &Measurement) -> Abnormality {
        measured::abnormality(found, Some((&self.who, entry)))
    }

    pub fn flag(&self, entry: &Entry, found: &Measurement) -> String {
        let flag = measured::flag(entry, found, Some(&self.who));
        let is_told = flag.is_empty() && self.has_unknown && measured::is_flagged_normal(found);
        if is_told { "N".into() } else { flag }
    }
}

/// How many results the report neither flags nor decides by its range: unknown, which is not normal.
pub(super) fn undecided(
    context: &Context<'_>,
    kind: Kind,
    asked: &Asked,
    keep: impl Fn(&Entry) -> bool,
) -> Result<Vec<String>, Refusal> {
    let who = Who::of(context);
    let is_unknown = |entry: &Entry| {
        let is_told = !matches!(entry.standing, Standing::EnteredInError | Standing::NotDone);
        let is_open = measurement(entry)
            .is_some_and(|found| measured::abnormality(found, Some((&who, entry))) == Abnormality::Unknown);
        is_told && is_open && keep(entry)
    };
    let unknown = rows::in_any_order(context, kind, asked, &mut Coverage::default(), is_unknown)?;
    let (mut bare, mut ranged, mut flagged) = (0, 0, 0);
    for found in unknown.iter().filter_map(|one| measurement(one.face)) {
        let has_flag = !found.flags.is_empty() || found.components.iter().any(|part| !part.flags.is_empty());
        let count = match (has_flag, found.ranges.is_empty()) {
            (true, _) => &mut flagged,
            (false, true) => &mut bare,
            (false, false) => &mut ranged,
        };
        *count += 1;
    }
    let said = [
        (bare, "no range and no flag"),
        (ranged, "no flag and a range that does not decide"),
        (flagged, "a flag that says neither normal nor abnormal"),
    ];
    let told = said.into_iter().filter(|(count, _)| *count > 0);
    Ok(told
        .map(|(count, what)| match count {
            1 => format!("1 other result carries {what}"),
            _ => format!("{count} other results carry {what}"),
        })
        .collect())
}
