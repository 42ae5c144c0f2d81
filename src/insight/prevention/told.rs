//! How a check is told: short, with who says so, what is on record, and what to ask.

use jiff::civil::Date;

use super::check::Check;
use super::evidence::Done;
use super::shown::Because;
use super::state::{MARKED, State};
use super::vaccines::{self, Series};
use crate::insight::{plain, shortened};
use crate::knowledge::prevention::Rule;

/// Doses that are told with their days; of more the newest.
const DOSES_MAX: usize = 6;

pub(super) fn check_of_rule(rule: &Rule, state: &State, today: Date) -> Check {
    Check {
        key: rule.key.to_owned(),
        name: rule.name.to_owned(),
        body: body(rule, today),
        state: state.clone(),
        says: format!("{}: {}. {}: {}", rule.name, standing(state), body(rule, today), rule.says),
        ask: ask(rule.name, state),
    }
}

pub(super) fn check_of_vaccine(series: &Series) -> Check {
    let name = vaccine_name(series);
    let bodies: Vec<&str> = series.rows.iter().map(|row| row.body).collect();
    Check {
        key: series.diseases.join("-").to_lowercase().replace(' ', "-"),
        body: bodies.join("; "),
        state: series.state.clone(),
        says: vaccine(series),
        ask: ask(&name, &series.state),
        name,
    }
}

/// The body with its grade and the day of release; a rule that may have been replaced says so.
pub(super) fn body(rule: &Rule, today: Date) -> String {
    let grade = if rule.grade.is_empty() { String::new() } else { format!(" {}", rule.grade) };
    let read = rule.as_of.map_or_else(String::new, |day| format!(": rule read {day}"));
    let stale = if rule.is_stale_on(today) { format!("; may have been replaced{read}") } else { String::new() };
    format!("{}{grade} ({}{stale})", rule.body, rule.released)
}

/// Where the person stands, with the entry that shows it.
pub(super) fn standing(state: &State) -> String {
    match state {
        State::Overdue { last, until } => format!("overdue: last {}, counted to {}", done(last), until.date_text()),
        State::NoRecordHere => "no record here".into(),
        State::Due { last, on } => format!("due {}: last {}", on.date_text(), done(last)),
        State::FollowUp { because, last } => follow_up(because, last.as_ref()),
        State::Counted { recorded: 1, .. } => "1 dose recorded".into(),
        State::Counted { recorded, .. } => format!("{recorded} doses recorded"),
        State::UpToDate { by, again: Some(again) } => {
            format!("up to date: {}, due again {}", done(by), again.date_text())
        }
        State::UpToDate { by, again: None } => format!("on record: {}", done(by)),
        State::NotKnown { depends_on } => format!("depends on what is not in these records: {}", words(depends_on)),
        State::LeftOut { because } => format!("left out by the rule: {}", shown(because)),
    }
}

/// The tokens in words.
pub(super) fn words(tokens: &[&str]) -> String {
    tokens.iter().map(|token| token.replace('-', " ")).collect::<Vec<_>>().join(", ")
}

fn follow_up(because: &Because, last: Option<&Done>) -> String {
    if because.token == MARKED {
        let last = last.map(done).unwrap_or_default();
        return format!("follow-up rather than screening: the report marks the last one, {last}");
    }
    let last = last.map_or_else(String::new, |last| format!("; last {}", done(last)));
    format!("follow-up rather than screening: on record {}{last}", shown(because))
}

/// What shows a token, with its citation.
pub(super) fn shown(because: &Because) -> String {
    let on = because.on.map_or_else(String::new, |on| format!(" ({})", on.date_text()));
    format!("\"{}\"{on} [{}]", shortened(&because.name, 80), because.id)
}

fn done(done: &Done) -> String {
    format!("{} {} [{}]", done.on.date_text(), shortened(&done.name, 60), done.id)
}

fn ask(name: &str, state: &State) -> String {
    let name = plain(name);
    match state {
        State::Overdue { .. } | State::Due { .. } => format!("{name}: is it time for the next one?"),
        State::NoRecordHere => format!("{name}: was it done elsewhere, and if not, is it for me?"),
        State::FollowUp { .. } => format!("{name}: at which times should I be checked from now on?"),
        State::Counted { .. } => format!("{name}: does the count here agree with yours, and is one to come?"),
        State::UpToDate { .. } => format!("{name}: when is the next one?"),
        State::NotKnown { .. } => format!("{name}: is it for me?"),
        State::LeftOut { .. } => format!("{name}: do I still need it?"),
    }
}

/// The diseases of a series in words.
pub(super) fn vaccine_name(series: &Series) -> String {
    format!("{} vaccine", series.diseases.join(", "))
}

/// One vaccine in a line: what is on record, and what each body names.
pub(super) fn vaccine(series: &Series) -> String {
    let recorded = recorded(series);
    let bodies: Vec<String> = series
        .rows
        .iter()
        .map(|row| {
            let who = if row.who.is_empty() { String::new() } else { format!(" ({})", row.who) };
            format!("{}: {}{who}, {}", row.body, row.doses, vaccines::says(row))
        })
        .collect();
    let named = if bodies.is_empty() { String::new() } else { format!(". {}", bodies.join(" ")) };
    format!("{}: {recorded}{named}", vaccine_name(series))
}

fn recorded(series: &Series) -> String {
    let doses = &series.doses.dated;
    let standing = match &series.state {
        State::Counted { .. } | State::NoRecordHere => String::new(),
        other => format!("{}; ", standing(other)),
    };
    let count = match doses.len() {
        0 if series.doses.undated.is_empty() => return format!("{standing}no record here"),
        1 => "1 dose recorded".to_owned(),
        count => format!("{count} doses recorded"),
    };
    let hidden = doses.len().saturating_sub(DOSES_MAX);
    let told = doses.iter().skip(hidden).map(|dose| format!("{} [{}]", dose.on.date_text(), dose.id));
    let told = told.collect::<Vec<_>>().join(", ");
    let earlier = if hidden > 0 { format!("{hidden} earlier, then ") } else { String::new() };
    let undated: Vec<String> = series.doses.undated.iter().map(|id| format!("[{id}]")).collect();
    let undated = match undated.len() {
        0 => String::new(),
        count => format!("; {count} more without a usable date {}", undated.join(" ")),
    };
    // One dose that stands before already is not told twice.
    let listed = if standing.is_empty() || doses.len() > 1 { format!(": {earlier}{told}") } else { String::new() };
    format!("{standing}{count}{listed}{undated}")
}
