//! What the parts of the page have in common: which entries can be told, and how a line reads.

use crate::insight::lifetime::Lifetime;
use crate::insight::rows::{self, Shown};
use crate::insight::sheet::{Part, Shape};
use crate::insight::{Asked, Context, Coverage, Refusal, shortened};
use crate::record::{Entry, Kind, Standing, When};

/// A fact with its date and citation.
pub(super) fn line(what: &str, date: Option<When>, entry: &Entry) -> String {
    let date = date.map_or_else(String::new, |when| format!(", {}", when.date_text()));
    format!("{what}{date} [{}]", entry.id)
}

/// Characters of a recorded name that a page has room for; an ellipsis marks what is cut.
const NAME_CHARS: usize = 90;

/// The name as recorded, as far as a page has room for it.
pub(super) fn name_of(entry: &Entry) -> String {
    shortened(&rows::name_cell(entry), NAME_CHARS)
}

/// The name and the citation, for what stands in a row with others.
pub(super) fn cited(entry: &Entry) -> String {
    format!("{} [{}]", name_of(entry), entry.id)
}

/// Several facts in one line, so many at the most; the call shows the others.
pub(super) fn in_one_line(what: &str, facts: &[String], most: usize, call: &str) -> Option<String> {
    let more = facts.len().saturating_sub(most);
    let rest = if more > 0 { format!("; and {more} more: {call}") } else { String::new() };
    (!facts.is_empty()).then(|| format!("{what}: {}{rest}", facts[..facts.len() - more].join("; ")))
}

/// A fixed part that is one row of names from the beginning.
pub(super) fn row_of_names(name: &str, names: Vec<String>, call: &str) -> Part {
    let part = Part::fixed(name, names.clone()).condensing_to(names, call);
    Part { shape: Shape::Row, ..part }
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

/// As [`select`], whatever the period asked for: what has no date after which it is harmless.
pub(super) fn select_always<'a>(context: &Context<'a>, kind: Kind) -> Result<Vec<Shown<'a>>, Refusal> {
    select(context, kind, &Asked::default(), &mut Coverage::default())
}
