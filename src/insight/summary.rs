//! The whole record on one page: what a new doctor would ask for first, each line with its citation.

mod allergies;
mod body;
mod changed;
mod conflicts;
mod done;
mod first;
mod found;
mod life;
mod loops;
mod medicines;
mod part;
mod problems;
mod rest;
mod stays;
mod who;

use schemars::JsonSchema;
use serde::Deserialize;

use super::ask::budget_tokens;
use super::lifetime::Lifetime;
use super::medications::{HomeMedicine, home};
use super::portrait::Portrait;
use super::problems::Problem;
use super::sheet::{Draft, NOT_A_DIAGNOSIS, Part};
use super::{Answer, Asked, Context, Coverage, ListAsk, Period, Refusal, coverage, rows, shortened};
use crate::record::Kind;

/// What a summary takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SummaryAsk {
    /// brief (700 tokens) or full (2,000); one page between them where nothing is said.
    pub detail: Option<String>,
    /// Only what is dated since this date; present problems and what stands first stay.
    pub since: Option<String>,
    /// Only what came into the record since this date.
    pub added_since: Option<String>,
    /// Size of the answer.
    pub max_tokens: Option<u32>,
}

/// How much is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Brief,
    Page,
    Full,
}

/// Each word for how much is told.
const DETAILS: [(&str, Detail); 2] = [("brief", Detail::Brief), ("full", Detail::Full)];

impl Detail {
    /// The most tokens.
    fn tokens(self) -> usize {
        match self {
            Detail::Brief => 700,
            Detail::Page => 1_345,
            Detail::Full => 2_000,
        }
    }
}

/// What all parts of a page look at, gathered once.
struct Seen<'a> {
    asked: Asked,
    detail: Detail,
    portrait: Portrait,
    problems: Vec<Problem<'a>>,
    home: Vec<HomeMedicine<'a>>,
}

/// The summary.
pub fn summary(context: &Context<'_>, ask: &SummaryAsk) -> Result<Answer, Refusal> {
    let detail =
        ask.detail.as_deref().map_or(Ok(Detail::Page), |word| rows::one_of("detail", word, &DETAILS))?;
    let (since, added_since) = (ask.since.clone(), ask.added_since.clone());
    let asked = ListAsk { since, added_since, ..ListAsk::default() }.understood()?;
    let room = ask.max_tokens.map_or(Ok(detail.tokens()), |tokens| budget_tokens(Some(tokens)))?;
    let seen = Seen {
        asked,
        detail,
        portrait: Portrait::of(context)?,
        problems: super::problems::problems(context)?,
        home: home(context)?,
    };
    let mut coverage = Coverage::of(context, &[]);
    let mut parts = first_block(context, &seen)?;
    parts.extend(body(context, &seen, &mut coverage)?);
    first::add_own_notes(context, &mut parts);
    foot(context, &mut coverage)?;
    let period = seen.asked.title("");
    let more = if detail == Detail::Full { "max_tokens up to 13000" } else { "detail \"full\"" };
    let title = format!("{}{period}", who::title(context, &seen.portrait));
    // Who has died has nobody to watch over; the line would only hurt.
    let says = if seen.portrait.has_died { "" } else { NOT_A_DIAGNOSIS };
    Draft { title, says: says.into(), parts, coverage }.answer_at_most(context, room, more)
}

/// What no budget cuts.
fn first_block(context: &Context<'_>, seen: &Seen<'_>) -> Result<Vec<Part>, Refusal> {
    Ok(vec![
        first::danger(context)?,
        allergies::allergies(context)?,
        first::high_risk(&seen.home, seen.portrait.has_died),
        body::implants(context, &seen.problems)?,
        first::pregnancy(&seen.portrait),
        body::directives(context)?,
        conflicts::conflicts(context, &seen.home, &seen.problems)?,
    ])
}

fn body(context: &Context<'_>, seen: &Seen<'_>, coverage: &mut Coverage) -> Result<Vec<Part>, Refusal> {
    let asked = &seen.asked;
    let is_brief = seen.detail == Detail::Brief;
    // One page between brief and full has room for these only where others leave it some.
    let is_full = seen.detail == Detail::Full;
    let least = |lines: usize| if is_full { lines } else { 0 };
    let problems = problems::told(context, asked, &seen.problems, is_brief)?;
    let (changed, period) = lately(context, asked, seen.portrait.has_died);
    let (moves, moved) = found::moves(context, period.since)?;
    let changes = changed::changes(context, &period, &seen.problems, &seen.home, &moved)?;
    let wanted = found::analytes_wanted(&seen.problems, &seen.home);
    let mut parts = vec![
        problems.active,
        problems.events,
        medicines::medicines(context, &seen.home, is_brief)?,
        Part::of(changed, "the lists with since", 5, changes).keeping(least(5)),
        stays::stays(context, asked.period.since, is_brief)?.keeping(if is_brief { 1 } else { least(3) }),
        found::results(context, asked, coverage, &wanted, &moves, if is_full { 12 } else { 8 })?,
    ];
    if is_brief {
        let kinds = [
            Kind::Vital,
            Kind::Immunization,
            Kind::Procedure,
            Kind::Visit,
            Kind::FamilyHistory,
            Kind::Document,
        ];
        parts.extend([loops::open(context, is_full)?, problems.apart, problems.long_ago]);
        parts.extend(rest::others(context, asked, coverage, &kinds, false)?);
        return Ok(parts);
    }
    let kinds = [Kind::Document, Kind::Background, Kind::CarePlan, Kind::Device, Kind::Note];
    // On one page the last lines of the parts say how much there is, and which call shows it.
    let kinds = if is_full { &kinds[..] } else { &kinds[3..] };
    parts.extend([
        found::vitals(context, asked, coverage)?,
        done::vaccines_given(context, asked, coverage)?,
        done::procedures(context, asked, coverage)?,
        done::last_visits(context, asked, coverage)?.keeping(1 + least(1)),
        found::reports(context, asked, coverage)?.keeping(1 + least(1)),
        loops::open(context, is_full)?.keeping(1 + least(2)),
        life::family(context)?.keeping(least(3)),
        life::function_and_help(context)?.keeping(least(3)),
        life::team(context)?.keeping(least(1)),
        problems.apart.keeping(least(1)),
        problems.long_ago.keeping(least(1)),
        problems.past.keeping(least(2)),
        rest::own_notes(context, asked, coverage)?,
        rest::impossible(context)?,
    ]);
    parts.extend(rest::others(context, asked, coverage, kinds, is_full)?);
    Ok(parts)
}

/// Which changes are told: those of the period asked for, else of a year.
fn lately(context: &Context<'_>, asked: &Asked, has_died: bool) -> (String, Period) {
    if let (Some(added), None) = (asked.period.added_since, asked.period.since) {
        let day = coverage::day_of(added).unwrap_or_default();
        return (format!("Came into the record since {day}"), asked.period);
    }
    // Of who has died the last year of life is told, not the years after it.
    let today = context.today;
    let end =
        Lifetime::of(context.view, today).died().filter(|died| has_died && *died < today).unwrap_or(today);
    let since = asked.period.since.unwrap_or_else(|| who::a_year_before(end));
    (format!("Changed since {since}"), Period { since: Some(since), ..asked.period })
}

/// Sources that the last line names; the others are counted.
const SOURCES_MOST: usize = 5;
/// Characters of the name of a source.
const SOURCE_CHARS: usize = 40;

/// What the sources are, and what they cannot show.
fn foot(context: &Context<'_>, coverage: &mut Coverage) -> Result<(), Refusal> {
    // The parts count undated entries each for itself; a page needs no such list.
    coverage.notices = rest::gaps(context);
    let more = coverage.sources.len().saturating_sub(SOURCES_MOST);
    coverage.sources.truncate(SOURCES_MOST);
    for source in &mut coverage.sources {
        source.name = shortened(&source.name, SOURCE_CHARS);
    }
    if more > 0 {
        coverage.notices.push(format!("and {more} more sources: check_records_status"));
    }
    coverage.notices.extend(rest::years(context)?);
    coverage.notices.extend(rest::missing(context));
    Ok(())
}

#[cfg(test)]
mod tests;
