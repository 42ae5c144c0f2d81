//! The last block of every answer: what was shown of what there is, from where, and what is missing.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Context, plain, portals};
use crate::record::Kind;

/// What an answer covers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Coverage {
    /// First and last date among all that was asked for, where there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Where the record comes from.
    pub sources: Vec<SourceSeen>,
    /// What is off by setting, in the same words whether or not anything lies behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
    /// What else has to be known about the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// The exact next call, where there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_call: Option<String>,
}

/// A source and how fresh it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SourceSeen {
    /// Its name.
    pub name: String,
    /// The day of its last import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_on: Option<String>,
}

impl Coverage {
    /// The part that is alike in every answer, and what portals did not give of the kinds that it tells of.
    pub fn of(context: &Context<'_>, kinds: &[Kind]) -> Coverage {
        let sources = context.view.sources().map(|source| SourceSeen {
            name: plain(&source.name),
            read_on: source.last_at().and_then(day_of),
        });
        let withheld = context.view.scope().withholds();
        Coverage {
            sources: sources.collect(),
            withheld: withheld.then(|| "some entries may be withheld by the person's settings".into()),
            notices: portals::notices(context, kinds),
            ..Coverage::default()
        }
    }

    /// One line, with how much is shown of how much.
    pub fn line(&self, shown: Option<(usize, usize)>) -> String {
        let mut parts = Vec::new();
        if let Some((shown, total)) = shown {
            let period = self.period.as_ref().map_or_else(String::new, |period| format!(", {period}"));
            parts.push(if shown == total {
                format!("all {total}{period}")
            } else {
                format!("{shown} of {total}{period}")
            });
        }
        parts.push(sources_text(&self.sources));
        parts.extend(self.withheld.clone());
        parts.extend(self.notices.iter().cloned());
        parts.extend(self.next_call.as_ref().map(|call| format!("more: {call}")));
        format!("Coverage: {}.", parts.join("; "))
    }

    /// Says which call shows the rest.
    pub fn goes_on(&mut self, context: &Context<'_>, cursor: &str) {
        let mut arguments: Map<String, Value> = context.arguments.clone();
        arguments.insert("cursor".into(), cursor.into());
        self.next_call = Some(format!("{} {}", context.tool, Value::Object(arguments)));
    }
}

/// The sources with the day of their last import: said once where it is the same day for all.
fn sources_text(sources: &[SourceSeen]) -> String {
    let Some(first) = sources.first() else { return "no sources yet".into() };
    let read = |source: &SourceSeen| {
        source.read_on.as_ref().map_or_else(String::new, |day| format!(" (read {day})"))
    };
    if sources.iter().all(|source| source.read_on == first.read_on) {
        let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        return format!("sources: {}{}", names.join(", "), read(first));
    }
    let each: Vec<String> = sources.iter().map(|source| format!("{}{}", source.name, read(source))).collect();
    format!("sources: {}", each.join(", "))
}

/// The day of an instant, in UTC.
pub fn day_of(second: i64) -> Option<String> {
    let instant = jiff::Timestamp::from_second(second).ok()?;
    Some(instant.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}
