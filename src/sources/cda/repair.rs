//! Makes a tree of a document, or of a piece of one: what senders leave undeclared is declared, and what could
//! harm is refused.

use std::borrow::Cow;

use roxmltree::{Document, Error, ParsingOptions};

/// Elements, texts and attributes of one document.
const NODES_MAX: u32 = 8_000_000;
/// Elements inside each other.
const DEPTH_MAX: usize = 500;
/// Prefixes that one piece may leave undeclared.
const PREFIXES_MAX: usize = 16;

/// The namespaces of the prefixes that HL7's own examples leave undeclared.
const KNOWN: [(&str, &str); 5] = [
    ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("sdtc", "urn:hl7-org:sdtc"),
    ("cda", "urn:hl7-org:v3"),
    ("hl7", "urn:hl7-org:v3"),
    ("voc", "urn:hl7-org:v3/voc"),
];

/// Why there is no tree.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// It declares a document type, from which entities and bombs come.
    DocumentType,
    /// It nests deeper, or has more parts, than any document.
    TooMuch,
    /// It is no well-formed XML at this line.
    Syntax(usize),
}

/// Makes the tree of a text and hands it over with the text that it stands in: with every prefix declared that is
/// used, and with `<piece>` around several elements.
pub fn with_tree<T>(
    text: &str,
    read: impl for<'a> FnOnce(&'a Document<'a>, &'a str) -> T,
) -> Result<T, Refused> {
    let text = without_declaration(text.trim_start_matches('\u{feff}').trim_start());
    let mut declared: Vec<String> = Vec::new();
    let mut is_wrapped = false;
    loop {
        let own: String = declared.iter().map(|prefix| declaration(prefix)).collect();
        let candidate = match (is_wrapped, own.is_empty()) {
            (false, true) => Cow::Borrowed(text),
            (false, false) => Cow::Owned(with_declarations(text, &own)),
            (true, _) => Cow::Owned(format!("<piece{own}>{text}</piece>")),
        };
        match Document::parse_with_options(&candidate, options()) {
            Ok(tree) if depth(&tree) > DEPTH_MAX => return Err(Refused::TooMuch),
            Ok(tree) => return Ok(read(&tree, &candidate)),
            Err(Error::UnknownNamespace(prefix, _))
                if declared.len() < PREFIXES_MAX && !declared.contains(&prefix) =>
            {
                declared.push(prefix);
            }
            // Several elements, where a document has one.
            Err(error) if !is_wrapped && !is_final(&error) => is_wrapped = true,
            Err(error) => return Err(refused(&error)),
        }
    }
}

fn options<'a>() -> ParsingOptions<'a> {
    ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() }
}

/// True where one element around everything would change nothing.
fn is_final(error: &Error) -> bool {
    matches!(error, Error::UnexpectedCloseTag(..)) || !matches!(refused(error), Refused::Syntax(_))
}

fn refused(error: &Error) -> Refused {
    match error {
        Error::DtdDetected => Refused::DocumentType,
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => {
            Refused::TooMuch
        }
        error => Refused::Syntax(error.pos().row as usize),
    }
}

fn declaration(prefix: &str) -> String {
    let known = KNOWN.iter().find(|(own, _)| *own == prefix);
    let address =
        known.map_or_else(|| format!("urn:undeclared:{prefix}"), |(_, address)| (*address).to_owned());
    format!(" xmlns:{prefix}=\"{address}\"")
}

/// `<?xml …?>` must stand first, which it does not once something is put around.
fn without_declaration(text: &str) -> &str {
    match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or(text, |(_, rest)| rest),
        None => text,
    }
}

/// Puts declarations into the first start tag.
fn with_declarations(text: &str, declarations: &str) -> String {
    let Some(at) = root(text) else { return text.to_owned() };
    let name = text[at + 1..].find(|letter: char| letter.is_whitespace() || letter == '>' || letter == '/');
    let end = at + 1 + name.unwrap_or(0);
    format!("{}{declarations}{}", &text[..end], &text[end..])
}

/// Where the first element begins, behind comments and instructions.
pub fn root(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].find('<')?;
        let rest = &text[at..];
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") {
            "?>"
        } else {
            return Some(at);
        };
        at += rest.find(end)? + end.len();
    }
}

/// How deep elements nest.
fn depth(tree: &Document<'_>) -> usize {
    // The number of a node is its place in the order of the document, so what is around it is known before.
    let mut depths: Vec<usize> = Vec::new();
    for node in tree.descendants() {
        let around = node.parent().and_then(|parent| depths.get(parent.id().get_usize()).copied());
        depths.push(around.map_or(0, |around| around + 1));
    }
    depths.into_iter().max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str) -> Result<usize, Refused> {
        with_tree(text, |tree, _| tree.descendants().filter(|node| node.is_element()).count())
    }

    #[test]
    fn undeclared_prefixes_are_declared_and_several_elements_get_one_around_them() {
        let text =
            "<?xml version=\"1.0\"?>\n<!-- a <b> -->\n<section><value xsi:type=\"PQ\" x:y=\"1\"/></section>";
        assert_eq!(elements(text), Ok(2));
        assert_eq!(elements("<entry/><!-- and --><entry sdtc:a=\"1\"/>"), Ok(3));
    }

    #[test]
    fn what_could_harm_is_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
        assert_eq!(elements(bomb), Err(Refused::DocumentType));
        let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
        assert_eq!(elements(&deep), Err(Refused::TooMuch));
        let hidden = format!("{}{}", "<a b=\"/>\"><!--</a>-->".repeat(10_000), "</a>".repeat(10_000));
        assert_eq!(elements(&hidden), Err(Refused::TooMuch), "ends in comments and quotes end nothing");
        assert_eq!(elements("<a>\n<b></a>"), Err(Refused::Syntax(2)));
        assert_eq!(elements("<a x:x=\"\" b"), Err(Refused::Syntax(1)));
    }
}
