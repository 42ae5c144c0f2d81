//! C-CDA: documents and pieces of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plainchart_fuzz::format("C-CDA (XML)", bytes));
