//! The answer: what needs attention, the vaccines counted, what is up to date, and what was left out and why.

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::{Found, Listing, find};
use super::state::State;
use super::told;
use super::vaccines::{HELD, Series};
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
        Listing::Died => vec![Part::fixed("No checks", vec!["This person has died: nothing is listed.".into()])],
        Listing::Hospice(because) => {
            let line = format!("Hospice care is on record, {}: routine checks are not listed.", told::shown(&because));
            vec![Part::fixed("No checks", vec![line])]
        }
        Listing::Checks(found) => parts(context, &found, query, half),
    };
    let coverage = Coverage::of(context);
    Draft { title, says: NOT_A_DIAGNOSIS.into(), parts, coverage }.answer(context, room)
}

fn parts(context: &Context<'_>, found: &Found, query: Option<&str>, half: Option<Half>) -> Vec<Part> {
    let wanted = Wanted::of(query);
    let is_named = |rule: &Rule| query.is_some() && wanted.names(rule);
    let rules = found.rules.iter().filter(|(rule, _)| match rule.is_about_violence() {
        // Somebody else may be reading along: told to whom asks for it, and to nobody else.
        true => is_named(rule),
        false => wanted.names(rule),
    });
    let rules: Vec<&(&'static Rule, State)> = rules.filter(|_| half != Some(Half::Vaccines)).collect();
    let vaccines = found.vaccines.iter().filter(|series| wanted.names_vaccine(series));
    let vaccines: Vec<&Series> = vaccines.filter(|_| half != Some(Half::Screening)).collect();
    let outgrown: Vec<&&'static Rule> =
        found.outgrown.iter().filter(|rule| half != Some(Half::Vaccines) && wanted.names(rule)).collect();
    let mut parts = vec![Part::fixed("", Vec::new()).saying(limits(found))];
    if rules.is_empty() && vaccines.is_empty() && outgrown.is_empty() {
        let nothing = "No rule in these tables that is for this person fits what was asked. Ask without a query for all.";
        parts.push(Part::fixed("Nothing found", vec![nothing.into()]));
        return parts;
    }
    parts.push(attention(context, &rules));
    parts.extend(vaccine_parts(context, &vaccines));
    parts.push(up_to_date(context, &rules));
    parts.push(left_out(&rules, &outgrown));
    parts
}

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
fn attention(context: &Context<'_>, rules: &[&(&'static Rule, State)]) -> Part {
    let pressing: Vec<&[&(&'static Rule, State)]> = by_name(rules)
        .into_iter()
        .filter(|checks| checks.iter().any(|(_, state)| state.needs_attention()))
        .collect();
    let lines = pressing.iter().map(|checks| {
        let checks: Vec<&&(&'static Rule, State)> = checks.iter().collect();
        let (first, state) = checks.iter().min_by_key(|(_, state)| state.rank()).map_or(("", None), |check| {
            (check.0.name, Some(&check.1))
        });
        let Some(state) = state else { return String::new() };
        let mut line = format!("- {first}: {}", told::standing(state));
        for (rule, own) in checks {
            let own_standing = if own == state { String::new() } else { format!(" {}.", told::standing(own)) };
            // What is followed up has times of its own: the rule's are no help.
            let says = if matches!(own, State::FollowUp { .. }) { "" } else { rule.says };
            line.push_str(&format!("\n  {}:{own_standing} {says}", told::body(rule, context.today)).replace(": \n", "\n"));
        }
        line.trim_end().trim_end_matches(':').to_owned()
    });
    Part::of("Screening and checks to ask about", call(context, "screening"), usize::MAX, lines.collect())
        .saying("(\"no record here\" is not \"not done\": it may have been done elsewhere)")
        .keeping(8)
}

/// The rules of one name, which stand together.
fn by_name<'a, 'b>(rules: &'a [&'b (&'static Rule, State)]) -> Vec<&'a [&'b (&'static Rule, State)]> {
    rules.chunk_by(|one, other| one.0.name == other.0.name).collect()
}

fn vaccine_parts(context: &Context<'_>, vaccines: &[&Series]) -> Vec<Part> {
    let (some, all): (Vec<&Series>, Vec<&Series>) =
        vaccines.iter().partition(|series| series.is_for_some() && series.doses.dated.is_empty());
    let is_held = vaccines.iter().flat_map(|series| &series.rows).any(|row| row.body == HELD);
    let held = if is_held {
        format!(" The rows \"{HELD}\" are on hold by a federal court since 2026-03-16; which rules hold today, the clinic knows.")
    } else {
        String::new()
    };
    let lines = all.iter().map(|series| format!("- {}", told::vaccine(series))).collect();
    let for_some = some.iter().map(|series| format!("- {}", told::vaccine(series))).collect();
    vec![
        Part::of("Vaccines", call(context, "vaccines"), usize::MAX, lines)
            .saying(format!("Doses are counted, not judged.{held}"))
            .keeping(12),
        Part::of("Vaccines for some people of this age, none recorded here", call(context, "vaccines"), 8, for_some),
    ]
}

fn up_to_date(context: &Context<'_>, rules: &[&(&'static Rule, State)]) -> Part {
    let lines = by_name(rules).into_iter().filter_map(|checks| {
        let is_quiet = checks.iter().all(|(_, state)| !state.needs_attention());
        let current = |state: &State| matches!(state, State::UpToDate { .. });
        let (first, state) = checks.iter().find(|(_, state)| is_quiet && current(state)).map(|check| (check.0, &check.1))?;
        let bodies = checks.iter().filter(|(_, other)| current(other)).map(|(rule, own)| {
            let differs = if own == state { String::new() } else { format!(": {}", told::standing(own)) };
            format!("{}{differs}", told::body(rule, context.today))
        });
        let bodies: Vec<String> = bodies.collect();
        Some(format!("- {}: {}. {}", first.name, told::standing(state), bodies.join("; ")))
    });
    Part::of("On record", call(context, "screening"), usize::MAX, lines.collect())
}

/// What the answer does not list, so that its silence is not read.
fn left_out(rules: &[&(&'static Rule, State)], outgrown: &[&&'static Rule]) -> Part {
    let mut lines: Vec<String> = Vec::new();
    let out = rules.iter().filter_map(|(rule, state)| match state {
        State::LeftOut { because } => Some((rule.name, because)),
        _ => None,
    });
    for (name, because) in out {
        let line = format!("- {name}: not by these rules after {}. Ask if in doubt.", told::shown(because));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let past: Vec<String> = outgrown
        .iter()
        .map(|rule| {
            let until = rule.ages.below.map_or(0.0, |below| below - 1.0);
            format!("{} ({} names it to {until})", rule.name, rule.body)
        })
        .collect();
    if !past.is_empty() {
        lines.push(format!("- Past the ages of the rules, ask whether still useful: {}.", past.join("; ")));
    }
    let unknown = rules.iter().filter_map(|(rule, state)| match state {
        // What would hint at a sensitive matter is not asked for in a list.
        State::NotKnown { depends_on } if rule.classes().is_empty() => {
            Some(format!("{} ({}: {})", rule.name, rule.body, told::words(depends_on)))
        }
        _ => None,
    });
    let unknown: Vec<String> = unknown.collect();
    if !unknown.is_empty() {
        lines.push(format!("- Only for those with something that is not in these records: {}.", unknown.join("; ")));
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
