//! Attached documents as text to read: plain text and HTML. Other types are kept and named.

pub mod charset;
mod css;
mod elements;
mod html;
mod layout;
mod tokens;

/// Bytes of one attachment that are read at the most.
const BYTES_MAX: usize = 16 << 20;

/// What the bytes turn out to be, whatever they are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Plain,
    Html,
    /// A type that this version keeps unread, by its name for people.
    Unread(&'static str),
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
    if let Some(name) = by_magic(bytes).or_else(|| unread_type(&media_type)) {
        return Err(unread(name));
    }
    let text = charset::decode(bytes, charset.as_deref()).map_err(|reason| unread(&reason))?;
    match by_text(&text, &media_type) {
        Content::Html => Ok(html::to_text(&text)),
        // Some senders escape the characters of plain text and call it HTML.
        Content::Plain if is_html_type(&media_type) => Ok(layout::plain(&tokens::unescape(&text))),
        Content::Plain => Ok(layout::plain(&text)),
        Content::Unread(name) => Err(unread(name)),
    }
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
    const MAGIC: [(&[u8], &str); 11] = [
        (b"%PDF-", "a PDF document"),
        (b"{\\rtf", "an RTF document"),
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
    let start = bytes.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
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
        "application/pdf" => Some("a PDF document"),
        "text/rtf" | "application/rtf" => Some("an RTF document"),
        "application/json" | "application/fhir+json" => Some("a JSON document"),
        other if other.starts_with("text/") => None,
        other if other.starts_with("image/") => Some("an image"),
        other if other.starts_with("audio/") => Some("a sound recording"),
        other if other.starts_with("video/") => Some("a video"),
        other if other.ends_with("+xml") => Some("an XML document"),
        _ => Some("a document of another type"),
    }
}

/// What the decoded text is.
fn by_text(text: &str, media_type: &str) -> Content {
    let start = text.trim_start();
    let is_prologue = start.starts_with("<?xml");
    let root = elements::first(start);
    match root.as_deref() {
        Some("html" | "body") => return Content::Html,
        Some(name) if elements::is_known(name) && text.contains("</") => return Content::Html,
        Some(_) if is_prologue || media_type.ends_with("/xml") => return Content::Unread("an XML document"),
        _ => {}
    }
    if start.starts_with("{\\rtf") {
        return Content::Unread("an RTF document"); // in UTF-16, which the bytes do not show
    }
    let has_markup = || tokens::Tokens::new(text).any(|token| token.is_element());
    if is_html_type(media_type) && has_markup() { Content::Html } else { Content::Plain }
}

#[cfg(test)]
mod tests;
