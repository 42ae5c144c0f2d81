//! Stays in hospital and visits to the emergency department: why, how long, where to, and what changed.

use std::collections::HashMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::part::{cited, name_of, select_always};
use crate::insight::lifetime::Lifetime;
use crate::insight::medications::medication;
use crate::insight::rows::{Shown, date_cell};
use crate::insight::sheet::Part;
use crate::insight::visits::{self, Took};
use crate::insight::{Context, Refusal, shortened};
use crate::record::{Entry, Kind, LinkRole, Setting, Standing, VisitClass};

/// Stays of so many years are told.
const YEARS: i32 = 2;
/// Characters of a reason or a place.
const WORDS_CHARS: usize = 80;
/// New medicines and diagnoses that one stay names.
const CHANGES_MOST: usize = 4;

/// The stays of two years, or since an earlier day that was asked for.
pub(super) fn stays(context: &Context<'_>, since: Option<Date>, is_brief: bool) -> Result<Part, Refusal> {
    // Of who has died the last two years of life are told.
    let died = Lifetime::of(context.view, context.today).died();
    let end = died.unwrap_or(context.today).min(context.today);
    let two_years = end.saturating_sub(YEARS.years());
    let from = since.unwrap_or(two_years);
    let visits = select_always(context, Kind::Visit)?;
    let is_stay = |shown: &&Shown<'_>| {
        let class = visits::visit(shown.face).map(|visit| visit.class);
        let is_class =
            matches!(class, Some(VisitClass::Inpatient | VisitClass::Observation | VisitClass::Emergency));
        let last = shown.face.end.or(shown.face.date);
        is_class
            && Took::of(shown.face, context.today) == Took::Place
            && shown.face.standing.is_fact()
            && last.is_some_and(|when| when.latest() >= from)
    };
    let stays: Vec<&Shown<'_>> = visits.iter().filter(is_stay).collect();
    let changes = if stays.is_empty() { Changes::default() } else { Changes::of(context)? };
    let lines = stays.iter().map(|shown| stay(context, shown, &changes)).collect();
    let call = "get_visits {\"detail\":\"full\"}";
    let name = match since {
        Some(day) => format!("Hospital and emergency stays since {day}"),
        None => "Hospital and emergency stays, two years".into(),
    };
    Ok(Part::of(name, call, if is_brief { 3 } else { 8 }, lines).keeping(2))
}

fn stay(context: &Context<'_>, shown: &Shown<'_>, changes: &Changes<'_>) -> String {
    let entry = shown.face;
    let until = entry
        .end
        .map(|end| end.date_text())
        .filter(|end| entry.date.is_none_or(|date| date.date_text() != *end));
    let until = until.map_or_else(String::new, |end| format!(" to {end}"));
    let what = shortened(&visits::what(entry), WORDS_CHARS);
    let visit = visits::visit(entry);
    let reasons: Vec<String> = visit.map_or_else(Vec::new, |visit| {
        visit.reasons.iter().take(3).map(|why| shortened(why, WORDS_CHARS)).collect()
    });
    let reasons =
        if reasons.is_empty() { ": reason not recorded".into() } else { format!(": {}", reasons.join(", ")) };
    let to = visit.and_then(|visit| visit.discharge.as_deref());
    let to = to.map_or_else(String::new, |to| format!("; went to: {}", shortened(to, WORDS_CHARS)));
    let is_on =
        if entry.status.as_deref() == Some("in-progress") { " (still going on, as recorded)" } else { "" };
    let changed = changes.at(context, shown);
    format!("{}{until} {what}{is_on}{reasons}{to} [{}]{changed}", date_cell(entry.date), entry.id)
}

/// Diagnoses and medicines for home by the visit that the record links them to.
#[derive(Default)]
struct Changes<'a> {
    by_visit: HashMap<(u16, &'a str), Vec<&'a Entry>>,
}

impl<'a> Changes<'a> {
    fn of(context: &Context<'a>) -> Result<Changes<'a>, Refusal> {
        let mut by_visit: HashMap<(u16, &str), Vec<&Entry>> = HashMap::new();
        for kind in [Kind::Condition, Kind::Medication] {
            for group in context.view.groups(kind) {
                context.check()?;
                let face = context.view.face(group);
                if !face.standing.is_fact() || !is_for_home(face) {
                    continue;
                }
                for member in context.view.members(group) {
                    for visit in member.linked(LinkRole::Visit) {
                        by_visit.entry((member.source, visit)).or_default().push(face);
                    }
                }
            }
        }
        Ok(Changes { by_visit })
    }

    fn at(&self, context: &Context<'_>, shown: &Shown<'_>) -> String {
        let keys = context.view.members(shown.group).map(|visit| (visit.source, visit.key.as_str()));
        let mut found: Vec<&Entry> =
            keys.filter_map(|key| self.by_visit.get(&key)).flatten().copied().collect();
        found.sort_by_key(|entry| entry.id);
        found.dedup_by_key(|entry| entry.id);
        let told = |kind: Kind, what: &str| {
            let all: Vec<&&Entry> = found.iter().filter(|entry| entry.kind() == kind).collect();
            let told: Vec<String> = all.iter().take(CHANGES_MOST).map(|entry| change(entry)).collect();
            let more = all.len().saturating_sub(CHANGES_MOST);
            let more = if more > 0 { format!(", {more} more") } else { String::new() };
            if told.is_empty() { String::new() } else { format!("; {what}: {}{more}", told.join(", ")) }
        };
        format!("{}{}", told(Kind::Condition, "diagnoses"), told(Kind::Medication, "medicines ordered"))
    }
}

/// A diagnosis, or a medicine with the word that it was stopped.
fn change(entry: &Entry) -> String {
    let is_stopped = entry.kind() == Kind::Medication && entry.status.as_deref() == Some("stopped");
    if is_stopped { format!("{} (stopped) [{}]", name_of(entry), entry.id) } else { cited(entry) }
}

fn is_for_home(entry: &Entry) -> bool {
    let setting = medication(entry).map(|medicine| medicine.setting);
    entry.standing == Standing::Stated && !matches!(setting, Some(Setting::Inpatient | Setting::Clinic))
}
