//! Letters on a page to lines, rows and paragraphs.

use super::pages::{Found, Mark};
use crate::sources::document_text::layout::Layout;

/// A gap wider than this, in parts of the size of the letters, is a space between words.
const SPACE: f64 = 0.15;

/// A gap wider than this is the space between two cells: where no space is written between words that otherwise
/// have one, and where words are parted by gaps alone, or stretched to the margin.
const CELL_UNWRITTEN: f64 = 0.5;
const CELL: f64 = 1.2;

/// Where more than one of so many letters is a space, spaces are written.
const LETTERS_A_SPACE: usize = 20;

/// A line that comes so much further down than its own height begins a paragraph.
const PARAGRAPH: f64 = 1.75;

/// Lines of a text stand further apart than this, in sizes of their letters.
const HALF: f64 = 0.85;

/// A line goes on in the next only if it is so long, in sizes of its letters.
const LONG: f64 = 18.0;

/// So many lines side by side, each side so long, are columns of running text and not a table.
const COLUMN_LINES: usize = 5;
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
        let mut lines = columns(lines(own));
        aligned(&mut lines);
        write(lines, layout);
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
    let spaces = rows.iter().flatten().filter(|mark| mark.text.trim().is_empty()).count();
    let has_spaces = spaces * LETTERS_A_SPACE > rows.iter().map(Vec::len).sum();
    centred(rows.into_iter().filter_map(|row| line(row, has_spaces)).collect())
}

fn belongs(row: &[Mark], mark: &Mark) -> bool {
    let Some(largest) = row.iter().max_by(|one, other| one.size.total_cmp(&other.size)) else { return false };
    let reach = if largest.size.max(mark.size) > 1.1 * largest.size.min(mark.size) { 0.5 } else { 0.3 };
    (largest.line - mark.line).abs() <= reach * largest.size.max(mark.size)
}

fn line(mut row: Vec<Mark>, has_spaces: bool) -> Option<Line> {
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
            Some(cell) if gap <= if has_spaces && !is_space_due { CELL_UNWRITTEN } else { CELL } => {
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

/// Beside a cell of two lines the others stand half a line off: lines so near each other are one row.
fn centred(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let is_near = |one: &Line, other: &Line| one.at - other.at <= HALF * one.size.max(other.size);
    let mut rest = lines.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut near = vec![first];
        while let Some(next) = rest.next_if(|next| near.last().is_some_and(|above| is_near(above, next))) {
            near.push(next);
        }
        // Many lines half a line apart are two columns of text, each with its own lines.
        let span = near[0].at - near[near.len() - 1].at;
        if near.len() > 1 && span <= 2.0 * HALF * near[0].size {
            out.push(one_row(near));
        } else {
            out.append(&mut near);
        }
    }
    out
}

/// Lines put together by column, from top to bottom.
fn one_row(lines: Vec<Line>) -> Line {
    let at = lines.iter().map(|line| line.at).sum::<f64>() / lines.len() as f64;
    let size = lines[0].size;
    let mut cells: Vec<Cell> = Vec::new();
    for cell in lines.into_iter().flat_map(|line| line.cells) {
        match cells.iter_mut().find(|known| known.from < cell.to && cell.from < known.to) {
            Some(known) => {
                if !known.text.ends_with('-') {
                    known.text.push(' ');
                }
                known.text.push_str(&cell.text);
                (known.from, known.to) = (known.from.min(cell.from), known.to.max(cell.to));
            }
            None => cells.push(cell),
        }
    }
    cells.sort_by(|one, other| one.from.total_cmp(&other.from));
    Line { at, size, cells }
}

/// Gives the rows of each table the empty cells that they have, by where the cells of its fullest row stand.
fn aligned(lines: &mut [Line]) {
    for table in lines.chunk_by_mut(|one, other| one.cells.len() > 1 && other.cells.len() > 1) {
        let Some(fullest) = table.iter().max_by_key(|line| line.cells.len()) else { continue };
        let columns: Vec<(f64, f64)> = fullest.cells.iter().map(|cell| (cell.from, cell.to)).collect();
        for line in table.iter_mut().filter(|line| line.cells.len() > 1 && line.cells.len() < columns.len()) {
            // By the left or the right edge, or by overlap: whichever column is nearest to the cell.
            let apart = |cell: &Cell, (from, to): (f64, f64)| {
                let is_over = cell.from < to && from < cell.to;
                if is_over { 0.0 } else { (cell.from - from).abs().min((cell.to - to).abs()) }
            };
            let nearest = |cell: &Cell| {
                let column = |one: &usize, other: &usize| {
                    apart(cell, columns[*one]).total_cmp(&apart(cell, columns[*other]))
                };
                (0..columns.len()).min_by(column)
            };
            let places: Vec<usize> = line.cells.iter().filter_map(nearest).collect();
            if !places.is_sorted_by(|one, other| one < other) {
                continue;
            }
            let mut cells: Vec<Cell> =
                columns.iter().map(|(from, to)| Cell { from: *from, to: *to, text: String::new() }).collect();
            for (place, cell) in places.into_iter().zip(std::mem::take(&mut line.cells)) {
                cells[place] = cell;
            }
            line.cells = cells;
        }
    }
}

/// Running text in two columns is read column by column; the rows of a table stay rows.
fn columns(mut lines: Vec<Line>) -> Vec<Line> {
    let mut out = Vec::new();
    while let Some((from, to, gutter)) = column_block(&lines) {
        let after = lines.split_off(to);
        let block = lines.split_off(from);
        out.append(&mut lines);
        let mut right = Vec::new();
        for mut line in block {
            let beyond = line.cells.iter().position(|cell| cell.from >= gutter).unwrap_or(line.cells.len());
            let cells = line.cells.split_off(beyond);
            if !cells.is_empty() {
                right.push(Line { cells, ..line });
            }
            if !line.cells.is_empty() {
                out.push(line);
            }
        }
        out.append(&mut right);
        lines = after;
    }
    out.append(&mut lines);
    out
}

/// The first run of lines that keep free one gap between two columns of running text: from, to, the right column.
fn column_block(lines: &[Line]) -> Option<(usize, usize, f64)> {
    let mut at = 0;
    while at < lines.len() {
        let [_, second] = lines[at].cells.as_slice() else {
            at += 1;
            continue;
        };
        let gutter = second.from - lines[at].size;
        let fits = |line: &Line| line.cells.iter().all(|cell| cell.to <= gutter || cell.from >= gutter);
        let is_whole = |line: &Line| line.cells.len() <= 2 && fits(line);
        let from = lines[..at].iter().rposition(|line| !is_whole(line)).map_or(0, |before| before + 1);
        let to = at + lines[at..].iter().position(|line| !is_whole(line)).unwrap_or(lines.len() - at);
        let both: Vec<&Line> = lines[at..to].iter().filter(|line| line.cells.len() == 2).collect();
        let is_long = |side: usize| {
            let chars: usize = both.iter().map(|line| line.cells[side].text.chars().count()).sum();
            chars >= COLUMN_CHARS * both.len()
        };
        if both.len() >= COLUMN_LINES && is_long(0) && is_long(1) {
            return Some((from, to, gutter));
        }
        at = to.max(at + 1);
    }
    None
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
