//! The narrative of a section: what a person reads. Its elements are nearly those of HTML, and are read as such.

use std::collections::HashMap;

use super::xml::Element;

/// Bytes of what an entry points to that stand with the entry: many may point to one long text.
const WORDS_BYTES_MAX: usize = 4000;

/// Elements of the narrative by their IDs, to which entries point.
#[derive(Debug, Default)]
pub struct Narratives<'a> {
    by_id: HashMap<&'a str, Option<Element<'a>>>,
}

impl<'a> Narratives<'a> {
    /// Of a whole document.
    pub fn of(root: Element<'a>) -> Narratives<'a> {
        let mut by_id = HashMap::new();
        for element in root.descendants() {
            if let Some(id) = element.attribute("ID") {
                // Of two under one ID nobody can say which is meant.
                by_id.entry(id).and_modify(|known| *known = None).or_insert(Some(element));
            }
        }
        Narratives { by_id }
    }

    /// What an element refers to (`<reference value="#a"/>`), or says itself.
    pub fn words(&self, element: Element<'a>) -> Option<String> {
        let referred = element.child("reference").and_then(Element::value);
        let own = || Some(element.words()).filter(|words| !words.is_empty());
        referred.and_then(|reference| self.referred(reference)).or_else(own)
    }

    /// The words at a reference.
    pub fn referred(&self, reference: &str) -> Option<String> {
        let element = (*self.by_id.get(reference.trim().trim_start_matches('#'))?)?;
        let mut words = told(element, WORDS_BYTES_MAX);
        if words.len() > WORDS_BYTES_MAX {
            words.truncate(words.floor_char_boundary(WORDS_BYTES_MAX));
            words.push_str(" … (more in the document)");
        }
        Some(words).filter(|words| !words.is_empty())
    }
}

/// Words in which the cells of a row stay apart; about so many bytes of them.
fn told(element: Element<'_>, bytes_max: usize) -> String {
    let is_apart = |name: &str| matches!(name, "td" | "th" | "item" | "tr" | "paragraph");
    if !element.children().any(|child| is_apart(child.name())) {
        return element.first_words(bytes_max);
    }
    let mut words = String::new();
    for cell in element.children() {
        let own = told(cell, bytes_max.saturating_sub(words.len()));
        if !words.is_empty() && !own.is_empty() {
            words.push_str("; ");
        }
        words.push_str(&own);
        if words.len() > bytes_max {
            break;
        }
    }
    words
}

/// A narrative as HTML.
pub fn markup(narrative: Element<'_>) -> String {
    let mut html = String::from("<div>");
    write(narrative, &mut html);
    html.push_str("</div>");
    html
}

fn write(element: Element<'_>, html: &mut String) {
    for node in element.nodes() {
        if let Some(text) = node.text().filter(|_| node.is_text()) {
            escape(text, html);
        }
        let Some(child) = Element::of(node) else { continue };
        let name = match child.name() {
            "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "sub" | "sup" | "br" => child.name(),
            "paragraph" => "p",
            "caption" => "p",
            "list" if child.attribute("listType") == Some("ordered") => "ol",
            "list" => "ul",
            "item" => "li",
            "col" | "colgroup" | "renderMultiMedia" => continue,
            _ => "span",
        };
        html.push('<');
        html.push_str(name);
        for span in ["colspan", "rowspan"] {
            if let Some(count) =
                child.attribute(span).filter(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
            {
                html.push_str(&format!(" {span}=\"{count}\""));
            }
        }
        html.push('>');
        if name == "br" {
            continue;
        }
        write(child, html);
        html.push_str("</");
        html.push_str(name);
        html.push('>');
    }
}

/// Text as HTML.
pub fn escape(text: &str, html: &mut String) {
    for letter in text.chars() {
        match letter {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            letter => html.push(letter),
        }
    }
}

/// Plain words as a narrative of FHIR.
pub fn of_words(words: &str) -> String {
    let mut html = String::from("<div>");
    escape(words, &mut html);
    html.push_str("</div>");
    html
}
