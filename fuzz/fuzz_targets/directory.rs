//! Lists of portals, as vendors publish them.
#![no_main]

use std::hint::black_box;

use plainchart::sources::directory::{Limits, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = black_box(read(bytes, &Limits::default()));
});
