//! The compact form of entries: postcard with one string table a segment.

use serde::{Deserialize, Serialize};

use super::text::{Text, from_table, with_table};
use super::{Entry, Passages};

/// Entries that one segment holds at the most. A segment is written whole when one of them changes.
pub const SEGMENT_ENTRIES_MAX: usize = 4096;

/// The bytes are no segment of this version.
#[derive(Debug, thiserror::Error)]
#[error("a segment of the record cannot be read")]
pub struct Unreadable(#[from] postcard::Error);

#[derive(Serialize)]
struct Packed {
    strings: Vec<String>,
    entries: Vec<u8>,
    passages: Vec<u8>,
}

#[derive(Deserialize)]
struct PackedRef<'a> {
    #[serde(borrow)]
    strings: Vec<&'a str>,
    entries: &'a [u8],
    passages: &'a [u8],
}

/// A segment of the first format, which knew no passages.
#[derive(Deserialize)]
struct FirstRef<'a> {
    #[serde(borrow)]
    strings: Vec<&'a str>,
    entries: &'a [u8],
}

/// Packs entries.
pub fn pack(entries: &[Entry]) -> Result<Vec<u8>, Unreadable> {
    // Most entries have no prose that reveals anything, and are not named.
    let named = entries.iter().zip(0_u32..).filter(|(entry, _)| !entry.passages.is_nothing());
    let named: Vec<(u32, &Passages)> = named.map(|(entry, place)| (place, &entry.passages)).collect();
    let (packed, table) = with_table(|| (postcard::to_stdvec(entries), postcard::to_stdvec(&named)));
    let (entries, passages) = (packed.0?, packed.1?);
    let strings = table.iter().map(|text| text.to_string()).collect();
    Ok(postcard::to_stdvec(&Packed { strings, entries, passages })?)
}

/// Unpacks what [`pack`] packed.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Entry>, Unreadable> {
    let packed: PackedRef<'_> = postcard::from_bytes(bytes)?;
    let table = packed.strings.into_iter().map(Text::from).collect();
    let (entries, named) =
        from_table(table, || (postcard::from_bytes(packed.entries), postcard::from_bytes(packed.passages)));
    let (mut entries, named): (Vec<Entry>, Vec<(u32, Passages)>) = (entries?, named?);
    for (place, passages) in named {
        let entry = entries.get_mut(place as usize).ok_or(postcard::Error::DeserializeBadEncoding)?;
        entry.passages = passages;
    }
    Ok(entries)
}

/// Unpacks a segment of the first format. Its prose was never looked at, and nobody can say any more what
/// its originals reveal beside what was kept.
pub fn unpack_first(bytes: &[u8]) -> Result<Vec<Entry>, Unreadable> {
    let packed: FirstRef<'_> = postcard::from_bytes(bytes)?;
    let table = packed.strings.into_iter().map(Text::from).collect();
    let mut entries: Vec<Entry> = from_table(table, || postcard::from_bytes(packed.entries))?;
    let unknown = || Passages { original: u8::MAX, ..Passages::default() };
    entries.iter_mut().for_each(|entry| entry.passages = unknown());
    Ok(entries)
}
