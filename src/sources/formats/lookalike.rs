//! What a file looks like that is not read, and what the person can do instead.

use super::FORMATS;
use crate::sources::document_text::is_text;
use crate::sources::error::Fault;

/// What a file looks like, and the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lookalike {
    /// What it looks like.
    pub what: &'static str,
    /// What the person can do.
    pub step: &'static str,
}

const UNPACK: &str = "unpack it, or pack it as zip";
const SAVE: &str = "save it as PDF and import that";
const ASK: &str = "ask whoever keeps it for an export in FHIR or C-CDA, or for a PDF";
const PICTURE: &str = "pictures are not read; ask for the document itself. Of a QR code, scan it with a phone and import the text (shc:/… or shlink:/…)";

const fn like(what: &'static str, step: &'static str) -> Lookalike {
    Lookalike { what, step }
}

/// Files that are known by bytes at a place.
const BY_BYTES: [(usize, &[u8], Lookalike); 27] = [
    (0, b"\xd0\xcf\x11\xe0", like("an Office document", SAVE)),
    (0, b"7z\xbc\xaf\x27\x1c", like("a 7z archive", UNPACK)),
    (0, b"Rar!\x1a\x07", like("a RAR archive", UNPACK)),
    (0, b"BZh", like("a bzip2 archive", UNPACK)),
    (0, b"\xfd7zXZ", like("an xz archive", UNPACK)),
    (0, b"\x28\xb5\x2f\xfd", like("a zstd archive", UNPACK)),
    (257, b"ustar", like("a tar archive", UNPACK)),
    (0, b"\xff\xd8\xff", like("a photo (JPEG)", PICTURE)),
    (0, b"\x89PNG", like("a picture (PNG)", PICTURE)),
    (0, b"GIF8", like("a picture (GIF)", PICTURE)),
    (0, b"II*\0", like("a picture (TIFF)", PICTURE)),
    (0, b"MM\0*", like("a picture (TIFF)", PICTURE)),
    (4, b"ftyphei", like("a photo (HEIC)", PICTURE)),
    (4, b"ftypmif1", like("a photo (HEIC)", PICTURE)),
    (8, b"WEBP", like("a picture (WebP)", PICTURE)),
    (4, b"ftyp", like("a video or sound recording", "it is not read")),
    (
        128,
        b"DICM",
        like("the images of a study (DICOM)", "the report of the study is what can be read: ask for that"),
    ),
    (0, b"SQLite format 3\0", like("a database (SQLite)", "export it from the app that made it")),
    (0, b"MSH|", like("an HL7 version 2 message", ASK)),
    (0, b"FHS|", like("a batch of HL7 version 2 messages", ASK)),
    (0, b"BHS|", like("a batch of HL7 version 2 messages", ASK)),
    (
        0,
        b"ISA*",
        like(
            "a claims file (X12)",
            "ask the insurer for the claims in FHIR, as Blue Button and CARIN send them",
        ),
    ),
    (0, b"BEGIN:VCARD", like("contacts (vCard)", "they are no health record")),
    (0, b"BEGIN:VCALENDAR", like("a calendar", "it is no health record")),
    (0, b"-----BEGIN", like("a key or certificate", "it is no health record; keep it to yourself")),
    (0, b"MZ", like("a program", "it is no health record")),
    (0, b"\x7fELF", like("a program", "it is no health record")),
];

/// Markup that is known by a word in its beginning.
const BY_WORD: [(&str, Lookalike); 6] = [
    (
        "http://hl7.org/fhir\"",
        like("FHIR in XML", "ask for the same in JSON, which most systems send if they are asked"),
    ),
    (
        "<gpx",
        like("a track (GPX)", "it is no health record; export the workout from Apple Health or the like"),
    ),
    ("<TrainingCenterDatabase", like("a workout (TCX)", "export it through Apple Health or the like")),
    ("<kml", like("a map (KML)", "it is no health record")),
    ("<plist", like("settings of an app", "they are no health record")),
    ("<svg", like("a picture (SVG)", PICTURE)),
];

/// Parts of an office document, which is a zip archive.
const OFFICE: [(&[u8], Lookalike); 5] = [
    (b"word/", like("a Word document", SAVE)),
    (b"xl/", like("an Excel table", SAVE)),
    (b"ppt/", like("a PowerPoint presentation", SAVE)),
    (b"application/vnd.oasis", like("an OpenDocument file", SAVE)),
    (b"application/epub", like("a book (EPUB)", "it is no health record")),
];

/// Text that is no document, whatever it is called.
const JSON: Lookalike = like("JSON that is cut off or no FHIR", "download it again, or ask for FHIR");
const TABLE: Lookalike = like("a table (CSV)", "save it as PDF and import that, or ask for FHIR");

/// The office document that a zip archive is.
pub fn office(beginning: &[u8]) -> Option<Lookalike> {
    let has = |part: &[u8]| memchr::memmem::find(beginning, part).is_some();
    let is_office = has(b"[Content_Types].xml") || beginning.get(30..38) == Some(b"mimetype");
    OFFICE.iter().find(|(part, _)| is_office && has(part)).map(|(_, office)| *office)
}

/// Whether a file begins like prose: text that is nothing else that is known.
pub fn is_prose(beginning: &[u8]) -> bool {
    let start = super::without_mark(beginning).trim_ascii_start();
    !start.is_empty()
        && !start.starts_with(b"<")
        && !is_json(start)
        && known(beginning).is_none()
        && is_text(beginning)
}

/// `{"` and `[{`, but not `[x]` and `{draft}`.
fn is_json(start: &[u8]) -> bool {
    let mut bytes = start.iter().filter(|byte| !byte.is_ascii_whitespace());
    matches!(
        (bytes.next(), bytes.next()),
        (Some(b'{'), Some(b'"' | b'}') | None) | (Some(b'['), Some(b'{' | b'[' | b'"' | b']') | None)
    )
}

/// What it looks like by what stands in it.
fn known(beginning: &[u8]) -> Option<Lookalike> {
    let start = super::without_mark(beginning).trim_ascii_start();
    let is_at = |at: usize, magic: &[u8]| beginning.get(at..).is_some_and(|rest| rest.starts_with(magic));
    let by_bytes =
        BY_BYTES.iter().find(|(at, magic, _)| is_at(*at, magic) || *at == 0 && start.starts_with(magic));
    if let Some((_, magic, found)) = by_bytes {
        // Words may begin like them: what is text is none of those that are not.
        let is_of_letters = !magic.is_ascii()
            || found.step == ASK
            || found.what.starts_with("a claims")
            || !is_text(beginning);
        let is_written = ["contacts", "a calendar", "a key"].iter().any(|what| found.what.starts_with(what));
        return (is_of_letters || is_written).then_some(*found);
    }
    let head = &start[..start.len().min(4096)];
    let has = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
    BY_WORD.iter().find(|(word, _)| head.starts_with(b"<") && has(word)).map(|(_, found)| *found)
}

/// The fault of a file that nothing reads. `ending` is that of its name.
pub fn unknown(beginning: &[u8], ending: Option<&str>) -> Fault {
    let start = super::without_mark(beginning).trim_ascii_start();
    let found = match start {
        [] => like("an empty file", "download it again"),
        _ => known(beginning).unwrap_or_else(|| match start[0] {
            _ if is_json(start) && is_text(beginning) => JSON,
            b'<' => like("XML or HTML", "if it is a document of yours, save it as PDF and import that"),
            _ if is_text(beginning) && matches!(ending, Some("csv" | "tsv")) => TABLE,
            _ if is_text(beginning) => {
                like("text", "if it is a document of yours, give it a name that ends in .txt")
            }
            _ => like("a file of another kind", SAVE),
        }),
    };
    Fault::Unknown { what: found.what, step: found.step, read: accepted() }
}

/// The fault of an office document.
pub fn unread(found: Lookalike) -> Fault {
    Fault::Unknown { what: found.what, step: found.step, read: accepted() }
}

/// What is read, by its names.
pub fn accepted() -> String {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    format!("{}, and zip or gzip archives of them", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(bytes: &[u8]) -> String {
        unknown(bytes, None).to_string()
    }

    #[test]
    fn a_file_is_called_what_it_looks_like_with_a_next_step() {
        for (bytes, expected) in [
            (&b"MSH|^~\\&|LAB|"[..], "an HL7 version 2 message"),
            (b"ISA*00*          *00*", "a claims file (X12)"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a photo (JPEG)"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "a photo (HEIC)"),
            (b"SQLite format 3\0\x10\0", "a database (SQLite)"),
            (b"<?xml version=\"1.0\"?><gpx>", "a track (GPX)"),
            (b"<Bundle xmlns=\"http://hl7.org/fhir\">", "FHIR in XML"),
            (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
            (b"", "an empty file"),
            (b"\0\x01\x02\x03", "a file of another kind"),
            (b"{\"a\":", "JSON that is cut off or no FHIR"),
        ] {
            let told = what(bytes);
            assert!(told.starts_with(&format!("looks like {expected}")), "{told}");
            assert!(told.contains("PDF") && told.contains("FHIR JSON"), "{told}");
        }
        let table = unknown(b"date,test,value\n", Some("csv")).to_string();
        assert!(table.starts_with("looks like a table (CSV)"), "{table}");
        assert_eq!(
            office(b"PK\x03\x04....[Content_Types].xml...word/document.xml").unwrap().what,
            "a Word document"
        );
        assert_eq!(office(b"PK\x03\x04....Patient.ndjson...word/"), None);
    }

    #[test]
    fn prose_is_what_is_nothing_else() {
        assert!(is_prose(b"BZhou saw the doctor. MZ twins.") && is_prose("37°C".as_bytes()));
        for other in [&b"{}"[..], b"<a>", b"MSH|^~", b"", b"a\0b", b"\xff\xd8\xff\xe0"] {
            assert!(!is_prose(other), "{other:?}");
        }
    }
}
