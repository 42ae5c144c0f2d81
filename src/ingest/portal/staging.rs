//! What a fetch under way has brought, in sealed rows, until it is whole: so a fetch that was cut off goes on
//! where it stopped, and an import reads it as often as it must.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use zstd::bulk::Compressor;

use crate::record::Queried;
use crate::sources::smart::fetch::{Kept, Mark, Page};
use crate::store::{Change, Error, Kind, RowKey, Sealed};

/// The format of a row: its first byte. A row of another number is of a fetch that is begun again.
const FORMAT: u8 = 3;
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
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let key = RowKey::new(Kind::Page, format!("{}{number:08}", self.prefix));
        self.rows.write(&[Change::put(key, None, encode(kept)?)])
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

/// What stands at the head of a row for each thing that was kept; the pages' resources follow it, each packed by
/// itself, so that none of them is copied.
#[derive(Serialize, Deserialize)]
enum Head {
    Page { mark: Mark, plain: u32, packed: u32 },
    Ended(Queried),
}

fn encode(kept: &[Kept]) -> Result<Vec<u8>, Error> {
    let mut compressor = Compressor::new(COMPRESSION_LEVEL).map_err(Error::failed("packing a page"))?;
    let mut heads = Vec::with_capacity(kept.len());
    let mut pages = Vec::new();
    for kept in kept {
        heads.push(match kept {
            Kept::Page(page) => {
                let packed = compressor.compress(&page.packed).map_err(Error::failed("packing a page"))?;
                let head = Head::Page {
                    mark: page.mark.clone(),
                    plain: length(&page.packed)?,
                    packed: length(&packed)?,
                };
                pages.push(packed);
                head
            }
            Kept::Ended(query) => Head::Ended(query.clone()),
        });
    }
    let heads = postcard::to_stdvec(&heads).map_err(Error::failed("writing a page"))?;
    let length = length(&heads)?.to_le_bytes();
    Ok([&[FORMAT][..], &length, &heads, &pages.concat()].concat())
}

fn length(bytes: &[u8]) -> Result<u32, Error> {
    u32::try_from(bytes.len()).map_err(|_| Error::TooLarge(bytes.len()))
}

fn decode(body: &[u8]) -> Result<Vec<Kept>, Error> {
    let damaged = || Error::Damaged(Kind::Page);
    let rest = body.strip_prefix(&[FORMAT]).ok_or_else(damaged)?;
    let (length, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
    let (heads, mut pages) =
        rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(damaged)?;
    let heads: Vec<Head> = postcard::from_bytes(heads).map_err(|_| damaged())?;
    let kept = heads.into_iter().map(|head| match head {
        Head::Page { mark, plain, packed } => {
            let (page, rest) = pages.split_at_checked(packed as usize).ok_or_else(damaged)?;
            pages = rest;
            let packed = zstd::bulk::decompress(page, plain as usize).map_err(|_| damaged())?;
            Ok(Kept::Page(Page { mark, packed }))
        }
        Head::Ended(query) => Ok(Kept::Ended(query)),
    });
    kept.collect()
}
