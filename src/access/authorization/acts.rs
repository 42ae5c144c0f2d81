//! Lines of the person's audit about what assistants may do: who did it, which assistant, why.

use jiff::Timestamp;

use super::grant::{Grant, Why};
use crate::access::audit::{Event, Outcome};

/// What was done to a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Given,
    Connected,
    Changed,
    TokenGivenBack,
    Ended(Why),
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer<'a> {
    /// An account, by what it is to the person.
    Account(&'a str),
    /// The assistant itself.
    Assistant,
    /// Nobody: a rule of this program.
    Rule,
}

/// The line.
pub(super) fn event(grant: &Grant, id: &str, who: Doer<'_>, act: Act, now: Timestamp) -> Event {
    let who = match who {
        Doer::Account(relation) => format!("the account ({relation})"),
        // As its calls do, it carries its grant: a name that anyone may choose is never that of an account or of a rule.
        Doer::Assistant => format!("{}, grant {id}", grant.assistant.name),
        Doer::Rule => "plainchart".to_owned(),
    };
    let act = match act {
        Act::Given => "access_given".to_owned(),
        Act::Connected => "access_connected".to_owned(),
        Act::Changed => "access_changed".to_owned(),
        Act::TokenGivenBack => "access_token_given_back".to_owned(),
        Act::Ended(why) => format!("access_ended {}", why.word()),
    };
    let tool = format!("{act}: {} {id}", grant.assistant.name);
    Event { at: now.as_second(), who, tool, entries: Vec::new(), outcome: Outcome::Answered }
}
