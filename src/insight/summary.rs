//! The whole record on one page: what a new doctor would ask for first, each line with its citation.

mod done;
mod first;
mod found;
mod medicines;
mod part;
mod problems;
mod rest;

use schemars::JsonSchema;
use serde::Deserialize;

use super::ask::budget_tokens;
use super::sheet::Draft;
use super::{Answer, Context, Coverage, ListAsk, Refusal};

/// What a summary takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SummaryAsk {
    /// Only what is dated since this date.
    pub since: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// The size of a summary that nobody asked another size of: one page.
const TOKENS_DEFAULT: usize = 1_250;

/// The summary.
pub fn summary(context: &Context<'_>, ask: &SummaryAsk) -> Result<Answer, Refusal> {
    let list = ListAsk { since: ask.since.clone(), ..ListAsk::default() };
    let asked = list.understood()?;
    let mut coverage = Coverage::of(context);
    let mut parts = vec![
        first::danger(context),
        problems::allergies(context, &asked, &mut coverage)?,
        first::directives_and_implants(context, &asked, &mut coverage)?,
        problems::problems(context, &asked, &mut coverage, true)?,
        medicines::medicines(context, &asked, &mut coverage)?,
        found::results(context, &asked, &mut coverage)?,
        found::vitals(context, &asked, &mut coverage)?,
        done::vaccines_given(context, &asked, &mut coverage)?,
        done::procedures(context, &asked, &mut coverage)?,
        done::last_visits(context, &asked, &mut coverage)?,
        problems::problems(context, &asked, &mut coverage, false)?,
        found::reports(context, &asked, &mut coverage)?,
        rest::own_notes(context, &asked, &mut coverage)?,
        rest::impossible(context)?,
        rest::others(context, &asked, &mut coverage)?,
    ];
    first::add_own_notes(context, &mut parts);
    // The parts count undated entries each for itself; a page needs no such list.
    coverage.notices.clear();
    coverage.notices.extend(rest::missing(context));
    let room = ask.max_tokens.map_or(Ok(TOKENS_DEFAULT), |tokens| budget_tokens(Some(tokens)))?;
    let title = format!("summary as of {}", context.today);
    Draft { title, says: String::new(), parts, coverage }.answer(context, room)
}

#[cfg(test)]
mod tests;
