//! SMART Health Links: the text of a link, and an encrypted file.
#![no_main]

use std::hint::black_box;

use plainchart::secret::Secret;
use plainchart::sources::links::{Link, is_link, open};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = str::from_utf8(bytes) else { return };
    black_box(is_link(text));
    if let Ok(link) = Link::read(text) {
        black_box((link.source_name(), link.host()));
    }
    let _ = black_box(open(text, &Secret::new([0; 32]), 1 << 20));
});
