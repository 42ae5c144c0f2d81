//! RTF in pieces: groups, control words, text.

/// A piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\par`, `\u8805`: a control word with its number.
    Word(&'a str, Option<i32>),
    /// `\~`: a control symbol.
    Symbol(u8),
    /// `\'b0`: a byte.
    Byte(u8),
    /// Letters up to the next of these; line ends mean nothing.
    Text(&'a [u8]),
}

/// Letters of a control word at the most.
const WORD_MAX: usize = 32;

/// The pieces of a document.
pub struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    /// Of these bytes.
    pub fn new(rtf: &'a [u8]) -> Tokens<'a> {
        Tokens { rest: rtf }
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// What follows a backslash.
    fn control(&mut self) -> Option<Token<'a>> {
        let first = *self.rest.first()?;
        if first == b'\'' {
            let digits = self.take(3).get(1..).and_then(|digits| str::from_utf8(digits).ok());
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            return Some(byte.map_or(Token::Symbol(b'\''), Token::Byte));
        }
        let letters = self.rest.iter().take(WORD_MAX).take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            return Some(Token::Symbol(self.take(1)[0]));
        }
        let word = str::from_utf8(self.take(letters)).unwrap_or_default();
        let signs = usize::from(self.rest.first() == Some(&b'-'));
        let digits = self.rest[signs..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let number = match digits {
            0 => None,
            _ => str::from_utf8(self.take(signs + digits)).ok().and_then(|number| number.parse().ok()),
        };
        if self.rest.first() == Some(&b' ') {
            self.take(1);
        }
        if word == "bin" {
            self.take(usize::try_from(number.unwrap_or(0)).unwrap_or(0));
        }
        Some(Token::Word(word, number))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let first = *self.rest.first()?;
            match first {
                b'{' | b'}' => {
                    self.take(1);
                    return Some(if first == b'{' { Token::Open } else { Token::Close });
                }
                b'\\' => {
                    self.take(1);
                    return self.control();
                }
                b'\n' | b'\r' | 0 => {
                    self.take(1);
                }
                _ => {
                    let ends = |byte: &u8| matches!(byte, b'{' | b'}' | b'\\' | b'\n' | b'\r' | 0);
                    let end = self.rest.iter().position(ends).unwrap_or(self.rest.len());
                    return Some(Token::Text(self.take(end)));
                }
            }
        }
    }
}
