//! What the targets share: bytes go into a reader, and what comes out is looked at and dropped.

use std::hint::black_box;

use plainchart::sources::formats::{FORMATS, Share, Sink};
use plainchart::sources::{Draft, LeftOut, Limits, Receiver, files};

/// Small enough that what grows out of proportion is seen.
pub const LIMITS: Limits = Limits {
    files_max: 100,
    document_bytes_max: 1 << 20,
    total_bytes_max: 16 << 20,
    ratio_max: 200,
    depth_max: 8,
};

/// Drops what is read.
pub struct Nowhere;

impl Receiver for Nowhere {
    fn draft(&mut self, draft: Draft) {
        black_box(draft);
    }
    fn left_out(&mut self, left_out: LeftOut) {
        black_box(left_out);
    }
    fn progress(&mut self, _: u64) {}
}

/// Reads a file of whatever format it turns out to be, packed or not.
pub fn any_file(bytes: &[u8]) {
    let _ = black_box(files::read_held(&[("input", bytes)], &LIMITS, &mut Nowhere));
}

/// Reads a file as one of this format, whatever it begins with.
pub fn format(name: &str, bytes: &[u8]) {
    let format = FORMATS.iter().find(|format| format.name == name).expect("the format is in the list");
    let share = Share { packed: bytes.len() as u64, unpacked: bytes.len() as u64 };
    let mut receiver = Nowhere;
    let mut sink = Sink::new("input", share, &LIMITS, &mut receiver);
    black_box((format.begins)(bytes));
    let _ = black_box((format.read)(&mut &bytes[..], &mut sink));
    sink.finish();
}
