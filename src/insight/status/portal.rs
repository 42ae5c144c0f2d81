//! What became of the fetches from a portal, query by query; the same reason is said once for many.

use schemars::JsonSchema;
use serde::Serialize;

use crate::insight::coverage::day_of;
use crate::insight::portals::{Lack, Portal};
use crate::insight::{Ways, plain, shortened, tokens};
use crate::record::QueryState;

/// A portal, when it was fetched from, and what it did not give.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PortalStatus {
    /// The day of the last fetch; nothing where there never was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched_on: Option<String>,
    /// What has gone wrong since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<TroubleStatus>,
    /// As who somebody signed in for this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acts_as: Option<String>,
    /// What was asked for at the sign-in and not granted, in the portal's words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_granted: Vec<String>,
    /// How many of its queries ended in which way.
    pub queries: String,
    /// The queries that did not end well, by outcome and reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<GapStatus>,
    /// What shows the gaps, where there was no room for them here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<String>,
}

/// Why a portal could not be fetched from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TroubleStatus {
    /// Since which day.
    pub since: String,
    /// Why.
    pub why: String,
    /// What helps, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helps: Option<String>,
}

/// Queries that ended alike.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GapStatus {
    /// failed, partial, not permitted or refused.
    pub outcome: &'static str,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// What was asked for.
    pub queries: Vec<String>,
}

/// Characters of a reason.
const WHY_CHARS: usize = 200;
/// Characters of what a query or a scope is called.
const NAME_CHARS: usize = 60;

impl PortalStatus {
    /// What may be told of a portal. `withholds` is true where what is not there cannot be told from what is
    /// withheld.
    pub fn of(portal: &Portal<'_>, withholds: bool, ways: &Ways) -> PortalStatus {
        let fetched = portal.fetched;
        let name = plain(&portal.source.name);
        PortalStatus {
            fetched_on: day_of(fetched.at).filter(|_| portal.was_fetched()),
            trouble: fetched.trouble.as_ref().map(|trouble| TroubleStatus {
                since: day_of(trouble.at).unwrap_or_default(),
                why: shortened(&trouble.why, WHY_CHARS),
                helps: trouble
                    .needs_sign_in
                    .then(|| format!("sign in again: {}", ways.to_sign_in_again(&name))),
            }),
            acts_as: fetched.acts_as.as_deref().map(|user| shortened(user, NAME_CHARS)),
            not_granted: portal.not_granted.iter().map(|word| shortened(word, NAME_CHARS)).collect(),
            queries: counts(portal, withholds),
            gaps: gaps(portal),
            more: None,
        }
    }

    /// Leaves the gaps out where they cost more than this, and says what shows them. Gives what is left.
    pub fn within(&mut self, room: usize, name: &str, ways: &Ways) -> usize {
        let cost = tokens(&self.gap_lines());
        if cost <= room {
            return room - cost;
        }
        self.gaps.clear();
        self.more = Some(ways.to_show_a_source(name));
        room
    }

    /// Its lines in the text.
    pub fn lines(&self, name: &str) -> String {
        let mut text = match &self.fetched_on {
            Some(day) => format!("\n{name}: last fetched {day}; queries: {}\n", self.queries),
            None => format!("\n{name}: never fetched\n"),
        };
        if let Some(trouble) = &self.trouble {
            let helps = trouble.helps.as_ref().map_or_else(String::new, |helps| format!("; {helps}"));
            text.push_str(&format!("- trouble since {}: {}{helps}\n", trouble.since, trouble.why));
        }
        if let Some(user) = &self.acts_as {
            text.push_str(&format!("- signed in for this person by somebody else: {user}\n"));
        }
        if !self.not_granted.is_empty() {
            text.push_str(&format!("- not granted at the sign-in: {}\n", self.not_granted.join(", ")));
        }
        text.push_str(&self.gap_lines());
        if let Some(more) = &self.more {
            text.push_str(&format!("- which did not end well: {more}\n"));
        }
        text
    }

    fn gap_lines(&self) -> String {
        let lines = self.gaps.iter().map(|gap| {
            let why = if gap.why.is_empty() { String::new() } else { format!(" ({})", gap.why) };
            format!("- {}{why}: {}\n", gap.outcome, gap.queries.join(", "))
        });
        lines.collect()
    }
}

/// How many ended in which way. Behind a setting it is not told how many were answered with nothing.
fn counts(portal: &Portal<'_>, withholds: bool) -> String {
    let answered = || portal.outcomes.iter().filter(|outcome| outcome.lack.is_none());
    let empty = answered().filter(|outcome| outcome.query.state == QueryState::Empty).count();
    let empty = match empty {
        0 => String::new(),
        _ if withholds => String::new(),
        empty => format!(" ({empty} of them: nothing there)"),
    };
    let ways = Lack::ALL.into_iter().filter_map(|lack| {
        let count = portal.outcomes.iter().filter(|outcome| outcome.lack == Some(lack)).count();
        (count > 0).then(|| format!("{count} {}", lack.word()))
    });
    let all: Vec<String> =
        std::iter::once(format!("{} answered{empty}", answered().count())).chain(ways).collect();
    all.join(", ")
}

/// The queries that did not end well, the worst first.
fn gaps(portal: &Portal<'_>) -> Vec<GapStatus> {
    let mut gaps: Vec<GapStatus> = Vec::new();
    for lack in Lack::ALL {
        for outcome in portal.outcomes.iter().filter(|outcome| outcome.lack == Some(lack)) {
            let (why, name) =
                (shortened(&outcome.query.why, WHY_CHARS), shortened(&outcome.query.name, NAME_CHARS));
            match gaps.iter_mut().find(|gap| gap.outcome == lack.word() && gap.why == why) {
                Some(gap) => gap.queries.push(name),
                None => gaps.push(GapStatus { outcome: lack.word(), why, queries: vec![name] }),
            }
        }
    }
    gaps
}
