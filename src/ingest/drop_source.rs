//! Takes a source out of a record: its entries go, and no original of theirs is left.

use foldhash::{HashMap, HashSet};

use super::Error;
use crate::record::{Entry, Original, Record};
use crate::store::pack::{Pack, Packer};
use crate::store::records::{self, Change, Opened, Originals};
use crate::store::{Error as StoreError, Sealed};

const TRIES_MAX: usize = 8;

/// Drops a source with its entries and their originals; how many entries went.
pub fn drop_source(rows: &Sealed, id: &str) -> Result<usize, Error> {
    for _ in 0..TRIES_MAX {
        let opened = records::open(rows)?;
        let Some(place) = opened.record.sources.iter().position(|source| source.id == id) else {
            return Ok(0);
        };
        let place = place as u16;
        let count = opened.record.entries.iter().filter(|entry| entry.source == place).count();
        let Repacked { entries, packs, drop_packs } = repack(rows, &opened, place)?;
        let change = Change { entries, packs, drop_packs, drop_source: Some(place), ..Default::default() };
        match records::save(rows, opened.with(change)) {
            Err(StoreError::Conflict) => {}
            saved => return Ok(saved.map(|_| count)?),
        }
    }
    Err(Error::Contended)
}

/// What changes among the entries that stay, so that no original of those that go is left.
struct Repacked {
    entries: Vec<Entry>,
    packs: Vec<Pack>,
    drop_packs: Vec<u32>,
}

/// Packs that hold originals of what goes are dropped; what of them stays is packed anew.
fn repack(rows: &Sealed, opened: &Opened, place: u16) -> Result<Repacked, Error> {
    let record: &Record = &opened.record;
    let staying: HashSet<[u8; 16]> = record
        .entries
        .iter()
        .filter(|entry| entry.source != place)
        .map(|entry| entry.original.hash)
        .collect();
    let going = record.entries.iter().filter(|entry| entry.source == place);
    let touched: HashSet<u32> = going.map(|entry| entry.original.pack).collect();
    let mut moved: Vec<Original> = record
        .entries
        .iter()
        .map(|entry| entry.original)
        .filter(|original| touched.contains(&original.pack) && staying.contains(&original.hash))
        .collect();
    moved.sort_unstable_by_key(|original| (original.pack, original.index));
    moved.dedup();
    let mut packer = Packer::default();
    let mut originals = Originals::new(rows)?;
    let mut places: HashMap<[u8; 16], Original> = HashMap::default();
    for original in moved {
        let (pack, index) = packer.add(&originals.read(&original)?)?;
        let pack = pack + opened.next_pack;
        places.insert(original.hash, Original { pack, index, ..original });
    }
    let stays =
        record.entries.iter().filter(|entry| entry.source != place && touched.contains(&entry.original.pack));
    let entries = stays.filter_map(|entry| {
        let original = *places.get(&entry.original.hash)?;
        Some(Entry { original, ..entry.clone() })
    });
    let mut drop_packs: Vec<u32> = touched.iter().copied().collect();
    drop_packs.sort_unstable();
    Ok(Repacked { entries: entries.collect(), packs: packer.finish()?, drop_packs })
}
