//! RTF to text: what a person would see, in lines and rows.
//!
//! Word, and the editors of most records systems, write it. Header and footer, pictures, styles and what is
//! hidden or struck out by a revision are left out; `\u8805` and `\'b0` become the characters that they are.

mod charsets;
mod tokens;

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::layout::Layout;
use charsets::Charset;
use tokens::{Token, Tokens};

/// Groups that may lie in each other; deeper ones are read as part of this one.
const OPEN_MAX: usize = 256;

/// Fonts whose character sets are remembered.
const FONTS_MAX: usize = 4096;

/// The text of a document.
pub fn to_text(rtf: &[u8]) -> String {
    let mut reader = Reader { state: State { skipped: 1, ..State::default() }, ..Reader::default() };
    for token in Tokens::new(rtf) {
        reader.token(token);
    }
    reader.flush();
    reader.layout.finish()
}

#[derive(Default)]
struct Reader {
    layout: Layout,
    state: State,
    open: Vec<State>,
    beyond: usize,        // groups open deeper than OPEN_MAX
    bytes: Vec<u8>,       // letters that wait for being decoded together
    high: Option<u16>,    // the first half of a character of two
    to_skip: usize,       // what stands for the last `\u` in other readers
    is_destination: bool, // `\*` has been read: what follows may be unknown
    default: Charset,     // of the document
    fonts: HashMap<i32, Charset>,
    has_table: bool,
    has_cell: bool,
    is_in_row: bool,
}

/// What holds for the text of a group.
#[derive(Clone, Copy)]
struct State {
    is_dropped: bool,
    is_hidden: bool,
    is_struck: bool,
    is_mark: bool, // the sign of a list
    is_font_table: bool,
    is_in_table: bool,
    charset: Option<Charset>,
    font: i32,
    skipped: usize, // how many letters stand for a `\u` in other readers
}

impl Default for State {
    fn default() -> State {
        State {
            is_dropped: false,
            is_hidden: false,
            is_struck: false,
            is_mark: false,
            is_font_table: false,
            is_in_table: false,
            charset: None,
            font: 0,
            skipped: 1,
        }
    }
}

impl Reader {
    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Open => self.open(),
            Token::Close => self.close(),
            Token::Text(_) | Token::Byte(_) | Token::Symbol(_) | Token::Word("bin", _)
                if self.to_skip > 0 =>
            {
                self.pass_over(token);
            }
            Token::Text(text) => self.letters(text),
            Token::Byte(byte) => self.letters(&[byte]),
            Token::Symbol(symbol) => self.symbol(symbol),
            Token::Word(word, number) => self.word(word, number),
        }
    }

    /// What follows a `\u` says the same for readers that do not know it.
    fn pass_over(&mut self, token: Token<'_>) {
        if let Token::Text(text) = token {
            let passed = text.len().min(self.to_skip);
            self.to_skip -= passed;
            return self.letters(&text[passed..]);
        }
        self.to_skip -= 1;
    }

    fn open(&mut self) {
        self.flush();
        self.to_skip = 0;
        self.is_destination = false;
        if self.open.len() < OPEN_MAX {
            self.open.push(self.state);
        } else {
            self.beyond += 1;
        }
    }

    fn close(&mut self) {
        self.flush();
        self.to_skip = 0;
        self.is_destination = false;
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let was_struck = self.state.is_struck;
        self.state = self.open.pop().unwrap_or_default();
        if was_struck != self.state.is_struck {
            self.show("~~");
        }
    }

    fn letters(&mut self, bytes: &[u8]) {
        if !self.state.is_dropped {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Decodes the letters that wait.
    fn flush(&mut self) {
        self.high = None;
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let text = self.state.charset.unwrap_or(self.default).decode(&bytes);
        self.show(&text);
    }

    fn show(&mut self, text: &str) {
        if self.state.is_dropped || text.is_empty() {
            return;
        }
        if self.state.is_hidden {
            return self.layout.hide(text);
        }
        if self.state.is_in_table || self.is_in_row {
            self.open_cell();
        } else if !text.trim().is_empty() {
            self.close_table();
        }
        self.layout.text(text, true);
    }

    fn open_cell(&mut self) {
        if !self.has_table {
            self.layout.open_table();
            self.layout.open_row();
        }
        if !self.has_cell {
            self.layout.open_cell();
        }
        (self.has_table, self.has_cell) = (true, true);
    }

    fn close_table(&mut self) {
        if self.has_table {
            self.layout.close_table();
        }
        (self.has_table, self.has_cell) = (false, false);
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'*' => self.is_destination = true,
            b'~' => self.letters(b" "),
            b'_' => self.letters(b"-"),
            b'\\' | b'{' | b'}' => self.letters(&[symbol]),
            b'\n' | b'\r' => self.word("par", None),
            b'\t' => self.word("tab", None),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let is_unknown_dropped = std::mem::take(&mut self.is_destination) && !is_shown_destination(word);
        if word != "u" {
            self.flush();
        }
        if is_unknown_dropped || is_dropped(word) {
            self.state.is_dropped = true;
        }
        match word {
            "fonttbl" => (self.state.is_dropped, self.state.is_font_table) = (true, true),
            "ansicpg" => self.default = Charset::of_page(number),
            "mac" => self.default = Charset::Known(encoding_rs::MACINTOSH),
            "pc" | "pca" => self.default = Charset::Dos,
            "f" | "fcharset" | "cpg" => self.font(word, number),
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.state.skipped = number.unwrap_or(1).clamp(0, 64) as usize,
            _ if self.state.is_dropped => {}
            "v" | "deleted" => self.state.is_hidden = number != Some(0),
            "strike" | "striked" => self.strike(number != Some(0)),
            "super" if number != Some(0) => self.show("^"), // 10 to the 9th is not 109
            "listtext" | "pntext" => self.state.is_mark = true,
            "plain" => self.plain(),
            _ => self.breaks(word),
        }
    }

    /// Words that end a line or a cell, or stand for a character.
    fn breaks(&mut self, word: &str) {
        match word {
            "par" | "line" if self.state.is_hidden => {}
            "par" | "line" => self.layout.break_line(),
            "sect" | "page" | "column" => self.layout.paragraph(),
            "pard" => self.state.is_in_table = false,
            "intbl" => self.state.is_in_table = true,
            "trowd" => self.is_in_row = true,
            "cell" => {
                self.open_cell();
                self.layout.close_cell();
                self.has_cell = false;
            }
            "row" => {
                if self.has_table {
                    self.layout.close_row();
                }
                (self.is_in_row, self.has_cell) = (false, false);
            }
            "nestcell" => self.show(" | "),
            "nestrow" => self.layout.line(),
            "tab" => self.show(if self.state.is_mark { " " } else { "\t" }),
            _ => self.show(character(word)),
        }
    }

    fn plain(&mut self) {
        self.strike(false);
        self.state.is_hidden = false;
        self.state.charset = None;
    }

    fn strike(&mut self, is_struck: bool) {
        if self.state.is_struck != is_struck {
            self.show("~~");
        }
        self.state.is_struck = is_struck;
    }

    fn font(&mut self, word: &str, number: Option<i32>) {
        let number = number.unwrap_or(0);
        match (word, self.state.is_font_table) {
            ("f", true) => self.state.font = number,
            ("f", false) => self.state.charset = self.fonts.get(&number).copied(),
            (_, true) if self.fonts.len() < FONTS_MAX => {
                let charset = if word == "cpg" {
                    Some(Charset::of_page(Some(number)))
                } else {
                    Charset::of_font(number)
                };
                self.fonts.extend(charset.map(|charset| (self.state.font, charset)));
            }
            _ => {}
        }
    }

    /// `\u-4019`: a unit of UTF-16, with a sign.
    fn unicode(&mut self, number: i32) {
        let unit = number as u16;
        let high = self.high.take();
        self.flush();
        self.to_skip = self.state.skipped;
        match char::decode_utf16(high.into_iter().chain([unit])).next() {
            Some(Ok(letter)) => self.show(charsets::shown(letter).encode_utf8(&mut [0; 4])),
            Some(Err(_)) if (0xd800..0xdc00).contains(&unit) => self.high = Some(unit),
            _ => {}
        }
    }
}

/// Parts that a person does not see on the page, or sees elsewhere.
fn is_dropped(word: &str) -> bool {
    matches!(
        word,
        "colortbl"
            | "stylesheet"
            | "info"
            | "pict"
            | "nonshppict"
            | "shprslt"
            | "sp"
            | "fldinst"
            | "header"
            | "headerl"
            | "headerr"
            | "headerf"
            | "footer"
            | "footerl"
            | "footerr"
            | "footerf"
            | "nonesttables"
            | "listtable"
            | "listoverridetable"
            | "revtbl"
            | "rsidtbl"
            | "filetbl"
            | "xe"
            | "tc"
            | "bkmkstart"
            | "bkmkend"
            | "objdata"
            | "themedata"
            | "datastore"
    )
}

/// Parts marked as "pass over what you do not know" in which text stands: boxes, nested tables.
fn is_shown_destination(word: &str) -> bool {
    matches!(word, "shpinst" | "shptxt" | "nesttableprops")
}

fn character(word: &str) -> &'static str {
    match word {
        "emdash" => "—",
        "endash" => "–",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "bullet" => "•",
        "emspace" | "enspace" | "qmspace" => " ",
        _ => "",
    }
}

/// A charset that `encoding_rs` knows.
type Known = &'static Encoding;

#[cfg(test)]
mod tests;
