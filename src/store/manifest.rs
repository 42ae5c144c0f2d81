//! A person's manifest: the one sealed list that says which rows make up the record, so that a reader sees
//! one whole record and notices a row that was swapped, replayed, lost or changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::engine::Row;
use super::error::Error;
use super::key::{Kind, RowKey};
use super::seal::Packing;
use super::sealed::Sealed;
use super::vault::TRIES_MAX;

/// The layout of a manifest: its first byte, inside the seal.
const FORMAT: u8 = 1;

/// A piece of a record, by the name that its writer chose. The name is sealed; the row's id is random.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// What it is: a segment, an original, or a part of the directory.
    pub kind: Kind,
    /// Which one.
    pub name: String,
}

impl Name {
    /// The name of a piece.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

/// The row that holds a piece. Rows are never changed: a piece that changes gets another row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The row's id.
    pub(super) row: String,
    /// The row's version.
    pub(super) version: u64,
    /// SHA-256 of the sealed body.
    hash: [u8; 32],
    /// Bytes of the sealed body.
    pub bytes: u64,
}

/// Which rows make up a record, as of one save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// One more with every save.
    pub version: u64,
    pub(super) pieces: BTreeMap<Name, Piece>,
}

/// A record as of one save: the manifest and the pieces that were asked for, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The manifest.
    pub manifest: Manifest,
    /// The opened pieces.
    pub pieces: Vec<(Name, Vec<u8>)>,
}

impl Manifest {
    /// Every piece, by name.
    pub fn pieces(&self) -> impl Iterator<Item = (&Name, &Piece)> {
        self.pieces.iter()
    }

    /// Whether the record has this piece.
    pub fn has(&self, name: &Name) -> bool {
        self.pieces.contains_key(name)
    }

    pub(super) fn row() -> RowKey {
        RowKey::new(Kind::Manifest, "manifest")
    }

    pub(super) fn encode(pieces: &BTreeMap<Name, Piece>) -> Result<Vec<u8>, Error> {
        let rows: Vec<_> =
            pieces.iter().map(|(name, piece)| (name.kind.word(), name.name.as_str(), piece)).collect();
        let rows = postcard::to_stdvec(&rows).map_err(Error::failed("writing the manifest"))?;
        Ok([&[FORMAT], rows.as_slice()].concat())
    }

    fn decode(version: u64, bytes: &[u8]) -> Result<Self, Error> {
        let (format, rows) = bytes.split_first().ok_or(Error::Damaged(Kind::Manifest))?;
        if *format > FORMAT {
            let (found, known) = ((*format).into(), FORMAT.into());
            return Err(Error::Newer { what: "this record", found, known });
        }
        let rows: Vec<(String, String, Piece)> =
            postcard::from_bytes(rows).map_err(Error::failed("reading the manifest"))?;
        let pieces = rows.into_iter().map(|(kind, name, piece)| {
            let kind = Kind::parse(&kind).ok_or(Error::Damaged(Kind::Manifest))?;
            Ok((Name::new(kind, name), piece))
        });
        Ok(Self { version, pieces: pieces.collect::<Result<_, Error>>()? })
    }
}

impl Piece {
    pub(super) fn new(row: String, sealed: &[u8]) -> Self {
        Self { row, version: 1, hash: Sha256::digest(sealed).into(), bytes: sealed.len() as u64 }
    }

    pub(super) fn key(&self, kind: Kind) -> RowKey {
        RowKey::new(kind, self.row.as_str())
    }

    fn is(&self, row: &Row) -> bool {
        row.version == self.version && Sha256::digest(&row.body).as_slice() == self.hash
    }
}

impl Sealed {
    /// The manifest's version and nothing else: whether a cached record is still the present one.
    pub fn saved(&self) -> Result<u64, Error> {
        match self.list(Kind::Manifest)?.as_slice() {
            [(_, version)] => Ok(*version),
            _ => Err(self.lost_manifest()?),
        }
    }

    /// A row as it lies in the store, sealed, and the manifest's version as of the same moment, in one round trip.
    pub fn sealed_and_saved(&self, key: &RowKey) -> Result<(Option<Row>, u64), Error> {
        let found = self.shared.engine.get_beside(self.owner(), &Manifest::row(), key)?;
        let Some((saved, row)) = found else { return Err(self.lost_manifest()?) };
        Ok((row, saved))
    }

    /// The present manifest.
    pub fn manifest(&self) -> Result<Manifest, Error> {
        match self.read_one(&Manifest::row())? {
            Some(body) => Manifest::decode(body.version, &body.bytes),
            None => Err(self.lost_manifest()?),
        }
    }

    /// The present manifest and the pieces whose names are wanted, all of one save.
    pub fn load(&self, is_wanted: impl Fn(&Name) -> bool) -> Result<Loaded, Error> {
        let mut manifest = self.manifest()?;
        for _ in 0..TRIES_MAX {
            let wanted: Vec<_> = manifest.pieces().filter(|(name, _)| is_wanted(name)).collect();
            match self.open_pieces(&wanted) {
                Err(error @ Error::Damaged(_)) => {
                    // A save may have moved on and swept the rows; otherwise they are lost indeed.
                    let present = self.manifest()?;
                    if present.version == manifest.version {
                        return Err(error);
                    }
                    manifest = present;
                }
                opened => {
                    let names = wanted.into_iter().map(|(name, _)| name.clone());
                    let pieces = names.zip(opened?).collect();
                    return Ok(Loaded { manifest, pieces });
                }
            }
        }
        Err(Error::Conflict)
    }

    /// One piece, as of this manifest or, if a save has moved on, as of the present one. `None` if the record
    /// has no such piece.
    pub fn piece(&self, manifest: &Manifest, name: &Name) -> Result<Option<Vec<u8>>, Error> {
        let Some(piece) = manifest.pieces.get(name) else { return Ok(None) };
        match self.open_pieces(&[(name, piece)]) {
            Err(Error::Damaged(_)) => {
                let loaded = self.load(|other| other == name)?;
                Ok(loaded.pieces.into_iter().next().map(|(_, bytes)| bytes))
            }
            opened => Ok(opened?.pop()),
        }
    }

    pub(super) fn empty_manifest(&self) -> Result<(RowKey, Vec<u8>), Error> {
        let body = Manifest::encode(&BTreeMap::new())?;
        Ok((Manifest::row(), self.seal(&Manifest::row(), 1, &body, Packing::Compressed)?))
    }

    fn open_pieces(&self, pieces: &[(&Name, &Piece)]) -> Result<Vec<Vec<u8>>, Error> {
        let keys: Vec<_> = pieces.iter().map(|(name, piece)| piece.key(name.kind)).collect();
        let rows = self.shared.engine.get(self.owner(), &keys)?;
        let opened = rows.into_iter().zip(pieces).zip(&keys).map(|((row, (_, piece)), key)| {
            let row = row.filter(|row| piece.is(row)).ok_or(Error::Damaged(key.kind))?;
            self.open(key, &row)
        });
        opened.collect()
    }

    /// Every owner has a manifest from the first moment, so one that is missing was lost, or its owner was
    /// forgotten.
    fn lost_manifest(&self) -> Result<Error, Error> {
        Ok(if self.is_forgotten()? { Error::NoPerson } else { Error::Damaged(Kind::Manifest) })
    }
}

#[cfg(test)]
mod tests;
