//! What one thread unpacks and another reads: unpacking takes as long as reading what comes of it.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes that are handed on at once.
pub const CHUNK_BYTES: usize = 256 << 10;
/// Chunks that may wait for the reader.
const WAITING_MAX: usize = 4;

/// The reader's end.
pub struct Chunks {
    waiting: Receiver<Vec<u8>>,
    chunk: Vec<u8>,
    at: usize,
}

/// Both ends; what the first is given comes out at the second, and the first dropped is the end of it.
pub fn chunks() -> (SyncSender<Vec<u8>>, Chunks) {
    let (give, waiting) = sync_channel(WAITING_MAX);
    (give, Chunks { waiting, chunk: Vec::new(), at: 0 })
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Chunks {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.chunk.len() {
            let Ok(next) = self.waiting.recv() else { return Ok(&[]) };
            (self.chunk, self.at) = (next, 0);
        }
        Ok(&self.chunk[self.at..])
    }

    fn consume(&mut self, count: usize) {
        self.at = (self.at + count).min(self.chunk.len());
    }
}
