//! What an assistant reads where there is no answer: the one place that turns a refusal into a sentence.

use super::tool::Call;
use super::tools::{TOOLS, Tool};
use crate::access;
use crate::insight::{Refusal, Ways, alarm, plain};

/// Why there is no answer: one sentence and the next step, free of personal data beyond the caller's own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// Danger in the question is answered though the call is refused.
pub(super) fn before(call: &Call, refused: Refused) -> Refused {
    let lines = alarm::danger(&call.arguments);
    if lines.is_empty() { refused } else { Refused(format!("{}\n{refused}", lines.join("\n"))) }
}

/// A refusal as the assistant reads it. Its message holds the next step already.
pub(super) fn told(refusal: &Refusal) -> Refused {
    match refusal {
        // These begin with the name of a tool or an argument, which is written as it is.
        Refusal::BadArgument(message) => Refused(format!("{message}.")),
        Refusal::UnknownEntry(_) | Refusal::OutOfTime => {
            Refused(format!("{}.", sentence(&refusal.to_string())))
        }
    }
}

/// An error of access as the assistant reads it; its cause is logged here, once.
pub(super) fn unseen(call: &Call, error: &access::Error) -> Refused {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(error = %error, cause, "a record could not be seen");
    refused(&error.to_string(), &next_step(call, error))
}

/// What the person can do about it, in the way that they have.
pub(super) fn next_step(call: &Call, error: &access::Error) -> String {
    match &call.ways {
        Ways::Commands => error.next_step().to_owned(),
        Ways::Pages(pages) => error.hosted_step(&pages.sources(), &pages.assistant()),
    }
}

/// A tool that there is not; the others are named.
pub(super) fn unknown_tool(name: &str) -> Refusal {
    let name: String = plain(name).chars().take(64).collect();
    let names: Vec<&str> = TOOLS.iter().map(|tool: &Tool| tool.name).collect();
    Refusal::BadArgument(format!("there is no tool \"{name}\". There are: {}", names.join(", ")))
}

/// Something of ours failed.
pub(super) fn failed() -> Refused {
    refused("Something in plainchart failed, and this call with it", "Other tools still answer")
}

/// What happened, and what to do next.
pub(super) fn refused(what: &str, next_step: &str) -> Refused {
    Refused(format!("{}. {next_step}.", sentence(what)))
}

/// Our messages begin in lower case, as errors do; sentences do not.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
