//! What falls due: booked visits, orders with a day, goals with a day, supplies that end.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::ground::Ground;
use crate::insight::medications::{HomeMedicine, medication};
use crate::insight::prevention::{State, checks};
use crate::insight::rows::date_cell;
use crate::insight::sheet::Part;
use crate::insight::visits::{self, Took};
use crate::insight::{Refusal, plain, shortened};
use crate::record::{Detail, Entry, Kind, Standing};

/// Days ahead that are told, and days back for what was due; the windows are ours.
const AHEAD_DAYS: i32 = 180;
const BACK_DAYS: i32 = 90;
/// Days ahead for a supply that ends.
const SUPPLY_DAYS: i32 = 60;

/// Everything with a day, the earliest first.
pub(super) fn due(ground: &Ground<'_, '_>) -> Result<Part, Refusal> {
    let mut dated: Vec<(Date, String)> = Vec::new();
    visits(ground, &mut dated)?;
    care_plan(ground, &mut dated)?;
    if ground.wanted.takes_supply() && !ground.whom.is_in_hospice() {
        dated.extend(ground.home.iter().filter_map(|medicine| supply(ground, medicine)));
    }
    dated.sort();
    dated.dedup();
    let (prevention, more) = prevention(ground)?;
    let lines = dated.into_iter().map(|(_, line)| line).chain(prevention).collect();
    Ok(Part::of("What falls due", "plan_daily_routine {\"focus\":\"due\"}", 10, lines)
        .keeping(3)
        .saying(more))
}

/// Characters of a check, its day and citation first.
const CHECK_CHARS: usize = 240;

/// Checks and vaccines that have lapsed or come up by a published rule, each name once; and where the rest is.
fn prevention(ground: &Ground<'_, '_>) -> Result<(Vec<String>, String), Refusal> {
    let is_asked = ground.wanted.is_all() || ground.wanted.takes_due(["screening", "vaccine", "prevention"]);
    if !is_asked || ground.whom.is_in_hospice() {
        return Ok((Vec::new(), String::new()));
    }
    let mut named: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    let mut rest = 0;
    for check in checks(ground.context)? {
        match check.state {
            State::Overdue { .. } | State::Due { .. } if !named.contains(&check.name) => {
                lines.push(shortened_line(&check.says));
                named.push(check.name);
            }
            State::NoRecordHere => rest += 1,
            _ => {}
        }
    }
    let more = match rest {
        0 => String::new(),
        _ => format!("{rest} published checks have no record here: check_preventive_care."),
    };
    Ok((lines, more))
}

/// The beginning of a check. Its citation stands in brackets, which cleaning would change, and it has been
/// cleaned where it was told.
fn shortened_line(says: &str) -> String {
    match says.char_indices().nth(CHECK_CHARS) {
        None => says.to_owned(),
        Some((at, _)) => format!("{}…", says[..at].trim_end()),
    }
}

fn is_near(ground: &Ground<'_, '_>, day: Date) -> bool {
    let days = (day - ground.context.today).get_days();
    (-BACK_DAYS..=AHEAD_DAYS).contains(&days)
}

fn visits(ground: &Ground<'_, '_>, dated: &mut Vec<(Date, String)>) -> Result<(), Refusal> {
    let view = ground.context.view;
    for group in view.groups(Kind::Visit) {
        ground.context.check()?;
        let entry = view.face(group);
        let Some(when) = entry.date.filter(|when| when.latest() >= ground.context.today) else { continue };
        let is_booked = Took::of(entry, ground.context.today) == Took::Ahead;
        let is_wanted = ground.wanted.takes_due(entry.concept.words().chain(["visits", "visit"]));
        if is_booked && is_wanted && entry.standing == Standing::Stated && is_near(ground, when.earliest()) {
            let line = format!("{} visit: {} [{}]", when.date_text(), visits::what(entry), entry.id);
            dated.push((when.earliest(), line));
        }
    }
    Ok(())
}

/// Orders and goals that stand and have a day.
fn care_plan(ground: &Ground<'_, '_>, dated: &mut Vec<(Date, String)>) -> Result<(), Refusal> {
    let view = ground.context.view;
    for group in view.groups(Kind::CarePlan) {
        ground.context.check()?;
        let entry = view.face(group);
        let (what, due) = match &entry.detail {
            Detail::Order(order) if order.is_referral => ("referral", order.due),
            Detail::Order(order) => ("order", order.due),
            Detail::Goal(goal) => ("goal", goal.due),
            _ => continue,
        };
        let stands = matches!(
            entry.status.as_deref(),
            Some("active" | "accepted" | "in-progress" | "planned" | "on-hold")
        );
        let Some(due) = due.filter(|due| is_near(ground, due.latest())) else { continue };
        if stands && entry.standing == Standing::Stated && ground.wanted.takes_due(entry.concept.words()) {
            dated.push((due.latest(), care_line(ground, entry, what, due)));
        }
    }
    Ok(())
}

fn care_line(ground: &Ground<'_, '_>, entry: &Entry, what: &str, due: crate::record::When) -> String {
    let name = shortened(&entry.concept.label(), 160);
    let past = match due.latest() < ground.context.today {
        true => " (that day is past; whether it was done, the record may not say)",
        false => "",
    };
    format!("{} {what}: \"{name}\"{past} [{}]", due.date_text(), entry.id)
}

/// When the supply ends that was handed out last, or else the one that was ordered, refills with it.
fn supply(ground: &Ground<'_, '_>, medicine: &HomeMedicine<'_>) -> Option<(Date, String)> {
    let handed_out = medicine.confirmed.filter(|(_, _, how)| *how == "last dispensed");
    let (from, entry, fills, how) = match handed_out {
        Some((when, id, _)) => (when, ground.context.view.entry(id)?, 1, "handed out"),
        None => {
            let refills = medication(medicine.entry)?.refills.unwrap_or(0);
            (medicine.entry.date?, medicine.entry, refills + 1, "ordered")
        }
    };
    let days = medication(entry)?.supply_days.filter(|days| (1..=400).contains(days))?;
    let total = i64::from(days) * i64::from(fills.min(13));
    let end = from.latest().checked_add(total.days()).ok()?;
    let ahead = (end - ground.context.today).get_days();
    if !(-BACK_DAYS..=SUPPLY_DAYS).contains(&ahead) {
        return None;
    }
    let name = plain(&medicine.entry.concept.label());
    let refills = if fills > 1 { format!(" with {} refills", fills - 1) } else { String::new() };
    let line = format!(
        "{end} or so, by dates alone: supply of {name} ends ({days} days {how} {}{refills}) [{}]. Ask for a refill in time",
        date_cell(Some(from)),
        entry.id
    );
    Some((end, line))
}
