//! Bytes to characters: UTF-8, UTF-16, and the character sets of the web, in which Latin-1 is Windows-1252.

use encoding_rs::{Encoding, WINDOWS_1252};

/// Decodes text. What the bytes plainly are beats what they are called.
///
/// The error names the charset or says that this is no text.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Result<String, String> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return Ok(String::from_utf8_lossy(rest).into_owned());
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return Ok(utf16(rest, u16::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return Ok(utf16(rest, u16::from_be_bytes));
    }
    match (declared.unwrap_or(""), zeros(bytes)) {
        ("utf-16le" | "utf-16", (even, odd)) if odd >= even => return Ok(utf16(bytes, u16::from_le_bytes)),
        ("utf-16be" | "utf-16", _) => return Ok(utf16(bytes, u16::from_be_bytes)),
        // Latin text in UTF-16 without a mark: every other byte is zero.
        (_, (even, odd)) if odd * 5 > bytes.len() * 2 && even == 0 => {
            return Ok(utf16(bytes, u16::from_le_bytes));
        }
        (_, (even, odd)) if even * 5 > bytes.len() * 2 && odd == 0 => {
            return Ok(utf16(bytes, u16::from_be_bytes));
        }
        (_, (0, 0)) => {}
        _ => return Err("a file that is not text".into()),
    }
    if let Ok(text) = str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let meta = declared.map(str::to_owned).or_else(|| from_meta(bytes));
    match meta.as_deref().unwrap_or("") {
        "" | "utf-8" | "utf8" | "us-ascii" | "ascii" | "iso-8859-1" | "latin1" | "windows-1252"
        | "cp1252" => Ok(utf8_or_1252(bytes)),
        name => match Encoding::for_label(name.as_bytes()) {
            Some(known) => Ok(known.decode_without_bom_handling(bytes).0.into_owned()),
            None => Err("a document in a character set that is not known".into()),
        },
    }
}

/// Zero bytes at even and odd places.
fn zeros(bytes: &[u8]) -> (usize, usize) {
    let count = |skip| bytes.iter().skip(skip).step_by(2).filter(|byte| **byte == 0).count();
    (count(0), count(1))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A note with one broken character stays UTF-8; a note without any sound one is Windows-1252.
fn utf8_or_1252(bytes: &[u8]) -> String {
    let (mut sound, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if sound >= broken {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

/// The charset that an HTML or XML document states about itself.
fn from_meta(bytes: &[u8]) -> Option<String> {
    let head = bytes[..bytes.len().min(1024)].to_ascii_lowercase();
    let after = |word: &str| Some(memchr::memmem::find(&head, word.as_bytes())? + word.len());
    let at = if head.starts_with(b"<?xml") { after("encoding=") } else { None };
    let at = at.or_else(|| after("charset="))?;
    let value = head[at..].trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let end = value.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-_".contains(byte)));
    str::from_utf8(&value[..end.unwrap_or(value.len())]).ok().map(str::to_owned)
}
