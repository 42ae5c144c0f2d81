//! Apple Health: the export's own XML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plainchart_fuzz::format("Apple Health export", bytes));
