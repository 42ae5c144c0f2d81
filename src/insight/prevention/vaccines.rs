//! The doses on record beside what each body names at the person's age. Bodies stand side by side, and
//! nothing says that a series is done or that somebody is protected.

use jiff::civil::{Date, date};

use super::doses::{Dose, Doses, doses};
use super::evidence::Done;
use super::state::{State, later};
use crate::insight::portrait::Portrait;
use crate::insight::{Context, Refusal};
use crate::knowledge::schedule::{self, doses_at, schedule};
use crate::record::When;

/// What one body names, and the sentence that is said once for all its rows.
pub(super) const HELD: &str = "CDC 2026-01-05";
/// The schedule before it, for all ages.
pub(super) const BEFORE: &str = "CDC before 2026-01-05";
/// How the table says that a dose is for each season.
pub(super) const YEARLY: &str = "yearly";

const HELD_SENTENCE: &str = " On hold by a court since 2026-03-16.";

/// Diseases with the same doses on record and the same rows of every body.
pub(super) struct Series {
    /// The diseases.
    pub diseases: Vec<&'static str>,
    /// The doses on record.
    pub doses: Doses,
    /// What the bodies name, each by itself.
    pub rows: Vec<&'static schedule::Doses>,
    /// How many of the doses were given from 11 years on, where a row names those by themselves: the doses of a
    /// small child are no Tdap.
    pub since_11: Option<usize>,
    /// Where the person stands to it.
    pub state: State,
    /// True where the person is older than anybody whom the rows are for.
    pub is_outgrown: bool,
}

impl Series {
    /// True where no body names it for everyone of that age.
    pub fn is_for_some(&self) -> bool {
        self.rows.iter().all(|row| !row.who.is_empty())
    }
}

/// Every vaccine that has a dose on record or a row for the person.
pub(super) fn series(context: &Context<'_>, portrait: &Portrait) -> Result<Vec<Series>, Refusal> {
    let mut recorded = doses(context)?;
    let mut names: Vec<&'static str> = Vec::new();
    let of_schedule = schedule().iter().map(|row| row.group);
    for name in of_schedule.chain(recorded.keys().copied()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut all: Vec<Series> = Vec::new();
    for name in names {
        context.check()?;
        let doses = recorded.remove(name).unwrap_or_default();
        let rows = rows_for(name, portrait, !doses.dated.is_empty());
        if rows.is_empty() && doses == Doses::default() {
            continue;
        }
        let twin = all.iter_mut().find(|series| series.doses == doses && are_alike(&series.rows, &rows));
        match twin {
            Some(twin) => twin.diseases.push(name),
            None => {
                let since_11 =
                    rows.iter().any(|row| is_from_11(row)).then(|| given_since_11(&doses, portrait));
                let state = state(&doses, &rows, since_11, context.today);
                let is_outgrown =
                    !has_gap(name) && !rows.is_empty() && rows.iter().all(|row| is_past(row, portrait));
                all.push(Series { diseases: vec![name], doses, rows, since_11, state, is_outgrown });
            }
        }
    }
    Ok(all)
}

/// Rows that the table tells "As Tdap" and by a number: at 11 to 12 years, and once later if none was given then.
fn is_from_11(row: &schedule::Doses) -> bool {
    row.says.starts_with("As Tdap") && row.who.is_empty() && fewest(row.doses).is_some()
}

fn given_since_11(doses: &Doses, portrait: &Portrait) -> usize {
    let is_since = |dose: &&Dose| portrait.age_years_on(dose.on.latest()).is_some_and(|age| age >= 11.0);
    doses.dated.iter().filter(is_since).count()
}

fn are_alike(ones: &[&schedule::Doses], others: &[&schedule::Doses]) -> bool {
    let told = |row: &schedule::Doses| (row.body, row.doses, row.who, row.says);
    ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| told(one) == told(other))
}

/// The rows for the age. A child beyond the age of a row still has it named where doses are on record, and
/// where the next row lies ahead (tetanus from 7 to 10).
fn rows_for(group: &str, portrait: &Portrait, has_doses: bool) -> Vec<&'static schedule::Doses> {
    let Some(age) = portrait.age_years() else { return Vec::new() };
    let of_group = |row: &schedule::Doses| row.group == group && is_for(row, portrait);
    let mut rows: Vec<&'static schedule::Doses> = doses_at(age).filter(|row| of_group(row)).collect();
    let has_gap = has_gap(group);
    if age < 19.0 && (has_doses || has_gap) {
        let past = schedule().iter().filter(|row| of_group(row) && row.who.is_empty());
        let past = past.filter(|row| is_past(row, portrait));
        let past: Vec<&schedule::Doses> = past
            .filter(|row| has_gap || !rows.iter().any(|now| now.body == row.body && now.who.is_empty()))
            .collect();
        rows.extend(past);
        // Those of one body stand together, as in the table.
        rows.sort_by_key(|row| schedule().iter().position(|other| std::ptr::eq(*row, other)));
    }
    rows
}

/// The next row lies ahead of those from 7 to 10.
fn has_gap(group: &str) -> bool {
    matches!(group, "Tetanus" | "Diphtheria" | "Pertussis")
}

fn is_past(row: &schedule::Doses, portrait: &Portrait) -> bool {
    row.ages.below.zip(portrait.age_years()).is_some_and(|(below, age)| below <= age)
}

/// Whether the words behind a row can be meant: a pregnancy that is recorded, a birth in its years.
fn is_for(row: &schedule::Doses, portrait: &Portrait) -> bool {
    if row.who.contains("each pregnancy") || row.who.starts_with("pregnancy") {
        return portrait.pregnancy.is_current();
    }
    let born_from = row.who.strip_prefix("born in ").and_then(|rest| rest.get(..4)?.parse::<i16>().ok());
    let born = portrait.born.map(|born| born.year());
    born_from.is_none_or(|from| born.is_none_or(|born| born >= from))
}

fn state(doses: &Doses, rows: &[&schedule::Doses], since_11: Option<usize>, today: Date) -> State {
    let last = doses.dated.last();
    // What some decide with a clinician is not due: the dates are told, and nothing more.
    let is_for_all = |row: &&&schedule::Doses| row.who.is_empty();
    if rows.iter().filter(is_for_all).any(|row| row.doses == YEARLY) {
        return yearly(last, today);
    }
    if let (Some(years), Some(last)) = (rows.iter().find_map(|row| every_years(row.doses)), last) {
        return every(last, years, today);
    }
    let recorded = doses.dated.len();
    if recorded == 0 && doses.undated.is_empty() {
        return State::NoRecordHere;
    }
    let counting = doses.dated.iter().filter(|dose| !dose.is_old_shingles).count();
    let is_fewer = rows.iter().filter(is_for_all).any(|row| {
        let given = since_11.filter(|_| is_from_11(row)).unwrap_or(counting);
        fewest(row.doses).is_some_and(|named| given < named)
    });
    State::Counted { recorded, is_fewer }
}

/// A season begins in July, before the flu vaccines of a winter come out, and ends in June.
pub(super) fn season_began(today: Date) -> Date {
    let year = if today.month() >= 7 { today.year() } else { today.year() - 1 };
    date(year, 7, 1)
}

fn yearly(last: Option<&Dose>, today: Date) -> State {
    let began = season_began(today);
    match last.map(done) {
        None => State::NoRecordHere,
        Some(last) if last.on.latest() >= began => State::UpToDate { by: last, again: None },
        Some(last) => State::Due { last, on: When::day(began) },
    }
}

fn every(last: &Dose, years: u32, today: Date) -> State {
    let until = later(last.on, years * 12);
    let last = done(last);
    if until.latest() < today {
        State::Overdue { last, until }
    } else {
        State::UpToDate { by: last, again: Some(until) }
    }
}

fn done(dose: &Dose) -> Done {
    Done { id: dose.id, name: dose.product.clone(), on: dose.on, is_marked: false }
}

fn every_years(doses: &str) -> Option<u32> {
    doses.strip_prefix("every ")?.split(' ').next()?.parse().ok()
}

/// The least that a row names: 2 of "2 or 3".
fn fewest(doses: &str) -> Option<usize> {
    doses.split(' ').find_map(|word| word.parse().ok())
}

/// What a body says, without the sentence that is said once for all of them.
pub(super) fn says(row: &schedule::Doses) -> String {
    row.says.replace(HELD_SENTENCE, "")
}
