//! Attachments: their bytes, their hash, and the text in them.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};

use super::node::Node;
use crate::record::{Attachment, Text};
use crate::sources::document_text;
use crate::sources::document_text::forms::{Forms, SAME_DOCUMENT, rank};

/// Senders leave out the padding or its last bits.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

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
    let mut forms = Forms::default();
    for (index, bytes) in found {
        let attachment = &mut attachments[index];
        let kind = attachment.content_type.clone();
        match document_text::readable(media_type(kind.as_deref()), &bytes) {
            Ok(text) if text.trim().is_empty() => attachment.unread = Some("it holds no text".into()),
            Ok(text) => attachment.unread = forms.add(kind.as_deref(), &text).then(|| SAME_DOCUMENT.into()),
            Err(reason) => attachment.unread = Some(reason.into()),
        }
    }
    (Text::trimmed(&forms.text()), attachments)
}

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
pub fn decode(data: &str) -> Option<Vec<u8>> {
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
