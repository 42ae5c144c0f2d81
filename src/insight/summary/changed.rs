//! What changed lately: new problems, medicines begun and ended, new allergies, a death.

use std::collections::{BTreeMap, HashSet};

use super::part::{in_one_line, line, name_of, select_always};
use crate::insight::allergies::is_present;
use crate::insight::medications::{HomeMedicine, medication};
use crate::insight::problems::{Problem, is_of_a_visit};
use crate::insight::{Context, Period, Refusal, Whose, plain, rows};
use crate::record::{Entry, Kind, MedicationRole, Setting, Standing, When};

/// Facts of one sort that a line names.
const MOST: usize = 6;

/// The changes since a day, a line for each sort of them.
pub(super) fn changes(
    context: &Context<'_>,
    period: &Period,
    problems: &[Problem<'_>],
    home: &[HomeMedicine<'_>],
    moved: &[String],
) -> Result<Vec<String>, Refusal> {
    let lies_in = |when: When| {
        let first = when.earliest();
        period.since.is_none_or(|since| first >= since) && first <= context.today
    };
    // What came in since a day may be dated long before.
    let is_since = |entry: &Entry, when: Option<When>| match period.added_since {
        Some(added) if period.since.is_none() => entry.added_at >= added,
        Some(added) => entry.added_at >= added && when.is_some_and(lies_in),
        None => when.is_some_and(lies_in),
    };
    let died = Whose::of(context.view).died.filter(|died| When::parse(died).is_some_and(lies_in));
    let new_problems = newest(new_problems(problems).filter(|entry| is_since(entry, on(entry))));
    let allergies = select_always(context, Kind::Allergy)?;
    let allergies = allergies.iter().map(|shown| shown.face).filter(|entry| is_present(entry));
    let allergies = newest(allergies.filter(|entry| is_since(entry, on(entry))));
    let taken = Taken::of(context)?;
    let lines = [
        died.map(|died| format!("Died {died}")),
        in_one_line("New problems", &new_problems, MOST, "get_conditions"),
        in_one_line("New medicines", &taken.begun(home, &is_since), MOST, "get_medications"),
        in_one_line("Medicines stopped or ended", &taken.ended(home, &is_since), MOST, "get_medications"),
        in_one_line("Results beyond their usual variation", moved, MOST, "explain_labs"),
        in_one_line("New allergies", &allergies, MOST, "get_allergies"),
    ];
    Ok(lines.into_iter().flatten().collect())
}

/// Each problem by its first entry: what is only recorded once more is not new.
fn new_problems<'a>(problems: &'a [Problem<'a>]) -> impl Iterator<Item = &'a Entry> {
    let listed = problems.iter().filter(|problem| problem.no_illness.is_none());
    let listed = listed.filter(|problem| !is_of_a_visit(problem.entry) || problem.entry.status.is_some());
    let mut first: BTreeMap<String, &Entry> = BTreeMap::new();
    let order = |entry: &Entry| on(entry).map(|when| when.order());
    for entry in listed.map(|problem| problem.entry) {
        let known = first.entry(entry.concept.label().to_lowercase()).or_insert(entry);
        if order(entry) < order(known) {
            *known = entry;
        }
    }
    first.into_values()
}

/// The newest first, each with its date and citation.
fn newest<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let mut entries: Vec<&Entry> = entries.collect();
    entries.sort_by_key(|entry| {
        std::cmp::Reverse((entry.date.or(entry.recorded).map(|when| when.order()), entry.id.order()))
    });
    let told = entries.iter().map(|entry| {
        let mark = rows::standing_word(entry).map_or_else(String::new, |word| format!(" ({word})"));
        line(&format!("{}{mark}", name_of(entry)), on(entry), entry)
    });
    told.collect()
}

/// Every order and statement of a medicine for home, by what is in it.
struct Taken<'a> {
    by_drug: BTreeMap<String, Vec<&'a Entry>>,
}

impl<'a> Taken<'a> {
    fn of(context: &Context<'a>) -> Result<Taken<'a>, Refusal> {
        let mut by_drug: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
        for shown in select_always(context, Kind::Medication)? {
            let entry = shown.face;
            let Some(medicine) = medication(entry) else { continue };
            let is_order = matches!(medicine.role, MedicationRole::Order | MedicationRole::Statement);
            let is_home = !matches!(medicine.setting, Setting::Inpatient | Setting::Clinic);
            if is_order && is_home && entry.standing == Standing::Stated {
                by_drug.entry(drug(entry)).or_default().push(entry);
            }
        }
        Ok(Taken { by_drug })
    }

    /// Medicines for home of which the first order or statement lies in the period.
    fn begun(
        &self,
        home: &[HomeMedicine<'_>],
        is_since: &impl Fn(&Entry, Option<When>) -> bool,
    ) -> Vec<String> {
        let mut told = HashSet::new();
        let of_home = home.iter().filter(|medicine| told.insert(drug(medicine.entry)));
        let begun = of_home.filter_map(|medicine| {
            let all = self.by_drug.get(&drug(medicine.entry))?;
            let first = all.iter().min_by_key(|entry| on(entry).map(|when| when.order()))?;
            is_since(first, on(first)).then(|| line(&name_of(medicine.entry), on(first), medicine.entry))
        });
        begun.collect()
    }

    /// Medicines of which none is for home any more and that were stopped, or came to their end, in the period.
    fn ended(
        &self,
        home: &[HomeMedicine<'_>],
        is_since: &impl Fn(&Entry, Option<When>) -> bool,
    ) -> Vec<String> {
        let still: HashSet<String> = home.iter().map(|medicine| drug(medicine.entry)).collect();
        let gone = self.by_drug.iter().filter(|(drug, _)| !still.contains(*drug));
        let ended = gone.filter_map(|(_, all)| {
            let last =
                all.iter().max_by_key(|entry| (on(entry).map(|when| when.order()), entry.id.order()))?;
            let status = last
                .status
                .as_deref()
                .filter(|status| matches!(*status, "stopped" | "completed" | "cancelled"));
            let end = last.end.or_else(|| status.and(last.updated));
            let word = status.map_or_else(|| "ended".into(), plain);
            is_since(last, end).then(|| line(&format!("{} ({word})", name_of(last)), end, last))
        });
        ended.collect()
    }
}

fn on(entry: &Entry) -> Option<When> {
    entry.date.or(entry.recorded)
}

/// What is in it; of what no table knows the recorded name.
fn drug(entry: &Entry) -> String {
    let known = medication(entry).map_or(&[][..], |medicine| &medicine.ingredients);
    if known.is_empty() {
        return entry.concept.label().to_lowercase();
    }
    known.iter().map(|text| text.as_str()).collect::<Vec<_>>().join("+")
}
