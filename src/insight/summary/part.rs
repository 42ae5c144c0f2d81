//! A part of the page: lines with their citations, of which as many stay as there is room for.

use crate::insight::lifetime::Lifetime;
use crate::insight::rows::{self, Shown};
use crate::insight::{Asked, Context, Coverage, Refusal};
use crate::record::{Entry, Kind, Standing};

use super::Told;

/// A part of the summary.
pub(super) struct Part {
    pub name: &'static str,
    /// What is said before the lines, or instead of them.
    pub says: String,
    /// One fact a line, what matters most first.
    pub lines: Vec<String>,
    /// How many lines are shown now; lowered until the page fits.
    pub shown: usize,
    /// How many lines stay as long as other parts have more than they need.
    pub least: usize,
    /// No budget cuts a part that is dangerous to lose.
    pub is_fixed: bool,
    /// The tool that shows all.
    pub tool: &'static str,
}

impl Part {
    /// A part that shows so many lines at the most.
    pub fn of(name: &'static str, tool: &'static str, most: usize, lines: Vec<String>) -> Part {
        let shown = lines.len().min(most);
        Part { name, says: String::new(), shown, least: 2, lines, is_fixed: false, tool }
    }

    /// Its typed form.
    pub fn told(&self) -> Told {
        let (name, says) = (self.name.to_owned(), self.says.clone());
        Told { name, says, lines: self.lines[..self.shown].to_vec(), total: self.lines.len() }
    }

    /// Its text; empty where there is nothing to say.
    pub fn text(&self) -> String {
        if self.lines.is_empty() && self.says.is_empty() {
            return String::new();
        }
        let mut text = format!("\n**{}** {}\n", self.name, self.says).replace("** \n", "**\n");
        for line in &self.lines[..self.shown] {
            text.push_str(line);
            text.push('\n');
        }
        let more = self.lines.len() - self.shown;
        if more > 0 {
            text.push_str(&format!("and {more} more: {}\n", self.tool));
        }
        text
    }
}

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
