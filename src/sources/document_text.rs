//! Attached documents as text to read: plain text, HTML, RTF, XML and PDF. Other types are kept and named.

pub mod charset;
mod css;
mod dated;
mod elements;
pub mod forms;
mod html;
mod layout;
mod pdf;
mod rtf;
mod tokens;
mod xml;

pub use dated::stated as stated_day;

use super::cda;
#[cfg(test)]
pub(crate) use pdf::tests::{pdf as made_pdf, words as words_on_page};
pub use pdf::{About as AboutPdf, about as about_pdf};

/// Bytes of one attachment that are read at the most.
const BYTES_MAX: usize = 16 << 20;

/// What the bytes turn out to be, whatever they are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Plain,
    Html,
    Xml,
    Rtf,
}

/// The text of an attachment, with paragraphs and tables, and without what a person could not see.
///
/// The content decides when it contradicts the declared type: senders call RTF and HTML `text/plain`.
/// The error is a sentence for the person: why the attachment is kept but not read.
pub fn readable(content_type: Option<&str>, bytes: &[u8]) -> Result<String, String> {
    if bytes.len() > BYTES_MAX {
        let limit = BYTES_MAX >> 20;
        return Err(format!("a document of more than {limit} MB is kept; this version does not read it"));
    }
    let (media_type, charset) = split_type(content_type.unwrap_or(""));
    if is_pdf(bytes) {
        return pdf::to_text(bytes);
    }
    if starts(bytes).starts_with(RTF) {
        return Ok(rtf::to_text(bytes));
    }
    if let Some(name) = by_magic(bytes).or_else(|| unread_type(&media_type)) {
        return Err(unread(name));
    }
    let text = charset::decode(bytes, charset.as_deref()).map_err(|reason| unread(&reason))?;
    match by_text(&text, &media_type) {
        Content::Html => Ok(html::to_text(&text)),
        Content::Xml => cda::readable(&text).unwrap_or_else(|| Ok(xml::to_text(&text))),
        // In UTF-16, which the bytes do not show.
        Content::Rtf => Ok(rtf::to_text(text.as_bytes())),
        // Some senders escape the characters of plain text and call it HTML.
        Content::Plain if is_html_type(&media_type) => Ok(layout::plain(&tokens::unescape(&text))),
        Content::Plain => Ok(layout::plain(&text)),
    }
}

/// How RTF begins.
const RTF: &[u8] = b"{\\rtf";

/// True of a PDF document. Its mark stands at the beginning, or behind what a mail put before it.
pub fn is_pdf(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"%PDF-";
    let is_within = || memchr::memmem::find(&bytes[..bytes.len().min(1024)], MARK).is_some();
    starts(bytes).starts_with(MARK) || is_within() && memchr::memmem::find(bytes, b"startxref").is_some()
}

/// True of an RTF document.
pub fn is_rtf(bytes: &[u8]) -> bool {
    starts(bytes).starts_with(RTF)
}

/// True of a page of HTML. Only the beginning is looked at.
pub fn is_html(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let Ok(text) = charset::decode(head, None) else { return false };
    matches!(elements::first(text.trim_start()).as_deref(), Some("html" | "head" | "body"))
}

/// True of text, in whichever characters.
pub fn is_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    charset::decode(head, None).is_ok_and(|text| {
        let strange =
            text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')).count();
        strange * 50 <= text.chars().count()
    })
}

/// The beginning without white space and the mark of UTF-8.
fn starts(bytes: &[u8]) -> &[u8] {
    let start = bytes.trim_ascii_start();
    start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start)
}

fn unread(name: &str) -> String {
    format!("{name} is kept; this version does not read it")
}

/// `Text/HTML; charset="utf-8"` becomes `text/html` and `utf-8`.
fn split_type(declared: &str) -> (String, Option<String>) {
    let mut parts = declared.split(';');
    let media_type = parts.next().unwrap_or("").trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches(['"', '\'']).to_ascii_lowercase())
    });
    (media_type, charset)
}

fn is_html_type(media_type: &str) -> bool {
    matches!(media_type, "text/html" | "application/xhtml+xml")
}

/// What the first bytes give away.
fn by_magic(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 9] = [
        (b"PK\x03\x04", "a zip archive or office document"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"\xd0\xcf\x11\xe0", "an office document"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"\x89PNG", "a PNG image"),
        (b"GIF8", "a GIF image"),
        (b"II*\0", "a TIFF image"),
        (b"MM\0*", "a TIFF image"),
        (b"BM", "a bitmap image"),
    ];
    let start = starts(bytes);
    if bytes.get(128..132) == Some(b"DICM") {
        return Some("a DICOM image");
    }
    let found = MAGIC.iter().find(|(magic, _)| start.starts_with(magic));
    // "BM" also begins words; a bitmap has zeros where its header keeps reserved fields.
    found.filter(|(magic, _)| *magic != b"BM" || start.get(6..10) == Some(&[0; 4])).map(|(_, name)| *name)
}

/// A declared type that is not text, where the bytes did not say more.
fn unread_type(media_type: &str) -> Option<&'static str> {
    match media_type {
        "" | "application/xhtml+xml" | "application/octet-stream" => None,
        "application/xml" | "text/xml" => None, // the text decides: XHTML is called that too
        "application/rtf" => None,              // some senders call text that
        "application/pdf" => Some("a PDF document that is cut off or none"),
        "application/json" | "application/fhir+json" => Some("a JSON document"),
        other if other.starts_with("text/") => None,
        other if other.starts_with("image/") => Some("an image"),
        other if other.starts_with("audio/") => Some("a sound recording"),
        other if other.starts_with("video/") => Some("a video"),
        other if other.ends_with("+xml") => None,
        _ => Some("a document of another type"),
    }
}

/// True of a piece of XHTML, which says so at its first element.
fn is_xhtml(start: &str) -> bool {
    let head = &start.as_bytes()[..start.len().min(1024)];
    memchr::memmem::find(head, b"http://www.w3.org/1999/xhtml").is_some()
}

/// What the decoded text is.
fn by_text(text: &str, media_type: &str) -> Content {
    let start = text.trim_start();
    let is_prologue = start.starts_with("<?xml");
    let root = elements::first(start);
    match root.as_deref() {
        Some("html" | "body") => return Content::Html,
        Some(_) if (is_prologue || media_type.ends_with("xml")) && !is_xhtml(start) => return Content::Xml,
        Some(name) if elements::is_known(name) && text.contains("</") => return Content::Html,
        _ => {}
    }
    if start.starts_with("{\\rtf") {
        return Content::Rtf;
    }
    let has_markup = || tokens::Tokens::new(text).any(|token| token.is_element());
    if is_html_type(media_type) && has_markup() { Content::Html } else { Content::Plain }
}

#[cfg(test)]
mod tests;
