//! Lines, paragraphs and table rows out of running text.

use std::borrow::Cow;

/// Tables that may lie in each other; deeper ones are read as lines.
const TABLES_MAX: usize = 24;

/// A row whose cells are all at most so long is one line, its cells apart by ` | `.
const CELL_BYTES_MAX: usize = 400;

/// Plain text: line ends made alike, control characters and trailing space removed.
pub fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}'], "\n");
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line = clean(line);
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 3 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim_matches('\n').to_owned()
}

/// Removes characters that show nothing and can only mislead: controls, direction marks, tags.
fn clean(text: &str) -> Cow<'_, str> {
    match text.contains(is_unseen) {
        true => text.chars().filter(|c| !is_unseen(*c)).collect::<String>().into(),
        false => text.into(),
    }
}

fn is_unseen(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Puts text together, the document's or a cell's.
#[derive(Default)]
struct Flow {
    text: String,
    breaks: u8, // line ends that are due before the next word
    is_space_due: bool,
}

/// The text so far, with the tables that are open.
#[derive(Default)]
pub struct Layout {
    page: Flow,
    tables: Vec<Table>,
    beyond: usize, // tables open deeper than TABLES_MAX
    hidden: usize, // characters left out
}

#[derive(Default)]
struct Table {
    cells: Vec<String>,
    cell: Option<Flow>,
}

impl Flow {
    fn text(&mut self, text: &str, is_pre: bool) {
        if is_pre {
            self.settle(text);
            self.text.push_str(&text.replace("\r\n", "\n").replace('\u{a0}', " "));
            return;
        }
        self.is_space_due |= text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            self.settle(word);
            self.text.push_str(word);
            self.is_space_due = true;
        }
        let ends_open = text.ends_with(|c: char| !c.is_whitespace());
        self.is_space_due &= !ends_open;
    }

    /// Writes the breaks or the space that are due before `next`.
    fn settle(&mut self, next: &str) {
        if next.is_empty() {
            return;
        }
        if self.text.is_empty() {
            // Nothing stands before the first word.
        } else if self.breaks > 0 {
            self.text.push_str(&"\n\n"[..usize::from(self.breaks.min(2))]);
        } else if self.is_space_due && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
        (self.breaks, self.is_space_due) = (0, false);
    }

    fn finish(self) -> String {
        plain(&self.text)
    }
}

impl Layout {
    fn flow(&mut self) -> &mut Flow {
        self.tables.iter_mut().rev().find_map(|table| table.cell.as_mut()).unwrap_or(&mut self.page)
    }

    /// Adds text; white space is collapsed unless it is preformatted.
    pub fn text(&mut self, text: &str, is_pre: bool) {
        let text = clean(text);
        self.flow().text(&text, is_pre);
    }

    /// Text that a person could not see: it is left out, and counted.
    pub fn hide(&mut self, text: &str) {
        self.hidden += text.chars().filter(|c| !c.is_whitespace()).count();
    }

    /// The next word begins a line.
    pub fn line(&mut self) {
        let flow = self.flow();
        flow.breaks = flow.breaks.max(1);
    }

    /// One more line end, as `<br>` asks for; two make a blank line.
    pub fn break_line(&mut self) {
        let flow = self.flow();
        flow.breaks = flow.breaks.saturating_add(1);
    }

    /// The next word stands after a blank line.
    pub fn paragraph(&mut self) {
        self.flow().breaks = 2;
    }

    /// A table begins.
    pub fn open_table(&mut self) {
        if self.tables.len() < TABLES_MAX {
            self.tables.push(Table::default());
        } else {
            self.beyond += 1;
        }
    }

    /// A table ends.
    pub fn close_table(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        self.close_row();
        self.tables.pop();
        self.paragraph();
    }

    /// A row begins.
    pub fn open_row(&mut self) {
        self.close_row();
    }

    /// A cell begins.
    pub fn open_cell(&mut self) {
        if self.beyond > 0 {
            return self.line();
        }
        self.close_cell();
        if let Some(table) = self.tables.last_mut() {
            table.cell = Some(Flow::default());
        }
    }

    /// A cell ends.
    pub fn close_cell(&mut self) {
        if self.beyond > 0 {
            return self.line();
        }
        if let Some(table) = self.tables.last_mut()
            && let Some(cell) = table.cell.take()
        {
            table.cells.push(cell.finish());
        }
    }

    /// A row ends: it becomes one line, or its cells one after another where they are long.
    pub fn close_row(&mut self) {
        if self.beyond > 0 {
            return self.line();
        }
        self.close_cell();
        let Some(table) = self.tables.last_mut() else { return };
        let cells = std::mem::take(&mut table.cells);
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let is_line = filled > 1 && cells.iter().all(|cell| cell.len() <= CELL_BYTES_MAX);
        self.line();
        if is_line {
            let cells: Vec<String> = cells.iter().map(|cell| one_line(cell)).collect();
            let row = cells.join(" | ");
            self.flow().text(row.trim_end_matches([' ', '|']), true);
        } else {
            for cell in cells.iter().filter(|cell| !cell.is_empty()) {
                self.line();
                self.flow().text(cell, true);
            }
        }
        self.line();
    }

    /// The whole text; what was hidden is said in a last line.
    pub fn finish(mut self) -> String {
        self.beyond = 0;
        while !self.tables.is_empty() {
            self.close_table();
        }
        let mut text = self.page.finish();
        if self.hidden > 0 {
            text.push_str(if text.is_empty() { "" } else { "\n\n" });
            text.push_str(&format!("[hidden text of {} characters left out]", self.hidden));
        }
        text
    }
}

/// The lines of a cell as one.
fn one_line(cell: &str) -> String {
    let lines = cell.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" / ")
}
