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
    /// True where the names stand for the lines.
    pub is_condensed: bool,
}

/// Names that a row begins with; more is no row to read.
const ROW_MOST: usize = 24;

impl Part {
    /// A part that shows so many lines at the most; `call` shows all of them.
    pub fn of(name: impl Into<String>, call: impl Into<String>, most: usize, lines: Vec<String>) -> Part {
        let shown = lines.len().min(most);
        let (name, call, says) = (name.into(), call.into(), String::new());
        let names = Vec::new();
        Part { name, says, shown, least: 2, lines, is_fixed: false, call, names, is_condensed: false }
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
        Part { shown: names.len().min(ROW_MOST), names, is_condensed: true, ..self }
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

    /// What is shown: the lines, or the names that stand for them.
    fn kept(&self) -> &[String] {
        let all = if self.is_condensed { &self.names } else { &self.lines };
        &all[..self.shown.min(all.len())]
    }

    pub(super) fn told(&self) -> Told {
        let (name, says) = (self.name.clone(), self.says.clone());
        Told { name, says, lines: self.kept().to_vec(), total: self.lines.len() }
    }

    /// Its text; empty where there is nothing to say.
    pub fn text(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let heading = format!("\n**{}** {}", self.name, self.says);
        let heading = heading.trim_end();
        let all = if self.is_condensed { self.names.len() } else { self.lines.len() };
        let more = all - self.shown.min(all);
        if self.shown == 0 && more > 0 {
            // A heading alone would read like a part in which nothing stands.
            return format!("{heading} {more}: {}\n", self.call);
        }
        let kept = self.kept();
        if self.is_condensed {
            let rest = if more > 0 { format!("; and {more} more: {}", self.call) } else { String::new() };
            return format!("{heading}\n{}{rest}\n", kept.join("; "));
        }
        let mut text = format!("{heading}\n");
        for line in kept {
            text.push_str(line);
            text.push('\n');
        }
        if more > 0 {
            text.push_str(&format!("and {more} more: {}\n", self.call));
        }
        text
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
