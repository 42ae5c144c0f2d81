//! What the parts of the page have in common: which entries can be told, and how a line reads.

use crate::insight::lifetime::Lifetime;
use crate::insight::rows::{self, Shown};
use crate::insight::{Asked, Context, Coverage, Refusal};
use crate::record::{Entry, Kind, Standing};

/// A fact with its date and citation.
pub(super) fn line(what: &str, date: Option<crate::record::When>, entry: &Entry) -> String {
    let date = date.map_or_else(String::new, |when| format!(", {}", when.date_text()));
    format!("{what}{date} [{}]", entry.id)
}

/// What can be told of a kind: neither withdrawn by its source nor dated when it cannot have been.
pub(super) fn select<'a>(
    context: &Context<'a>,
    kind: Kind,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Vec<Shown<'a>>, Refusal> {
    let lifetime = Lifetime::of(context.view, context.today);
    let can_be =
        |entry: &Entry| entry.standing != Standing::EnteredInError && lifetime.objection(entry).is_none();
    rows::select(context, kind, asked, coverage, can_be)
}
