//! Letters on a page to lines, rows and paragraphs.

use super::pages::{Found, Mark};
use crate::sources::document_text::layout::Layout;

/// A gap wider than this, in parts of the size of the letters, is a space between words.
const SPACE: f64 = 0.15;

/// A gap wider than this is the space between two cells.
const CELL: f64 = 1.4;

/// A line that comes so much further down than its own height begins a paragraph.
const PARAGRAPH: f64 = 1.75;

/// A line goes on in the next only if it is so long, in sizes of its letters.
const LONG: f64 = 18.0;

/// So many lines side by side, each side so long, are columns of running text and not a table.
const COLUMN_LINES: usize = 6;
const COLUMN_CHARS: usize = 24;

/// Puts what is on a page into the layout, and returns how many bytes that were.
pub fn lay_out(found: Found, layout: &mut Layout) -> usize {
    layout.hide(&found.hidden);
    layout.paragraph();
    let mut bytes = found.hidden.len();
    let mut marks = found.marks;
    marks.iter_mut().for_each(|mark| mark.text = letters(&mark.text));
    bytes += marks.iter().map(|mark| mark.text.len()).sum::<usize>();
    // What stands the way most of the page does comes first: a stamp along the margin is read after it.
    let mut turns: Vec<(usize, u8)> =
        (0..4).map(|turn| (marks.iter().filter(|mark| mark.turn == turn).count(), turn)).collect();
    turns.sort_by_key(|(count, turn)| (std::cmp::Reverse(*count), *turn));
    for (_, turn) in turns.into_iter().filter(|(count, _)| *count > 0) {
        let own = marks.extract_if(.., |mark| mark.turn == turn).collect();
        write(columns(lines(own)), layout);
        layout.paragraph();
    }
    bytes
}

/// A line: its cells from left to right.
#[derive(Debug)]
struct Line {
    at: f64,
    size: f64,
    cells: Vec<Cell>,
}

#[derive(Debug)]
struct Cell {
    from: f64,
    to: f64,
    text: String,
}

/// Ligatures are the letters that they stand for; a soft hyphen is none.
fn letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'ﬀ' => out.push_str("ff"),
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            'ﬃ' => out.push_str("ffi"),
            'ﬄ' => out.push_str("ffl"),
            'ﬅ' | 'ﬆ' => out.push_str("st"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// The marks as lines from top to bottom. Raised and lowered letters belong to the line that they overlap.
fn lines(mut marks: Vec<Mark>) -> Vec<Line> {
    marks.sort_by(|one, other| other.line.total_cmp(&one.line).then(one.from.total_cmp(&other.from)));
    let mut rows: Vec<Vec<Mark>> = Vec::new();
    for mark in marks {
        match rows.last_mut() {
            Some(row) if belongs(row, &mark) => row.push(mark),
            _ => rows.push(vec![mark]),
        }
    }
    rows.into_iter().filter_map(line).collect()
}

fn belongs(row: &[Mark], mark: &Mark) -> bool {
    let Some(largest) = row.iter().max_by(|one, other| one.size.total_cmp(&other.size)) else { return false };
    let reach = if largest.size.max(mark.size) > 1.25 * largest.size.min(mark.size) { 0.45 } else { 0.3 };
    (largest.line - mark.line).abs() <= reach * largest.size.max(mark.size)
}

fn line(mut row: Vec<Mark>) -> Option<Line> {
    row.sort_by(|one, other| one.from.total_cmp(&other.from));
    let base = row.iter().max_by(|one, other| one.size.total_cmp(&other.size))?;
    let (at, size) = (base.line, base.size);
    let mut cells: Vec<Cell> = Vec::new();
    let mut is_space_due = false;
    let mut is_raised = false;
    let mut last: Option<(f64, f64, String)> = None;
    for mark in row {
        if mark.text.trim().is_empty() {
            is_space_due = true;
            continue;
        }
        // Bold is also made by printing the same letters twice, a hair apart.
        let is_again =
            |(from, _, text): &(f64, f64, String)| mark.from - from < 0.1 * mark.size && *text == mark.text;
        if last.as_ref().is_some_and(is_again) {
            continue;
        }
        let gap = last.as_ref().map_or(0.0, |(_, to, _)| mark.from - to) / mark.size.max(1.0);
        let now_raised = mark.size < 0.85 * size && mark.line - at > 0.2 * size;
        match cells.last_mut() {
            Some(cell) if gap <= CELL => {
                let is_word = gap > SPACE || is_space_due;
                if is_word {
                    cell.text.push(' ');
                } else if now_raised && !is_raised && cell.text.ends_with(|c: char| c.is_ascii_digit()) {
                    cell.text.push('^'); // 10 to the 9th is not 109
                }
                cell.text.push_str(&mark.text);
                cell.to = cell.to.max(mark.to);
            }
            _ => cells.push(Cell { from: mark.from, to: mark.to, text: mark.text.clone() }),
        }
        (is_space_due, is_raised) = (mark.text.ends_with(' '), now_raised);
        last = Some((mark.from, mark.to, mark.text));
    }
    (!cells.is_empty()).then_some(Line { at, size, cells })
}

/// Running text in two columns is read column by column; the rows of a table stay rows.
fn columns(lines: Vec<Line>) -> Vec<Line> {
    let mut out = Vec::new();
    let mut rest = lines.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut run = vec![first];
        while let Some(next) = rest.next_if(|next| is_beside(&run[0], next)) {
            run.push(next);
        }
        let long = |side: usize| {
            let chars: usize = run
                .iter()
                .filter_map(|line| line.cells.get(side))
                .map(|cell| cell.text.chars().count())
                .sum();
            chars >= COLUMN_CHARS * run.len()
        };
        if run.len() >= COLUMN_LINES && run[0].cells.len() == 2 && long(0) && long(1) {
            let mut right = Vec::new();
            for mut line in run {
                let cells = line.cells.split_off(1);
                right.push(Line { cells, ..line });
                out.push(line);
            }
            out.append(&mut right);
        } else {
            out.append(&mut run);
        }
    }
    out
}

/// Whether two lines of two parts have their second part at one place.
fn is_beside(first: &Line, next: &Line) -> bool {
    first.cells.len() == 2
        && next.cells.len() == 2
        && (first.cells[1].from - next.cells[1].from).abs() < first.size
}

fn write(lines: Vec<Line>, layout: &mut Layout) {
    let right =
        lines.iter().filter(|line| line.cells.len() == 1).map(|line| line.cells[0].to).fold(0.0, f64::max);
    let mut above: Option<Line> = None;
    let mut is_table = false;
    for line in lines {
        let gap = above.as_ref().map_or(0.0, |above| (above.at - line.at).abs());
        let is_apart = gap > PARAGRAPH * line.size.max(above.as_ref().map_or(0.0, |above| above.size));
        let is_row = line.cells.len() > 1;
        if is_table && (!is_row || is_apart) {
            layout.close_table();
            is_table = false;
        }
        if is_row {
            if !is_table {
                if is_apart {
                    layout.paragraph();
                }
                layout.open_table();
            }
            is_table = true;
            layout.open_row();
            for cell in &line.cells {
                layout.open_cell();
                layout.text(&cell.text, false);
                layout.close_cell();
            }
            layout.close_row();
        } else if let Some(cell) = line.cells.first() {
            let goes_on = !is_apart && above.as_ref().is_some_and(|above| goes_on(above, cell, &line, right));
            let is_cut = goes_on && above.as_ref().is_some_and(|above| ends_cut(above, cell));
            match (goes_on, is_apart) {
                (true, _) if !is_cut => layout.text(" ", false),
                (true, _) => {}
                (false, true) => layout.paragraph(),
                (false, false) => layout.line(),
            }
            layout.text(&cell.text, false);
        }
        above = Some(line);
    }
    if is_table {
        layout.close_table();
    }
}

/// Whether a line goes on with the sentence of the one above, which reached the right margin.
fn goes_on(above: &Line, cell: &Cell, line: &Line, right: f64) -> bool {
    let [before] = above.cells.as_slice() else { return false };
    // A line that is short ends where it ends, though no other is longer.
    let is_long = before.to - before.from >= LONG * above.size;
    let is_full = is_long && before.to >= right - 0.15 * (right - before.from);
    let is_flush = (before.from - cell.from).abs() < 2.5 * line.size;
    let is_even = (above.size - line.size).abs() < 0.15 * line.size;
    let begins_item = cell.text.starts_with(['-', '•', '*', '–', '·', '☐', '☑'])
        || cell.text.split(' ').next().is_some_and(|word| {
            word.len() <= 4 && word.ends_with(['.', ')']) && word.starts_with(|c: char| c.is_ascii_digit())
        });
    is_full && is_flush && is_even && !begins_item && !before.text.ends_with(':')
}

/// A word that ends in a hyphen goes on without a space: `follow-` and `up`. Whether the hyphen is the
/// word's own nobody can say, so it stays.
fn ends_cut(above: &Line, cell: &Cell) -> bool {
    let before = above.cells.first().map_or("", |cell| cell.text.as_str());
    let is_word = before.strip_suffix('-').is_some_and(|word| word.ends_with(char::is_alphabetic));
    is_word && cell.text.starts_with(char::is_lowercase)
}
