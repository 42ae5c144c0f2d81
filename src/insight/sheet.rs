//! An answer that is no list: parts of lines under headings, cut to a budget, with what is dangerous whole.

mod fit;
mod part;

use schemars::JsonSchema;
use serde::Serialize;

use super::answer::{LIST_CHARS_MAX, cited_in, tokens, tokens_at_most};
use super::{Answer, Context, Coverage, Refusal, Whose, shortened};

use fit::{Room, fit, fit_strictly};
pub use part::{NEW_ROW, Part, Shape};

/// What every answer says that goes beyond the record's own words.
pub const NOT_A_DIAGNOSIS: &str = "Not a diagnosis; nobody is watching.";

/// The typed form of a sheet.
#[derive(Serialize, JsonSchema)]
pub struct Sheet {
    /// Whose record it is.
    pub whose: Whose,
    /// What is said of the whole.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// Its parts.
    pub sections: Vec<Told>,
    /// What it covers.
    pub coverage: Coverage,
}

/// A part of a sheet, typed.
#[derive(Serialize, JsonSchema)]
pub struct Told {
    /// What it is about.
    pub name: String,
    /// What is said of the whole of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// One fact a line, with its citation.
    pub lines: Vec<String>,
    /// How many lines there are; more than are shown where the budget cut some.
    pub total: usize,
}

/// A sheet before it is cut to its budget.
pub struct Draft {
    /// What it is, behind the name of the person.
    pub title: String,
    /// What is said of the whole, behind the coverage; empty for nothing.
    pub says: String,
    /// Its parts, in the order in which they are read.
    pub parts: Vec<Part>,
    /// What it covers.
    pub coverage: Coverage,
}

/// Characters of a line that a sheet with a promised size has room for, its citation not counted.
const LINE_CHARS: usize = 420;
/// Characters of a person's name in such a sheet.
const NAME_CHARS: usize = 80;

impl Draft {
    /// The answer, in so many tokens: lines are taken away, never a fixed part, until it fits.
    pub fn answer(mut self, context: &Context<'_>, room: usize) -> Result<Answer, Refusal> {
        let whose = Whose::of(context.view);
        let (head, foot) = self.fitted(context, &whose, room)?;
        Ok(self.told(whose, &head, &foot))
    }

    /// The text alone, for an answer with a typed form of its own: afterwards each part knows how many of
    /// its lines are shown.
    pub fn text(&mut self, context: &Context<'_>, room: usize) -> Result<String, Refusal> {
        let (head, foot) = self.fitted(context, &Whose::of(context.view), room)?;
        Ok(self.written(&head, &foot))
    }

    /// The head and the foot, after the parts between them fit.
    fn fitted(
        &mut self,
        context: &Context<'_>,
        whose: &Whose,
        room: usize,
    ) -> Result<(String, String), Refusal> {
        let (head, foot) = (self.head(whose), self.foot());
        let left = room.saturating_sub(tokens(&head) + tokens(&foot));
        fit(context, &mut self.parts, &Room { tokens: left, bytes: LIST_CHARS_MAX, count: tokens })?;
        Ok((head, foot))
    }

    /// The answer in never more than so many tokens, whatever the record holds: where a fixed part is itself
    /// too large it is condensed to its names and then to their number, and no part is left out unsaid.
    ///
    /// `more` is the call that has room for what is only counted here.
    pub fn answer_at_most(
        mut self,
        context: &Context<'_>,
        room: usize,
        more: &str,
    ) -> Result<Answer, Refusal> {
        let mut whose = Whose::of(context.view);
        whose.name = shortened(&whose.name, NAME_CHARS);
        self.parts.iter_mut().for_each(|part| part.shorten_lines(LINE_CHARS));
        let (head, foot) = (self.head(&whose), self.foot());
        let counted = format!("**Not shown here** ({more}): ");
        // The count may miss by two in a hundred (a test says so).
        let room = room * 98 / 100;
        let left =
            room.saturating_sub(tokens_at_most(&head) + tokens_at_most(&foot) + tokens_at_most(&counted));
        let room = Room { tokens: left, bytes: LIST_CHARS_MAX, count: tokens_at_most };
        fit_strictly(context, &mut self.parts, &room)?;
        let counts: Vec<String> = self.parts.iter().filter_map(Part::count).collect();
        let foot = if counts.is_empty() { foot } else { format!("{counted}{}\n\n{foot}", counts.join("; ")) };
        Ok(self.told(whose, &head, &foot))
    }

    fn head(&self, whose: &Whose) -> String {
        format!("{} — {}\n", whose.line(), self.title)
    }

    fn foot(&self) -> String {
        let says = if self.says.is_empty() { String::new() } else { format!("\n{}", self.says) };
        format!("{}{says}", self.coverage.line(None))
    }

    fn written(&self, head: &str, foot: &str) -> String {
        let body: String = self.parts.iter().map(Part::text).collect();
        format!("{head}{body}\n{foot}")
    }

    fn told(self, whose: Whose, head: &str, foot: &str) -> Answer {
        let text = self.written(head, foot);
        let sections = self.parts.iter().filter(|part| !part.is_empty()).map(Part::told).collect();
        let sheet = Sheet { whose, says: self.says, sections, coverage: self.coverage };
        let structured = serde_json::to_value(sheet).unwrap_or_default();
        let cited = cited_in(&text);
        Answer { text, structured, cited }
    }
}

#[cfg(test)]
mod tests;
