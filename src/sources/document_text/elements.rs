//! The elements of HTML that matter to a reader of text.

/// What an element does to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Runs on within the line.
    Inline,
    /// Begins and ends a line.
    Block,
    /// Stands apart with a blank line.
    Paragraph,
    /// Never shown: its text is dropped and not counted as hidden.
    Dropped,
}

/// The role of an element by its lower-case name.
pub fn role(name: &str) -> Role {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "table" | "hr" => {
            Role::Paragraph
        }
        "address" | "article" | "aside" | "body" | "caption" | "center" | "dd" | "details" | "div" | "dl"
        | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "header" | "html" | "legend"
        | "li" | "main" | "nav" | "ol" | "option" | "section" | "summary" | "td" | "th" | "tr" | "ul" => {
            Role::Block
        }
        "head" | "script" | "style" | "template" | "title" | "iframe" | "object" | "svg" | "math"
        | "noembed" | "noframes" => Role::Dropped,
        _ => Role::Inline,
    }
}

/// Elements without content and end tag.
pub fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Elements whose content is no markup.
pub fn is_raw(name: &str) -> bool {
    matches!(name, "script" | "style" | "title" | "textarea" | "xmp" | "iframe" | "noembed" | "noframes")
}

/// True for an element that HTML has and plain text does not happen to look like.
pub fn is_known(name: &str) -> bool {
    role(name) != Role::Inline
        || is_void(name)
        || matches!(
            name,
            "a" | "b" | "big" | "em" | "font" | "i" | "small" | "span" | "strong" | "sub" | "sup" | "u"
        )
}

/// Elements that an end tag inside of them does not reach out of (HTML, 13.2.4.2: "has an element in scope").
pub fn is_boundary(name: &str) -> bool {
    matches!(name, "html" | "table" | "td" | "th" | "caption" | "template" | "object")
}

/// The parts of a table: their end tags reach out of cells, but not out of their table.
pub fn is_table_part(name: &str) -> bool {
    matches!(name, "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" | "table")
}

/// Which open elements the start of this one ends, and at which the search for them stops.
pub fn ends(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["ul", "ol", "table", "td", "th"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td", "th"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr", "caption"], &["table"]),
        "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "caption"], &["table"]),
        "option" => (&["option"], &["select"]),
        _ if matches!(role(name), Role::Block | Role::Paragraph) => {
            (&["p"], &["table", "td", "th", "caption"])
        }
        _ => (&[], &[]),
    }
}

/// The name of the element that a document begins with, past prologues and comments.
pub fn first(start: &str) -> Option<String> {
    match super::tokens::Tokens::new(start).find(|token| !token.is_blank())? {
        super::tokens::Token::Start { name, .. } => Some(name),
        _ => None,
    }
}
