//! A part of a sheet: lines under a heading, of which as many stay as there is room for.

use super::Told;

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
    /// The name and citation of each line, for a fixed part of which there is more than any page holds.
    pub names: Vec<String>,
    /// How it is told.
    pub shape: Shape,
}

/// How a part is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A fact a line.
    Lines,
    /// The names that stand for the lines, in a row.
    Row,
    /// The names in rows: one that begins a row has what all of the row share before it, as its date.
    Rows,
    /// Nothing but how many there are, with those of other parts in the last line.
    Counted,
}

/// With this begins a name that begins a row.
pub const NEW_ROW: char = '\u{1}';

/// Names that a row begins with; more is no row to read.
const ROW_MOST: usize = 24;

impl Part {
    /// A part that shows so many lines at the most; `call` shows all of them.
    pub fn of(name: impl Into<String>, call: impl Into<String>, most: usize, lines: Vec<String>) -> Part {
        let shown = lines.len().min(most);
        let (name, call, says) = (name.into(), call.into(), String::new());
        let names = Vec::new();
        Part { name, says, shown, least: 2, lines, is_fixed: false, call, names, shape: Shape::Lines }
    }

    /// A part of which nothing is ever cut.
    pub fn fixed(name: impl Into<String>, lines: Vec<String>) -> Part {
        Part { is_fixed: true, ..Part::of(name, "", usize::MAX, lines) }
    }

    /// The same fixed part, with the names that stand for its lines where it is larger than any page.
    #[must_use]
    pub fn condensing_to(self, names: Vec<String>, call: impl Into<String>) -> Part {
        Part { names, call: call.into(), ..self }
    }

    /// The same as a row of these names, for a page that is brief.
    #[must_use]
    pub fn as_row(self, names: Vec<String>) -> Part {
        Part { shown: names.len().min(ROW_MOST), names, shape: Shape::Row, ..self }
    }

    /// The same in rows of these names, one for each line; those that begin a row begin with [`NEW_ROW`].
    #[must_use]
    pub fn in_rows(self, names: Vec<String>) -> Part {
        Part { names, shape: Shape::Rows, ..self }
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

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.says.is_empty()
    }

    /// All that could be shown: the lines, or the names that stand for them.
    fn all(&self) -> &[String] {
        if matches!(self.shape, Shape::Lines | Shape::Counted) { &self.lines } else { &self.names }
    }

    /// How many are not shown.
    pub(super) fn more(&self) -> usize {
        self.all().len() - self.shown.min(self.all().len())
    }

    fn kept(&self) -> &[String] {
        &self.all()[..self.shown.min(self.all().len())]
    }

    pub(super) fn told(&self) -> Told {
        let (name, says) = (self.name.clone(), self.says.clone());
        // In the typed form each fact stands whole by itself.
        let lines = match self.shape {
            Shape::Rows => self.lines[..self.shown.min(self.lines.len())].to_vec(),
            Shape::Lines | Shape::Row | Shape::Counted => self.kept().to_vec(),
        };
        Told { name, says, lines, total: self.all().len() }
    }

    /// Its text; empty where there is nothing to say.
    pub fn text(&self) -> String {
        if self.is_empty() || self.shape == Shape::Counted {
            return String::new();
        }
        let heading = format!("\n**{}** {}", self.name, self.says);
        let heading = heading.trim_end();
        let more = self.more();
        if self.shown == 0 && more > 0 {
            // A heading alone would read like a part in which nothing stands.
            return format!("{heading} {more}: {}\n", self.call);
        }
        let mut text = format!("{heading}\n");
        for (place, fact) in self.kept().iter().enumerate() {
            let (is_new, fact) =
                fact.strip_prefix(NEW_ROW).map_or((false, fact.as_str()), |fact| (true, fact));
            let between = match self.shape {
                _ if place == 0 => "",
                Shape::Row => "; ",
                Shape::Rows if !is_new => "; ",
                _ => "\n",
            };
            text.push_str(between);
            text.push_str(fact);
        }
        let end = match (self.shape, more) {
            (_, 0) => String::new(),
            (Shape::Row, _) => format!("; and {more} more: {}", self.call),
            _ => format!("\nand {more} more: {}", self.call),
        };
        if !self.kept().is_empty() {
            text.push_str(&end);
            text.push('\n');
        }
        text
    }

    /// How it is counted in the last line: `care team 1`.
    pub(super) fn count(&self) -> Option<String> {
        let is_counted = self.shape == Shape::Counted && !self.lines.is_empty();
        is_counted.then(|| {
            format!("{} {}", self.name.split(['(', ',']).next().unwrap_or_default().trim(), self.lines.len())
        })
    }

    /// Cuts lines that are longer than a page has room for, with a mark; a citation is never lost by it.
    pub(super) fn shorten_lines(&mut self, characters_max: usize) {
        for line in self.lines.iter_mut().filter(|line| line.len() > characters_max) {
            *line = cut_line(line, characters_max);
        }
        if self.says.len() > characters_max {
            let lines = self.says.lines().map(|line| cut_line(line, characters_max));
            self.says = lines.collect::<Vec<_>>().join("\n");
        }
    }
}

/// The beginning of a line with the first citation of the whole.
fn cut_line(line: &str, characters_max: usize) -> String {
    let Some((at, _)) = line.char_indices().nth(characters_max) else { return line.to_owned() };
    let (kept, rest) = line.split_at(at);
    // Never through a citation: half of one cites nothing.
    let kept = match kept.rfind('[') {
        Some(open) if kept[open..].len() < CITATION_BYTES && !kept[open..].contains(']') => &kept[..open],
        _ => kept,
    };
    let has_citation = kept.contains('[');
    let first = line[kept.len()..].find('[').and_then(|open| {
        let citation = line[kept.len() + open..].get(..CITATION_BYTES)?;
        citation.ends_with(']').then_some(citation)
    });
    let bold = if kept.matches("**").count() % 2 == 1 && rest.contains("**") { "**" } else { "" };
    match first.filter(|_| !has_citation) {
        Some(citation) => format!("{}…{bold} {citation}", kept.trim_end()),
        None => format!("{}…{bold}", kept.trim_end()),
    }
}

/// `[L482913]`.
const CITATION_BYTES: usize = 9;
