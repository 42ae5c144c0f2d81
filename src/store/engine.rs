//! What every storage engine promises: opaque rows by owner, written all or nothing by expected version.

use jiff::Timestamp;

use super::error::Error;
use super::key::{Kind, OwnerId, RowKey};

/// A row as an engine gives it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// 1 when it was first written, one more with every write.
    pub version: u64,
    /// Sealed bytes.
    pub body: Vec<u8>,
    /// When it comes due, for work.
    pub due_at: Option<Timestamp>,
}

/// One part of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Writes a row that must not exist (`None`; it gets version 1) or must have this version (it gets the
    /// next). Ends any claim on it.
    Put {
        /// Where.
        key: RowKey,
        /// The version it must have now.
        expected: Option<u64>,
        /// Sealed bytes.
        body: Vec<u8>,
        /// When it comes due.
        due_at: Option<Timestamp>,
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

/// Work that this worker alone may do until `expires_at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose work it is.
    pub owner: OwnerId,
    /// Which row.
    pub key: RowKey,
    /// The row as it was claimed.
    pub row: Row,
    /// When the engine gives it to someone else, on the engine's clock.
    pub expires_at: Timestamp,
    /// Higher with every claim of this row. A worker with a lower one has been replaced.
    pub fence: u64,
}

/// How claimed work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It is done, and the row goes.
    Remove,
    /// It is done; the row stays and is no longer due.
    Keep,
    /// It comes due again then.
    DueAt(Timestamp),
}

/// Where rows are kept. Calls block; an engine is shared between threads.
///
/// `contract.rs` holds the stories that every engine must live up to.
pub trait Engine: Send + Sync {
    /// Whether a few rows are read faster than another thread could be asked to: no network lies between.
    fn is_near(&self) -> bool;

    /// The rows of these keys, in their order, as of one moment. A key without a row gives `None`.
    fn get(&self, owner: &OwnerId, keys: &[RowKey]) -> Result<Vec<Option<Row>>, Error>;

    /// The version of a row, and another row, as of one moment; `None` where the first is missing. One look, without the
    /// bytes of the first.
    fn get_beside(
        &self,
        owner: &OwnerId,
        of: &RowKey,
        key: &RowKey,
    ) -> Result<Option<(u64, Option<Row>)>, Error>;

    /// The ids and versions of an owner's rows of one kind, by id, without their bodies.
    fn list(&self, owner: &OwnerId, kind: Kind) -> Result<Vec<(String, u64)>, Error>;

    /// Applies the batch in its order: all of it, or `Conflict` and nothing.
    ///
    /// A batch is one transaction, and other writers wait for it: a caller with many megabytes splits them.
    fn write(&self, owner: &OwnerId, batch: &[Write]) -> Result<(), Error>;

    /// Removes every row of an owner and every trace an engine keeps of removed rows. May be called again
    /// after a failure. Not one transaction, so that other writers need not wait.
    fn forget(&self, owner: &OwnerId) -> Result<(), Error>;

    /// Claims work of one kind, of any owner, that has come due and that nobody holds: the longest due first.
    fn due(&self, kind: Kind, lease_ms: u32, limit: u32) -> Result<Vec<Claim>, Error>;

    /// Ends a claim, or `Fenced` if somebody else has claimed, written or removed the row since.
    fn settle(&self, claim: &Claim, settlement: Settlement) -> Result<(), Error>;

    /// Everyone who has a row, by id.
    fn owners(&self) -> Result<Vec<OwnerId>, Error>;
}
