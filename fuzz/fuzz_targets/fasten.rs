//! Fasten Connect: lines of FHIR that say through whom they came.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plainchart_fuzz::format("Fasten Connect export", bytes));
