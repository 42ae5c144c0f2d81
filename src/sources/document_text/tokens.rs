//! HTML cut into tags and text, in one pass over the text.
//!
//! No tree is built: a note nested a hundred thousand levels deep, or a tag with a million attributes,
//! costs no more than its length.

use std::borrow::Cow;

use html5ever::data::NAMED_ENTITIES;

use super::elements;

/// The attributes that a reader of text asks for; others are passed over.
const ATTRIBUTES: [&str; 11] =
    ["style", "class", "id", "hidden", "type", "value", "checked", "alt", "bgcolor", "color", "start"];

/// A piece of HTML.
#[derive(Debug)]
pub enum Token<'a> {
    /// Text between tags, with its character references.
    Text(&'a str),
    /// A start tag.
    Start { name: String, attributes: Vec<(&'static str, &'a str)>, is_closed: bool },
    /// An end tag.
    End { name: String },
    /// The content of a script, a style or the like.
    Raw { name: String, text: &'a str },
    /// Text that a browser would not show, since a comment or a script has no end.
    Lost(&'a str),
}

/// The tokens of a text.
pub struct Tokens<'a> {
    rest: &'a str,
    raw: Option<String>,
    is_xml: bool,
}

impl Token<'_> {
    /// True for white space between tags.
    pub fn is_blank(&self) -> bool {
        matches!(self, Token::Text(text) if text.trim().is_empty())
    }

    /// True for a tag of HTML, so that `<5` and `<unknown>` do not make a text HTML.
    pub fn is_element(&self) -> bool {
        match self {
            Token::Start { name, .. } | Token::End { name } => elements::is_known(name),
            _ => false,
        }
    }
}

impl<'a> Tokens<'a> {
    /// Begins at the start of a text.
    pub fn new(text: &'a str) -> Tokens<'a> {
        Tokens { rest: text.trim_start_matches('\u{feff}'), raw: None, is_xml: false }
    }

    /// Of XML, in which no element is known by its name: a `title` is an element like any other.
    pub fn of_xml(text: &'a str) -> Tokens<'a> {
        Tokens { is_xml: true, ..Tokens::new(text) }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// The content of the raw element that is open, up to its end tag.
    fn raw_text(&mut self, name: String) -> Token<'a> {
        let is_end = |at: &usize| {
            let after = self.rest.get(at + 2..at + 2 + name.len());
            after.is_some_and(|after| after.eq_ignore_ascii_case(&name))
        };
        let end = memchr::memmem::find_iter(self.rest.as_bytes(), "</").find(is_end);
        match end {
            Some(end) => Token::Raw { text: self.take(end), name },
            None => Token::Lost(self.take(self.rest.len())),
        }
    }

    /// A comment, a declaration or a processing instruction: `None`, or what it hides by having no end.
    fn comment(&mut self) -> Option<Token<'a>> {
        let (open, close) = match self.rest {
            rest if rest.starts_with("<!--") => (4, "-->"),
            rest if rest.starts_with("<![CDATA[") => {
                let end = rest.find("]]>").unwrap_or(rest.len());
                let text = &self.take(end)[9..];
                self.take(self.rest.len().min(3));
                return Some(Token::Text(text));
            }
            // A document type may declare entities of its own in brackets; they are not followed.
            rest if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) => {
                let has_brackets = rest.find(['[', '>']).is_some_and(|at| rest[at..].starts_with('['));
                (9, if has_brackets { "]>" } else { ">" })
            }
            _ => (2, ">"),
        };
        match self.rest[open..].find(close) {
            Some(end) => {
                self.take(open + end + close.len());
                None
            }
            None => Some(Token::Lost(self.take(self.rest.len()))),
        }
    }

    fn tag(&mut self) -> Token<'a> {
        let is_end = self.rest.starts_with("</");
        let Some((name, attributes, is_closed, length)) = tag(self.rest, if is_end { 2 } else { 1 }) else {
            return Token::Text(self.take(self.rest.len())); // no end: what is left is read as text
        };
        self.take(length);
        if is_end {
            return Token::End { name };
        }
        if !self.is_xml && elements::is_raw(&name) && !is_closed {
            self.raw = Some(name.clone());
        }
        Token::Start { name, attributes, is_closed }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if let Some(name) = self.raw.take() {
                return Some(self.raw_text(name));
            }
            let mut ahead = self.rest.bytes();
            match (ahead.next()?, ahead.next()) {
                (b'<', Some(b'!' | b'?')) => match self.comment() {
                    Some(token) => return Some(token),
                    None => continue,
                },
                (b'<', Some(b'/')) if ahead.next().is_some_and(|byte| byte.is_ascii_alphabetic()) => {
                    return Some(self.tag());
                }
                (b'<', Some(byte)) if byte.is_ascii_alphabetic() => return Some(self.tag()),
                _ => {
                    let end = memchr::memchr(b'<', &self.rest.as_bytes()[1..]);
                    return Some(Token::Text(self.take(end.map_or(self.rest.len(), |end| end + 1))));
                }
            }
        }
    }
}

type Tag<'a> = (String, Vec<(&'static str, &'a str)>, bool, usize);

/// Reads a tag whose name begins at `at`: name, attributes, whether it closes itself, length.
fn tag(text: &str, mut at: usize) -> Option<Tag<'_>> {
    let bytes = text.as_bytes();
    let is_delimiter = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
    let until = |from: usize, stop: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|byte| stop(*byte)).map(|length| from + length)
    };
    let end = until(at, &is_delimiter)?;
    // A prefix of XHTML (`xhtml:div`) says nothing about the element.
    let name = text[at..end].rsplit(':').next().unwrap_or("").to_ascii_lowercase();
    let mut attributes: Vec<(&'static str, &str)> = Vec::new();
    at = end;
    loop {
        at = until(at, &|byte| !byte.is_ascii_whitespace() && byte != b'/')?;
        if bytes[at] == b'>' {
            return Some((name, attributes, bytes[at - 1] == b'/', at + 1));
        }
        let end = until(at + 1, &|byte| is_delimiter(byte) || byte == b'=')?;
        let attribute = &text[at..end];
        let mut value = "";
        at = until(end, &|byte| !byte.is_ascii_whitespace())?;
        if bytes[at] == b'=' {
            at = until(at + 1, &|byte| !byte.is_ascii_whitespace())?;
            let quote = bytes[at];
            let (start, end) = match quote {
                b'"' | b'\'' => (at + 1, until(at + 1, &|byte| byte == quote)?),
                _ => (at, until(at, &|byte| byte.is_ascii_whitespace() || byte == b'>')?),
            };
            value = &text[start..end];
            at = if start > at { end + 1 } else { end };
        }
        let known = ATTRIBUTES.iter().find(|known| attribute.eq_ignore_ascii_case(known));
        if let Some(known) = known.filter(|known| !attributes.iter().any(|(seen, _)| seen == *known)) {
            attributes.push((known, value));
        }
    }
}

/// Text with its character references (`&lt;`, `&#176;`) replaced.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match reference(rest) {
            Some((characters, length)) => {
                out.extend(characters.into_iter().flatten());
                rest = &rest[length..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out.into()
}

/// What stands after `&`: the characters it means, and its length.
fn reference(text: &str) -> Option<([Option<char>; 2], usize)> {
    if let Some(number) = text.strip_prefix('#') {
        let (digits, radix, skipped) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 2),
            None => (number, 10, 1),
        };
        let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let code = u32::from_str_radix(&digits[..end], radix).ok();
        let character = code.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))?;
        let length = skipped + end + usize::from(digits[end..].starts_with(';'));
        return Some(([Some(character), None], length));
    }
    let end = text.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
    let full = end + usize::from(text[end..].starts_with(';'));
    (2..=full).rev().find_map(|length| {
        // The table holds the beginnings of names too, with a zero for what they mean.
        let (first, second) = *NAMED_ENTITIES.get(&text[..length]).filter(|found| found.0 != 0)?;
        Some(([char::from_u32(first), char::from_u32(second).filter(|c| *c != '\0')], length))
    })
}
