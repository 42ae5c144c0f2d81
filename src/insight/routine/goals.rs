//! The person's own goals and plans, as written: they go before any guideline.

use std::cmp::Reverse;

use super::ground::Ground;
use crate::insight::sheet::Part;
use crate::insight::{plain, shortened};
use crate::record::{Detail, Entry, Goal, Kind, Standing};

/// Statuses of a goal or plan that is over or was never agreed.
const OVER: [&str; 9] = [
    "completed",
    "cancelled",
    "revoked",
    "rejected",
    "inactive",
    "suspended",
    "ended",
    "stopped",
    "entered-in-error",
];

/// Characters of a goal, an activity, a note.
const CHARACTERS: usize = 200;
/// Activities of a plan that a line has room for; the rest stands in get_record.
const ACTIVITIES: usize = 6;

/// Goals, the next due first, then plans with their activities, the newest first.
pub(super) fn goals(ground: &Ground<'_, '_>) -> Part {
    let mut goals: Vec<(&Entry, &Goal)> = Vec::new();
    let mut plans: Vec<&Entry> = Vec::new();
    for entry in current(ground) {
        match &entry.detail {
            Detail::Goal(goal) => goals.push((entry, goal)),
            Detail::Plan(_) => plans.push(entry),
            _ => {}
        }
    }
    goals.sort_by_key(|(entry, goal)| {
        (goal.due.is_none(), goal.due, Reverse(entry.date), entry.concept.label())
    });
    plans.sort_by_key(|entry| (Reverse(entry.date), entry.concept.label()));
    let lines = goals.into_iter().map(|(entry, goal)| goal_line(ground, entry, goal));
    let lines: Vec<String> = lines.chain(plans.into_iter().filter_map(plan_line)).collect();
    let part =
        Part::of("Own goals and plans, as recorded", "get_care_plan {\"status\":\"active\"}", 8, lines);
    let is_none = part.lines.is_empty() && ground.wanted.is_all();
    let part = part.keeping(4);
    if is_none {
        part.saying("None in these records. Ask: what matters most, and what is the goal?")
    } else {
        part
    }
}

/// What of the care plan stands now and is wanted.
fn current<'a>(ground: &Ground<'a, '_>) -> impl Iterator<Item = &'a Entry> {
    let view = ground.context.view;
    let faces = view.groups(Kind::CarePlan).iter().map(|group| view.face(group));
    faces.filter(|entry| {
        let is_over = entry.status.as_deref().is_some_and(|status| OVER.contains(&status));
        let has_ended = entry.end.is_some_and(|end| end.latest() < ground.context.today);
        entry.standing == Standing::Stated && !is_over && !has_ended && is_wanted(ground, entry)
    })
}

fn is_wanted(ground: &Ground<'_, '_>, entry: &Entry) -> bool {
    let further: Vec<&str> = match &entry.detail {
        Detail::Goal(goal) => goal.targets.iter().map(|text| text.as_str()).collect(),
        Detail::Plan(activities) => activities.iter().map(|text| text.as_str()).collect(),
        _ => return false,
    };
    ground.wanted.takes_goal(entry.concept.words().chain(further))
}

fn goal_line(ground: &Ground<'_, '_>, entry: &Entry, goal: &Goal) -> String {
    let name = shortened(&entry.concept.label(), CHARACTERS);
    let by = goal.by.as_deref().map_or_else(String::new, |by| format!(" of {}", plain(by)));
    let targets: Vec<String> = goal.targets.iter().map(|target| shortened(target, CHARACTERS)).collect();
    let targets =
        if targets.is_empty() { String::new() } else { format!("; target: {}", targets.join(", ")) };
    let due = goal.due.map_or_else(String::new, |due| {
        let past = if due.latest() < ground.context.today { " (that day is past)" } else { "" };
        format!("; due {}{past}", due.date_text())
    });
    let achieved = goal
        .achievement
        .as_deref()
        .map_or_else(String::new, |word| format!("; achievement: {}", plain(word)));
    format!("Goal{by}: \"{name}\"{targets}{due}{achieved}{} [{}]", status(entry), entry.id)
}

fn plan_line(entry: &Entry) -> Option<String> {
    let Detail::Plan(activities) = &entry.detail else { return None };
    let name = shortened(&entry.concept.label(), CHARACTERS);
    let mut all: Vec<String> = Vec::new();
    for text in activities {
        let quoted = format!("\"{}\"", shortened(text, CHARACTERS));
        if !all.contains(&quoted) {
            all.push(quoted);
        }
    }
    let more = all.len().saturating_sub(ACTIVITIES);
    let mut told: Vec<String> = all.into_iter().take(ACTIVITIES).collect();
    told.extend((more > 0).then(|| format!("{more} more")));
    let told = if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) };
    let since = entry.date.map_or_else(String::new, |when| format!(", since {}", when.date_text()));
    Some(format!("Plan: \"{name}\"{told}{since}{} [{}]", status(entry), entry.id))
}

/// The status where it is not simply active.
fn status(entry: &Entry) -> String {
    match entry.status.as_deref() {
        Some("active" | "accepted" | "in-progress") => String::new(),
        Some(status) => format!("; status: {}", plain(status)),
        None => "; status not recorded".into(),
    }
}
