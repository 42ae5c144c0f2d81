//! What a fetch under way has brought, in sealed rows, until it is whole: so a fetch that was cut off goes on
//! where it stopped, and an import reads it as often as it must.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::sources::smart::fetch::Kept;
use crate::store::{Change, Error, Kind, RowKey, Sealed};

/// The format of a row: its first byte. A row of another number is of a fetch that is begun again.
const FORMAT: u8 = 2;
/// Faster than small: a page is read again within minutes, and then goes.
const COMPRESSION_LEVEL: i32 = -4;
/// Removed rows are overwritten, which others wait for.
const REMOVE_ROWS_MAX: usize = 8;

/// The rows of one fetch.
pub struct Staging<'a> {
    rows: &'a Sealed,
    prefix: String,
    next: AtomicU64,
}

impl<'a> Staging<'a> {
    /// The rows of this fetch of a connection. Only whoever holds the connection opens them.
    pub fn open(rows: &'a Sealed, connection: &str, fetch: u64) -> Result<Staging<'a>, Error> {
        let staging = Staging { rows, prefix: format!("{connection}.{fetch}."), next: AtomicU64::new(0) };
        let numbers =
            staging.keys()?.into_iter().filter_map(|(key, _)| key.id.rsplit('.').next()?.parse().ok());
        let next = numbers.max().map_or(0, |last: u64| last + 1);
        staging.next.store(next, Ordering::SeqCst);
        Ok(staging)
    }

    /// Keeps these in one row: when this returns, they are on the disk.
    pub fn keep(&self, kept: &[Kept]) -> Result<(), Error> {
        let bytes: usize = kept.iter().map(Kept::size).sum();
        let plain =
            postcard::to_extend(kept, Vec::with_capacity(bytes)).map_err(Error::failed("writing a page"))?;
        let packed =
            zstd::bulk::compress(&plain, COMPRESSION_LEVEL).map_err(Error::failed("packing a page"))?;
        let length = u32::try_from(plain.len()).map_err(|_| Error::TooLarge(plain.len()))?;
        let body = [&[FORMAT], length.to_le_bytes().as_slice(), &packed].concat();
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let key = RowKey::new(Kind::Page, format!("{}{number:08}", self.prefix));
        self.rows.write(&[Change::put(key, None, body)])
    }

    /// What was kept, in its order, row by row.
    pub fn read(&self) -> Result<impl Iterator<Item = Result<Vec<Kept>, Error>>, Error> {
        let keys = self.keys()?;
        Ok(keys.into_iter().filter_map(|(key, _)| match self.rows.read_one(&key) {
            Ok(body) => body.map(|body| decode(&body.bytes)),
            Err(error) => Some(Err(error)),
        }))
    }

    /// Removes all of it.
    pub fn clear(&self) -> Result<(), Error> {
        clear(self.rows, &self.prefix)
    }

    fn keys(&self) -> Result<Vec<(RowKey, u64)>, Error> {
        keys(self.rows, &self.prefix)
    }
}

/// Removes what every fetch of a connection has left.
pub fn clear_all(rows: &Sealed, connection: &str) -> Result<(), Error> {
    clear(rows, &format!("{connection}."))
}

fn clear(rows: &Sealed, prefix: &str) -> Result<(), Error> {
    let removed: Vec<Change> =
        keys(rows, prefix)?.into_iter().map(|(key, version)| Change::Delete { key, version }).collect();
    removed.chunks(REMOVE_ROWS_MAX).try_for_each(|share| rows.write(share))
}

fn keys(rows: &Sealed, prefix: &str) -> Result<Vec<(RowKey, u64)>, Error> {
    let all = rows.list(Kind::Page)?.into_iter().filter(|(id, _)| id.starts_with(prefix));
    Ok(all.map(|(id, version)| (RowKey::new(Kind::Page, id), version)).collect())
}

fn decode(body: &[u8]) -> Result<Vec<Kept>, Error> {
    let damaged = || Error::Damaged(Kind::Page);
    let rest = body.strip_prefix(&[FORMAT]).ok_or_else(damaged)?;
    let (length, packed) = rest.split_first_chunk().ok_or_else(damaged)?;
    let plain =
        zstd::bulk::decompress(packed, u32::from_le_bytes(*length) as usize).map_err(|_| damaged())?;
    postcard::from_bytes(&plain).map_err(|_| damaged())
}
