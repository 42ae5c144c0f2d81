//! The parts of the answer, line by line: each check with its bodies, the vaccines, what is left out.

use super::page::call;
use super::state::{Judged, State};
use super::vaccines::{BEFORE, HELD, Series};
use super::{told, told_vaccine};
use crate::insight::Context;
use crate::insight::sheet::Part;
use crate::knowledge::prevention::Rule;

/// One check a line: where the person stands, and each body's rule beneath it.
pub(super) fn lines(context: &Context<'_>, rules: &[&Judged], ranks: &[u8]) -> Vec<String> {
    let checks = by_name(rules).into_iter().filter_map(|checks| {
        let first = checks.iter().min_by_key(|one| one.state.rank())?;
        ranks.contains(&first.state.rank()).then(|| line(context, first, checks))
    });
    checks.collect()
}

fn line(context: &Context<'_>, first: &Judged, checks: &[&Judged]) -> String {
    let is_follow_up = matches!(first.state, State::FollowUp { .. });
    // The heading says it already.
    let standing = told::standing(&first.state);
    let standing = standing.trim_start_matches("follow-up rather than screening: ");
    let mut line = match first.state {
        State::NoRecordHere => format!("- {}", first.rule.name),
        _ => format!("- {}: {standing}", first.rule.name),
    };
    if is_follow_up && checks.iter().all(|one| one.state == first.state) {
        let bodies: Vec<String> = checks.iter().map(|one| told::body(one.rule, context.today)).collect();
        return format!("{line}. Outside the screening of {}", bodies.join("; "));
    }
    for one in checks {
        let own = if one.state == first.state {
            String::new()
        } else {
            format!("{}. ", told::standing(&one.state))
        };
        let body = told::body(one.rule, context.today);
        line.push_str(&format!("\n  {body}: {own}{}{}", one.rule.says, told::applies(one)));
    }
    line
}

/// The rules of one name, which stand together.
fn by_name<'a, 'b>(rules: &'a [&'b Judged]) -> Vec<&'a [&'b Judged]> {
    rules.chunk_by(|one, other| one.rule.name == other.rule.name).collect()
}

pub(super) fn vaccine_parts(context: &Context<'_>, vaccines: &[&Series], is_asked: bool) -> Vec<Part> {
    // Whoever asks for one vaccine wants to know all of it.
    let is_aside = |series: &&&Series| !is_asked && series.is_for_some() && series.doses.dated.is_empty();
    let is_held = vaccines.iter().flat_map(|series| &series.rows).any(|row| row.body == HELD);
    let is_before = vaccines.iter().flat_map(|series| &series.rows).any(|row| row.body == BEFORE);
    // Which of its schedules somebody reads is told once.
    let held = match (is_held, is_before) {
        (true, _) => format!(
            " The rows \"{HELD}\" are on hold by a federal court since 2026-03-16, and \"{BEFORE}\" is what they were to replace: ask the clinic which hold now."
        ),
        (false, true) => {
            format!(" \"{BEFORE}\" is the CDC's last schedule for this age that these tables hold.")
        }
        (false, false) => String::new(),
    };
    let lines = vaccines.iter().filter(|series| !is_aside(series));
    let lines: Vec<String> =
        lines.map(|series| format!("- {}", told_vaccine::line(series, context.today))).collect();
    let says = format!("Doses are counted, not judged.{held}");
    let some: Vec<String> = vaccines
        .iter()
        .filter(is_aside)
        .map(|series| told_vaccine::for_some(series, context.today))
        .collect();
    let some = if some.is_empty() { Vec::new() } else { vec![format!("{}.", some.join("; "))] };
    vec![
        Part::of("Vaccines", call(context, "vaccines"), usize::MAX, lines).saying(says).keeping(12),
        Part::of("Vaccines for some only, no record here", "", usize::MAX, some),
    ]
}

pub(super) fn on_record(context: &Context<'_>, rules: &[&Judged]) -> Vec<String> {
    let is_current = |one: &Judged| matches!(one.state, State::UpToDate { .. });
    let lines = by_name(rules).into_iter().filter_map(|checks| {
        let is_quiet = checks.iter().all(|one| !one.state.needs_attention());
        let first = checks.iter().find(|one| is_quiet && is_current(one))?;
        let bodies = checks.iter().filter(|one| is_current(one)).map(|one| {
            let own = if one.state == first.state {
                String::new()
            } else {
                format!(": {}", told::standing(&one.state))
            };
            format!("{}{own}", told::body(one.rule, context.today))
        });
        let bodies: Vec<String> = bodies.collect();
        Some(format!("- {}: {}. {}", first.rule.name, told::standing(&first.state), bodies.join("; ")))
    });
    lines.collect()
}

/// What the answer does not list, so that its silence is not read.
pub(super) fn left_out(rules: &[&Judged], outgrown: &[&Rule]) -> Part {
    let mut lines: Vec<String> = Vec::new();
    for one in rules {
        let State::LeftOut { because } = &one.state else { continue };
        let line = format!(
            "- {}: not by these rules, for {}. Ask if in doubt.",
            one.rule.name,
            told::shown(because)
        );
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let until = |rule: &Rule| rule.ages.below.map_or(0.0, |below| below - 1.0);
    let past =
        outgrown.iter().map(|rule| format!("{} ({} names it to {})", rule.name, rule.body, until(rule)));
    let past: Vec<String> = past.collect();
    if !past.is_empty() {
        lines.push(format!("- Past the ages of the rules, ask whether still useful: {}.", past.join("; ")));
    }
    let unknown = rules.iter().filter_map(|one| match &one.state {
        // What would hint at a sensitive matter is not asked for in a list.
        State::NotKnown { depends_on } if one.rule.classes().is_empty() => {
            Some(format!("{} ({}: {})", one.rule.name, one.rule.body, told::words(depends_on)))
        }
        _ => None,
    });
    let unknown: Vec<String> = unknown.collect();
    if !unknown.is_empty() {
        lines.push(format!("- Only for some, by what is not in these records: {}.", unknown.join("; ")));
    }
    Part::of("Left out", "", usize::MAX, lines)
}
