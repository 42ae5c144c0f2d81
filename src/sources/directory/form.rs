//! The compact form in which the tables of a bundle are stored: the number of the format, then the length,
//! then postcard under zstd. Readers of old numbers stay.

use super::error::Error;
use super::tables::Tables;

/// The format: the first byte.
pub const FORMAT: u8 = 1;
const COMPRESSION_LEVEL: i32 = 3;
/// Unpacked, so that a damaged length allocates nothing absurd.
const BYTES_MAX: usize = 512 << 20;

/// The tables as bytes.
pub fn encode(tables: &Tables) -> Result<Vec<u8>, Error> {
    let plain = postcard::to_stdvec(tables).map_err(|_| Error::Damaged)?;
    let length = u32::try_from(plain.len()).ok().filter(|length| *length as usize <= BYTES_MAX);
    let length = length.ok_or(Error::TooLarge("its tables have too many bytes"))?;
    let packed = zstd::bulk::compress(&plain, COMPRESSION_LEVEL).map_err(|_| Error::Damaged)?;
    Ok([&[FORMAT], length.to_le_bytes().as_slice(), &packed].concat())
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
