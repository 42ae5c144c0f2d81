//! Ends a connection: the access is given back at the portal, and what it brought stays or goes.

use foldhash::{HashMap, HashSet};

use super::hold::{self, Hold};
use super::setting::Setting;
use super::{Error, schedule, sign_in, staging, trouble};
use crate::record::{Entry, Original, Record, Trouble};
use crate::store::pack::{Pack, Packer};
use crate::store::records::{self, Opened, Originals};
use crate::store::{Change, Error as StoreError, Sealed};

const TRIES_MAX: usize = 8;

/// What became of a connection that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// What it was called.
    pub name: String,
    /// Why the portal could not be told that the access has ended.
    pub not_revoked: Option<String>,
    /// How many entries went with it.
    pub entries: usize,
}

/// Removes a connection. With `with_entries` everything that it brought goes too, originals and all.
pub fn remove(setting: &Setting, id: &str, with_entries: bool) -> Result<Removed, Error> {
    let held = Hold::take(setting, id)?;
    let connection = held.connection();
    let given_back = setting
        .client(&connection.base)
        .and_then(|client| sign_in::give_back(setting, &client, &connection));
    // The connection goes first: after a crash nothing is fetched again into what was to go.
    let version = setting.rows.read_one(&hold::row(id))?.map(|body| body.version);
    if let Some(version) = version {
        setting.rows.write(&[Change::Delete { key: hold::row(id), version }])?;
    }
    schedule::forget(setting, id)?;
    staging::clear_all(&setting.rows, id)?;
    let entries = match with_entries {
        true => drop_entries(&setting.rows, id)?,
        false => {
            let (at, why) = (setting.now(), "it is no longer connected".into());
            trouble::note(setting, id, &connection.name, Trouble { at, why, needs_sign_in: true })?;
            0
        }
    };
    let not_revoked = given_back.err().map(|error| error.to_string());
    Ok(Removed { name: connection.name, not_revoked, entries })
}

/// Drops a source with its entries and their originals; how many entries went.
fn drop_entries(rows: &Sealed, id: &str) -> Result<usize, Error> {
    for _ in 0..TRIES_MAX {
        let opened = records::open(rows)?;
        let Some(place) = opened.record.sources.iter().position(|source| source.id == id) else {
            return Ok(0);
        };
        let place = place as u16;
        let count = opened.record.entries.iter().filter(|entry| entry.source == place).count();
        let Repacked { entries, packs, drop_packs } = repack(rows, &opened, place)?;
        let change =
            records::Change { entries, packs, drop_packs, drop_source: Some(place), ..Default::default() };
        match records::save(rows, opened.with(change)) {
            Err(StoreError::Conflict) => {}
            saved => return Ok(saved.map(|_| count)?),
        }
    }
    Err(crate::ingest::Error::Contended.into())
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
    let staying: HashSet<[u8; 16]> =
        record.entries.iter().filter(|entry| entry.source != place).map(|entry| entry.original.hash).collect();
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
    let stays = record.entries.iter().filter(|entry| entry.source != place && touched.contains(&entry.original.pack));
    let entries = stays.filter_map(|entry| {
        let original = *places.get(&entry.original.hash)?;
        Some(Entry { original, ..entry.clone() })
    });
    let mut drop_packs: Vec<u32> = touched.into_iter().collect();
    drop_packs.sort_unstable();
    Ok(Repacked { entries: entries.collect(), packs: packer.finish()?, drop_packs })
}
