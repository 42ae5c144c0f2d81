//! The answer: what needs attention, the vaccines counted, what is up to date, and what was left out and why.

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::{Found, Listing, find};
use super::state::{Judged, State};
use super::vaccines::{HELD, Series};
use super::{told, told_vaccine};
use crate::insight::ask::budget_tokens;
use crate::insight::matching::Words;
use crate::insight::rows;
use crate::insight::sheet::{Draft, NOT_A_DIAGNOSIS, Part};
use crate::insight::{Answer, Context, Coverage, Refusal, plain};
use crate::knowledge::prevention::{Rule, Sought};
use crate::knowledge::vaccines::groups_named;

/// What the tool takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PreventionAsk {
    /// Words to look for, lay or medical.
    pub query: Option<String>,
    /// screening or vaccines.
    pub kind: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// Which half is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Screening,
    Vaccines,
}

const HALVES: [(&str, Half); 2] = [("screening", Half::Screening), ("vaccines", Half::Vaccines)];

/// Words by which people ask for all vaccines.
const ALL_VACCINES: [&str; 8] =
    ["vaccines", "vaccine", "vaccinations", "vaccination", "shots", "shot", "immunizations", "immunization"];

/// Words by which people ask for all screening.
const ALL_SCREENING: [&str; 4] = ["screening", "screenings", "checks", "prevention"];

/// The answer.
pub fn prevention(context: &Context<'_>, ask: &PreventionAsk) -> Result<Answer, Refusal> {
    let room = budget_tokens(ask.max_tokens)?;
    let query = ask.query.as_deref().map(str::trim).filter(|query| !query.is_empty());
    let mut half = ask.kind.as_deref().map(|kind| rows::one_of("kind", kind, &HALVES)).transpose()?;
    let folded = query.map(str::to_lowercase);
    let is_all = |words: &[&str]| folded.as_deref().is_some_and(|query| words.contains(&query));
    let query = match (is_all(&ALL_VACCINES), is_all(&ALL_SCREENING)) {
        (true, _) => {
            half = Some(Half::Vaccines);
            None
        }
        (_, true) => {
            half = Some(Half::Screening);
            None
        }
        _ => query,
    };
    let about = query.map_or_else(String::new, |query| format!(" about \"{}\"", plain(query)));
    let title = format!("preventive care{about} as of {}", context.today);
    let parts = match find(context)? {
        Listing::Died => {
            vec![Part::fixed("No checks", vec!["This person has died: nothing is listed.".into()])]
        }
        Listing::Hospice(because) => {
            let line = format!(
                "Hospice care is on record, {}: routine checks are not listed.",
                told::shown(&because)
            );
            vec![Part::fixed("No checks", vec![line])]
        }
        Listing::Checks(found) => parts(context, &found, query, half),
    };
    let coverage = Coverage::of(context);
    Draft { title, says: NOT_A_DIAGNOSIS.into(), parts, coverage }.answer(context, room)
}

fn parts(context: &Context<'_>, found: &Found, query: Option<&str>, half: Option<Half>) -> Vec<Part> {
    let wanted = Wanted::of(query);
    let rules = found.rules.iter().filter(|judged| match judged.rule.is_about_violence() {
        // Somebody else may be reading along: told to whom asks for it, and to nobody else.
        true => query.is_some() && wanted.names(judged.rule),
        false => wanted.names(judged.rule),
    });
    let rules: Vec<&Judged> = rules.filter(|_| half != Some(Half::Vaccines)).collect();
    let vaccines = found.vaccines.iter().filter(|series| wanted.names_vaccine(series));
    let vaccines: Vec<&Series> = vaccines.filter(|_| half != Some(Half::Screening)).collect();
    let outgrown: Vec<&Rule> = found
        .outgrown
        .iter()
        .copied()
        .filter(|rule| half != Some(Half::Vaccines) && wanted.names(rule))
        .collect();
    let mut parts = vec![Part::fixed("", Vec::new()).saying(limits(found))];
    if rules.is_empty() && vaccines.is_empty() && outgrown.is_empty() {
        let nothing = "No rule in these tables that is for this person fits what was asked. Ask without a query for all.";
        parts.push(Part::fixed("Nothing found", vec![nothing.into()]));
        return parts;
    }
    let all = call(context, "screening");
    for (heading, ranks, says) in HEADINGS {
        let lines = lines(context, &rules, ranks);
        parts.push(Part::of(heading, all.clone(), usize::MAX, lines).saying(says).keeping(6));
    }
    parts.extend(vaccine_parts(context, &vaccines, query.is_some()));
    parts.push(Part::of("On record", all, usize::MAX, on_record(context, &rules)));
    parts.push(left_out(&rules, &outgrown));
    parts.retain(|part| !part.lines.is_empty() || part.name.is_empty());
    parts
}

/// The headings of what needs attention, each with its states and what is said once for all of them.
const HEADINGS: [(&str, &[u8], &str); 3] = [
    ("Overdue or due", &[0, 1], ""),
    ("Follow-up rather than screening", &[2], "The times are set for each person: ask."),
    ("No record here", &[3], "That is not \"not done\": it may have been done elsewhere. Ask."),
];

/// What could not be computed, and why, in one line each.
fn limits(found: &Found) -> String {
    let mut says = Vec::new();
    if found.portrait.age_years().is_none() {
        says.push("The day of birth is not recorded: rules by age are not listed.");
    }
    if found.portrait.sex.is_none() {
        says.push(
            "Sex is not recorded, or in several ways: checks that depend on breasts, cervix, ovaries, aorta or a pregnancy are not listed. Which organs there are decides: ask.",
        );
    }
    says.join(" ")
}

fn call(context: &Context<'_>, kind: &str) -> String {
    let mut arguments = context.arguments.clone();
    arguments.insert("kind".into(), kind.into());
    arguments.insert("max_tokens".into(), 8_000.into());
    format!("{} {}", context.tool, serde_json::Value::Object(arguments))
}

/// One check a line: where the person stands, and each body's rule beneath it.
fn lines(context: &Context<'_>, rules: &[&Judged], ranks: &[u8]) -> Vec<String> {
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

fn vaccine_parts(context: &Context<'_>, vaccines: &[&Series], is_asked: bool) -> Vec<Part> {
    // Whoever asks for one vaccine wants to know all of it.
    let is_aside = |series: &&&Series| !is_asked && series.is_for_some() && series.doses.dated.is_empty();
    let is_held = vaccines.iter().flat_map(|series| &series.rows).any(|row| row.body == HELD);
    let held = if is_held {
        format!(
            " The rows \"{HELD}\" are on hold by a federal court since 2026-03-16: ask the clinic which hold now."
        )
    } else {
        String::new()
    };
    let lines = vaccines.iter().filter(|series| !is_aside(series));
    let lines: Vec<String> = lines.map(|series| format!("- {}", told_vaccine::line(series))).collect();
    let says = format!("Doses are counted, not judged.{held}");
    let some: Vec<String> =
        vaccines.iter().filter(is_aside).map(|series| told_vaccine::for_some(series)).collect();
    let some = if some.is_empty() { Vec::new() } else { vec![format!("{}.", some.join("; "))] };
    vec![
        Part::of("Vaccines", call(context, "vaccines"), usize::MAX, lines).saying(says).keeping(12),
        Part::of("Vaccines for some only, no record here", "", usize::MAX, some),
    ]
}

fn on_record(context: &Context<'_>, rules: &[&Judged]) -> Vec<String> {
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
fn left_out(rules: &[&Judged], outgrown: &[&Rule]) -> Part {
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

/// What somebody asks about.
struct Wanted {
    words: Option<Words>,
    diseases: Vec<&'static str>,
}

impl Wanted {
    fn of(query: Option<&str>) -> Wanted {
        Wanted { words: query.map(Words::of), diseases: query.map(groups_named).unwrap_or_default() }
    }

    fn names(&self, rule: &Rule) -> bool {
        let evidence = rule.evidence.iter().filter_map(|wanted| match wanted.sought {
            Sought::Words(words) => Some(words),
            Sought::Loinc(_) => None,
        });
        let texts = || [rule.name, rule.body, rule.key, rule.says].into_iter().chain(evidence.clone());
        self.words.as_ref().is_none_or(|words| words.are_in(texts()))
    }

    fn names_vaccine(&self, series: &Series) -> bool {
        let is_named = series.diseases.iter().any(|disease| self.diseases.contains(disease));
        self.words.as_ref().is_none_or(|words| is_named || words.are_in(series.diseases.iter().copied()))
    }
}
