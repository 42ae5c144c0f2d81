//! An answer that is no list: parts of lines under headings, cut to a budget, with what is dangerous whole.

use schemars::JsonSchema;
use serde::Serialize;

use super::answer::{LIST_CHARS_MAX, cited_in, tokens};
use super::{Answer, Context, Coverage, Refusal, Whose};

/// What every answer says that goes beyond the record's own words.
pub const NOT_A_DIAGNOSIS: &str = "Not a diagnosis; nobody is watching.";

/// A part of a sheet: lines with their citations, of which as many stay as there is room for.
pub struct Part {
    /// Its heading.
    pub name: String,
    /// What is said before the lines, or instead of them.
    pub says: String,
    /// One fact a line, what matters most first.
    pub lines: Vec<String>,
    /// How many lines are shown now; lowered until the sheet fits.
    pub shown: usize,
    /// How many lines stay as long as other parts have more than they need.
    pub least: usize,
    /// No budget cuts a part that is dangerous to lose.
    pub is_fixed: bool,
    /// The call that shows all.
    pub call: String,
}

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

impl Part {
    /// A part that shows so many lines at the most; `call` shows all of them.
    pub fn of(name: impl Into<String>, call: impl Into<String>, most: usize, lines: Vec<String>) -> Part {
        let shown = lines.len().min(most);
        let (name, call) = (name.into(), call.into());
        Part { name, says: String::new(), shown, least: 2, lines, is_fixed: false, call }
    }

    /// A part of which nothing is ever cut.
    pub fn fixed(name: impl Into<String>, lines: Vec<String>) -> Part {
        Part { is_fixed: true, ..Part::of(name, "", usize::MAX, lines) }
    }

    /// The same with something said before the lines.
    #[must_use]
    pub fn saying(self, says: impl Into<String>) -> Part {
        Part { says: says.into(), ..self }
    }

    /// The same, of which so many lines stay as long as others have more than they need.
    #[must_use]
    pub fn keeping(self, least: usize) -> Part {
        Part { least, ..self }
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.says.is_empty()
    }

    fn told(&self) -> Told {
        let (name, says) = (self.name.clone(), self.says.clone());
        Told { name, says, lines: self.lines[..self.shown].to_vec(), total: self.lines.len() }
    }

    /// Its text; empty where there is nothing to say.
    pub fn text(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let mut text = format!("\n**{}** {}\n", self.name, self.says).replace("** \n", "**\n");
        for line in &self.lines[..self.shown] {
            text.push_str(line);
            text.push('\n');
        }
        let more = self.lines.len() - self.shown;
        if more > 0 {
            text.push_str(&format!("and {more} more: {}\n", self.call));
        }
        text
    }
}

impl Draft {
    /// The answer, in so many tokens: lines are taken away, never a fixed part, until it fits.
    pub fn answer(mut self, context: &Context<'_>, room: usize) -> Result<Answer, Refusal> {
        let text = self.text(context, room)?;
        let sections = self.parts.iter().filter(|part| !part.is_empty()).map(Part::told).collect();
        let whose = Whose::of(context.view);
        let sheet = Sheet { whose, says: self.says, sections, coverage: self.coverage };
        let structured = serde_json::to_value(sheet).unwrap_or_default();
        let cited = cited_in(&text);
        Ok(Answer { text, structured, cited })
    }

    /// The text alone, for an answer with a typed form of its own: afterwards each part knows how many of
    /// its lines are shown.
    pub fn text(&mut self, context: &Context<'_>, room: usize) -> Result<String, Refusal> {
        let head = format!("{} — {}\n", Whose::of(context.view).line(), self.title);
        let says = if self.says.is_empty() { String::new() } else { format!("\n{}", self.says) };
        let foot = format!("{}{says}", self.coverage.line(None));
        let fixed = tokens(&head) + tokens(&foot);
        fit(context, &mut self.parts, Room { tokens: room.saturating_sub(fixed), bytes: LIST_CHARS_MAX })?;
        let body: String = self.parts.iter().map(Part::text).collect();
        Ok(format!("{head}{body}\n{foot}"))
    }
}

/// How large the parts may be together.
struct Room {
    tokens: usize,
    bytes: usize,
}

/// Takes lines away until the parts fit: first where there are more than a part needs, then anywhere.
fn fit(context: &Context<'_>, parts: &mut [Part], room: Room) -> Result<(), Refusal> {
    let size = |part: &Part| {
        let text = part.text();
        (tokens(&text), text.len())
    };
    let sizes = parts.iter().map(size);
    let (mut cost, mut bytes) = sizes.fold((0, 0), |(cost, bytes), part| (cost + part.0, bytes + part.1));
    while cost > room.tokens || bytes > room.bytes {
        context.check()?;
        let spare = |part: &Part| part.shown.saturating_sub(part.least);
        let cuttable = || parts.iter().enumerate().filter(|(_, part)| !part.is_fixed && part.shown > 1);
        let longest = cuttable().max_by_key(|(_, part)| (spare(part), part.shown)).map(|(place, _)| place);
        let Some(longest) = longest.and_then(|place| parts.get_mut(place)) else { return Ok(()) };
        let before = size(longest);
        longest.shown -= 1;
        let after = size(longest);
        (cost, bytes) = (cost + after.0 - before.0, bytes + after.1 - before.1);
    }
    Ok(())
}
