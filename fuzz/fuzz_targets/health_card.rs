//! SMART Health Cards: files, signed texts, numeric codes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plainchart_fuzz::format("SMART Health Card", bytes));
