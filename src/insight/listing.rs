//! A list as an answer: sections of rows that fit a budget, with a cursor for the rest.

use schemars::JsonSchema;
use serde::Serialize;

use super::answer::{LIST_CHARS_MAX, bytes_for, cited_in, tokens};
use super::{Answer, Budget, Context, Coverage, Refusal, Whose};
use crate::record::EntryId;

/// One row of a list: a fact, typed and as cells of a table.
pub trait Item: Serialize {
    /// The entry that is cited; where to go on from.
    fn id(&self) -> EntryId;
    /// The cells, in the order of the columns, without the citation.
    fn cells(&self) -> Vec<String>;
    /// Lines beneath the table that belong to this row (a comment, a disagreement).
    fn beneath(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Rows under a heading with the same columns.
pub struct Section<T> {
    /// The heading; empty for none.
    pub heading: String,
    /// The columns, without the citation.
    pub columns: &'static [&'static str],
    /// The rows, in the order in which they are shown.
    pub items: Vec<T>,
}

/// A whole list before it is cut to its budget.
pub struct Page<T> {
    /// What the list is, for its first line (`Labs matching glucose`).
    pub title: String,
    /// Lines that no budget cuts, above the tables: what is dangerous, what is none known.
    pub first: Vec<String>,
    /// The sections.
    pub sections: Vec<Section<T>>,
    /// What to say where there is no row at all.
    pub nothing: String,
    /// What it covers.
    pub coverage: Coverage,
    /// How its cursors begin; empty for most lists.
    pub cursor_begins: &'static str,
}

/// The typed form of a list.
#[derive(Serialize, JsonSchema)]
pub struct Listing<T> {
    /// Whose record it is.
    pub whose: Whose,
    /// What stands above the rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<String>,
    /// The rows.
    pub items: Vec<T>,
    /// How many rows are shown here.
    pub shown: usize,
    /// How many there are after the filters.
    pub total: usize,
    /// What the answer covers.
    pub coverage: Coverage,
    /// The cursor for the rest, where there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T: Item> Page<T> {
    /// The answer: as many rows as fit, from the cursor on, and the exact next call for the rest.
    pub fn answer(
        self,
        context: &Context<'_>,
        cursor: Option<EntryId>,
        budget: Budget,
    ) -> Result<Answer, Refusal> {
        let total: usize = self.sections.iter().map(|section| section.items.len()).sum();
        let whose = Whose::of(context.view);
        let mut coverage = self.coverage;
        let mut text = format!("{} — {}\n", whose.line(), self.title);
        for line in &self.first {
            text.push_str(line);
            text.push('\n');
        }
        if total == 0 {
            text.push_str(&self.nothing);
            text.push('\n');
        }
        // Room for the coverage and a next call, which are written last and never cut.
        coverage.goes_on(context, "tests:L000000");
        let frame = format!("{text}{}", coverage.line(Some((total, total))));
        coverage.next_call = None;
        let cut = fill(context, self.sections, cursor, Room::new(budget, &frame), &mut text)?;
        let next = cut.next.map(|id| format!("{}{id}", self.cursor_begins));
        if let Some(cursor) = &next {
            coverage.goes_on(context, cursor);
        }
        text.push('\n');
        text.push_str(&coverage.line(Some((cut.shown.len(), total))));
        let cited = cited_in(&text);
        let (first, shown) = (self.first, cut.shown.len());
        let listing = Listing { whose, first, items: cut.shown, shown, total, coverage, next };
        let structured = serde_json::to_value(&listing).unwrap_or_default();
        Ok(Answer { text, structured, cited })
    }
}

/// What fitted, and where the rest begins.
struct Cut<T> {
    shown: Vec<T>,
    next: Option<EntryId>,
}

fn fill<T: Item>(
    context: &Context<'_>,
    sections: Vec<Section<T>>,
    cursor: Option<EntryId>,
    mut room: Room,
    text: &mut String,
) -> Result<Cut<T>, Refusal> {
    let mut cut = Cut { shown: Vec::new(), next: None };
    let mut is_before_cursor = cursor.is_some();
    for section in sections {
        let mut table = Table::new(&section.heading, section.columns);
        for item in section.items {
            context.check()?;
            is_before_cursor = is_before_cursor && Some(item.id()) != cursor;
            if is_before_cursor {
                continue;
            }
            if !room.take(&table, &item, cut.shown.is_empty()) {
                cut.next = Some(item.id());
                break;
            }
            table.add(&item);
            cut.shown.push(item);
        }
        table.write(text);
        if cut.next.is_some() {
            return Ok(cut);
        }
    }
    if is_before_cursor {
        return Err(Refusal::BadArgument(
            "this cursor is no longer in the list: ask again without it".into(),
        ));
    }
    Ok(cut)
}

/// The rows of a section that fitted, written without the columns in which none of them has anything.
struct Table<'a> {
    heading: &'a str,
    columns: &'a [&'a str],
    rows: Vec<(Vec<String>, String)>,
}

impl<'a> Table<'a> {
    fn new(heading: &'a str, columns: &'a [&'a str]) -> Table<'a> {
        Table { heading, columns, rows: Vec::new() }
    }

    fn add<T: Item>(&mut self, item: &T) {
        let beneath: String = item.beneath().iter().map(|line| format!("{line}\n")).collect();
        let mut cells = item.cells();
        cells.push(format!("[{}]", item.id()));
        self.rows.push((cells, beneath));
    }

    fn head(&self) -> String {
        let heading = if self.heading.is_empty() { String::new() } else { format!("\n**{}**", self.heading) };
        format!("{heading}\n{}|id\n{}\n", self.columns.join("|"), vec!["-"; self.columns.len() + 1].join("|"))
    }

    fn write(&self, text: &mut String) {
        if self.rows.is_empty() {
            return;
        }
        let is_used = |column: usize| self.rows.iter().any(|(cells, _)| !cells[column].is_empty());
        let used: Vec<usize> = (0..=self.columns.len()).filter(|&column| is_used(column)).collect();
        let names: Vec<&str> =
            used.iter().map(|&column| *self.columns.get(column).unwrap_or(&"id")).collect();
        if !self.heading.is_empty() {
            text.push_str(&format!("\n**{}**\n", self.heading));
        }
        text.push_str(&format!("\n{}\n{}\n", names.join("|"), vec!["-"; used.len()].join("|")));
        for (cells, beneath) in &self.rows {
            let cells: Vec<&str> = used.iter().map(|&column| cells[column].as_str()).collect();
            text.push_str(&format!("{}\n{beneath}", cells.join("|")));
        }
    }
}

/// What is left of a budget.
struct Room {
    rows: usize,
    tokens: usize,
    characters: usize,
    typed: usize,
}

impl Room {
    /// The typed form may cost twice as much as the text: the same rows are the same facts, and JSON says
    /// the name of every field with every row.
    fn new(budget: Budget, frame: &str) -> Room {
        let left = |most: usize, taken: usize| most.saturating_sub(taken);
        Room {
            rows: budget.rows,
            tokens: left(budget.tokens, tokens(frame)),
            characters: left(LIST_CHARS_MAX, frame.len()),
            typed: left((bytes_for(budget.tokens) * 2).min(LIST_CHARS_MAX), frame.len()),
        }
    }

    /// Takes a row if it fits. The first row always does: an answer is never empty for its size.
    fn take<T: Item>(&mut self, table: &Table<'_>, item: &T, is_first: bool) -> bool {
        let head = if table.rows.is_empty() { table.head() } else { String::new() };
        // Empty cells may cost nothing in the end: see `Table::write`.
        let cells: Vec<String> = item.cells().into_iter().filter(|cell| !cell.is_empty()).collect();
        let lines = format!("{head}{}|[{}]\n{}", cells.join("|"), item.id(), item.beneath().join("\n"));
        let (cost, typed) = (tokens(&lines), serde_json::to_string(item).map_or(0, |json| json.len() + 1));
        let is_small = cost <= self.tokens && lines.len() <= self.characters && typed <= self.typed;
        let fits = self.rows > 0 && is_small || is_first;
        if fits {
            self.rows = self.rows.saturating_sub(1);
            self.tokens = self.tokens.saturating_sub(cost);
            self.characters = self.characters.saturating_sub(lines.len());
            self.typed = self.typed.saturating_sub(typed);
        }
        fits
    }
}
