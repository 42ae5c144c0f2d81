//! What to keep in mind through the day: allergies, medicines with foods, devices, operations, age and
//! falls, function, pregnancy. Stated facts, and a question.

use std::collections::BTreeMap;

use super::ground::{Ground, Whom};
use super::medicines::{doubt, is_wanted};
use super::moments::{Moment, placed};
use crate::insight::allergies::{is_present, reactions, stance};
use crate::insight::medications::HomeMedicine;
use crate::insight::rows::{self, date_cell};
use crate::insight::sheet::Part;
use crate::insight::telling::in_few_words;
use crate::insight::{Refusal, plain, shortened};
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::medicine_facts::{MedicineFacts, facts};
use crate::knowledge::medicines::HighRisk;
use crate::record::{Entry, Kind, Standing};

/// Allergies, as the record states them. No budget cuts them.
pub(super) fn allergies(ground: &Ground<'_, '_>) -> Part {
    let view = ground.context.view;
    let faces = view.groups(Kind::Allergy).iter().map(|group| view.face(group));
    let mut lines: Vec<String> = faces.filter(|entry| is_present(entry)).map(allergy_line).collect();
    lines.sort();
    Part::fixed("Allergies (for food, medicines, skin)", lines).saying(stance(ground.context).lines.join(" "))
}

fn allergy_line(entry: &Entry) -> String {
    let is_food = entry.categories.iter().any(|word| word.to_lowercase().contains("food"));
    let food = if is_food { "FOOD: " } else { "" };
    let seen = reactions(entry);
    let seen = if seen.is_empty() { String::new() } else { format!(": {}", seen.join("; ")) };
    let mark = rows::standing_word(entry).map_or_else(String::new, |word| format!(" ({word})"));
    format!("{food}{}{seen}{mark} [{}]", plain(&entry.concept.label()), entry.id)
}

/// What must not be lost to a budget: a weekly medicine whose words do not say weekly, pregnancy.
pub(super) fn dangers(ground: &Ground<'_, '_>) -> Part {
    let mut lines: Vec<String> = confirmed(ground).filter_map(weekly).collect();
    if let Whom::Pregnant(by) = ground.whom {
        lines.push(format!(
            "Pregnancy is recorded [{by}]: ask the maternity team before any medicine, supplement, new food plan or new exercise"
        ));
        lines.extend(confirmed(ground).flat_map(|medicine| {
            of_medicine(medicine, |facts| facts.pregnancy, "pregnancy:", &format!("pregnancy [{by}]"))
        }));
    }
    Part::fixed("Ask first", lines)
}

fn confirmed<'g, 'a>(ground: &'g Ground<'a, '_>) -> impl Iterator<Item = &'g HomeMedicine<'a>> {
    ground.home.iter().filter(|medicine| doubt(medicine, ground.context.today).is_none())
}

/// Methotrexate that the recorded words do not put on a day of the week: daily use by mistake has killed.
fn weekly(medicine: &HomeMedicine<'_>) -> Option<String> {
    let is_weekly = |risk: Option<HighRisk>| risk == Some(HighRisk::WeeklyMethotrexate);
    let one = medicine.ingredients.iter().find(|one| is_weekly(one.high_risk))?;
    let says_so = placed(medicine).moments.contains(&Moment::OtherDays);
    let known = facts(one.name)?;
    (!says_so).then(|| {
        format!(
            "your record: {} [{}] → {} (general pharmacy knowledge, 2026). The recorded words do not say once a week: ask the pharmacist before the next dose",
            name(medicine.entry),
            medicine.entry.id,
            known.taken
        )
    })
}

/// What the table says of a medicine in one respect, with the source of that column.
fn of_medicine(
    medicine: &HomeMedicine<'_>,
    says: impl Fn(&MedicineFacts) -> &'static str,
    column: &str,
    with: &str,
) -> Vec<String> {
    let known = medicine.names().filter_map(facts).filter(|facts| !says(facts).is_empty());
    let lines = known.map(|facts| {
        let source = facts.sources.iter().find_map(|source| source.strip_prefix(column));
        let source = source.unwrap_or("general pharmacy knowledge, 2026").trim();
        format!(
            "your record: {with}, {} [{}] → {} ({source}). Ask the pharmacist",
            name(medicine.entry),
            medicine.entry.id,
            says(facts).trim_end_matches('.')
        )
    });
    lines.collect()
}

fn name(entry: &Entry) -> String {
    shortened(&entry.concept.label(), 80)
}

/// Foods and the like that matter with the medicines, a line for each medicine.
pub(super) fn foods(ground: &Ground<'_, '_>) -> Part {
    const SOURCE: &str = "general pharmacy knowledge, 2026";
    let mut lines: Vec<(usize, String)> = Vec::new();
    for medicine in confirmed(ground).filter(|one| ground.wanted.takes_foods() || is_wanted(ground, one)) {
        let mut foods: Vec<&str> = Vec::new();
        for food in medicine.names().filter_map(facts).flat_map(|facts| &facts.foods) {
            if !foods.contains(food) {
                foods.push(food);
            }
        }
        let told = format!(
            "your record: {} [{}] → ask about {} ({SOURCE})",
            name(medicine.entry),
            medicine.entry.id,
            foods.join(", ")
        );
        if !foods.is_empty() && !lines.iter().any(|(_, line)| *line == told) {
            lines.push((usize::from(medicine.high_risk.is_none()), told));
        }
    }
    // Where a slip harms soonest comes first.
    lines.sort_by_key(|(rank, _)| *rank);
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    let call = "plan_daily_routine {\"focus\":\"medicines\"}";
    Part::of("Medicines with food, drink and store remedies: ask the pharmacist", call, usize::MAX, lines)
        .keeping(3)
}

/// Function, falls, devices and operations: what may limit a day.
pub(super) fn limits(ground: &Ground<'_, '_>) -> Result<Part, Refusal> {
    let mut lines = function(ground)?;
    let is_older = ground.portrait.age_years().is_some_and(|age| age >= 65.0);
    let falls = ground.present.get("walking-problem").or_else(|| ground.present.get("frailty"));
    if let Some(falls) = falls.filter(|_| is_older && ground.whom == Whom::Adult) {
        lines.push(format!(
            "your record: 65 or older, {} → ask what makes a fall less likely before new exercise",
            falls.told
        ));
    }
    lines.extend(devices(ground));
    lines.extend(operations(ground)?);
    if is_older && ground.whom == Whom::Adult {
        let older = confirmed(ground)
            .filter(|medicine| is_wanted(ground, medicine))
            .flat_map(|medicine| of_medicine(medicine, |facts| facts.older, "older:", "65 or older"));
        lines.extend(older.take(OLDER_MOST));
    }
    Ok(Part::of("Keep in mind", "get_background", 10, lines).keeping(4))
}

/// Lines on medicines from 65 on; get_medications has the rest.
const OLDER_MOST: usize = 4;

/// Categories under which sources send how somebody gets along.
const OF_FUNCTION: [&str; 3] = ["functional-status", "disability-status", "cognitive-status"];

/// Words of help, aids and falls in an answer or a name.
const OF_LIMITS: [&str; 18] = [
    "walker",
    "cane",
    "wheelchair",
    "crutch",
    "crutches",
    "assist",
    "assistance",
    "help",
    "dependent",
    "unable",
    "difficulty",
    "unsteady",
    "fall",
    "falls",
    "fell",
    "blind",
    "deaf",
    "bedbound",
];

fn function(ground: &Ground<'_, '_>) -> Result<Vec<String>, Refusal> {
    const MOST: usize = 4;
    let mut named: BTreeMap<String, (&Entry, String)> = BTreeMap::new();
    for group in ground.context.view.groups(Kind::Background) {
        ground.context.check()?;
        let entry = ground.context.view.face(group);
        let has_category = entry.categories.iter().any(|word| {
            let word = word.to_lowercase().replace([' ', '_'], "-");
            OF_FUNCTION.iter().any(|part| word.contains(part))
        });
        if !has_category || entry.standing != Standing::Stated {
            continue;
        }
        let told = in_few_words(ground.context, entry);
        let folded = fold(&told);
        if OF_LIMITS.iter().any(|word| holds_words(&folded, word)) {
            // The newest answer to a question speaks.
            let key = entry.concept.label().to_lowercase();
            let is_newer = |old: &(&Entry, String)| entry.date > old.0.date;
            if named.get(&key).is_none_or(is_newer) {
                named.insert(key, (entry, told));
            }
        }
    }
    let mut found: Vec<(&Entry, String)> = named.into_values().collect();
    found.sort_by_key(|(entry, told)| (std::cmp::Reverse(entry.date), told.clone()));
    let line = |(entry, told): (&Entry, String)| {
        format!("Function: {}, {} [{}]", shortened(&told, 160), date_cell(entry.date), entry.id)
    };
    Ok(found.into_iter().take(MOST).map(line).collect())
}

/// Names of devices in the body with which machines, scans or exercise are a question.
const IMPLANTED: [&str; 10] = [
    "pacemaker",
    "defibrillator",
    "icd",
    "insulin pump",
    "infusion pump",
    "stimulator",
    "shunt",
    "cochlear",
    "port",
    "artificial valve",
];

fn devices(ground: &Ground<'_, '_>) -> Vec<String> {
    let view = ground.context.view;
    let faces = view.groups(Kind::Device).iter().map(|group| view.face(group));
    let inside = faces.filter(|entry| {
        let folded = fold(&entry.concept.label());
        entry.standing.is_fact()
            && entry.status.as_deref() != Some("inactive")
            && IMPLANTED.iter().any(|word| holds_words(&folded, word))
    });
    let mut lines: Vec<String> = inside
        .map(|entry| {
            let name = plain(&entry.concept.label());
            format!("Device: {name} [{}] → ask what to keep away from, and what exercise fits", entry.id)
        })
        .collect();
    lines.sort();
    lines
}

/// For so many days an operation is told with a question; the window is ours.
const OPERATION_DAYS: i32 = 90;

/// Endings and words of operations.
const OPERATIONS: [&str; 12] = [
    "ectomy",
    "plasty",
    "otomy",
    "ostomy",
    "surgery",
    "operation",
    "replacement",
    "bypass",
    "transplant",
    "fusion",
    "repair",
    "cesarean",
];

fn operations(ground: &Ground<'_, '_>) -> Result<Vec<String>, Refusal> {
    const MOST: usize = 3;
    let view = ground.context.view;
    let mut found: Vec<&Entry> = Vec::new();
    for group in view.groups(Kind::Procedure) {
        ground.context.check()?;
        let entry = view.face(group);
        let days = entry.date.map(|when| (ground.context.today - when.latest()).get_days());
        let is_recent = days.is_some_and(|days| (0..=OPERATION_DAYS).contains(&days));
        if !is_recent || entry.standing != Standing::Stated || entry.status.as_deref() == Some("preparation")
        {
            continue;
        }
        let folded = fold(&entry.concept.label());
        if OPERATIONS.iter().any(|word| folded.contains(word)) {
            found.push(entry);
        }
    }
    found.sort_by_key(|entry| (std::cmp::Reverse(entry.date), entry.concept.label()));
    let line = |entry: &&Entry| {
        format!(
            "Operation: {}, {} [{}] → ask the surgical team what moving, lifting, bathing and driving are allowed",
            name(entry),
            date_cell(entry.date),
            entry.id
        )
    };
    Ok(found.iter().take(MOST).map(line).collect())
}
