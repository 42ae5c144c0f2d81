//! XML to text, without knowing what its elements are: each begins a line, unless it stands within a sentence.
//!
//! Tables, lists and paragraphs are known by the names that documents have for them in common.

use super::elements::{self, Role};
use super::layout::Layout;
use super::tokens::{Token, Tokens, unescape};

/// Elements that are kept open at the most; deeper ones only count how deep they are.
const OPEN_MAX: usize = 512;

/// The text of a document.
pub fn to_text(xml: &str) -> String {
    let mut reader = Reader::default();
    for token in Tokens::of_xml(xml) {
        match token {
            Token::Text(text) => reader.text(&unescape(text)),
            Token::Start { name, is_closed, .. } => {
                reader.start(name);
                if is_closed {
                    reader.close();
                }
            }
            Token::End { name } => reader.end(&name),
            Token::Raw { text, .. } => reader.text(text),
            Token::Lost(text) => reader.layout.hide(text),
        }
    }
    reader.layout.finish()
}

#[derive(Default)]
struct Reader {
    layout: Layout,
    open: Vec<Open>,
    beyond: usize,   // elements open deeper than OPEN_MAX
    has_ended: bool, // an element has ended, and nothing came after it
}

struct Open {
    name: String,
    /// Text stands in it beside elements: they are words of a sentence.
    has_text: bool,
    is_inline: bool,
}

impl Reader {
    fn text(&mut self, text: &str) {
        self.has_ended = false;
        if let Some(open) = self.open.last_mut() {
            open.has_text |= !text.trim().is_empty();
        }
        self.layout.text(text, false);
    }

    fn start(&mut self, name: String) {
        if self.open.len() >= OPEN_MAX {
            self.beyond += 1;
            return;
        }
        let is_in_sentence = self.open.last().is_some_and(|open| open.has_text);
        let is_inline = is_in_sentence && !is_part(&name);
        match part(&name) {
            "table" => self.layout.open_table(),
            "tr" => self.layout.open_row(),
            "td" => self.layout.open_cell(),
            "br" => self.layout.break_line(),
            "li" => {
                self.layout.line();
                self.layout.text("- ", true);
            }
            // `<city>Riverton</city><state>MN</state>` are two words.
            _ if is_inline && self.has_ended => self.layout.text(" ", false),
            _ if is_inline => {}
            name => self.break_for(name),
        }
        self.has_ended = false;
        self.open.push(Open { name, has_text: false, is_inline });
    }

    fn break_for(&mut self, name: &str) {
        match elements::role(name) {
            Role::Paragraph => self.layout.paragraph(),
            _ => self.layout.line(),
        }
    }

    fn end(&mut self, name: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        // An end tag without a start ends nothing.
        if let Some(at) = self.open.iter().rposition(|open| open.name == name) {
            while self.open.len() > at {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(open) = self.open.pop() else { return };
        self.has_ended = true;
        match part(&open.name) {
            "table" => self.layout.close_table(),
            "tr" => self.layout.close_row(),
            "td" => self.layout.close_cell(),
            "br" => {}
            _ if open.is_inline => {}
            name => self.break_for(name),
        }
    }
}

/// The name in common for the parts of tables and lists; others have their own.
fn part(name: &str) -> &str {
    match name {
        "row" => "tr",
        "th" | "cell" => "td",
        "item" => "li",
        "para" | "paragraph" => "p",
        other => other,
    }
}

/// True for what breaks a line even within a sentence.
fn is_part(name: &str) -> bool {
    matches!(part(name), "table" | "tr" | "td" | "li" | "p" | "br" | "list" | "section")
}

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn elements_are_lines_and_words_of_a_sentence_stay_in_it() {
        let text = to_text(
            "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'x'>]><report><title>Visit</title><temp unit='C'>37&#176;C</temp>\
             <note>Take <drug>aspirin</drug>, 4.10 mg.<para>Then &lt;5.</para></note></report>",
        );
        assert_eq!(text, "Visit\n37°C\nTake aspirin, 4.10 mg.\n\nThen <5.");
    }

    #[test]
    fn two_elements_are_two_words() {
        assert_eq!(to_text("<a>At <city>Riverton</city><state>MN</state>.</a>"), "At Riverton MN.");
    }

    #[test]
    fn cells_stay_apart_and_data_that_is_no_markup_is_read() {
        let text = to_text(
            "<t><table><row><cell>Sodium</cell><cell>140</cell></row></table><list><item>a</item><item>b</item></list>\
             <![CDATA[x < y]]></t>",
        );
        assert_eq!(text, "Sodium | 140\n\n- a\n- b\nx < y");
    }

    #[test]
    fn hostile_markup_takes_no_longer_than_its_length() {
        let deep = format!("{}middle{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert_eq!(to_text(&deep), "middle");
        for hostile in ["<", "<a ", "<!--", "<a/>", "</a>", "&", "<table><row>", "<![CDATA[", "<!DOCTYPE a ["]
        {
            to_text(&hostile.repeat(100_000));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_the_reader(text in "(<(/?)(a|b|table|row|cell|item|!\\[CDATA\\[|!DOCTYPE)( x=['\"]?[a-z]*)?/?>?|[a-zé&;#<>\\]]|\\PC){0,60}") {
            to_text(&text);
        }
    }
}
