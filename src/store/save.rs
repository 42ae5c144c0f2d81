//! One save of a record: new rows first, in short transactions, and the manifest last, in one.
//!
//! Until the manifest is written nobody sees the new rows; once it is, nobody needs the old ones. A save that
//! is given up or crashes leaves rows that no manifest names; a later save sweeps them when they are old.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::engine::Write;
use super::error::Error;
use super::key::{Kind, RowKey};
use super::manifest::{Manifest, Name, Piece};
use super::seal::Packing;
use super::sealed::Sealed;

/// A transaction of new rows closes at so many bytes or rows, so that other writers wait a few milliseconds.
const BATCH_BYTES_MAX: usize = 1 << 20;
const BATCH_ROWS_MAX: usize = 64;
/// Removal overwrites what it removes, and how much that is is not known of an orphan.
const SWEEP_ROWS_MAX: usize = 4;
/// Rows of a save that is still under way are not swept. Were one slower than this, its last step would fail
/// with `Conflict` and it would begin again: age is a courtesy, and no record depends on it.
const ORPHAN_AGE: SignedDuration = SignedDuration::from_hours(1);
/// The kinds that a manifest names.
const PIECE_KINDS: [Kind; 3] = [Kind::Segment, Kind::Original, Kind::Directory];

/// A save under way.
#[must_use = "nothing is saved without `commit`"]
pub struct Save {
    sealed: Sealed,
    base: Manifest,
    pieces: BTreeMap<Name, Piece>,
    batch: Vec<Write>,
    batch_bytes: usize,
    written: Vec<RowKey>,
}

impl Sealed {
    /// Begins a save that changes this manifest.
    pub fn save(&self, base: &Manifest) -> Save {
        Save {
            sealed: self.clone(),
            base: base.clone(),
            pieces: base.pieces.clone(),
            batch: Vec::new(),
            batch_bytes: 0,
            written: Vec::new(),
        }
    }
}

impl Save {
    /// Whether the record, as it will be saved, has this piece.
    pub fn has(&self, name: &Name) -> bool {
        self.pieces.contains_key(name)
    }

    /// Adds a piece, or replaces the one of this name.
    pub fn put(&mut self, name: Name, body: &[u8], packing: Packing) -> Result<(), Error> {
        assert!(PIECE_KINDS.contains(&name.kind), "a kind that is not swept would stay for ever");
        let now_ms = self.sealed.shared.clock.now().as_millisecond();
        // The time comes first, for the sweep; the rest makes it the only one.
        let id = format!("{now_ms:012x}{}", self.sealed.shared.random.hex(12));
        let key = RowKey::new(name.kind, id.as_str());
        let body = self.sealed.seal(&key, 1, body, packing)?;
        self.batch_bytes += body.len();
        self.pieces.insert(name, Piece::new(id, &body));
        self.written.push(key.clone());
        self.batch.push(Write::Put { key, expected: None, body, due_at: None });
        if self.batch_bytes >= BATCH_BYTES_MAX || self.batch.len() >= BATCH_ROWS_MAX {
            self.flush()?;
        }
        Ok(())
    }

    /// Drops a piece.
    pub fn remove(&mut self, name: &Name) {
        self.pieces.remove(name);
    }

    /// Makes it the record, or `Conflict` if another save was first: read again and apply the change again.
    pub fn commit(mut self) -> Result<Manifest, Error> {
        self.flush()?;
        let (key, expected) = (Manifest::row(), self.base.version);
        let body = Manifest::encode(&self.pieces)?;
        let body = self.sealed.seal(&key, expected + 1, &body, Packing::Compressed)?;
        // The new rows must still be there, whatever has been swept since they were written.
        let live: BTreeSet<_> = self.pieces.iter().map(|(name, piece)| piece.key(name.kind)).collect();
        let written = self.written.iter().filter(|key| live.contains(key)).cloned();
        let mut flip: Vec<_> = written.map(|key| Write::Expect { key, version: 1 }).collect();
        flip.push(Write::Put { key, expected: Some(expected), body, due_at: None });
        self.sealed.write_sealed(flip)?;
        // It is saved. What follows is tidying, and the next save does it again.
        if let Err(error) = self.sweep(&live, expected + 1) {
            tracing::warn!(%error, "rows that no record names were not removed");
        }
        Ok(Manifest { version: expected + 1, pieces: self.pieces })
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.batch_bytes = 0;
        match std::mem::take(&mut self.batch) {
            batch if batch.is_empty() => Ok(()),
            batch => self.sealed.write_sealed(batch),
        }
    }

    /// Removes the rows that this save has replaced, and old ones that no save came to name.
    fn sweep(&self, live: &BTreeSet<RowKey>, saved: u64) -> Result<(), Error> {
        let replaced: BTreeSet<_> = self.base.pieces().map(|(name, piece)| piece.key(name.kind)).collect();
        let own: BTreeSet<_> = self.written.iter().collect();
        let oldest = (self.sealed.shared.clock.now() - ORPHAN_AGE).as_millisecond();
        let oldest = format!("{:012x}", oldest.max(0));
        let mut doomed = Vec::new();
        for kind in PIECE_KINDS {
            for (id, version) in self.sealed.list(kind)? {
                let key = RowKey { kind, id };
                let is_old = key.id.get(..12).is_some_and(|made| made < oldest.as_str());
                let is_done = is_old || replaced.contains(&key) || own.contains(&key);
                if is_done && !live.contains(&key) {
                    doomed.push(Write::Delete { key, version });
                }
            }
        }
        for batch in doomed.chunks(SWEEP_ROWS_MAX) {
            // Once another save has moved on, what is live is not for this one to say, whatever the clocks.
            let mut batch = batch.to_vec();
            batch.push(Write::Expect { key: Manifest::row(), version: saved });
            match self.sealed.write_sealed(batch) {
                Ok(()) => {}
                Err(Error::Conflict) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
