//! What all lists can be asked alike: a period, words, a limit, a budget.

use schemars::JsonSchema;
use serde::Deserialize;

use super::portals::Nothing;
use crate::record::{Entry, EntryId, When};

/// Why there is no answer, with what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// An argument cannot be understood.
    #[error("{0}")]
    BadArgument(String),
    /// No entry has this id (or it is withheld, which is told in the same words).
    #[error(
        "no entry {0} can be seen. Ids look like L482913 and stand in brackets in every answer; they are never guessed"
    )]
    UnknownEntry(String),
    /// The call took too long.
    #[error(
        "the answer took too long and was stopped. Ask for less: a shorter period (since, until) or a smaller limit"
    )]
    OutOfTime,
}

/// What every list takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ListAsk {
    /// Words to look for, lay or medical.
    pub query: Option<String>,
    /// From this date (YYYY, YYYY-MM or YYYY-MM-DD).
    pub since: Option<String>,
    /// To this date.
    pub until: Option<String>,
    /// Only what came into the record since this date.
    pub added_since: Option<String>,
    /// Status to keep.
    pub status: Option<String>,
    /// Most rows to show.
    pub limit: Option<u32>,
    /// From `next` of the last answer.
    pub cursor: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// The period and the words asked for, understood.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The words, if any.
    pub query: Option<String>,
    /// The period.
    pub period: Period,
    /// The status asked for, in lower case.
    pub status: Option<String>,
    /// Where to go on.
    pub cursor: Option<EntryId>,
    /// True where the cursor goes on with one row a test (`tests:L482913`).
    pub is_by_test: bool,
    /// True where the cursor goes on with the orders of one drug, a row each (`orders:M482913`).
    pub is_by_order: bool,
    /// How much to show.
    pub budget: Budget,
}

/// A period of clinical dates, and of the time when entries came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub since: Option<jiff::civil::Date>,
    /// Last day.
    pub until: Option<jiff::civil::Date>,
    /// Came in at or after this instant (seconds since 1970).
    pub added_since: Option<i64>,
}

/// How much an answer may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Rows.
    pub rows: usize,
    /// Tokens of the text, and of the typed form.
    pub tokens: usize,
}

/// The default size of an answer: 2,000 tokens of a real tokenizer.
pub const TOKENS_DEFAULT: usize = within(2_000);

/// Our count of tokens is up to an eighteenth below the truth on lists of medicines and checks: so much of a
/// budget is kept free, so that what was promised is held.
const fn within(tokens: usize) -> usize {
    tokens - tokens / 18
}

/// How the cursor of a list begins that has one row a test.
pub const BY_TEST: &str = "tests:";

/// How the cursor of a list of the orders of one drug begins.
pub const BY_ORDER: &str = "orders:";

impl Default for Budget {
    fn default() -> Budget {
        Budget { rows: usize::MAX, tokens: TOKENS_DEFAULT }
    }
}

impl Budget {
    /// More rows than this never fit: a row costs at least the seven tokens of its citation, `|[L482913]` and
    /// the end of the line.
    pub fn rows_at_most(&self) -> usize {
        const ROW_TOKENS: usize = 7;
        self.rows.min(self.tokens / ROW_TOKENS)
    }
}

impl ListAsk {
    /// Understands the arguments, or says which one cannot be.
    pub fn understood(&self) -> Result<Asked, Refusal> {
        let since = self.since.as_deref().map(|text| day("since", text)).transpose()?;
        let until = self.until.as_deref().map(|text| day("until", text)).transpose()?;
        let added = self.added_since.as_deref().map(|text| day("added_since", text)).transpose()?;
        let period = Period {
            since: since.map(|when| when.earliest()),
            until: until.map(|when| when.latest()),
            added_since: added.map(|when| start_of(when.earliest())),
        };
        if let (Some(since), Some(until)) = (period.since, period.until)
            && since > until
        {
            return Err(Refusal::BadArgument(format!("since ({since}) lies after until ({until})")));
        }
        Ok(Asked {
            query: self.query.as_deref().map(str::trim).filter(|query| !query.is_empty()).map(str::to_owned),
            period,
            status: self.status.as_deref().map(|status| status.trim().to_lowercase()),
            cursor: self.cursor.as_deref().map(cursor).transpose()?,
            is_by_test: self.cursor.as_deref().is_some_and(|cursor| cursor.starts_with(BY_TEST)),
            is_by_order: self.cursor.as_deref().is_some_and(|cursor| cursor.starts_with(BY_ORDER)),
            budget: Budget { rows: rows(self.limit)?, tokens: budget_tokens(self.max_tokens)? },
        })
    }
}

impl Asked {
    /// The first line of a list: what it is and what it was narrowed to.
    pub fn title(&self, what: &str) -> String {
        let query = self
            .query
            .as_ref()
            .map_or_else(String::new, |query| format!(" matching \"{}\"", super::plain(query)));
        let status =
            self.status.as_ref().map_or_else(String::new, |status| format!(", {}", super::plain(status)));
        let since = self.period.since.map_or_else(String::new, |day| format!(", since {day}"));
        let until = self.period.until.map_or_else(String::new, |day| format!(", until {day}"));
        format!("{what}{query}{status}{since}{until}")
    }

    /// Whether only some of a kind are asked for.
    pub fn is_narrowed(&self) -> bool {
        self.query.is_some() || self.status.is_some() || !self.period.is_open()
    }

    /// What is said where a list has no row: that these records hold none, not that there is none.
    pub fn nothing(&self, what: &str, nothing: &Nothing) -> String {
        let narrowed = if self.is_narrowed() { " that fits what was asked" } else { "" };
        let why = match nothing {
            Nothing::NotSent => "That does not mean there was none: no source has sent one.".to_owned(),
            Nothing::NoneThere(portals) => format!(
                "That does not mean there was none: {} answered that it holds none, and no other source has sent one.",
                portals.join(", ")
            ),
            Nothing::NotKnown(portals) => format!(
                "Whether there is one is not known: not all could be fetched from {} (see Coverage).",
                portals.join(", ")
            ),
        };
        format!("No {what}{narrowed} in these records. {why}")
    }
}

impl Period {
    /// Whether anything is asked for.
    pub fn is_open(&self) -> bool {
        *self == Period::default()
    }

    /// Whether an entry lies in the period. One without a date lies in no limited period.
    pub fn holds(&self, entry: &Entry) -> bool {
        let came_in = self.added_since.is_none_or(|since| entry.added_at >= since);
        came_in && self.holds_dates(entry.date.or(entry.recorded), entry.end)
    }

    /// Whether a span of dates touches the period.
    pub fn holds_dates(&self, from: Option<When>, to: Option<When>) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        let (Some(first), Some(last)) = (from.or(to), to.or(from)) else { return false };
        self.since.is_none_or(|since| last.latest() >= since)
            && self.until.is_none_or(|until| first.earliest() <= until)
    }
}

fn day(name: &str, text: &str) -> Result<When, Refusal> {
    When::parse(text).ok_or_else(|| {
        Refusal::BadArgument(format!(
            "{name} is no date: write YYYY, YYYY-MM or YYYY-MM-DD, such as 2024-03-01"
        ))
    })
}

fn cursor(text: &str) -> Result<EntryId, Refusal> {
    let id = text.strip_prefix(BY_TEST).or(text.strip_prefix(BY_ORDER)).unwrap_or(text);
    EntryId::parse(id).ok_or_else(|| {
        Refusal::BadArgument("cursor must be the `next` of an earlier answer, such as L482913".into())
    })
}

fn rows(limit: Option<u32>) -> Result<usize, Refusal> {
    match limit {
        None => Ok(usize::MAX),
        Some(limit @ 1..=1000) => Ok(limit as usize),
        Some(_) => Err(Refusal::BadArgument("limit must be from 1 to 1000".into())),
    }
}

/// Reads `max_tokens`: from 200 to 13,000, which is as much as 40,000 characters hold.
pub fn budget_tokens(max_tokens: Option<u32>) -> Result<usize, Refusal> {
    match max_tokens {
        None => Ok(TOKENS_DEFAULT),
        Some(tokens @ 200..=13_000) => Ok(within(tokens as usize)),
        Some(_) => Err(Refusal::BadArgument("max_tokens must be from 200 to 13000".into())),
    }
}

/// The first second of a day in UTC.
fn start_of(date: jiff::civil::Date) -> i64 {
    When::day(date).day_number().map_or(0, |day| i64::from(day) * 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_costs_less_than_its_citation() {
        let budget = Budget { rows: usize::MAX, tokens: super::super::tokens("|[L482913]\n") };
        assert_eq!(budget.rows_at_most(), 1);
    }
}
