//! How much of a bundle is read at the most: a reader that ends with an error where it becomes too much.

use std::cell::Cell;
use std::io::{self, Read};

/// The limits of one bundle. The largest that was seen in 2026 had 95 MB, 96,627 organizations.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the bundle.
    pub bundle_bytes_max: u64,
    /// Bytes of one entry, and of anything between two; an entry may hold a picture.
    pub entry_bytes_max: u64,
    /// Entries.
    pub entries_max: u64,
    /// Bytes of all names and addresses that are kept.
    pub text_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bundle_bytes_max: 1 << 30,
            entry_bytes_max: 8 << 20,
            entries_max: 2_000_000,
            text_bytes_max: 128 << 20,
        }
    }
}

/// What has been read so far. Shared by the reader and by whoever counts entries.
pub(super) struct Meter {
    limits: Limits,
    total: Cell<u64>,
    since_entry: Cell<u64>,
    over: Cell<Option<&'static str>>,
}

impl Meter {
    pub fn new(limits: Limits) -> Meter {
        Meter { limits, total: Cell::new(0), since_entry: Cell::new(0), over: Cell::new(None) }
    }

    /// An entry has been read.
    pub fn next_entry(&self) {
        self.since_entry.set(0);
    }

    /// What was too much, if anything was.
    pub fn over(&self) -> Option<&'static str> {
        self.over.get()
    }

    fn count(&self, bytes: u64) {
        self.total.set(self.total.get() + bytes);
        self.since_entry.set(self.since_entry.get() + bytes);
        if self.total.get() > self.limits.bundle_bytes_max {
            self.over.set(Some("it has too many bytes"));
        } else if self.since_entry.get() > self.limits.entry_bytes_max {
            self.over.set(Some("one entry has too many bytes"));
        }
    }
}

/// A reader that counts.
pub(super) struct Limited<'a, R> {
    inner: R,
    meter: &'a Meter,
}

impl<'a, R: Read> Limited<'a, R> {
    pub fn new(inner: R, meter: &'a Meter) -> Limited<'a, R> {
        Limited { inner, meter }
    }
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.meter.over().is_some() {
            return Err(io::Error::other("more than a directory may have"));
        }
        let read = self.inner.read(buffer)?;
        self.meter.count(read as u64);
        Ok(read)
    }
}
