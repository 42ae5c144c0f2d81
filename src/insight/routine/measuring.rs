//! What the record's conditions and plans say to measure, how it is measured, and what was measured last.

use std::collections::HashMap;

use super::ground::Ground;
use super::guidance;
use crate::insight::Refusal;
use crate::insight::lifetime::Lifetime;
use crate::insight::measured;
use crate::insight::measurements::measurement;
use crate::insight::plausible::is_possible;
use crate::insight::rows::date_cell;
use crate::insight::sheet::Part;
use crate::insight::telling::in_few_words;
use crate::knowledge::analytes::analyte_by_code;
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::guidance::Topic;
use crate::record::{Detail, Entry, Kind, Standing, System};

/// Something that is measured at home.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Measure {
    name: &'static str,
    /// Keys of the table of analytes, one specimen and method each.
    analytes: &'static [&'static str],
    /// Main conditions of the rows of guidance on how to measure it.
    rows: &'static [&'static str],
    /// Words by which plans, goals and orders name it.
    words: &'static [&'static str],
}

const MEASURES: [Measure; 5] = [
    Measure {
        name: "Blood pressure",
        analytes: &["blood-pressure"],
        rows: &["high-blood-pressure", "stroke", "ckd", "pregnancy-high-pressure"],
        words: &["blood pressure", "bp"],
    },
    Measure {
        name: "Blood sugar",
        analytes: &["glucose-fingerstick", "glucose-whole-blood", "glucose-fasting", "glucose-serum"],
        rows: &["type-2-diabetes", "type-1-diabetes", "pregnancy-diabetes"],
        words: &["blood sugar", "blood glucose", "glucose", "fingerstick", "finger stick"],
    },
    Measure {
        name: "Weight",
        analytes: &["weight"],
        rows: &["heart-failure", "esrd"],
        words: &["weight", "weigh", "weights"],
    },
    Measure { name: "Peak flow", analytes: &[], rows: &[], words: &["peak flow", "peak expiratory flow"] },
    Measure {
        name: "Temperature",
        analytes: &["temperature", "temperature-oral"],
        rows: &[],
        words: &["temperature", "fever"],
    },
];

/// For each measure the record calls for: the latest value, what the own plan says, and how to measure.
pub(super) fn measuring(ground: &Ground<'_, '_>) -> Result<Part, Refusal> {
    let rows = guidance::rows(ground);
    let how = |measure: &Measure| {
        let here = rows.iter().filter(|(row, _)| {
            row.topic == Topic::Measuring
                && row.conditions.first().is_some_and(|main| measure.rows.contains(main))
        });
        here.map(|(row, evidence)| guidance::line(row, evidence)).collect::<Vec<String>>()
    };
    let wanted: Vec<(&Measure, Vec<String>, Vec<String>)> = MEASURES
        .iter()
        .filter(|measure| is_wanted(ground, measure))
        .map(|measure| (measure, planned(ground, measure), how(measure)))
        .filter(|(_, planned, how)| !planned.is_empty() || !how.is_empty())
        .collect();
    let mut lines = Vec::new();
    if !wanted.is_empty() {
        let latest = latest(ground)?;
        for (measure, planned, _) in &wanted {
            let values = measure.analytes.iter().filter_map(|key| latest.get(key));
            let values = values.max_by_key(|entries| entries.first().map(|entry| (entry.date, entry.id)));
            lines.push(value_line(ground, measure, values.map_or(&[][..], Vec::as_slice)));
            lines.extend(planned.iter().cloned());
        }
        // The first line on each measure comes before the second on any.
        let most = wanted.iter().map(|(_, _, how)| how.len()).max().unwrap_or(0);
        let turns = (0..most).flat_map(|turn| wanted.iter().filter_map(move |(_, _, how)| how.get(turn)));
        lines.extend(turns.cloned());
    }
    let call = "plan_daily_routine {\"focus\":\"measuring\"}";
    Ok(Part::of("Measuring, and how", call, usize::MAX, lines).keeping(5))
}

fn is_wanted(ground: &Ground<'_, '_>, measure: &Measure) -> bool {
    let words = measure.words.iter().chain([&measure.name]).copied();
    let from_rows = measure.rows.iter().filter_map(|key| ground.present.get(key));
    let names = from_rows.flat_map(|evidence| [evidence.told.as_str(), evidence.name]);
    !ground.whom.is_in_hospice() && ground.wanted.takes_guidance(Topic::Measuring, words.chain(names))
}

/// Of several values at one moment none is the latest: all are told.
fn value_line(ground: &Ground<'_, '_>, measure: &Measure, values: &[&Entry]) -> String {
    let Some(first) = values.first() else {
        return format!("{}: no value in these records", measure.name);
    };
    let mut told: Vec<(String, String)> = Vec::new();
    for entry in values {
        let words = in_few_words(ground.context, entry);
        if !told.iter().any(|(known, _)| *known == words) {
            told.push((words.clone(), format!("{words} [{}]", entry.id)));
        }
    }
    told.sort();
    let told: Vec<String> = told.into_iter().take(TWINS_MOST).map(|(_, line)| line).collect();
    let date = date_cell(first.date);
    format!("{}, latest recorded, {date}: {}", measure.name, told.join("; at the same time: "))
}

/// Values of one moment that are told.
const TWINS_MOST: usize = 3;

/// The newest value of each analyte of the measures that can be; a preliminary or withdrawn one is none.
fn latest<'a>(ground: &Ground<'a, '_>) -> Result<HashMap<&'static str, Vec<&'a Entry>>, Refusal> {
    let view = ground.context.view;
    let lifetime = Lifetime::of(view, ground.context.today);
    let keys: Vec<&str> = MEASURES.iter().flat_map(|measure| measure.analytes.iter().copied()).collect();
    // Records say the same code many times.
    let mut known: HashMap<(usize, usize), Option<&'static str>> = HashMap::new();
    let mut latest: HashMap<&'static str, Vec<&'a Entry>> = HashMap::new();
    for kind in [Kind::Vital, Kind::Lab] {
        for group in view.groups(kind) {
            ground.context.check()?;
            let entry = view.face(group);
            if entry.is_logged() {
                continue;
            }
            let Some(code) = entry.concept.codes_in(&System::Loinc).next() else { continue };
            let place = (code.as_ptr() as usize, code.len());
            let key = *known.entry(place).or_insert_with(|| {
                analyte_by_code(code).map(|known| known.key).filter(|key| keys.contains(key))
            });
            let Some(key) = key else { continue };
            let newest = latest.get(key).and_then(|entries| entries.first()).map(|old| order(old));
            if newest.is_some_and(|newest| newest > order(entry)) || !is_told(entry, &lifetime) {
                continue;
            }
            let entries = latest.entry(key).or_default();
            entries.retain(|old| order(old) == order(entry));
            entries.push(entry);
        }
    }
    Ok(latest)
}

fn order(entry: &Entry) -> Option<u128> {
    entry.date.map(|when| when.order())
}

fn is_told(entry: &Entry, lifetime: &Lifetime) -> bool {
    let found = measurement(entry).filter(|found| found.value.is_some() || !found.components.is_empty());
    let is_possible = found.is_some_and(|found| is_possible(entry, found));
    let is_final = measured::status(entry).is_empty()
        || matches!(entry.status.as_deref(), Some("amended" | "corrected" | "final"));
    is_possible && is_final && entry.standing == Standing::Stated && lifetime.objection(entry).is_none()
}

/// What the person's own plans and orders say of it, as written.
fn planned(ground: &Ground<'_, '_>, measure: &Measure) -> Vec<String> {
    let view = ground.context.view;
    let faces = view.groups(Kind::CarePlan).iter().map(|group| view.face(group));
    let active = faces.filter(|entry| {
        entry.standing == Standing::Stated
            && entry.status.as_deref() == Some("active")
            && entry.end.is_none_or(|end| end.latest() >= ground.context.today)
    });
    let is_measure = |text: &str| {
        let folded = fold(text);
        measure.words.iter().any(|word| holds_words(&folded, word))
    };
    let mut lines: Vec<String> = Vec::new();
    for entry in active {
        let is_asked = |text: &str| is_measure(text) && asks_to_measure(text);
        let texts: Vec<String> = match &entry.detail {
            Detail::Plan(activities) => activities.iter().map(|text| text.to_string()).collect(),
            Detail::Order(_) => vec![entry.concept.label()],
            _ => continue,
        };
        for text in texts.iter().filter(|text| is_asked(text)) {
            let words = crate::insight::shortened(text, 160);
            lines.push(format!("your record: \"{words}\", {} [{}]", date_cell(entry.date), entry.id));
        }
    }
    lines.sort();
    lines.dedup();
    lines.truncate(PLANNED_MOST);
    lines
}

/// Lines of plans and orders about one measure.
const PLANNED_MOST: usize = 3;

/// True of words that ask for measuring and do not merely name what was measured.
fn asks_to_measure(text: &str) -> bool {
    let folded = fold(text);
    let words = [
        "monitor",
        "monitoring",
        "measure",
        "measuring",
        "measurement",
        "check",
        "checks",
        "daily",
        "home",
        "self",
        "record",
        "log",
        "weigh",
        "test",
        "testing",
    ];
    words.iter().any(|word| holds_words(&folded, word))
}
