//! The compact form in which the tables of a bundle are stored: the number of the format, then the length,
//! then postcard under zstd. Readers of old numbers stay.

use std::io::{self, Write};

use super::error::Error;
use super::tables::Tables;

/// The format: the first byte.
pub const FORMAT: u8 = 1;
const COMPRESSION_LEVEL: i32 = 3;
/// Unpacked, so that a damaged length allocates nothing absurd.
const BYTES_MAX: usize = 512 << 20;

/// The tables as bytes. They are packed as they are written: as plain bytes they would need as much room again.
pub fn encode(tables: &Tables) -> Result<Vec<u8>, Error> {
    let head = [FORMAT, 0, 0, 0, 0];
    let mut packed =
        zstd::stream::write::Encoder::new(head.to_vec(), COMPRESSION_LEVEL).map_err(|_| Error::Damaged)?;
    let written =
        postcard::to_io(tables, Counted { inner: &mut packed, bytes: 0 }).map_err(|_| Error::Damaged)?;
    let length = u32::try_from(written.bytes).ok().filter(|length| *length as usize <= BYTES_MAX);
    let length = length.ok_or(Error::TooLarge("its tables have too many bytes"))?;
    let mut bytes = packed.finish().map_err(|_| Error::Damaged)?;
    bytes[1..head.len()].copy_from_slice(&length.to_le_bytes());
    Ok(bytes)
}

/// A writer that counts.
struct Counted<W> {
    inner: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The tables of these bytes.
pub fn decode(bytes: &[u8]) -> Result<Tables, Error> {
    let (format, rest) = bytes.split_first().ok_or(Error::Damaged)?;
    if *format > FORMAT {
        return Err(Error::Newer { found: *format, known: FORMAT });
    }
    let (length, packed) = rest.split_first_chunk().ok_or(Error::Damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    if *format != FORMAT || length > BYTES_MAX {
        return Err(Error::Damaged);
    }
    let plain = zstd::bulk::decompress(packed, length).map_err(|_| Error::Damaged)?;
    postcard::from_bytes(&plain).map_err(|_| Error::Damaged)
}
