//! Documents that are files of their own: PDF, RTF, HTML and plain text. Each becomes one document.
//!
//! A document names nobody: whose it is the person says by naming it for a record. Its day is the one that it gives
//! itself behind a label; when a PDF was made is another day, and is kept as that.

use std::io::{BufRead, Read as _};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use super::sink::{Place, Sink};
use super::{Format, lookalike};
use crate::sources::document_text::{self, AboutPdf};
use crate::sources::error::Fault;
use crate::sources::json::{Json, Object};
use crate::sources::references::References;

/// A PDF document.
pub const PDF: Format = Format { name: "PDF", begins: document_text::is_pdf, read: read_pdf };
/// An RTF document.
pub const RTF: Format = Format { name: "RTF", begins: document_text::is_rtf, read: read_rtf };
/// A page of HTML.
pub const HTML: Format = Format { name: "HTML", begins: document_text::is_html, read: read_html };
/// Text. It knows nearly everything by its beginning, so it stands last, and the name of the file has a word.
pub const TEXT: Format = Format { name: "plain text", begins: lookalike::is_prose, read: read_text };

/// How the identities of documents begin that are files.
pub const IDENTITY: &str = "DocumentReference/file-";

/// Bytes of a document that is kept.
const BYTES_MAX: u64 = 64 << 20;

/// Names that pages and texts have; one without an ending is taken for what it is.
const HTML_ENDINGS: [&str; 3] = ["html", "htm", "xhtml"];
const TEXT_ENDINGS: [&str; 4] = ["txt", "text", "md", "asc"];

/// Whether files of this format are taken only where the person names them: folders and archives are full of
/// licences, instructions and pages that show a record, and are none.
pub fn is_for_named_files(format: &Format) -> bool {
    [HTML.name, TEXT.name].contains(&format.name)
}

fn read_pdf(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let bytes = whole(input)?;
    let about = document_text::about_pdf(&bytes);
    take(&bytes, "application/pdf", about, sink)
}

fn read_rtf(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    take(&whole(input)?, "application/rtf", AboutPdf::default(), sink)
}

fn read_html(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let bytes = named_so(input, &HTML_ENDINGS, sink)?;
    take(&bytes, "text/html", AboutPdf::default(), sink)
}

fn read_text(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let bytes = named_so(input, &TEXT_ENDINGS, sink)?;
    take(&bytes, "text/plain", AboutPdf::default(), sink)
}

/// The bytes of a file whose name says what it is, or says nothing.
fn named_so(input: &mut dyn BufRead, endings: &[&str], sink: &Sink<'_>) -> Result<Vec<u8>, Fault> {
    let bytes = whole(input)?;
    match ending_of_another(sink.setting.file, endings) {
        Some(ending) => Err(lookalike::unknown(&bytes, Some(&ending))),
        None => Ok(bytes),
    }
}

/// Why a page or a text is passed over that nobody named. To name it helps only where its name says what it is.
pub fn passed_over(format: &Format, file: &str, beginning: &[u8]) -> Fault {
    let endings = if format.name == HTML.name { HTML_ENDINGS.as_slice() } else { TEXT_ENDINGS.as_slice() };
    match ending_of_another(file, endings) {
        Some(ending) => lookalike::unknown(beginning, Some(&ending)),
        None => Fault::Unnamed(format.name),
    }
}

fn ending_of_another(file: &str, endings: &[&str]) -> Option<String> {
    ending(file).filter(|ending| !endings.contains(&ending.as_str()))
}

fn whole(input: &mut dyn BufRead) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    input.take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > BYTES_MAX { Err(Fault::TooLarge(BYTES_MAX >> 20)) } else { Ok(bytes) }
}

/// The name of a file, without the folders and archives that it lies in.
fn own_name(file: &str) -> &str {
    let name = file.rsplit(['/', '!']).next().unwrap_or(file);
    // A second file of the name has a number behind it.
    let name = match name.rsplit_once(" (") {
        Some((name, number))
            if number.strip_suffix(')').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) =>
        {
            name
        }
        _ => name,
    };
    name.strip_suffix(".gz").unwrap_or(name)
}

fn ending(file: &str) -> Option<String> {
    let (stem, ending) = own_name(file).rsplit_once('.')?;
    let is_ending =
        (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_ending && !stem.is_empty()).then(|| ending.to_ascii_lowercase())
}

/// Hands the document over: its text is read like that of any other attachment.
fn take(bytes: &[u8], content_type: &'static str, about: AboutPdf, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let digest = Sha256::digest(bytes);
    let hash: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let named =
        own_name(sink.setting.file).rsplit_once('.').map_or(own_name(sink.setting.file), |(stem, _)| stem);
    let title = about.title.filter(|title| is_title(title)).unwrap_or_else(|| named.replace('_', " "));
    let text = |text: String| Json::String(text.into());
    let object = |members: Vec<(&'static str, Json<'static>)>| {
        let mut object = Object::default();
        members.into_iter().for_each(|(name, value)| object.insert(name, value));
        Json::Object(object)
    };
    let attachment = object(vec![
        ("contentType", text(content_type.into())),
        ("data", text(BASE64_STANDARD.encode(bytes))),
        ("title", text(title.clone())),
    ]);
    let mut resource = Object::default();
    resource.insert("resourceType", text("DocumentReference".into()));
    resource.insert("id", text(format!("file-{hash}")));
    resource.insert("status", text("current".into()));
    resource.insert("type", object(vec![("text", text(title))]));
    let words = document_text::readable(Some(content_type), bytes);
    if let Err(why) = &words {
        sink.leave_out("the text of the document, which is kept as it came", why);
    }
    let words = words.unwrap_or_default();
    let stated = document_text::stated_day(&words);
    if let Some(stated) = &stated {
        let period = object(vec![("start", text(stated.day.to_string()))]);
        resource.insert("context", object(vec![("period", period)]));
    }
    let dated = stated.map(|stated| format!("dated by its own words, \"{}\"", stated.words));
    let made = || {
        let day = about.made_on?;
        Some(format!("the file was made on {day}; it does not say of which day it tells"))
    };
    if let Some(said) = dated.or_else(made) {
        resource.insert("description", text(said));
    }
    resource.insert("content", Json::Array(vec![object(vec![("attachment", attachment)])]));
    let references = References::default();
    let place = Place { path: "", full_url: None, references: &references };
    let mut content = [0; 16];
    content.copy_from_slice(&digest[..16]);
    sink.document(bytes, content, &resource, &place);
    sink.advance(bytes.len() as u64);
    Ok(())
}

/// Whether a title says what the document is: many programs leave the name of a file or their own there.
fn is_title(title: &str) -> bool {
    let folded = title.to_lowercase();
    let is_left = ["untitled", "microsoft word", "print", "document", "about:blank", "http"];
    (4..=120).contains(&title.chars().count())
        && title.contains(' ')
        && !is_left.iter().any(|left| folded.starts_with(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_its_own_name() {
        assert_eq!(own_name("a.zip!b/scan_1.pdf (2)"), "scan_1.pdf");
        assert_eq!(own_name("notes.txt.gz"), "notes.txt");
        assert_eq!(ending("folder.d/LICENSE"), None);
        assert_eq!(ending("x/Letter.HTM (3)").as_deref(), Some("htm"));
        assert_eq!(ending("Visit of Dr. Brook"), None);
    }

    #[test]
    fn a_title_counts_where_it_says_what_the_document_is() {
        assert!(is_title("Chest CT report"));
        for left in ["Untitled", "Microsoft Word - x.doc", "scan001", "", "https://portal/print page"] {
            assert!(!is_title(left), "{left}");
        }
    }
}
