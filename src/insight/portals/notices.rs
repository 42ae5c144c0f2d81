//! What Coverage says of portals: only what bears on the kinds that an answer tells of, and shortly.

use super::{Lack, Portal, portals};
use crate::insight::coverage::day_of;
use crate::insight::{Context, shortened};
use crate::record::Kind;

/// Sentences in one answer; more are counted.
const NOTICES_MAX: usize = 4;
/// Queries that one sentence names; more are counted.
const NAMES_MAX: usize = 5;
/// Characters of the name of a portal.
const PORTAL_CHARS: usize = 40;
/// Characters of a reason.
const WHY_CHARS: usize = 90;

/// What did not come of these kinds, and which portals could not be fetched from of late.
pub fn notices(context: &Context<'_>, kinds: &[Kind]) -> Vec<String> {
    let scope = &context.view.scope().kinds;
    let kinds: Vec<Kind> = kinds.iter().copied().filter(|kind| scope.contains(kind)).collect();
    let told = portals(context)
        .flat_map(|portal| is_not_up_to_date(&portal).into_iter().chain(missing(&portal, &kinds)));
    let mut told: Vec<String> = told.collect();
    let more = told.len().saturating_sub(NOTICES_MAX);
    told.truncate(NOTICES_MAX);
    if more > 0 {
        told.push(format!("{more} more gaps of portals: check_records_status"));
    }
    told
}

/// That it could not be fetched from, since when and why.
fn is_not_up_to_date(portal: &Portal<'_>) -> Option<String> {
    let trouble = portal.fetched.trouble.as_ref()?;
    let (name, why) = (shortened(&portal.source.name, PORTAL_CHARS), brief(&trouble.why));
    let day = day_of(portal.fetched.at).unwrap_or_default();
    Some(match portal.was_fetched() {
        false => format!("{name}: never fetched ({why})"),
        true if portal.fetched.at < trouble.at => format!("{name}: not fetched since {day} ({why})"),
        true => format!("{name}: the fetch of {day} was cut off ({why})"),
    })
}

/// One sentence for each way and reason.
fn missing(portal: &Portal<'_>, kinds: &[Kind]) -> Vec<String> {
    let name = shortened(&portal.source.name, PORTAL_CHARS);
    let day = day_of(portal.fetched.at).unwrap_or_default();
    let mut groups: Vec<(Lack, String, Vec<&str>)> = Vec::new();
    for (lack, query) in portal.lacks(kinds) {
        let why = if lack == Lack::NotPermitted { String::new() } else { brief(&query.why) };
        match groups.iter_mut().find(|group| (group.0, &group.1) == (lack, &why)) {
            Some(group) => group.2.push(&query.name),
            None => groups.push((lack, why, vec![&query.name])),
        }
    }
    groups.sort_by_key(|group| group.0);
    let told = groups.into_iter().map(|(lack, why, queries)| {
        let why = if why.is_empty() { why } else { format!(" ({why})") };
        let queries = names(&queries);
        match lack {
            Lack::Failed => format!("{name}: {queries} could not be fetched on {day}{why}"),
            Lack::Partial => format!("{name}: {queries} came in part{why}"),
            Lack::NotPermitted => format!("{name}: {queries} not permitted to plainchart at the sign-in"),
            Lack::Refused => format!("{name}: {queries} refused{why}"),
        }
    });
    told.collect()
}

fn names(queries: &[&str]) -> String {
    let mut named: Vec<String> =
        queries.iter().take(NAMES_MAX).map(|name| shortened(name, PORTAL_CHARS)).collect();
    let more = queries.len().saturating_sub(NAMES_MAX);
    named.extend((more > 0).then(|| format!("{more} more")));
    named.join(", ")
}

/// A reason without the codes and details at its end, which `check_records_status` tells.
fn brief(why: &str) -> String {
    let first = why.split([';', '(']).next().unwrap_or(why);
    shortened(first.split(": ").next().unwrap_or(first).trim(), WHY_CHARS)
}
