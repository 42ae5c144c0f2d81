//! What a document would become when it is loaded: its packed objects are unpacked all at once.

use std::io::{self, Read as _};

use flate2::read::ZlibDecoder;

/// Bytes of all packed objects together, once they are unpacked.
const UNPACKED_MAX: u64 = 128 << 20;

/// How far before its data the description of a stream may begin.
const DESCRIPTION_BYTES: usize = 1024;

/// Whether the packed objects (ISO 32000-2, 7.5.7) of a document stay within bounds.
pub fn is_bounded(bytes: &[u8]) -> bool {
    let mut unpacked = 0;
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let before = &bytes[at.saturating_sub(DESCRIPTION_BYTES)..at];
        let own = memchr::memmem::rfind(before, b"obj").map_or(before, |from| &before[from..]);
        if memchr::memmem::find(own, b"ObjStm").is_none() && memchr::memmem::find(own, b"XRef").is_none() {
            continue;
        }
        let data = bytes[at + b"stream".len()..].trim_ascii_start();
        let left = UNPACKED_MAX - unpacked + 1;
        // What is packed otherwise fails here and has its own limit when it is unpacked.
        unpacked += counted(ZlibDecoder::new(data).take(left));
        if unpacked > UNPACKED_MAX {
            return false;
        }
    }
    true
}

fn counted(mut unpacked: impl io::Read) -> u64 {
    let mut buffer = [0; 8 << 10];
    let mut total = 0;
    while let Ok(read @ 1..) = unpacked.read(&mut buffer) {
        total += read as u64;
    }
    total
}
