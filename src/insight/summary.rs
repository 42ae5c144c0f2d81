//! The whole record on one page: what a new doctor would ask for first, each line with its citation.

mod done;
mod first;
mod found;
mod medicines;
mod part;
mod problems;
mod rest;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::part::Part;
use super::answer::{cited_in, tokens};
use super::ask::budget_tokens;
use super::{Answer, Context, Coverage, ListAsk, Refusal, Whose};

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

/// The typed form of a summary.
#[derive(Serialize, JsonSchema)]
pub struct Summary {
    /// Whose record it is.
    pub whose: Whose,
    /// Its sections.
    pub sections: Vec<Told>,
    /// What it covers.
    pub coverage: Coverage,
}

/// A section of a summary.
#[derive(Serialize, JsonSchema)]
pub struct Told {
    /// What it is about.
    pub name: String,
    /// What is said of the whole of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// One fact a line, with its citation.
    pub lines: Vec<String>,
    /// How many facts there are.
    pub total: usize,
}

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
    let whose = Whose::of(context.view);
    let head = format!("{} — summary as of {}\n", whose.line(), context.today);
    let room = ask.max_tokens.map_or(Ok(TOKENS_DEFAULT), |tokens| budget_tokens(Some(tokens)))?;
    let fixed = tokens(&head) + tokens(&coverage.line(None));
    fit(context, &mut parts, room.saturating_sub(fixed))?;
    let body: String = parts.iter().map(Part::text).collect();
    let text = format!("{head}{body}\n{}", coverage.line(None));
    let sections = parts.iter().filter(|part| !part.lines.is_empty() || !part.says.is_empty());
    let sections = sections.map(Part::told);
    let structured =
        serde_json::to_value(Summary { whose, sections: sections.collect(), coverage }).unwrap_or_default();
    let cited = cited_in(&text);
    Ok(Answer { text, structured, cited })
}

/// Takes lines away until the page fits: first where there are more than a part needs, then anywhere.
fn fit(context: &Context<'_>, parts: &mut [Part], room: usize) -> Result<(), Refusal> {
    let mut size: usize = parts.iter().map(|part| tokens(&part.text())).sum();
    while size > room {
        context.check()?;
        let spare = |part: &Part| part.shown.saturating_sub(part.least);
        let cuttable = || parts.iter().enumerate().filter(|(_, part)| !part.is_fixed && part.shown > 1);
        let longest = cuttable().max_by_key(|(_, part)| (spare(part), part.shown)).map(|(place, _)| place);
        let Some(longest) = longest.and_then(|place| parts.get_mut(place)) else { return Ok(()) };
        let before = tokens(&longest.text());
        longest.shown -= 1;
        size = size + tokens(&longest.text()) - before;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
