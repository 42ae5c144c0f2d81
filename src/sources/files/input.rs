//! Something that can be read from its beginning more than once: on the disk, in memory, packed.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::sources::error::Fault;

/// What an archive is read from.
pub trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// A file, wherever it lies.
pub trait Input {
    /// Opens it at its beginning.
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Fault>;

    /// True where it is a file of its own, not part of another.
    fn is_whole(&self) -> bool {
        false
    }

    /// Opens it so that any part of it can be reached. What is packed is held in memory for that.
    fn open_anywhere(&mut self, bytes_max: u64) -> Result<Box<dyn ReadSeek + '_>, Fault> {
        let mut bytes = Vec::new();
        self.open()?.take(bytes_max + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > bytes_max {
            return Err(Fault::TooLarge(bytes_max >> 20));
        }
        Ok(Box::new(Cursor::new(bytes)))
    }
}

/// A file on the disk.
pub struct OnDisk<'a>(pub &'a Path);

impl Input for OnDisk<'_> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Fault> {
        Ok(Box::new(File::open(self.0).map_err(Fault::Unreadable)?))
    }

    fn is_whole(&self) -> bool {
        true
    }

    fn open_anywhere(&mut self, _: u64) -> Result<Box<dyn ReadSeek + '_>, Fault> {
        Ok(Box::new(BufReader::new(File::open(self.0).map_err(Fault::Unreadable)?)))
    }
}

/// A file that is held in memory.
pub struct Held<'a>(pub &'a [u8]);

impl Input for Held<'_> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Fault> {
        Ok(Box::new(self.0))
    }

    fn is_whole(&self) -> bool {
        true
    }

    fn open_anywhere(&mut self, _: u64) -> Result<Box<dyn ReadSeek + '_>, Fault> {
        Ok(Box::new(Cursor::new(self.0)))
    }
}

/// What a gzip file holds.
pub struct Gzip<'a>(pub &'a mut dyn Input);

impl Input for Gzip<'_> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Fault> {
        Ok(Box::new(MultiGzDecoder::new(BufReader::new(self.0.open()?))))
    }
}

/// A file in a zip archive.
pub struct Member<'a, R> {
    /// The archive.
    pub archive: &'a mut ZipArchive<R>,
    /// Its number in it.
    pub index: usize,
}

impl<R: Read + Seek> Input for Member<'_, R> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Fault> {
        Ok(Box::new(self.archive.by_index(self.index)?))
    }
}
