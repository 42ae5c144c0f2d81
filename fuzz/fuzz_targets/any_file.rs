//! Any file that is given: the format is found, archives are unpacked.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plainchart_fuzz::any_file(bytes));
