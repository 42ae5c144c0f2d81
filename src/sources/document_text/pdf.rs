//! PDF to text: the letters of each page where they stand, put into lines, rows and paragraphs.
//!
//! `lopdf` takes the file apart. It runs on a thread of its own, within limits of time, pages and unpacked
//! bytes; if it panics, that is one document that is not read.

mod fonts;
mod letters;
mod lines;
mod matrix;
mod pages;
mod scan;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use lopdf::{Document, LoadOptions, Object};

use super::layout::Layout;

/// How long the reading of one document may take.
const TIME_MAX: Duration = Duration::from_secs(20);

/// How much later the thread is given up, which looks at the time between two operations.
const GRACE: Duration = Duration::from_secs(5);

/// Pages that are read.
const PAGES_MAX: usize = 1000;

/// Bytes of one part of a document once it is unpacked.
const PART_BYTES_MAX: usize = 32 << 20;

/// Bytes of text that are taken from a document.
const TEXT_BYTES_MAX: usize = 8 << 20;

/// The stack of the thread.
const STACK_BYTES: usize = 16 << 20;

/// What a document says about itself: nothing of it is about the person's health.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its title.
    pub title: Option<String>,
    /// When the file was made (`2024-03-02`): not when what it tells of was.
    pub made_on: Option<String>,
}

/// The text of a document. The error is a sentence for the person.
pub fn to_text(bytes: &[u8]) -> Result<String, String> {
    apart(bytes, read)
        .unwrap_or_else(|| Err("a PDF document that cannot be taken apart is kept, not read".into()))
}

/// What a document says about itself.
pub fn about(bytes: &[u8]) -> About {
    let about =
        |bytes: &[u8], _: Instant| load(bytes).map(|document| described(&document)).unwrap_or_default();
    apart(bytes, about).unwrap_or_default()
}

/// Runs `work` on a thread of its own; `None` where it took too long or panicked.
fn apart<T: Send + 'static>(bytes: &[u8], work: fn(&[u8], Instant) -> T) -> Option<T> {
    let bytes = bytes.to_vec();
    let (result, waiting) = mpsc::channel();
    let run = move || {
        let until = Instant::now() + TIME_MAX;
        // Nobody may wait for it any more: then what it found is dropped.
        let _ = result.send(catch_unwind(AssertUnwindSafe(|| work(&bytes, until))).ok());
    };
    std::thread::Builder::new().name("pdf".into()).stack_size(STACK_BYTES).spawn(run).ok()?;
    waiting.recv_timeout(TIME_MAX + GRACE).ok().flatten()
}

fn load(bytes: &[u8]) -> Result<Document, String> {
    if !scan::is_bounded(bytes) {
        return Err(
            "a PDF document that becomes many times larger when it is unpacked is kept, not read".into()
        );
    }
    let options = LoadOptions::with_max_decompressed_size(PART_BYTES_MAX);
    match Document::load_mem_with_options(bytes, options) {
        Ok(document) if document.is_encrypted() => Err(LOCKED.into()),
        Ok(document) => Ok(document),
        Err(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_)) => Err(LOCKED.into()),
        Err(_) => Err(BROKEN.into()),
    }
}

const BROKEN: &str = "a PDF document that is cut off or broken is kept, not read";

const LOCKED: &str = "a PDF document that is locked with a password is kept, not read; save it without one";

/// What a document of pictures alone is told to be.
const SCAN: &str = "a scan: it holds pictures and no text, so nothing of it is read";

fn read(bytes: &[u8], until: Instant) -> Result<String, String> {
    let document = load(bytes)?;
    let pages = document.get_pages();
    if pages.is_empty() {
        return Err(BROKEN.into());
    }
    let mut walk = pages::Walk::new(&document, until);
    let mut layout = Layout::default();
    let (mut unread, mut taken) = (0, 0);
    for (number, page) in pages.values().take(PAGES_MAX).enumerate() {
        if Instant::now() >= until || taken > TEXT_BYTES_MAX {
            unread += pages.len().min(PAGES_MAX) - number;
            break;
        }
        // A panic over one page must not cost the others.
        match catch_unwind(AssertUnwindSafe(|| walk.page(*page))) {
            Ok(found) => taken += lines::lay_out(found, &mut layout),
            Err(_) => unread += 1,
        }
    }
    unread += pages.len().saturating_sub(PAGES_MAX);
    let mut text = layout.finish();
    if text.is_empty() && walk.unknown > 0 {
        return Err("a PDF document that does not say which letters its signs are is kept, not read".into());
    }
    if text.is_empty() && walk.pictures > 0 {
        return Err(SCAN.into());
    }
    let notes = [
        (unread, "[{} pages of this document were not read]"),
        (walk.unknown, "[{} signs of this document are in a font that does not say which letters they are]"),
        (walk.scanned, "[{} pages of this document are pictures without text]"),
    ];
    for (count, note) in notes.into_iter().filter(|(count, _)| *count > 0) {
        text.push_str(if text.is_empty() { "" } else { "\n\n" });
        text.push_str(&note.replace("{}", &count.to_string()));
    }
    Ok(text)
}

fn described(document: &Document) -> About {
    let info = document.trailer.get_deref(b"Info", document).and_then(Object::as_dict).ok();
    let text = |key: &[u8]| {
        let value = info?.get_deref(key, document).ok()?;
        lopdf::decode_text_string(value)
            .ok()
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    About { title: text(b"Title"), made_on: text(b"CreationDate").as_deref().and_then(day) }
}

/// `D:20240302101500+01'00'` is of the day `2024-03-02`.
fn day(written: &str) -> Option<String> {
    let digits = written.strip_prefix("D:").unwrap_or(written);
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let month = i8::try_from(part(4, 6)?).ok()?;
    let day = i8::try_from(part(6, 8)?).ok()?;
    jiff::civil::Date::new(part(0, 4)?, month, day).ok().map(|day| day.to_string())
}

#[cfg(test)]
pub(crate) mod tests;
