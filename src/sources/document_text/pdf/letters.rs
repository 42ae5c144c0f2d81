//! `ToUnicode`: which letters the codes of a font are, in the font's own words (ISO 32000-2, 9.10.3).

use std::collections::BTreeMap;

/// Ranges and single codes that are remembered.
const RANGES_MAX: usize = 1 << 16;

/// The letters of codes.
#[derive(Debug, Default)]
pub struct Letters {
    /// By the first code of a range: its last, and the letters of the first in UTF-16.
    ranges: BTreeMap<u32, (u32, Vec<u16>)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token<'a> {
    Hex(Vec<u8>),
    Open,
    Close,
    Word(&'a [u8]),
}

impl Letters {
    /// As a table says them. What is no table says nothing.
    pub fn of(table: &[u8]) -> Letters {
        let mut letters = Letters::default();
        let mut tokens = Tokens(table);
        while let Some(token) = tokens.next() {
            match token {
                Token::Word(b"beginbfchar") => letters.chars(&mut tokens),
                Token::Word(b"beginbfrange") => letters.ranges(&mut tokens),
                _ => {}
            }
        }
        letters
    }

    /// The letters of a code.
    pub fn get(&self, code: u32) -> Option<String> {
        let (first, (last, units)) = self.ranges.range(..=code).next_back()?;
        if code > *last {
            return None;
        }
        let mut units = units.clone();
        if let Some(unit) = units.last_mut() {
            *unit = unit.wrapping_add((code - first) as u16);
        }
        let text = String::from_utf16_lossy(&units);
        (!text.is_empty() && !text.contains(['\0', char::REPLACEMENT_CHARACTER])).then_some(text)
    }

    fn add(&mut self, first: u32, last: u32, to: &[u8]) {
        if self.ranges.len() < RANGES_MAX && first <= last {
            let units = to
                .chunks(2)
                .take(64)
                .map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)));
            self.ranges.insert(first, (last, units.collect()));
        }
    }

    fn chars(&mut self, tokens: &mut Tokens<'_>) {
        while let (Some(Token::Hex(from)), Some(Token::Hex(to))) = (tokens.next(), tokens.next()) {
            self.add(code(&from), code(&from), &to);
        }
    }

    fn ranges(&mut self, tokens: &mut Tokens<'_>) {
        while let (Some(Token::Hex(first)), Some(Token::Hex(last))) = (tokens.next(), tokens.next()) {
            let (first, last) = (code(&first), code(&last));
            match tokens.next() {
                Some(Token::Hex(to)) => self.add(first, last, &to),
                Some(Token::Open) => {
                    let mut at = first;
                    while let Some(Token::Hex(to)) = tokens.next() {
                        self.add(at, at, &to);
                        at = at.saturating_add(1);
                    }
                }
                _ => return,
            }
        }
    }
}

fn code(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte))
}

struct Tokens<'a>(&'a [u8]);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.0 = self.0.trim_ascii_start();
        let (first, rest) = self.0.split_first()?;
        match first {
            b'[' | b']' => {
                self.0 = rest;
                Some(if *first == b'[' { Token::Open } else { Token::Close })
            }
            b'<' if rest.first() != Some(&b'<') => {
                let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
                self.0 = &rest[(end + 1).min(rest.len())..];
                let digits = rest[..end].iter().filter_map(|byte| char::from(*byte).to_digit(16));
                let digits: Vec<u8> = digits.map(|digit| digit as u8).collect();
                Some(Token::Hex(digits.chunks(2).map(|two| two[0] << 4 | two.get(1).unwrap_or(&0)).collect()))
            }
            _ => {
                let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'<' | b'[' | b']');
                let length = 1 + rest.iter().position(is_end).unwrap_or(rest.len());
                let (word, rest) = self.0.split_at(length);
                self.0 = rest;
                Some(Token::Word(word))
            }
        }
    }
}
