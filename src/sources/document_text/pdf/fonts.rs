//! Fonts: which letters the codes of a text are, and how wide they are.
//!
//! `ToUnicode` says the letters best; where it is silent, the encoding and the names of the signs do.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Encoding, Object};

use super::letters::Letters;

/// Bytes of a table of letters once it is unpacked.
const TABLE_BYTES_MAX: usize = 4 << 20;

/// Codes of which a width is remembered.
const WIDTHS_MAX: usize = 1 << 16;

/// Widths of the printable characters of Helvetica in thousandths, for fonts that do not say theirs.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// A font.
pub struct Font {
    /// Bytes of a code.
    pub code_bytes: usize,
    letters: Option<Letters>,
    /// By code, where codes are of one byte.
    simple: Vec<String>,
    is_utf16: bool,
    widths: HashMap<u32, f64>,
    width: f64,
}

impl Font {
    /// As its dictionary describes it.
    pub fn of(font: &Dictionary, document: &Document) -> Font {
        let letters = letters(font, document);
        let name = |key: &[u8]| font.get_deref(key, document).and_then(Object::as_name).unwrap_or_default();
        if name(b"Subtype") == b"Type0" {
            let encoding = name(b"Encoding");
            let is_utf16 = letters.is_none() && encoding.starts_with(b"Uni");
            let (widths, width) = wide_widths(font, document);
            return Font { code_bytes: 2, letters, simple: Vec::new(), is_utf16, widths, width };
        }
        let simple = simple(font, document, letters.as_ref());
        let (widths, width) = widths(font, document, &simple);
        Font { code_bytes: 1, letters: None, simple, is_utf16: false, widths, width }
    }

    /// The letters of a code; `None` where the font does not say them.
    pub fn letters(&self, code: u32) -> Option<String> {
        if self.code_bytes == 1 {
            return self.simple.get(code as usize).filter(|text| !text.is_empty()).cloned();
        }
        match &self.letters {
            Some(letters) => letters.get(code),
            None => char::from_u32(code).filter(|_| self.is_utf16).map(String::from),
        }
    }

    /// How wide it is, in parts of the size of the font.
    pub fn width(&self, code: u32) -> f64 {
        self.widths.get(&code).copied().unwrap_or(self.width)
    }
}

/// What `ToUnicode` says.
fn letters(font: &Dictionary, document: &Document) -> Option<Letters> {
    let table = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream).ok()?;
    table.get_plain_content_with_limit(TABLE_BYTES_MAX).ok().map(|table| Letters::of(&table))
}

/// The letters of each code of one byte.
fn simple(font: &Dictionary, document: &Document, letters: Option<&Letters>) -> Vec<String> {
    let mut plain = Dictionary::new();
    plain.set("Type", "Font");
    let encoding = font.get_deref(b"Encoding", document).ok();
    let base = match encoding {
        Some(Object::Name(name)) => Some(name.clone()),
        Some(Object::Dictionary(encoding)) => {
            encoding.get_deref(b"BaseEncoding", document).and_then(Object::as_name).ok().map(<[u8]>::to_vec)
        }
        _ => None,
    };
    // Most that say nothing are written by Windows, and Latin letters are the same in all of them.
    plain.set("Encoding", Object::Name(base.unwrap_or_else(|| b"WinAnsiEncoding".to_vec())));
    let known = plain.get_font_encoding_with_limit(document, TABLE_BYTES_MAX);
    let by_encoding = |code: u8| known.as_ref().ok()?.bytes_to_string(&[code]).ok();
    let mut table: Vec<String> = (0..=255).map(|code| by_encoding(code).unwrap_or_default()).collect();
    let differences =
        encoding.and_then(|encoding| encoding.as_dict().ok()?.get_deref(b"Differences", document).ok());
    let mut code = 0usize;
    for item in differences.and_then(|list| list.as_array().ok()).into_iter().flatten().take(1024) {
        match item {
            Object::Integer(number) => code = usize::try_from(*number).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let Some(text) = table.get_mut(code) {
                    *text = named(name, document).unwrap_or_default();
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    for (code, text) in table.iter_mut().enumerate() {
        if let Some(letters) = letters.and_then(|letters| letters.get(code as u32)) {
            *text = letters;
        }
    }
    table
}

/// The letters of a sign by its name (`degree`, `uni00B0`).
fn named(name: &[u8], document: &Document) -> Option<String> {
    let written = str::from_utf8(name).ok()?;
    let stem = written.split('.').next().unwrap_or(written);
    let hex = stem.strip_prefix("uni").or_else(|| stem.strip_prefix('u')).filter(|hex| hex.len() >= 4);
    if let Some(letter) = hex.and_then(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?)) {
        return Some(letter.into());
    }
    // The list of names is `lopdf`'s: it is asked for one of them.
    let mut encoding = Dictionary::new();
    encoding.set("Differences", vec![Object::Integer(65), Object::Name(stem.as_bytes().to_vec())]);
    let mut font = Dictionary::new();
    font.set("Type", "Font");
    font.set("Encoding", encoding);
    match font.get_font_encoding_with_limit(document, TABLE_BYTES_MAX) {
        Ok(found @ Encoding::Differences(_)) => found.bytes_to_string(b"A").ok(),
        _ => None,
    }
}

fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from).filter(|number| number.is_finite())
}

fn widths(font: &Dictionary, document: &Document, simple: &[String]) -> (HashMap<u32, f64>, f64) {
    let get = |key: &[u8]| font.get_deref(key, document).ok();
    let name = get(b"BaseFont").and_then(|name| name.as_name().ok()).unwrap_or_default();
    // Type 3 fonts have a measure of their own.
    let matrix = get(b"FontMatrix").and_then(|matrix| number(matrix.as_array().ok()?.first()?));
    let unit = matrix.unwrap_or(0.001).abs();
    let Some(list) = get(b"Widths").and_then(|widths| widths.as_array().ok()) else {
        let is_even = memchr::memmem::find(name, b"Courier").is_some();
        let width = |text: &String| {
            let at = text.bytes().next().and_then(|byte| byte.checked_sub(b' ')).map(usize::from);
            let width = at.and_then(|at| HELVETICA.get(at)).copied().unwrap_or(556);
            f64::from(if is_even { 600 } else { width }) / 1000.0
        };
        let widths = simple.iter().enumerate().map(|(code, text)| (code as u32, width(text)));
        return (widths.collect(), 0.5);
    };
    let first = get(b"FirstChar").and_then(|first| u32::try_from(first.as_i64().ok()?).ok()).unwrap_or(0);
    let of = |object: &Object| match object {
        Object::Reference(id) => number(document.get_object(*id).ok()?),
        object => number(object),
    };
    let widths = list.iter().take(256).enumerate();
    let widths = widths.filter_map(|(at, width)| Some((first.saturating_add(at as u32), of(width)? * unit)));
    (widths.collect(), 0.5)
}

/// The widths of a font with codes of two bytes (ISO 32000-2, 9.7.4.3).
fn wide_widths(font: &Dictionary, document: &Document) -> (HashMap<u32, f64>, f64) {
    let mut widths = HashMap::new();
    let below = font.get_deref(b"DescendantFonts", document).and_then(Object::as_array).ok();
    let below = below.and_then(|fonts| match fonts.first()? {
        Object::Reference(id) => document.get_dictionary(*id).ok(),
        object => object.as_dict().ok(),
    });
    let Some(below) = below else { return (widths, 1.0) };
    let width = below.get_deref(b"DW", document).ok().and_then(number).unwrap_or(1000.0) / 1000.0;
    let list = below.get_deref(b"W", document).and_then(Object::as_array).map_or(&[][..], Vec::as_slice);
    let mut rest = list;
    while let [first, second, after @ ..] = rest {
        let Some(first) = number(first).map(|first| first as u32) else { break };
        let second = match second {
            Object::Reference(id) => document.get_object(*id).unwrap_or(second),
            object => object,
        };
        rest = after;
        if let Ok(each) = second.as_array() {
            for (at, width) in each.iter().enumerate().take(WIDTHS_MAX.saturating_sub(widths.len())) {
                widths.extend(number(width).map(|width| (first.saturating_add(at as u32), width / 1000.0)));
            }
        } else if let ([all, after @ ..], Some(last)) = (rest, number(second)) {
            let room = WIDTHS_MAX.saturating_sub(widths.len());
            let width = number(all).unwrap_or(1000.0) / 1000.0;
            widths.extend((first..=(last as u32)).take(room).map(|code| (code, width)));
            rest = after;
        }
    }
    (widths, width)
}
