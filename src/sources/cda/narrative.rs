//! The narrative of a section: what a person reads. Its elements are nearly those of HTML, and are read as such.

use std::collections::HashMap;

use super::xml::Element;

/// Elements of the narrative by their IDs, to which entries point.
#[derive(Debug, Default)]
pub struct Narratives<'a> {
    by_id: HashMap<&'a str, Element<'a>>,
}

impl<'a> Narratives<'a> {
    /// Of a whole document.
    pub fn of(root: Element<'a>) -> Narratives<'a> {
        let named = root.descendants().filter_map(|element| Some((element.attribute("ID")?, element)));
        Narratives { by_id: named.collect() }
    }

    /// What an element refers to (`<reference value="#a"/>`), or says itself.
    pub fn words(&self, element: Element<'a>) -> Option<String> {
        let referred = element.child("reference").and_then(Element::value);
        let own = || Some(element.words()).filter(|words| !words.is_empty());
        referred.and_then(|reference| self.referred(reference)).or_else(own)
    }

    /// The words at a reference.
    pub fn referred(&self, reference: &str) -> Option<String> {
        let element = self.by_id.get(reference.trim().trim_start_matches('#'))?;
        Some(told(*element)).filter(|words| !words.is_empty())
    }
}

/// Words in which the cells of a row stay apart.
fn told(element: Element<'_>) -> String {
    let is_apart = |name: &str| matches!(name, "td" | "th" | "item" | "tr" | "paragraph");
    let cells: Vec<String> = match element.children().any(|child| is_apart(child.name())) {
        true => element.children().map(told).filter(|words| !words.is_empty()).collect(),
        false => return element.words(),
    };
    cells.join("; ")
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
