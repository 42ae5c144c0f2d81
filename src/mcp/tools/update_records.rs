//! `update_records`: fetches what is new from the connected portals. With `connect_source` the only tool that
//! changes something.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Run, Tool};
use crate::ingest::portal::{self, Refreshed};
use crate::insight::{Answer, Context, Coverage, Refusal, Ways, Whose, plain};
use crate::mcp::desk::Desk;
use crate::mcp::parameter::{Form, optional};
use crate::mcp::{Arguments, Opening, Portals, schema};

/// A portal is fetched from once in so many seconds at the most.
const ONCE_IN_S: i64 = 15 * 60;
/// Queries that are named one by one when they did not come whole.
const NOT_WHOLE_MAX: usize = 8;

pub const TOOL: Tool = Tool {
    name: NAME,
    title: "Fetch what is new",
    description: "Fetches what is new from the connected portals, each once in 15 minutes at most.",
    parameters: &[optional("source", "One portal, by name", Form::Words)],
    output: schema::of::<Updated>,
    run: Run::OfPortals(run),
};

const UNDER_WAY: &str = "under way";

/// Its name: a server waits for what it has begun.
pub const NAME: &str = "update_records";

/// What became of an update.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Updated {
    /// Whose record it is.
    whose: Whose,
    /// Every portal that was meant.
    portals: Vec<Portal>,
    /// What the answer covers.
    coverage: Coverage,
}

/// A portal, and where its update stands.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
struct Portal {
    /// Its name.
    name: String,
    /// `fetched`, `under way`, `too soon`, `sign in again` or `failed`.
    state: &'static str,
    /// The same in words, with the next step.
    says: String,
    /// Entries that are new.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<usize>,
    /// Entries that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<usize>,
    /// Entries that the portal no longer has.
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<usize>,
    /// Queries that did not come whole, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_whole: Vec<String>,
    /// From when on it can be fetched from again (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    next_at: Option<String>,
}

fn run(context: &Context<'_>, arguments: &Arguments, opening: &Opening<'_>) -> Result<Answer, Refusal> {
    let portals = &opening()?;
    let wanted = arguments.text("source");
    let is_wanted = |status: &portal::Status| wanted.is_none_or(|name| status.is_called(name));
    let mut ended = portals.desk.map(|desk| desk.take_ended(portals.owner())).unwrap_or_default();
    let mut told = Vec::new();
    for status in portals.connected(context)?.iter().filter(|status| is_wanted(status)) {
        context.check()?;
        let place = ended.iter().position(|(name, _)| *name == status.name);
        told.push(match place.map(|place| ended.remove(place).1) {
            Some(Ok(refreshed)) if context.view.scope().withholds() => fetched_for_some(&refreshed),
            Some(Ok(refreshed)) => fetched(&refreshed),
            Some(Err(why)) => Portal { state: "failed", says: why, ..named(&status.name) },
            None => begin(portals.desk(context)?, portals, status, context.ways),
        });
    }
    // Sign-ins that came to nothing have no connection. What else is left is of sources that are withheld.
    let sees_all = context.view.scope().sources.is_none();
    told.extend(ended.into_iter().filter_map(|(name, ended)| {
        let why = ended.err().filter(|_| wanted.is_none() && sees_all)?;
        Some(Portal { state: "failed", says: why, ..named(&name) })
    }));
    if let Some(name) = wanted.filter(|_| told.is_empty()) {
        let what = format!("no connected portal is called \"{}\"; without a name all are meant", plain(name));
        return Err(Refusal::BadArgument(what));
    }
    Ok(answer(context, told))
}

/// Whether an answer tells of a fetch that is under way.
pub fn is_under_way(answer: &Answer) -> bool {
    let portals = answer.structured["portals"].as_array();
    portals.is_some_and(|portals| portals.iter().any(|portal| portal["state"] == UNDER_WAY))
}

fn named(name: &str) -> Portal {
    Portal { name: plain(name), ..Portal::default() }
}

/// Begins to fetch, or says why not now.
fn begin(desk: &Desk, portals: &Portals<'_>, status: &portal::Status, ways: &Ways) -> Portal {
    if let Some(progress) = desk.progress_of(portals.owner(), &status.id) {
        let says = format!("{} of {} queries have ended; ask again in a minute", progress.done, progress.of);
        return Portal { state: UNDER_WAY, says, ..named(&status.name) };
    }
    if let Some(why) = &status.needs_sign_in {
        let says = format!("the sign-in has ended ({why}): {}", ways.to_sign_in_again(&plain(&status.name)));
        return Portal { state: "sign in again", says, ..named(&status.name) };
    }
    let next_s = status.tried_at.map(|at| at + ONCE_IN_S).filter(|next| *next > portals.now_s);
    if let Some(next_s) = next_s.filter(|_| !status.is_cut_off) {
        let next_at = minute(next_s);
        let says = format!("fetched from less than 15 minutes ago; again from {next_at} on");
        return Portal { state: "too soon", says, next_at: Some(next_at), ..named(&status.name) };
    }
    if !desk.fetch(&portals.setting, status) {
        let says = "other portals are being asked just now; ask again in some minutes".into();
        return Portal { state: "too soon", says, ..named(&status.name) };
    }
    let says = "the fetch has begun; ask again in a minute".into();
    Portal { state: UNDER_WAY, says, ..named(&status.name) }
}

/// To whom something is withheld nothing is counted: what came may be what is withheld.
fn fetched_for_some(refreshed: &Refreshed) -> Portal {
    let mut says = "it was asked, and what came is in the record".to_owned();
    if let Some(trouble) = &refreshed.fetched.trouble {
        says.push_str(&format!("; cut short: {}", plain(&trouble.why)));
    }
    says.push_str("; check_records_status says more");
    Portal { state: "fetched", says, ..named(&refreshed.name) }
}

fn fetched(refreshed: &Refreshed) -> Portal {
    let Refreshed { name, report, fetched } = refreshed;
    let not_whole: Vec<String> = fetched
        .not_whole()
        .filter(|query| query.state != crate::record::QueryState::Refused || query.has_brought)
        .map(|query| format!("{}: {} ({})", plain(&query.name), query.state.word(), plain(&query.why)))
        .collect();
    let more = not_whole.len().saturating_sub(NOT_WHOLE_MAX);
    let mut says = format!("{} new, {} changed, {} gone", report.new, report.changed, report.gone);
    if let Some(trouble) = &fetched.trouble {
        says.push_str(&format!("; cut short: {}", plain(&trouble.why)));
    }
    if more > 0 {
        says.push_str(&format!("; {more} more queries did not come whole: check_records_status"));
    }
    Portal {
        state: "fetched",
        says,
        new: Some(report.new),
        changed: Some(report.changed),
        gone: Some(report.gone),
        not_whole: not_whole.into_iter().take(NOT_WHOLE_MAX).collect(),
        ..named(name)
    }
}

fn minute(second: i64) -> String {
    let at = jiff::Timestamp::from_second(second).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn answer(context: &Context<'_>, portals: Vec<Portal>) -> Answer {
    let told = Updated { whose: Whose::of(context.view), portals, coverage: Coverage::of(context, &[]) };
    let mut text = format!("{} — Update\n\n", told.whose.line());
    if told.portals.is_empty() {
        let files = context.ways.to_add_files();
        text.push_str(&format!(
            "No portal is connected, so nothing was fetched. connect_source begins a sign-in; {files}.\n"
        ));
    }
    for portal in &told.portals {
        text.push_str(&format!("- {}: {}: {}\n", portal.name, portal.state, portal.says));
        for query in &portal.not_whole {
            text.push_str(&format!("  - {query}\n"));
        }
    }
    text.push_str(&format!("\n{}", told.coverage.line(None)));
    let structured = serde_json::to_value(&told).unwrap_or_default();
    Answer { text, structured, cited: Vec::new() }
}
