//! Originals in packs: what came in, many to a compressed row, read back one by one.

use super::error::Error;

/// Originals of together so many bytes share a pack; a larger one has its own. Opening one entry in full
/// costs unpacking one pack.
pub const PACK_BYTES_MAX: usize = 512 << 10;

/// The format of a pack: its first byte. Readers for old numbers stay.
const FORMAT: u8 = 1;
/// The fastest: an import waits for it, and the next level saves a tenth of the room.
const COMPRESSION_LEVEL: i32 = 1;

/// A closed pack: how many originals it holds, and its compressed bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// How many originals it holds.
    pub count: u32,
    /// The bytes to store: format, the length of what is compressed, and that.
    pub body: Vec<u8>,
}

/// Takes originals as they come and keeps no more than one pack of them uncompressed.
#[derive(Debug, Default)]
pub struct Packer {
    lengths: Vec<u32>,
    open: Vec<u8>,
    closed: Vec<Pack>,
}

impl Packer {
    /// Adds an original; the number of its pack and its place there.
    pub fn add(&mut self, original: &[u8]) -> Result<(u32, u32), Error> {
        let length = u32::try_from(original.len()).map_err(|_| Error::TooLarge(original.len()))?;
        if !self.lengths.is_empty() && self.open.len() + original.len() > PACK_BYTES_MAX {
            self.close()?;
        }
        self.lengths.push(length);
        self.open.extend_from_slice(original);
        Ok((self.closed.len() as u32, self.lengths.len() as u32 - 1))
    }

    /// All packs, in the order of their numbers.
    pub fn finish(mut self) -> Result<Vec<Pack>, Error> {
        if !self.lengths.is_empty() {
            self.close()?;
        }
        Ok(self.closed)
    }

    fn close(&mut self) -> Result<(), Error> {
        let count = self.lengths.len() as u32;
        let mut plain = Vec::with_capacity(4 + 4 * self.lengths.len() + self.open.len());
        plain.extend(count.to_le_bytes());
        plain.extend(self.lengths.iter().flat_map(|length| length.to_le_bytes()));
        plain.append(&mut self.open);
        self.lengths.clear();
        let packed = zstd::bulk::compress(&plain, COMPRESSION_LEVEL)
            .map_err(Error::failed("compressing originals"))?;
        let mut body = Vec::with_capacity(9 + packed.len());
        body.push(FORMAT);
        body.extend((plain.len() as u64).to_le_bytes());
        body.extend(packed);
        self.closed.push(Pack { count, body });
        Ok(())
    }
}

/// An opened pack.
pub struct Opened {
    plain: Vec<u8>,
    /// Where each original begins, and where the last one ends.
    bounds: Vec<usize>,
}

impl Opened {
    /// Opens the body of a pack. `Ok(None)` where it is none.
    pub fn read(body: &[u8]) -> Result<Option<Opened>, Error> {
        let Some((&format, rest)) = body.split_first() else { return Ok(None) };
        if format > FORMAT {
            let (found, known) = (format.into(), FORMAT.into());
            return Err(Error::Newer { what: "a pack of originals", found, known });
        }
        Ok(Opened::unpack(rest))
    }

    /// The original at a place.
    pub fn get(&self, index: u32) -> Option<&[u8]> {
        let (start, end) = (self.bounds.get(index as usize)?, self.bounds.get(index as usize + 1)?);
        self.plain.get(*start..*end)
    }

    fn unpack(rest: &[u8]) -> Option<Opened> {
        let (length, packed) = rest.split_first_chunk()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let plain = zstd::bulk::decompress(packed, length).ok()?;
        let (count, lengths) = plain.split_first_chunk()?;
        let count = u32::from_le_bytes(*count) as usize;
        let lengths = lengths.get(..count.checked_mul(4)?)?;
        let mut end = 4 + lengths.len();
        let mut bounds = vec![end];
        for (length, _) in lengths.as_chunks().0.iter().zip(0..count) {
            end += u32::from_le_bytes(*length) as usize;
            bounds.push(end);
        }
        (end == plain.len()).then_some(Opened { plain, bounds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn originals_come_back_byte_for_byte_and_a_large_one_has_its_own_pack() {
        let originals: Vec<Vec<u8>> = (0..2000_u32)
            .map(|number| format!("{{\"id\":\"{number}\"}}").repeat(60).into_bytes())
            .chain([vec![b'x'; PACK_BYTES_MAX * 2], b"{}".to_vec()])
            .collect();
        let mut packer = Packer::default();
        let places: Vec<(u32, u32)> =
            originals.iter().map(|original| packer.add(original).unwrap()).collect();
        let packs = packer.finish().unwrap();
        assert!(packs.len() > 3);
        assert_eq!(packs.iter().map(|pack| pack.count as usize).sum::<usize>(), originals.len());
        let large = packs.len() - 2;
        assert_eq!(packs[large].count, 1);
        for (original, (pack, index)) in originals.iter().zip(places) {
            let opened = Opened::read(&packs[pack as usize].body).unwrap().unwrap();
            assert_eq!(opened.get(index), Some(original.as_slice()));
        }
    }

    #[test]
    fn what_is_no_pack_does_not_open_and_a_newer_one_is_named() {
        let mut packer = Packer::default();
        packer.add(b"{}").unwrap();
        let mut body = packer.finish().unwrap().remove(0).body;
        assert!(Opened::read(&[]).unwrap().is_none());
        assert!(Opened::read(&body[..body.len() - 1]).unwrap().is_none());
        body[0] = 9;
        assert!(matches!(Opened::read(&body), Err(Error::Newer { found: 9, .. })));
    }
}
