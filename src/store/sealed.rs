//! One owner's rows, sealed on the way in and opened on the way out.

use std::sync::Arc;

use jiff::Timestamp;

use super::engine::{Row, Write};
use super::error::Error;
use super::key::{Kind, OwnerId, RowKey};
use super::owner_key::OwnerKey;
use super::seal::{self, Packing, Place};
use super::vault::Shared;

/// An owner's store. Cheap to clone; the data key is zeroed with the last clone.
#[derive(Clone)]
pub struct Sealed {
    pub(super) shared: Arc<Shared>,
    owner: OwnerId,
    key: Arc<OwnerKey>,
}

/// An opened row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// For the next write.
    pub version: u64,
    /// What was sealed.
    pub bytes: Vec<u8>,
    /// When it comes due, for work.
    pub due_at: Option<Timestamp>,
}

/// One part of a batch, in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Writes a row that must not exist (`None`), or must have this version.
    Put {
        /// Where. The id is seen in clear: it must say nothing about anyone.
        key: RowKey,
        /// The version it must have now.
        expected: Option<u64>,
        /// What to seal.
        body: Vec<u8>,
        /// When it comes due, for work. Seen in clear.
        due_at: Option<Timestamp>,
        /// Whether to compress it first.
        packing: Packing,
    },
    /// Removes a row that must have this version.
    Delete {
        /// Where.
        key: RowKey,
        /// The version it must have now.
        version: u64,
    },
    /// Changes nothing, but the whole batch fails unless the row has this version.
    Expect {
        /// Where.
        key: RowKey,
        /// The version it must have now.
        version: u64,
    },
}

impl Change {
    /// Writes a row, not compressed and never due.
    pub fn put(key: RowKey, expected: Option<u64>, body: Vec<u8>) -> Self {
        Self::Put { key, expected, body, due_at: None, packing: Packing::Plain }
    }

    /// The same, to come due then.
    #[must_use]
    pub fn due(mut self, at: Timestamp) -> Self {
        if let Self::Put { due_at, .. } = &mut self {
            *due_at = Some(at);
        }
        self
    }
}

impl Sealed {
    pub(super) fn new(shared: Arc<Shared>, owner: OwnerId, key: OwnerKey) -> Self {
        Self { shared, owner, key: Arc::new(key) }
    }

    /// Whose it is.
    pub fn owner(&self) -> &OwnerId {
        &self.owner
    }

    /// The rows of these keys, in their order and as of one moment.
    pub fn read(&self, keys: &[RowKey]) -> Result<Vec<Option<Body>>, Error> {
        let rows = self.shared.engine.get(&self.owner, keys)?;
        let opened = rows.into_iter().zip(keys).map(|(row, key)| {
            let Some(row) = row else { return Ok(None) };
            let bytes = self.open(key, &row)?;
            Ok(Some(Body { version: row.version, bytes, due_at: row.due_at }))
        });
        opened.collect()
    }

    /// One row.
    pub fn read_one(&self, key: &RowKey) -> Result<Option<Body>, Error> {
        Ok(self.read(std::slice::from_ref(key))?.pop().flatten())
    }

    /// The ids and versions of the rows of one kind.
    pub fn list(&self, kind: Kind) -> Result<Vec<(String, u64)>, Error> {
        self.shared.engine.list(&self.owner, kind)
    }

    /// Writes the batch: all of it, or `Conflict` and nothing; `NoPerson` if the owner was forgotten.
    pub fn write(&self, changes: &[Change]) -> Result<(), Error> {
        let sealed: Result<Vec<_>, _> = changes.iter().map(|change| self.seal_change(change)).collect();
        self.write_sealed(sealed?)
    }

    /// Writes rows that are sealed already, if the owner is still here.
    pub(super) fn write_sealed(&self, mut batch: Vec<Write>) -> Result<(), Error> {
        batch.insert(0, Write::Expect { key: self.presence(), version: 1 });
        match self.shared.engine.write(&self.owner, &batch) {
            Err(Error::Conflict) if self.is_forgotten()? => Err(Error::NoPerson),
            written => written,
        }
    }

    pub(super) fn presence(&self) -> RowKey {
        self.key.presence()
    }

    pub(super) fn seal(
        &self,
        key: &RowKey,
        version: u64,
        body: &[u8],
        packing: Packing,
    ) -> Result<Vec<u8>, Error> {
        seal::seal(&self.key.bytes, self.place(key, version), body, packing, &self.shared.random)
    }

    /// What is sealed in a row of this place.
    pub fn open(&self, key: &RowKey, row: &Row) -> Result<Vec<u8>, Error> {
        seal::open(&self.key.bytes, self.place(key, row.version), &row.body)
    }

    fn place<'a>(&'a self, key: &'a RowKey, version: u64) -> Place<'a> {
        Place { owner: &self.owner, kind: key.kind, id: &key.id, version }
    }

    pub(super) fn is_forgotten(&self) -> Result<bool, Error> {
        let rows = self.shared.engine.get(&self.owner, &[self.presence()])?;
        Ok(rows.iter().all(Option::is_none))
    }

    fn seal_change(&self, change: &Change) -> Result<Write, Error> {
        Ok(match change.clone() {
            Change::Put { key, expected, body, due_at, packing } => {
                let body = self.seal(&key, expected.unwrap_or(0) + 1, &body, packing)?;
                Write::Put { key, expected, body, due_at }
            }
            Change::Delete { key, version } => Write::Delete { key, version },
            Change::Expect { key, version } => Write::Expect { key, version },
        })
    }
}
