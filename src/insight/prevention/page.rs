//! The answer: what needs attention, the vaccines counted, what is up to date, and what was left out and why.

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::{Found, Listing, find};
use super::listed::{left_out, lines, on_record, vaccine_parts};
use super::state::Judged;
use super::told;
use super::vaccines::Series;
use super::wanted::Wanted;
use crate::insight::ask::budget_tokens;
use crate::insight::rows;
use crate::insight::sheet::{Draft, NOT_A_DIAGNOSIS, Part};
use crate::insight::{Answer, Context, Coverage, Refusal, plain};
use crate::knowledge::prevention::Rule;
use crate::record::Kind;

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

/// What the rules are held against.
const KINDS: [Kind; 10] = [
    Kind::Immunization,
    Kind::Procedure,
    Kind::Lab,
    Kind::Vital,
    Kind::Imaging,
    Kind::Document,
    Kind::Condition,
    Kind::Visit,
    Kind::FamilyHistory,
    Kind::Background,
];

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
    let parts = match &*find(context)? {
        Listing::Died => {
            vec![Part::fixed("No checks", vec!["This person has died: nothing is listed.".into()])]
        }
        Listing::Hospice(because) => {
            let line = format!(
                "Hospice care is on record, {}: routine checks are not listed.",
                told::shown(because)
            );
            vec![Part::fixed("No checks", vec![line])]
        }
        Listing::Checks(found) => parts(context, found, query, half),
    };
    let coverage = Coverage::of(context, &KINDS);
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
    let mut limits = limits(found);
    limits.extend(stale(context, &rules, &vaccines));
    // A sheet leaves out a part that says nothing.
    let mut parts = vec![Part::fixed(NOTE, Vec::new()).saying(limits.join(" "))];
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
    parts.retain(|part| !part.lines.is_empty() || part.name == NOTE);
    parts
}

/// The heading of what holds for all of the answer.
const NOTE: &str = "Note";

/// The headings of what needs attention, each with its states and what is said once for all of them.
const HEADINGS: [(&str, &[u8], &str); 3] = [
    ("Time for the next one", &[0, 1], ""),
    ("Follow-up rather than screening", &[2], "The times are set for each person: ask."),
    ("No record here", &[3], "That is not \"not done\": it may have been done elsewhere. Ask."),
];

/// When the rows were read that may have been replaced since, told once for all of them.
fn stale(context: &Context<'_>, rules: &[&Judged], vaccines: &[&Series]) -> Option<String> {
    let of_rules = rules.iter().filter(|one| one.rule.is_stale_on(context.today));
    let of_rules = of_rules.filter_map(|one| one.rule.as_of);
    let of_vaccines = vaccines.iter().flat_map(|series| &series.rows);
    let of_vaccines = of_vaccines.filter(|row| row.is_stale_on(context.today)).filter_map(|row| row.as_of);
    let read = of_rules.chain(of_vaccines).min()?;
    Some(format!(
        "\"May have been replaced\": the rule was due to be renewed and was read {read}. Ask for the present one."
    ))
}

/// What could not be computed, and why, in one line each.
fn limits(found: &Found) -> Vec<String> {
    let mut says: Vec<String> = Vec::new();
    if found.portrait.age_years().is_none() {
        says.push("The day of birth is not recorded: rules by age are not listed.".into());
    }
    if found.portrait.sex.is_none() {
        says.push(
            "Sex is not recorded, or in several ways: checks that depend on breasts, cervix, ovaries, aorta or a pregnancy are not listed. Which organs there are decides: ask.".into(),
        );
    }
    says
}

/// The call that shows all of a part.
pub(super) fn call(context: &Context<'_>, kind: &str) -> String {
    let mut arguments = context.arguments.clone();
    arguments.insert("kind".into(), kind.into());
    arguments.insert("max_tokens".into(), 8_000.into());
    format!("{} {}", context.tool, serde_json::Value::Object(arguments))
}
