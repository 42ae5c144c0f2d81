//! Pregnancy is a state with a date: current, ended, or not recorded. An entry that nobody closed does not
//! make a pregnancy of last year a present one.

use jiff::civil::Date;

use crate::insight::measurements::measurement;
use crate::insight::problems::Problem;
use crate::insight::trend::{Strand, stated};
use crate::insight::{Context, Refusal};
use crate::knowledge::folding::fold;
use crate::record::{Concept, Entry, EntryId, Kind, Standing, System, Value, When};

/// LOINC 82810-3, pregnancy status (US Core 9.0.0, us-core-observation-pregnancystatus).
const STATUS: &str = "82810-3";
/// LOINC 11778-8, estimated date of delivery (C-CDA Estimated Date of Delivery, 2.16.840.1.113883.10.20.15.3.1).
const DUE: &str = "11778-8";
/// A pregnancy lasts at most 42 weeks and some days from what is known of it first.
const DAYS_MAX: i32 = 300;
/// Days from the first day of the last period to the due date.
const DAYS_TO_DUE: i32 = 280;
/// A birth may be some days late.
const LATE_DAYS: i32 = 14;

/// Whether there is a pregnancy, and since or until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pregnancy {
    /// Nothing recorded that could be so today. It is no "no".
    NotRecorded,
    /// Recorded as present, and it can still be.
    Current {
        /// The entry that says so.
        by: EntryId,
        /// The day of that entry.
        on: Date,
        /// Completed weeks today, where a due date is recorded.
        weeks: Option<i32>,
    },
    /// Recorded as not pregnant, and nothing later says otherwise.
    Not {
        /// The entry that says so.
        by: EntryId,
        /// The day of that entry.
        on: Date,
    },
    /// A birth or a loss is the last that is recorded.
    Ended {
        /// The entry that says so.
        by: EntryId,
        /// The day.
        on: Date,
        /// Days since then.
        days_ago: i32,
        /// True where it did not end with a living child, as far as the record says.
        was_lost: bool,
    },
}

/// Names of problems that end a pregnancy, with whether it was a loss; keys of the table of conditions.
const ENDS: [(&str, bool); 7] = [
    ("birth", false),
    ("after-birth", false),
    ("after-birth-problem", false),
    ("miscarriage", true),
    ("ectopic-pregnancy", true),
    ("pregnancy-ended", true),
    ("stillbirth", true),
];

/// Names of problems of which there is none without a pregnancy.
const SHOWS: [&str; 6] = [
    "pregnancy",
    "pregnancy-diabetes",
    "pregnancy-high-pressure",
    "pregnancy-vomiting",
    "pregnancy-bleeding",
    "pregnancy-problem",
];

/// Words of a procedure that ends a pregnancy with a birth.
const BIRTHS: [&str; 4] = ["cesarean", "caesarean", "vaginal delivery", "delivery of"];

/// What one entry says, and for which day.
#[derive(Clone, Copy)]
enum Says {
    Pregnant { due: Option<Date> },
    NotPregnant,
    Ended { was_lost: bool },
}

impl Pregnancy {
    /// From the statuses, problems, due dates and births of the record: the latest says what is so.
    pub fn of(context: &Context<'_>, problems: &[Problem<'_>]) -> Result<Pregnancy, Refusal> {
        let mut said: Vec<(Date, Says, EntryId)> = Vec::new();
        let labs = stated(context, &[Kind::Lab])?;
        let is_of_it = |strand: &&Strand<'_>| strand.placed().next().is_some_and(is_observed);
        let labs = labs.iter().filter(is_of_it).flat_map(Strand::placed);
        for entry in context.view.entries(Kind::Background).chain(labs) {
            context.check()?;
            said.extend(observed(entry).map(|(on, says)| (on, says, entry.id)));
        }
        for problem in problems {
            let key = problem.known.map_or("", |known| known.key);
            let on = problem.entry.date.or(problem.entry.recorded);
            let ended = ENDS.iter().find(|(ends, _)| *ends == key);
            let says = match ended {
                Some((_, was_lost)) => Says::Ended { was_lost: *was_lost },
                None if SHOWS.contains(&key) && problem.is_active => Says::Pregnant { due: None },
                None => continue,
            };
            said.extend(on.map(|on| (on.latest(), says, problem.entry.id)));
        }
        for entry in context.view.entries(Kind::Procedure).filter(|entry| entry.standing == Standing::Stated)
        {
            let name = fold(&entry.concept.label());
            if BIRTHS.iter().any(|words| name.contains(words)) {
                said.extend(entry.date.map(|on| (on.latest(), Says::Ended { was_lost: false }, entry.id)));
            }
        }
        said.retain(|(on, ..)| *on <= context.today);
        // Of one day the end counts, then the plain no.
        let rank = |says: &Says| match says {
            Says::Pregnant { .. } => 0,
            Says::NotPregnant => 1,
            Says::Ended { .. } => 2,
        };
        let last = said.iter().max_by_key(|(on, says, id)| (*on, rank(says), *id));
        let due = said.iter().filter_map(|(on, says, _)| match says {
            Says::Pregnant { due: Some(due) } => Some((*on, *due)),
            _ => None,
        });
        let due = due.max().map(|(_, due)| due);
        Ok(last.map_or(Pregnancy::NotRecorded, |last| Pregnancy::from(last, due, context.today)))
    }

    fn from(&(on, says, by): &(Date, Says, EntryId), due: Option<Date>, today: Date) -> Pregnancy {
        let days_ago = (today - on).get_days();
        match says {
            Says::Ended { was_lost } => Pregnancy::Ended { by, on, days_ago, was_lost },
            Says::NotPregnant => Pregnancy::Not { by, on },
            Says::Pregnant { .. } => {
                let to_due = due.map(|due| (due - today).get_days());
                let to_due = to_due.filter(|days| (-LATE_DAYS..=DAYS_TO_DUE).contains(days));
                let can_be = if due.is_some() { to_due.is_some() } else { days_ago <= DAYS_MAX };
                let weeks = to_due.map(|days| (DAYS_TO_DUE - days) / 7);
                if can_be { Pregnancy::Current { by, on, weeks } } else { Pregnancy::NotRecorded }
            }
        }
    }

    /// True where it is recorded as present.
    pub fn is_current(self) -> bool {
        matches!(self, Pregnancy::Current { .. })
    }

    /// How many days ago it ended, where that is the last that is recorded.
    pub fn ended_days_ago(self) -> Option<i32> {
        match self {
            Pregnancy::Ended { days_ago, .. } => Some(days_ago),
            _ => None,
        }
    }

    /// True during a pregnancy and for so many days after it.
    pub fn is_pregnant_or_within_days(self, days: i32) -> bool {
        self.is_current() || self.ended_days_ago().is_some_and(|ago| ago <= days)
    }
}

fn has(entry: &Entry, loinc: &str) -> bool {
    entry.concept.codes_in(&System::Loinc).any(|code| code == loinc)
}

/// True of a pregnancy status or a due date.
fn is_observed(entry: &Entry) -> bool {
    has(entry, STATUS) || has(entry, DUE)
}

/// What a pregnancy status or a due date says.
fn observed(entry: &Entry) -> Option<(Date, Says)> {
    if entry.standing != Standing::Stated {
        return None;
    }
    let on = entry.date.or(entry.recorded)?.latest();
    if has(entry, STATUS) {
        let words = match measurement(entry)?.value.as_ref()? {
            Value::Concept(concept) => words_of(concept),
            Value::Text(text) => fold(text),
            Value::Quantity(_) => return None,
        };
        return match words.as_str() {
            words if words.contains("not pregnant") || words == "no" => Some((on, Says::NotPregnant)),
            words if words.contains("possib") || words.contains("unknown") => None,
            words if words.contains("pregnant") || words == "yes" => Some((on, Says::Pregnant { due: None })),
            _ => None,
        };
    }
    if has(entry, DUE) {
        let Some(Value::Text(text)) = &measurement(entry)?.value else { return None };
        let due = When::parse(text)?.civil()?;
        return Some((on, Says::Pregnant { due: Some(due) }));
    }
    None
}

fn words_of(concept: &Concept) -> String {
    concept.words().map(fold).collect::<Vec<_>>().join(" ")
}
