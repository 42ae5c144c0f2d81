//! The text of documents: the first byte says as what they were sent.
#![no_main]

use std::hint::black_box;

use plainchart::sources::document_text::readable;

const TYPES: [&str; 6] = [
    "text/html",
    "text/plain; charset=iso-8859-1",
    "application/rtf",
    "application/pdf",
    "application/xml",
    "application/octet-stream",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, document)) = bytes.split_first() else { return };
    let kind = TYPES.get(usize::from(*first) % (TYPES.len() + 1)).copied();
    let _ = black_box(readable(kind, document));
});
