//! Keeps of an import's packs only what is stored: originals of other people never are.

use super::Error;
use super::gather::{Hash, Hashes, Originals, Places};
use crate::store::pack::{Opened, Pack, Packer};
use crate::store::{Error as StoreError, Kind};

/// Originals and their packs, perhaps packed anew.
#[derive(Debug)]
pub struct Kept {
    /// Where each is.
    pub places: Places,
    /// The packs, by number.
    pub packs: Vec<Pack>,
}

/// Only the wanted originals. Where all are wanted, the packs stay as they are.
pub fn only(originals: Originals, wanted: &Hashes) -> Result<Kept, Error> {
    if originals.places.keys().all(|hash| wanted.contains(hash)) {
        let Originals { places, packs } = originals;
        return Ok(Kept { places, packs });
    }
    let mut kept: Vec<(u32, u32, Hash)> = originals
        .places
        .iter()
        .filter(|(hash, _)| wanted.contains(*hash))
        .map(|(hash, &(pack, index))| (pack, index, *hash))
        .collect();
    kept.sort_unstable();
    let mut packer = Packer::default();
    let mut places = Places::with_capacity_and_hasher(kept.len(), Default::default());
    let lost = || StoreError::Damaged(Kind::Original);
    for share in kept.chunk_by(|one, other| one.0 == other.0) {
        let body = originals.packs.get(share[0].0 as usize).ok_or_else(lost)?;
        let opened = Opened::read(&body.body)?.ok_or_else(lost)?;
        for &(_, index, hash) in share {
            places.insert(hash, packer.add(opened.get(index).ok_or_else(lost)?)?);
        }
    }
    Ok(Kept { places, packs: packer.finish()? })
}
