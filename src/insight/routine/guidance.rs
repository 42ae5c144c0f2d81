//! Published guidance for what is recorded: each line with what in the record calls for it, its source and
//! year; and where two of them pull apart, both and the question.

use std::collections::HashMap;

use super::ground::{Evidence, Ground, OF_PREGNANCY, Whom};
use crate::insight::sheet::Part;
use crate::knowledge::conflicts::{Conflict, conflicts};
use crate::knowledge::guidance::{Guidance, Topic, guidance};

/// Main conditions of the rows that are for children too (head of the table of guidance).
const FOR_CHILDREN: [&str; 6] =
    ["asthma", "asthma-attack", "eczema", "type-1-diabetes", "epilepsy", "sickle-cell"];

/// Each topic but measuring with its heading, in the order in which they are shown.
const TOPICS: [(Topic, &str); 8] = [
    (Topic::Safety, "Published guidance: safety"),
    (Topic::Food, "Published guidance: food and drink"),
    (Topic::Activity, "Published guidance: activity"),
    (Topic::Sleep, "Published guidance: sleep"),
    (Topic::SmokingAlcohol, "Published guidance: smoking and alcohol"),
    (Topic::Feet, "Published guidance: feet"),
    (Topic::Skin, "Published guidance: skin"),
    (Topic::Sun, "Published guidance: sun"),
];

/// The rows that fit the person, each with what in the record calls for it.
pub(super) fn rows<'g>(ground: &'g Ground<'_, '_>) -> Vec<(&'static Guidance, &'g Evidence)> {
    let fits = |row: &Guidance| match ground.whom {
        Whom::Adult => true,
        Whom::Child => row.conditions.first().is_some_and(|main| FOR_CHILDREN.contains(main)),
        Whom::Pregnant(_) => true,
        Whom::Hospice(_) | Whom::AgeNotKnown => false,
    };
    let calls = |key: &&&str| match ground.whom {
        Whom::Pregnant(_) => OF_PREGNANCY.contains(key),
        _ => true,
    };
    let rows = guidance(&ground.keys()).into_iter().filter(|row| fits(row));
    let called = rows.filter_map(|row| {
        let evidence = row.conditions.iter().filter(calls).find_map(|key| ground.present.get(key))?;
        Some((row, evidence))
    });
    let wanted = called.filter(|(row, evidence)| {
        ground.wanted.takes_guidance(row.topic, [evidence.told.as_str(), evidence.name, row.says])
    });
    wanted.collect()
}

/// `your record: Hypertension [C000012] → less salt (AHA/ACC guideline, 2025)`.
pub(super) fn line(row: &Guidance, evidence: &Evidence) -> String {
    format!("your record: {} → {} ({}, {})", evidence.told, row.says, row.source, row.year)
}

/// Below so many tokens there is no room for lines of every topic.
const ROOM_FOR_TOPICS: usize = 1_500;

/// The guidance in so much room: lines by topic, or which topics there are.
pub(super) fn in_room(ground: &Ground<'_, '_>, room: usize) -> Vec<Part> {
    let topics = topics(ground);
    if room >= ROOM_FOR_TOPICS || !ground.wanted.is_all() {
        return topics;
    }
    let counts = topics.iter().filter(|part| !part.lines.is_empty()).map(|part| {
        let name = part.name.trim_start_matches("Published guidance: ");
        format!("{name} {}", part.lines.len())
    });
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() {
        return Vec::new();
    }
    let says = format!("{} lines: plan_daily_routine with one of these as focus", counts.join(", "));
    vec![Part::fixed("Published guidance", Vec::new()).saying(says)]
}

/// The topics but measuring, each a part. Of each condition the first line comes before the second of any.
fn topics(ground: &Ground<'_, '_>) -> Vec<Part> {
    let rows = rows(ground);
    let parts = TOPICS.iter().map(|(topic, heading)| {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let here = rows.iter().filter(|(row, _)| row.topic == *topic);
        let mut lines: Vec<(usize, String)> = here
            .map(|(row, evidence)| {
                let count = counts.entry(evidence.told.as_str()).or_default();
                *count += 1;
                (*count, line(row, evidence))
            })
            .collect();
        lines.sort_by_key(|(count, _)| *count);
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        Part::of(*heading, call(*topic), usize::MAX, lines).keeping(1)
    });
    parts.collect()
}

fn call(topic: Topic) -> &'static str {
    match topic {
        Topic::Food => "plan_daily_routine {\"focus\":\"food\"}",
        Topic::Activity => "plan_daily_routine {\"focus\":\"activity\"}",
        Topic::Measuring => "plan_daily_routine {\"focus\":\"measuring\"}",
        Topic::Sleep => "plan_daily_routine {\"focus\":\"sleep\"}",
        Topic::SmokingAlcohol => "plan_daily_routine {\"focus\":\"smoking\"}",
        Topic::Skin => "plan_daily_routine {\"focus\":\"skin\"}",
        Topic::Feet => "plan_daily_routine {\"focus\":\"feet\"}",
        Topic::Safety => "plan_daily_routine {\"focus\":\"safety\"}",
        Topic::Sun => "plan_daily_routine {\"focus\":\"sun\"}",
    }
}

/// Where two recorded conditions pull apart: never one line without the other.
pub(super) fn pulling_apart(ground: &Ground<'_, '_>) -> Part {
    let is_for = matches!(ground.whom, Whom::Adult | Whom::Pregnant(_) | Whom::AgeNotKnown);
    let met = if is_for { conflicts(&ground.keys()) } else { Vec::new() };
    let lines = met.into_iter().filter_map(|row| conflict_line(ground, row)).collect();
    let heading = "Where two conditions pull apart: ask";
    Part::of(heading, "plan_daily_routine {\"max_tokens\":4000}", usize::MAX, lines).keeping(usize::MAX)
}

fn conflict_line(ground: &Ground<'_, '_>, row: &Conflict) -> Option<String> {
    let pairs = row.ones.iter().flat_map(|one| row.others.iter().map(move |other| (one, other)));
    let (one, other) = pairs
        .filter(|(one, other)| one != other)
        .find_map(|(one, other)| Some((ground.present.get(one)?, ground.present.get(other)?)))?;
    let texts = [&one.told, one.name, row.one_says, &other.told, other.name, row.other_says];
    if !ground.wanted.takes_conflict(texts) {
        return None;
    }
    Some(format!(
        "your record: {} → {} · your record: {} → {} · Ask: \"{}\" ({})",
        one.told, row.one_says, other.told, row.other_says, row.ask, row.source
    ))
}

/// What is said of guidance that is left out.
pub(super) fn left_out(ground: &Ground<'_, '_>) -> Option<&'static str> {
    Some(match ground.whom {
        Whom::Adult => return None,
        Whom::Child => "Guidance for adults is left out: the person is under 18. Ask the child's doctor.",
        Whom::Pregnant(_) => "Guidance for adults who are not pregnant is left out. Ask the maternity team.",
        Whom::Hospice(_) => "Guidance for adults outside hospice is left out. Ask the hospice team.",
        Whom::AgeNotKnown => "The age is not recorded to the day, so guidance for adults is left out.",
    })
}
