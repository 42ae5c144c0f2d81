//! One document in several formats: what one of them has said, another need not say again.

use crate::knowledge::folding::fold;

/// Another form of a document that is already read says nothing more.
pub const SAME_DOCUMENT: &str = "the same document in another format";

/// What stands before lines that only another form of the document has.
const IN_OTHER_FORM: &str = "[the same document in another format has these lines as well]";

/// A form of a document may have so many of its words for itself, in percent: the head and foot of its pages.
const OWN_WORDS_MAX: usize = 20;

/// The texts of a document's attachments, those in the format that reads best first.
#[derive(Debug, Default)]
pub struct Forms(Vec<(u8, String)>);

impl Forms {
    /// Adds a text. True where others have said it: then only the lines are added that stand in it alone.
    pub fn add(&mut self, content_type: Option<&str>, text: &str) -> bool {
        let rank = rank(content_type);
        // Two texts in one format are two texts.
        let others: Vec<&str> =
            self.0.iter().filter(|(other, _)| *other != rank).map(|(_, text)| text.as_str()).collect();
        if others.is_empty() {
            self.0.push((rank, text.to_owned()));
            return false;
        }
        let said = format!(" {} ", fold(&others.join("\n")));
        let is_said = |line: &str| said.contains(&format!(" {} ", fold(line)));
        if is_said(text) {
            return true;
        }
        let words = |lines: &[&str]| lines.iter().map(|line| line.split_whitespace().count()).sum::<usize>();
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(char::is_alphanumeric)).collect();
        let own: Vec<&str> = lines.iter().copied().filter(|line| !is_said(line)).collect();
        let is_same = words(&own) * 100 <= words(&lines) * OWN_WORDS_MAX;
        match is_same {
            true if own.is_empty() => {}
            true => self.0.push((rank, format!("{IN_OTHER_FORM}\n{}", own.join("\n")))),
            false => self.0.push((rank, text.to_owned())),
        }
        is_same
    }

    /// All of them.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.0.iter().map(|(_, text)| text.as_str()).collect();
        texts.join("\n\n")
    }
}

/// How well a format reads: hypertext keeps tables, a print keeps least.
pub fn rank(content_type: Option<&str>) -> u8 {
    let kind = content_type.unwrap_or("").to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or("").trim();
    match kind {
        "text/html" | "application/xhtml+xml" | "application/xhtml" => 0,
        "text/plain" => 1,
        "text/rtf" | "application/rtf" => 2,
        "text/xml" | "application/xml" => 3,
        "application/pdf" => 4,
        other if other.ends_with("+xml") => 3,
        _ => 5,
    }
}
