//! A person's record as rows: segments of entries, a head, and packs of originals.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::segments::{Parts, SegmentName};
use super::error::Error;
use super::key::Kind;
use super::manifest::{Manifest, Name};
use super::pack::{Opened as OpenedPack, Pack};
use super::parallel;
use super::seal::Packing;
use super::sealed::Sealed;
use crate::record::segment;
use crate::record::{Entry, EntryId, FirstSource, Original, Record, Source};

/// Segments that are encoded, on all threads, before they are put: of a large import not all are held as bytes.
const SEGMENTS_ENCODED: usize = 4;

/// The format of segments: their first byte. Readers for old numbers stay. The first one knew no passages, the second
/// no claims.
const SEGMENT_FORMAT: u8 = 3;
/// The first format with passages.
const WITH_PASSAGES: u8 = 2;
/// The format of the head: its first byte. The first one knew no fetches.
const HEAD_FORMAT: u8 = 2;
const HEAD: &str = "head";
/// The fastest: an import waits for it, and the next level saves a tenth of the room.
const COMPRESSION_LEVEL: i32 = 1;
/// Bytes of memory that a byte of an unpacked segment becomes, beside the entries themselves (tried with records of
/// 1,000 and of 50,000 entries).
const MEMORY_PER_PLAIN: usize = 2;

/// An opened record, and what the next save needs to know.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The record.
    pub record: Arc<Record>,
    /// The key from which the ids of new entries are taken.
    pub id_key: [u8; 32],
    /// The number that the next pack of originals gets.
    pub next_pack: u32,
    manifest: Manifest,
    segments: Vec<(SegmentName, Range<usize>)>,
}

/// A change of a record. Applied again to a newer record when another writer was first.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What the person is called on this machine, where that changes.
    pub label: Option<String>,
    /// All sources, where they change.
    pub sources: Option<Vec<Source>>,
    /// Entries that are new or take the place of the one with the same id.
    pub entries: Vec<Entry>,
    /// New packs of originals; the first gets the number `next_pack`.
    pub packs: Vec<Pack>,
    /// A source that goes, by its place, with every entry of it.
    pub drop_source: Option<u16>,
    /// Packs that go, by their numbers: no entry that stays may name them.
    pub drop_packs: Vec<u32>,
}

/// A record as it will be once it is saved.
#[derive(Debug)]
pub struct Changed {
    /// The record.
    pub record: Record,
    base: Manifest,
    head: Head,
    segments: Vec<(SegmentName, Range<usize>)>,
    touched: Vec<SegmentName>,
    packs: Vec<Pack>,
    first_pack: u32,
    removed: Vec<Name>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Head {
    label: String,
    id_key: [u8; 32],
    next_pack: u32,
    sources: Vec<Source>,
}

/// The head in its first format.
#[derive(Deserialize)]
struct FirstHead {
    label: String,
    id_key: [u8; 32],
    next_pack: u32,
    sources: Vec<FirstSource>,
}

impl From<FirstHead> for Head {
    fn from(FirstHead { label, id_key, next_pack, sources }: FirstHead) -> Head {
        Head { label, id_key, next_pack, sources: sources.into_iter().map(Source::from).collect() }
    }
}

/// Opens a person's record.
pub fn open(sealed: &Sealed) -> Result<Opened, Error> {
    open_weighed(sealed).map(|(opened, _)| opened)
}

/// Opens a person's record, and says about how many bytes of memory it takes: what its segments hold, unpacked,
/// and what an entry takes beside its texts.
pub fn open_weighed(sealed: &Sealed) -> Result<(Opened, usize), Error> {
    let loaded = sealed.load(|name| name.kind == Kind::Segment)?;
    let (heads, bodies): (Vec<_>, Vec<_>) =
        loaded.pieces.into_iter().partition(|(name, _)| name.name == HEAD);
    let head = match heads.first() {
        Some((_, body)) => Head::decode(body)?,
        None if loaded.manifest.version <= 1 => Head::new(sealed),
        None => return Err(Error::Damaged(Kind::Segment)),
    };
    let plain_bytes: usize = bodies.iter().filter_map(|(_, body)| plain_length(body)).sum();
    let decoded = parallel::map(&bodies, |(name, body)| {
        let name = SegmentName::parse(&name.name).ok_or(Error::Damaged(Kind::Segment))?;
        Ok((name, decode(body)?))
    });
    let mut parts = decoded.into_iter().collect::<Result<Vec<(SegmentName, Vec<Entry>)>, Error>>()?;
    parts.sort_unstable_by_key(|(name, _)| *name);
    let (entries, segments) = segments::line_up(parts);
    let Head { label, id_key, next_pack, sources } = head;
    let record = Arc::new(Record::new(label, sources, entries, loaded.manifest.version));
    let bytes = plain_bytes * MEMORY_PER_PLAIN + record.entries.len() * size_of::<Entry>();
    Ok((Opened { record, id_key, next_pack, manifest: loaded.manifest, segments }, bytes))
}

/// Saves a change, or `Conflict` if another save was first: open again and apply the change again.
pub fn save(sealed: &Sealed, changed: Changed) -> Result<Opened, Error> {
    let Changed { mut record, base, head, segments, touched, packs, first_pack, removed } = changed;
    let mut save = sealed.save(&base);
    removed.iter().for_each(|name| save.remove(name));
    for (pack, number) in packs.into_iter().zip(first_pack..) {
        save.put(pack_name(number), &pack.body, Packing::Plain)?;
    }
    let touched: Vec<_> = segments.iter().filter(|(name, _)| touched.contains(name)).collect();
    for share in touched.chunks(SEGMENTS_ENCODED) {
        let bodies = parallel::map(share, |(name, range)| (*name, encode(&record.entries[range.clone()])));
        for (name, body) in bodies {
            save.put(Name::new(Kind::Segment, name.to_string()), &body?, Packing::Plain)?;
        }
    }
    save.put(Name::new(Kind::Segment, HEAD), &head.encode()?, Packing::Compressed)?;
    let manifest = save.commit()?;
    record.version = manifest.version;
    let Head { id_key, next_pack, .. } = head;
    Ok(Opened { record: Arc::new(record), id_key, next_pack, manifest, segments })
}

/// What came in, byte for byte, for one entry.
pub fn original(sealed: &Sealed, original: &Original) -> Result<Vec<u8>, Error> {
    Originals::new(sealed)?.read(original)
}

/// Reads originals, many of one pack after another.
pub struct Originals<'a> {
    sealed: &'a Sealed,
    manifest: Manifest,
    open: Option<(u32, OpenedPack)>,
}

impl<'a> Originals<'a> {
    /// Begins reading.
    pub fn new(sealed: &'a Sealed) -> Result<Originals<'a>, Error> {
        Ok(Originals { sealed, manifest: sealed.manifest()?, open: None })
    }

    /// One original. Sorted by pack, each pack is opened once.
    pub fn read(&mut self, original: &Original) -> Result<Vec<u8>, Error> {
        let lost = || Error::Damaged(Kind::Original);
        if self.open.as_ref().is_none_or(|(pack, _)| *pack != original.pack) {
            let body = self.sealed.piece(&self.manifest, &pack_name(original.pack))?.ok_or_else(lost)?;
            self.open = Some((original.pack, OpenedPack::read(&body)?.ok_or_else(lost)?));
        }
        let bytes = self.open.as_ref().and_then(|(_, pack)| pack.get(original.index)).ok_or_else(lost)?;
        let is_it = Sha256::digest(bytes).starts_with(&original.hash);
        is_it.then(|| bytes.to_vec()).ok_or_else(lost)
    }
}

impl Opened {
    /// The record with a change applied; nothing is saved yet.
    pub fn with(&self, change: Change) -> Changed {
        let mut parts: Parts = BTreeMap::new();
        for (name, range) in &self.segments {
            parts.insert(*name, self.record.entries[range.clone()].to_vec());
        }
        let mut touched: Vec<SegmentName> = Vec::new();
        let mut fresh = change.entries;
        fresh.retain_mut(|entry| {
            let Some((name, place)) = self.place_of(entry.id) else { return true };
            if let Some(slot) = parts.get_mut(&name).and_then(|entries| entries.get_mut(place)) {
                std::mem::swap(slot, entry);
            }
            touched.push(name);
            false
        });
        let mut removed: Vec<Name> = change.drop_packs.iter().map(|&number| pack_name(number)).collect();
        let mut sources = change.sources.unwrap_or_else(|| self.record.sources.clone());
        let is_first = parts.is_empty();
        if !is_first {
            touched.extend(segments::append(&mut parts, std::mem::take(&mut fresh)));
        }
        if let Some(dropped) = change.drop_source {
            let gone = segments::drop_source(&mut parts, &mut touched, dropped);
            removed.extend(gone.iter().map(|name| Name::new(Kind::Segment, name.to_string())));
            sources.remove(dropped.into());
        }
        let (entries, segments) = match is_first {
            true => segments::divide(fresh),
            false => segments::line_up(parts),
        };
        if is_first {
            touched.extend(segments.iter().map(|(name, _)| *name));
        }
        touched.sort_unstable();
        touched.dedup();
        let label = change.label.unwrap_or_else(|| self.record.label.clone());
        let first_pack = self.next_pack;
        let next_pack = first_pack + change.packs.len() as u32;
        let head = Head { label: label.clone(), id_key: self.id_key, next_pack, sources: sources.clone() };
        let record = Record::new(label, sources, entries, self.record.version);
        let base = self.manifest.clone();
        Changed { record, base, head, segments, touched, packs: change.packs, first_pack, removed }
    }

    /// In which segment an entry stands, and where there.
    fn place_of(&self, id: EntryId) -> Option<(SegmentName, usize)> {
        let index = self.record.index_of(id)? as usize;
        let at = self.segments.partition_point(|(_, range)| range.end <= index);
        let (name, range) = self.segments.get(at)?;
        Some((*name, index - range.start))
    }
}

fn pack_name(number: u32) -> Name {
    Name::new(Kind::Original, number.to_string())
}

fn encode(entries: &[Entry]) -> Result<Vec<u8>, Error> {
    let plain = segment::pack(entries).map_err(Error::failed("packing entries"))?;
    let packed =
        zstd::bulk::compress(&plain, COMPRESSION_LEVEL).map_err(Error::failed("compressing entries"))?;
    let length = u32::try_from(plain.len()).map_err(|_| Error::TooLarge(plain.len()))?;
    Ok([&[SEGMENT_FORMAT], length.to_le_bytes().as_slice(), &packed].concat())
}

fn decode(body: &[u8]) -> Result<Vec<Entry>, Error> {
    let damaged = || Error::Damaged(Kind::Segment);
    let (format, rest) = known_format(body, "a segment", SEGMENT_FORMAT)?;
    let (length, packed) = rest.split_first_chunk().ok_or_else(damaged)?;
    let plain = zstd::bulk::decompress(packed, u32::from_le_bytes(*length) as usize);
    let plain = plain.map_err(|_| damaged())?;
    let unpack = if format < WITH_PASSAGES { segment::unpack_first } else { segment::unpack };
    unpack(&plain).map_err(|_| damaged())
}

/// Bytes of a segment once it is unpacked, as it says itself.
fn plain_length(body: &[u8]) -> Option<usize> {
    let length = body.get(1..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*length)).ok()
}

fn known_format<'a>(body: &'a [u8], what: &'static str, known: u8) -> Result<(u8, &'a [u8]), Error> {
    match body.split_first() {
        Some((&format, rest)) if format <= known => Ok((format, rest)),
        Some((&format, _)) => Err(Error::Newer { what, found: format.into(), known: known.into() }),
        None => Err(Error::Damaged(Kind::Segment)),
    }
}

impl Head {
    /// Of a record that was never saved.
    fn new(sealed: &Sealed) -> Head {
        let mut id_key = [0; 32];
        sealed.shared.random.fill(&mut id_key);
        Head { label: String::new(), id_key, next_pack: 0, sources: Vec::new() }
    }

    fn encode(&self) -> Result<Vec<u8>, Error> {
        let body = postcard::to_stdvec(self).map_err(Error::failed("writing the head of a record"))?;
        Ok([&[HEAD_FORMAT], body.as_slice()].concat())
    }

    fn decode(body: &[u8]) -> Result<Head, Error> {
        let (format, rest) = known_format(body, "the head of a record", HEAD_FORMAT)?;
        let decoded = match format {
            ..HEAD_FORMAT => postcard::from_bytes::<FirstHead>(rest).map(Head::from),
            _ => postcard::from_bytes(rest),
        };
        decoded.map_err(|_| Error::Damaged(Kind::Segment))
    }
}

mod segments;
#[cfg(test)]
mod tests;
