//! FHIR JSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plainchart_fuzz::format("FHIR JSON", bytes));
