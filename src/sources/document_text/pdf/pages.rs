//! The operators of a page (ISO 32000-2, annex A) that put letters on it.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::PART_BYTES_MAX;
use super::fonts::Font;
use super::matrix::Matrix;

/// Letters of one page, and operators of one document, that are read.
const LETTERS_MAX: usize = 200_000;
const OPERATORS_MAX: usize = 4_000_000;

/// States that may be kept, and parts that may lie in each other.
const KEPT_MAX: usize = 64;
const DEPTH_MAX: usize = 12;

/// Grounds of which it is remembered that they are not white.
const GROUNDS_MAX: usize = 2000;

/// Letters that one code puts on a page.
#[derive(Clone, Debug)]
pub struct Mark {
    /// What they are.
    pub text: String,
    /// Where they begin and end, and the line that they stand on, as seen by who reads them.
    pub from: f64,
    pub to: f64,
    pub line: f64,
    /// How high they are.
    pub size: f64,
    /// Which way up: 0 as the page, 1 a quarter turned, and so on.
    pub turn: u8,
}

/// What is on a page.
#[derive(Debug, Default)]
pub struct Found {
    /// What is to be seen.
    pub marks: Vec<Mark>,
    /// What is not.
    pub hidden: String,
}

/// The walk through the pages of a document.
pub struct Walk<'a> {
    document: &'a Document,
    until: Instant,
    operators: usize,
    fonts: HashMap<(ObjectId, usize), Rc<Font>>,
    forms: Vec<usize>, // the parts that are being drawn, by where they lie in the document
    found: Found,
    invisible: Vec<Mark>,
    grounds: Vec<[f64; 4]>,
    page_pictures: usize,
    /// Pictures so far.
    pub pictures: usize,
    /// Pages so far that are pictures alone.
    pub scanned: usize,
    /// Signs so far of which nobody says which letters they are.
    pub unknown: usize,
}

#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    letter_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    is_invisible: bool,
    is_white: bool,
    text: Matrix,
    line: Matrix,
}

type Resources<'a> = Vec<&'a Dictionary>;

impl<'a> Walk<'a> {
    /// Through this document, until then.
    pub fn new(document: &'a Document, until: Instant) -> Walk<'a> {
        Walk {
            document,
            until,
            operators: 0,
            fonts: HashMap::new(),
            forms: Vec::new(),
            found: Found::default(),
            invisible: Vec::new(),
            grounds: Vec::new(),
            page_pictures: 0,
            pictures: 0,
            scanned: 0,
            unknown: 0,
        }
    }

    /// What is on a page.
    pub fn page(&mut self, page: ObjectId) -> Found {
        (self.found, self.page_pictures) = (Found::default(), 0);
        self.invisible.clear();
        self.grounds.clear();
        self.forms.clear();
        let mut content = Vec::new();
        for part in self.document.get_page_contents(page) {
            let part = self.document.get_object(part).and_then(Object::as_stream);
            let part = part.ok().and_then(|part| part.get_plain_content_with_limit(PART_BYTES_MAX).ok());
            content.extend(part.unwrap_or_default());
            content.push(b'\n');
            if content.len() > PART_BYTES_MAX {
                break;
            }
        }
        let (own, inherited) = self.document.get_page_resources(page).unwrap_or_default();
        let inherited = inherited.into_iter().filter_map(|id| self.document.get_dictionary(id).ok());
        let mut resources: Resources<'a> = own.into_iter().chain(inherited).collect();
        resources.extend(self.above(page));
        let state = State {
            page: self.upright(page),
            font: None,
            size: 1.0,
            letter_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            is_invisible: false,
            is_white: false,
            text: Matrix::SAME,
            line: Matrix::SAME,
        };
        self.run(&content, &resources, state, 0);
        self.fields(page);
        self.pictures += self.page_pictures;
        // The words of a scan lie unseen behind its picture: they are what the picture says.
        if self.page_pictures > 0 && self.found.marks.is_empty() {
            self.found.marks.append(&mut self.invisible);
        }
        self.scanned += usize::from(self.page_pictures > 0 && self.found.marks.is_empty());
        self.found.hidden.extend(self.invisible.drain(..).map(|mark| mark.text));
        std::mem::take(&mut self.found)
    }

    /// Resources that stand in a page above this one directly.
    fn above(&self, page: ObjectId) -> Option<&'a Dictionary> {
        let mut at = self.document.get_dictionary(page).ok()?;
        for _ in 0..DEPTH_MAX {
            if let Ok(resources) = at.get_deref(b"Resources", self.document).and_then(Object::as_dict) {
                return Some(resources);
            }
            at = at.get_deref(b"Parent", self.document).and_then(Object::as_dict).ok()?;
        }
        None
    }

    /// A page that is shown turned is read as it is shown.
    fn upright(&self, page: ObjectId) -> Matrix {
        let mut at = self.document.get_dictionary(page).ok();
        for _ in 0..DEPTH_MAX {
            let Some(own) = at else { break };
            if let Ok(turned) = own.get_deref(b"Rotate", self.document).and_then(Object::as_i64) {
                return match turned.rem_euclid(360) {
                    90 => Matrix([0.0, -1.0, 1.0, 0.0, 0.0, 0.0]),
                    180 => Matrix([-1.0, 0.0, 0.0, -1.0, 0.0, 0.0]),
                    270 => Matrix([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
                    _ => Matrix::SAME,
                };
            }
            at = own.get_deref(b"Parent", self.document).and_then(Object::as_dict).ok();
        }
        Matrix::SAME
    }

    fn run(&mut self, content: &[u8], resources: &Resources<'a>, mut state: State, depth: usize) {
        let mut kept: Vec<State> = Vec::new();
        let mut beyond = 0usize;
        let mut path: Vec<[f64; 4]> = Vec::new();
        for operation in Content::decode_iter(content) {
            let Ok(operation) = operation else { break };
            self.operators += 1;
            let is_over = self.operators > OPERATORS_MAX || self.found.marks.len() > LETTERS_MAX;
            if is_over || self.operators.is_multiple_of(1024) && Instant::now() >= self.until {
                return;
            }
            match operation.operator.as_str() {
                "q" if kept.len() < KEPT_MAX => kept.push(state.clone()),
                "q" => beyond += 1,
                "Q" if beyond > 0 => beyond -= 1,
                "Q" => state = kept.pop().unwrap_or(state),
                "re" if path.len() < GROUNDS_MAX => path.extend(ground(&operation, &state.page)),
                "m" | "l" | "c" | "v" | "y" if path.len() < GROUNDS_MAX => {
                    outline(&operation, &state.page, &mut path);
                }
                // A gradient may lie behind anything.
                "sh" => self.grounds.push([f64::MIN, f64::MIN, f64::MAX, f64::MAX]),
                "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" => {
                    let room = GROUNDS_MAX.saturating_sub(self.grounds.len());
                    self.grounds.extend(path.drain(..).take(if state.is_white { 0 } else { room }));
                }
                "S" | "s" | "n" => path.clear(),
                "Do" => self.part(&operation, resources, &state, depth),
                "BI" => self.page_pictures += 1,
                "Tf" => state.set_font(&operation, |name| self.font(name, resources)),
                "Tj" | "TJ" | "'" | "\"" => self.show(&operation, &mut state),
                _ => state.set(&operation),
            }
        }
    }

    /// A picture, or a part that is drawn like a page.
    fn part(&mut self, operation: &Operation, resources: &Resources<'a>, state: &State, depth: usize) {
        let Some(Ok(name)) = operation.operands.first().map(Object::as_name) else { return };
        let Some(part) =
            self.resource(b"XObject", name, resources).and_then(|(_, part)| part.as_stream().ok())
        else {
            return;
        };
        match part.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => self.page_pictures += 1,
            Ok(b"Form") if depth < DEPTH_MAX => self.form(part, resources, state, depth),
            _ => {}
        }
    }

    fn form(&mut self, part: &'a Stream, resources: &Resources<'a>, state: &State, depth: usize) {
        // A part within itself would be drawn for ever.
        let place = std::ptr::from_ref(part).addr();
        if self.forms.contains(&place) {
            return;
        }
        let Ok(content) = part.get_plain_content_with_limit(PART_BYTES_MAX) else { return };
        self.operators += content.len() / 256; // unpacking costs too
        let own = part.dict.get_deref(b"Resources", self.document).and_then(Object::as_dict);
        let resources = own.map_or_else(|_| resources.clone(), |own| vec![own]);
        let matrix = part.dict.get_deref(b"Matrix", self.document).and_then(Object::as_array);
        let matrix = matrix.ok().and_then(|matrix| numbers(matrix)).map_or(Matrix::SAME, Matrix);
        let state = State { page: matrix.then(&state.page), ..state.clone() };
        self.forms.push(place);
        self.run(&content, &resources, state, depth + 1);
        self.forms.pop();
    }

    fn resource(
        &self,
        kind: &[u8],
        name: &[u8],
        resources: &Resources<'a>,
    ) -> Option<(Option<ObjectId>, &'a Object)> {
        resources.iter().find_map(|resources| {
            let named = resources.get_deref(kind, self.document).and_then(Object::as_dict).ok()?;
            match named.get(name).ok()? {
                Object::Reference(id) => Some((Some(*id), self.document.get_object(*id).ok()?)),
                object => Some((None, object)),
            }
        })
    }

    fn font(&mut self, name: &[u8], resources: &Resources<'a>) -> Option<Rc<Font>> {
        let (id, font) = self.resource(b"Font", name, resources)?;
        let font = font.as_dict().ok()?;
        // A font without an id is known by where it lies in the document, which does not change.
        let key = (id.unwrap_or_default(), if id.is_some() { 0 } else { std::ptr::from_ref(font).addr() });
        if self.fonts.len() > 4 * KEPT_MAX {
            self.fonts.clear();
        }
        let read = || Rc::new(Font::of(font, self.document));
        Some(Rc::clone(self.fonts.entry(key).or_insert_with(read)))
    }

    fn show(&mut self, operation: &Operation, state: &mut State) {
        match (operation.operator.as_str(), operation.operands.as_slice()) {
            ("'", _) => state.next_line(),
            ("\"", [word_space, letter_space, _]) => {
                state.word_space = number(word_space).unwrap_or(state.word_space);
                state.letter_space = number(letter_space).unwrap_or(state.letter_space);
                state.next_line();
            }
            _ => {}
        }
        match operation.operands.last() {
            Some(Object::String(codes, _)) => self.codes(codes, state),
            Some(Object::Array(items)) => {
                for item in items {
                    match item {
                        Object::String(codes, _) => self.codes(codes, state),
                        other => {
                            let back = number(other).unwrap_or(0.0);
                            state.advance(-back / 1000.0 * state.size * state.scale);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn codes(&mut self, codes: &[u8], state: &mut State) {
        let Some(font) = state.font.clone() else { return };
        for code in codes.chunks(font.code_bytes) {
            let code = code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
            let width = font.width(code) * state.size * state.scale;
            match font.letters(code) {
                Some(text) => self.put(text, width, state),
                None => self.unknown += 1,
            }
            let is_space = code == 32 && font.code_bytes == 1;
            let space = state.letter_space + if is_space { state.word_space } else { 0.0 };
            state.advance(width + space * state.scale);
        }
    }

    fn put(&mut self, text: String, width: f64, state: &State) {
        let to_page = state.text.then(&state.page);
        let [a, b, c, d, ..] = to_page.0;
        let size = c.hypot(d) * state.size.abs();
        let (x, y) = to_page.point(0.0, state.rise);
        let (end_x, end_y) = to_page.point(width, state.rise);
        if ![x, y, end_x, end_y, size].iter().all(|number| number.is_finite() && number.abs() < 1e7) {
            return;
        }
        let turn = match (a.abs() >= b.abs(), a >= 0.0, b >= 0.0) {
            (true, true, _) => 0,
            (false, _, true) => 1,
            (true, false, _) => 2,
            (false, _, false) => 3,
        };
        let (from, to, line) = match turn {
            0 => (x, end_x, y),
            1 => (y, end_y, -x),
            2 => (-x, -end_x, -y),
            _ => (-y, -end_y, x),
        };
        let mark = Mark { text, from, to, line, size, turn };
        let is_on_ground =
            || self.grounds.iter().any(|[x0, y0, x1, y1]| x >= *x0 && x <= *x1 && y >= *y0 && y <= *y1);
        let is_white = state.is_white && self.page_pictures == 0 && !is_on_ground();
        if state.is_invisible {
            self.invisible.push(mark);
        } else if is_white || size < 1.0 {
            self.found.hidden.push_str(&mark.text);
        } else {
            self.found.marks.push(mark);
        }
    }

    /// What was filled into a form stands beside the page.
    fn fields(&mut self, page: ObjectId) {
        let notes =
            self.document.get_dictionary(page).and_then(|page| page.get_deref(b"Annots", self.document));
        let notes = notes.and_then(Object::as_array).map_or(&[][..], Vec::as_slice);
        for note in notes.iter().take(KEPT_MAX * KEPT_MAX) {
            let note = match note {
                Object::Reference(id) => self.document.get_dictionary(*id),
                object => object.as_dict(),
            };
            let Ok(note) = note else { continue };
            let value = note.get_deref(b"V", self.document).ok();
            let text = value.and_then(|value| lopdf::decode_text_string(value).ok());
            let place = note.get_deref(b"Rect", self.document).and_then(Object::as_array).ok();
            let place = place.and_then(|place| numbers::<4>(place));
            let (Some(text), Some([x, y, end, top])) = (text, place) else { continue };
            let size = (top - y).abs().clamp(4.0, 12.0);
            let line = y.min(top) + size * 0.25;
            let (from, to) = (x.min(end), x.max(end));
            self.found.marks.push(Mark { text, from, to, line, size, turn: 0 });
        }
    }
}

impl State {
    fn advance(&mut self, by: f64) {
        self.text = Matrix::moved(by, 0.0).then(&self.text);
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::moved(x, y).then(&self.line);
        self.text = self.line;
    }

    fn next_line(&mut self) {
        self.move_line(0.0, -self.leading);
    }

    fn set_font(&mut self, operation: &Operation, find: impl FnOnce(&[u8]) -> Option<Rc<Font>>) {
        if let [Object::Name(name), size] = operation.operands.as_slice() {
            self.font = find(name);
            self.size = number(size).unwrap_or(1.0);
        }
    }

    /// What only changes how or where the next letters come.
    fn set(&mut self, operation: &Operation) {
        let all: Vec<f64> = operation.operands.iter().filter_map(number).collect();
        match (operation.operator.as_str(), all.as_slice()) {
            ("BT", _) => (self.text, self.line) = (Matrix::SAME, Matrix::SAME),
            ("cm", [a, b, c, d, e, f]) => self.page = Matrix([*a, *b, *c, *d, *e, *f]).then(&self.page),
            ("Tm", [a, b, c, d, e, f]) => {
                self.line = Matrix([*a, *b, *c, *d, *e, *f]);
                self.text = self.line;
            }
            ("Td", [x, y]) => self.move_line(*x, *y),
            ("TD", [x, y]) => {
                self.leading = -y;
                self.move_line(*x, *y);
            }
            ("T*", _) => self.next_line(),
            ("Tc", [space]) => self.letter_space = *space,
            ("Tw", [space]) => self.word_space = *space,
            ("Tz", [scale]) => self.scale = scale / 100.0,
            ("TL", [leading]) => self.leading = *leading,
            ("Ts", [rise]) => self.rise = *rise,
            ("Tr", [mode]) => self.is_invisible = matches!(*mode as i64, 3 | 7),
            ("g" | "sc" | "scn", [gray]) => self.is_white = *gray >= 0.99,
            ("rg" | "sc" | "scn", [r, g, b]) => self.is_white = r.min(*g).min(*b) >= 0.99,
            ("k" | "sc" | "scn", [c, m, y, k]) => self.is_white = c + m + y + k <= 0.01,
            ("sc" | "scn" | "cs", _) => self.is_white = false,
            _ => {}
        }
    }
}

fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from).filter(|number| number.is_finite())
}

fn numbers<const N: usize>(objects: &[Object]) -> Option<[f64; N]> {
    let all: Vec<f64> = objects.iter().filter_map(number).collect();
    all.try_into().ok()
}

/// Widens the sides of an outline by the point to which it goes on.
fn outline(operation: &Operation, page: &Matrix, path: &mut Vec<[f64; 4]>) {
    let all: Vec<f64> = operation.operands.iter().filter_map(number).collect();
    let [.., x, y] = all[..] else { return };
    let (x, y) = page.point(x, y);
    match path.last_mut() {
        Some([x0, y0, x1, y1]) if operation.operator != "m" => {
            (*x0, *y0, *x1, *y1) = (x0.min(x), y0.min(y), x1.max(x), y1.max(y));
        }
        _ => path.push([x, y, x, y]),
    }
}

/// The four sides of a rectangle on the page.
fn ground(operation: &Operation, page: &Matrix) -> Option<[f64; 4]> {
    let [x, y, width, height] = numbers::<4>(&operation.operands)?;
    let ((x0, y0), (x1, y1)) = (page.point(x, y), page.point(x + width, y + height));
    Some([x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)])
}
