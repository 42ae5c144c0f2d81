//! The compact form of entries: postcard with one string table a segment.

use serde::{Deserialize, Serialize};

use super::Entry;
use super::text::{Text, from_table, with_table};

/// Entries that one segment holds at the most. A segment is written whole when one of them changes.
pub const SEGMENT_ENTRIES_MAX: usize = 4096;

/// The bytes are no segment of this version.
#[derive(Debug, thiserror::Error)]
#[error("a segment of the record cannot be read")]
pub struct Unreadable(#[from] postcard::Error);

#[derive(Serialize, Deserialize)]
struct Packed {
    strings: Vec<String>,
    entries: Vec<u8>,
}

/// Packs entries.
pub fn pack(entries: &[Entry]) -> Result<Vec<u8>, Unreadable> {
    let (packed, table) = with_table(|| postcard::to_stdvec(entries));
    let strings = table.iter().map(|text| text.to_string()).collect();
    Ok(postcard::to_stdvec(&Packed { strings, entries: packed? })?)
}

/// Unpacks what [`pack`] packed.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Entry>, Unreadable> {
    let packed: PackedRef<'_> = postcard::from_bytes(bytes)?;
    let table = packed.strings.into_iter().map(Text::from).collect();
    Ok(from_table(table, || postcard::from_bytes(packed.entries))?)
}

#[derive(Deserialize)]
struct PackedRef<'a> {
    #[serde(borrow)]
    strings: Vec<&'a str>,
    entries: &'a [u8],
}
