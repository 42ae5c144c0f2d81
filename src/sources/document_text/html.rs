//! HTML to text: what a person would see, in lines, lists and rows.

use super::css::{self, Hiding};
use super::elements::{self, Role};
use super::layout::Layout;
use super::tokens::{Token, Tokens, unescape};

/// Elements that are kept open at the most; deeper ones only count how deep they are.
const OPEN_MAX: usize = 512;

/// The text of a document. What is hidden is left out, and said so in a last line.
pub fn to_text(html: &str) -> String {
    let mut reader = Reader::default();
    for token in Tokens::new(html) {
        if let Token::Raw { name, text } = token
            && name == "style"
        {
            reader.hiding.add(text);
        }
    }
    for token in Tokens::new(html) {
        reader.token(token);
    }
    reader.layout.finish()
}

#[derive(Default)]
struct Reader {
    layout: Layout,
    hiding: Hiding,
    open: Vec<Open>,
    beyond: usize, // elements open deeper than OPEN_MAX
    lists: Vec<Option<u32>>,
}

struct Open {
    name: String,
    view: View,
    is_backed: bool,
    is_pre: bool,
}

/// How text inside an element is treated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Shown,
    Hidden,
    Dropped,
}

type Attributes<'a> = [(&'static str, &'a str)];

fn attribute<'a>(attributes: &Attributes<'a>, name: &str) -> Option<&'a str> {
    attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

impl Reader {
    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Text(text) => self.text(&unescape(text)),
            Token::Start { name, attributes, is_closed } => self.start(name, &attributes, is_closed),
            Token::End { name } => self.end(&name),
            Token::Raw { name, text } if name == "textarea" || name == "xmp" => self.text(&unescape(text)),
            Token::Raw { .. } => {}
            Token::Lost(text) => self.layout.hide(text),
        }
    }

    fn view(&self) -> View {
        self.open.last().map_or(View::Shown, |open| open.view)
    }

    fn text(&mut self, text: &str) {
        match self.view() {
            View::Shown => self.layout.text(text, self.open.last().is_some_and(|open| open.is_pre)),
            View::Hidden => self.layout.hide(text),
            View::Dropped => {}
        }
    }

    fn start(&mut self, name: String, attributes: &Attributes<'_>, is_closed: bool) {
        let (ended, stops) = elements::ends(&name);
        if self.beyond == 0 && !ended.is_empty() {
            let reach = self.open.iter().rposition(|open| stops.contains(&open.name.as_str()));
            let found = self.open.iter().rposition(|open| ended.contains(&open.name.as_str()));
            if let Some(at) = found.filter(|at| reach.is_none_or(|reach| *at > reach)) {
                self.close(at);
            }
        }
        let view = self.view_of(&name, attributes);
        if view == View::Shown {
            self.begin(&name, attributes);
        }
        if elements::is_void(&name) || is_closed {
            if view == View::Shown && !elements::is_void(&name) {
                self.finish(&name);
            }
        } else if self.open.len() >= OPEN_MAX {
            self.beyond += 1;
        } else {
            let style = attribute(attributes, "style").unwrap_or("");
            let above = self.open.last();
            let is_pre = name == "pre" || style.contains("pre-") || above.is_some_and(|open| open.is_pre);
            let is_backed = above.is_some_and(|open| open.is_backed)
                || attribute(attributes, "bgcolor").is_some_and(|color| !css::is_white_color(color))
                || attribute(attributes, "class").is_some()
                || css::paint(style).1;
            self.open.push(Open { name, view, is_backed, is_pre });
        }
    }

    fn view_of(&self, name: &str, attributes: &Attributes<'_>) -> View {
        let of = |wanted| attribute(attributes, wanted).unwrap_or("");
        let above = self.open.last();
        let style = unescape(of("style"));
        let (is_white, is_backed) = css::paint(&style);
        let is_white = is_white || css::is_white_color(of("color"));
        // White on what is white by default. A class may paint the ground: then it is left alone.
        let is_on_white = !is_backed
            && of("bgcolor").is_empty()
            && of("class").is_empty()
            && !above.is_some_and(|open| open.is_backed);
        match self.view() {
            View::Shown if elements::role(name) == Role::Dropped => View::Dropped,
            View::Shown
                if css::hides(&style)
                    || (is_white && is_on_white)
                    || attribute(attributes, "hidden").is_some()
                    || self.hiding.has(name, of("class"), of("id")) =>
            {
                View::Hidden
            }
            view => view,
        }
    }

    fn end(&mut self, name: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let found = self.open.iter().rposition(|open| open.name == name);
        let stops = |open: &Open| match elements::is_table_part(name) {
            true => open.name == "table",
            false => elements::is_boundary(&open.name),
        };
        let reach = self.open.iter().rposition(stops);
        match found {
            Some(at) if reach.is_none_or(|reach| at >= reach) => self.close(at),
            // A stray `</p>` or `</br>` still breaks the line.
            None if matches!(name, "p" | "br") && self.view() == View::Shown => self.layout.line(),
            _ => {}
        }
    }

    /// Closes the element at this depth and all inside of it.
    fn close(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(open) = self.open.pop() else { return };
            if open.view == View::Shown {
                self.finish(&open.name);
            }
        }
    }

    fn begin(&mut self, name: &str, attributes: &Attributes<'_>) {
        match elements::role(name) {
            Role::Paragraph => self.layout.paragraph(),
            Role::Block if !matches!(name, "td" | "th") => self.layout.line(),
            _ => {}
        }
        let of = |wanted| attribute(attributes, wanted);
        match name {
            "br" => self.layout.break_line(),
            "hr" => self.layout.paragraph(),
            "table" => self.layout.open_table(),
            "tr" => self.layout.open_row(),
            "td" | "th" => self.layout.open_cell(),
            "ul" => self.lists.push(None),
            "ol" => self.lists.push(Some(of("start").and_then(|start| start.parse().ok()).unwrap_or(1))),
            "li" => self.item(),
            "sup" => self.layout.text("^", true), // 10 to the 9th is not 109
            "s" | "strike" | "del" => self.layout.text("~~", true),
            "img" => {
                let alt = unescape(of("alt").unwrap_or("")).trim().to_owned();
                if !alt.is_empty() {
                    self.layout.text(&format!("[image: {alt}]"), false);
                }
            }
            "input" => self.input(of("type").unwrap_or("text"), of("value"), of("checked").is_some()),
            _ => {}
        }
    }

    fn finish(&mut self, name: &str) {
        match name {
            "table" => self.layout.close_table(),
            "tr" => self.layout.close_row(),
            "td" | "th" => self.layout.close_cell(),
            "ul" | "ol" => {
                self.lists.pop();
            }
            "s" | "strike" | "del" => self.layout.text("~~", true),
            _ => {}
        }
        match elements::role(name) {
            Role::Paragraph => self.layout.paragraph(),
            Role::Block if !matches!(name, "td" | "th") => self.layout.line(),
            _ => {}
        }
    }

    fn item(&mut self) {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(8));
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number = number.saturating_add(1);
                format!("{indent}{}. ", *number - 1)
            }
            _ => format!("{indent}- "),
        };
        self.layout.text(&mark, true);
    }

    /// What a form shows: a ticked box is an answer.
    fn input(&mut self, kind: &str, value: Option<&str>, is_checked: bool) {
        match kind.to_ascii_lowercase().as_str() {
            "checkbox" | "radio" => self.layout.text(if is_checked { "[x] " } else { "[ ] " }, true),
            "text" | "number" | "date" => self.layout.text(&unescape(value.unwrap_or("")), false),
            _ => {}
        }
    }
}
