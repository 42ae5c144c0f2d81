//! Attachments: their bytes, their hash, and the text in them.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};

use super::node::Node;
use crate::knowledge::folding::fold;
use crate::record::{Attachment, Text};
use crate::sources::document_text;

/// Senders leave out the padding or its last bits.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Another form of a document that is already read says nothing more.
const SAME_DOCUMENT: &str = "the same document in another format";

/// Reads the attachments of a document: all of them, those in the format that reads best first. Several
/// attachments are mostly one document in several formats, and are called so where they say the same.
pub(super) fn read<'a>(nodes: impl Iterator<Item = Node<'a>>) -> (Option<Text>, Vec<Attachment>) {
    let mut attachments: Vec<Attachment> = Vec::new();
    let mut found: Vec<(usize, Vec<u8>)> = Vec::new();
    for node in nodes {
        let (attachment, bytes) = attachment(node);
        found.extend(bytes.map(|bytes| (attachments.len(), bytes)));
        attachments.push(attachment);
    }
    found.sort_by_key(|(index, _)| rank(attachments[*index].content_type.as_deref()));
    let mut texts: Vec<(u8, String)> = Vec::new();
    for (index, bytes) in found {
        let attachment = &mut attachments[index];
        let rank = rank(attachment.content_type.as_deref());
        let text = match document_text::readable(media_type(attachment.content_type.as_deref()), &bytes) {
            Ok(text) if text.trim().is_empty() => Err("it holds no text".into()),
            Ok(text) => Ok(text),
            Err(reason) => Err(reason.into()),
        };
        match text.map(|text| unsaid(text, rank, &texts)) {
            Err(reason) => attachment.unread = Some(reason),
            Ok(Unsaid::All(text)) => texts.push((rank, text)),
            Ok(Unsaid::Rest(rest)) => {
                attachment.unread = Some(SAME_DOCUMENT.into());
                texts.extend(rest.map(|rest| (rank, rest)));
            }
        }
    }
    let texts: Vec<String> = texts.into_iter().map(|(_, text)| text).collect();
    (Text::trimmed(&texts.join("\n\n")), attachments)
}

/// What of a text nothing else has said.
enum Unsaid {
    /// It is a text of its own.
    All(String),
    /// It is another form of a text that was read; these lines stand in it alone.
    Rest(Option<String>),
}

/// A form of a document may have so many of its words for itself, in percent: the head and foot of its pages.
const OWN_WORDS_MAX: usize = 20;

/// Two texts in one format are two texts. In another format each line that was not said stays, in its words.
fn unsaid(text: String, rank: u8, texts: &[(u8, String)]) -> Unsaid {
    let others: Vec<&str> =
        texts.iter().filter(|(other, _)| *other != rank).map(|(_, text)| text.as_str()).collect();
    if others.is_empty() {
        return Unsaid::All(text);
    }
    let said = format!(" {} ", fold(&others.join("\n")));
    let is_said = |line: &str| said.contains(&format!(" {} ", fold(line)));
    if is_said(&text) {
        return Unsaid::Rest(None);
    }
    let words = |lines: &[&str]| lines.iter().map(|line| line.split_whitespace().count()).sum::<usize>();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(char::is_alphanumeric)).collect();
    let own: Vec<&str> = lines.iter().copied().filter(|line| !is_said(line)).collect();
    match words(&own) * 100 <= words(&lines) * OWN_WORDS_MAX {
        true => Unsaid::Rest((!own.is_empty()).then(|| format!("{IN_OTHER_FORM}\n{}", own.join("\n")))),
        false => Unsaid::All(text),
    }
}

/// What stands before lines that only another form of the document has.
const IN_OTHER_FORM: &str = "[the same document in another format has these lines as well]";

/// One attachment, and its bytes where they were sent along.
fn attachment(node: Node) -> (Attachment, Option<Vec<u8>>) {
    let mut attachment = Attachment {
        content_type: node.text("contentType"),
        title: node.text("title"),
        url: node.text("url"),
        size: node.text("size").and_then(|size| size.parse().ok()),
        hash: None,
        unread: None,
    };
    let bytes = match node.word("data").map(decode) {
        Some(Some(bytes)) => Some(bytes),
        Some(None) => {
            node.notice("data", "is no base64");
            attachment.unread = Some("its bytes cannot be decoded".into());
            None
        }
        None => {
            attachment.unread = Some("it was not sent along".into());
            None
        }
    };
    if let Some(bytes) = &bytes {
        attachment.size = Some(bytes.len() as u64);
        attachment.hash = half_hash(bytes);
    }
    (attachment, bytes)
}

/// Base64 in either alphabet, with or without line breaks.
fn decode(data: &str) -> Option<Vec<u8>> {
    if let Ok(bytes) = STANDARD.decode(data) {
        return Some(bytes);
    }
    let dense: String = data.chars().filter(|letter| !letter.is_whitespace()).collect();
    STANDARD.decode(&dense).or_else(|_| URL_SAFE.decode(&dense)).ok()
}

fn half_hash(bytes: &[u8]) -> Option<[u8; 16]> {
    Sha256::digest(bytes).first_chunk().copied()
}

/// The media type; some senders call XHTML by half its name.
fn media_type(content_type: Option<&str>) -> Option<&str> {
    content_type.map(|kind| if kind.starts_with("application/xhtml") { "text/html" } else { kind })
}

/// How well a format reads: hypertext keeps tables, a print keeps least.
fn rank(content_type: Option<&str>) -> u8 {
    let kind = content_type.unwrap_or("").to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or("").trim();
    match kind {
        "text/html" | "application/xhtml+xml" | "application/xhtml" => 0,
        "text/plain" => 1,
        "text/rtf" | "application/rtf" => 2,
        "text/xml" | "application/xml" => 3,
        other if other.ends_with("+xml") => 3,
        "application/pdf" => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_it_is_sent() {
        for data in ["aGVsbG8/", "aGVsbG8_", "aGVs\n bG8/", "aGVsbG8/\r\n"] {
            assert_eq!(decode(data).as_deref(), Some(&b"hello?"[..]), "{data}");
        }
        assert_eq!(decode("aGk").as_deref(), Some(&b"hi"[..]));
        assert_eq!(decode("not base64!"), None);
    }
}
