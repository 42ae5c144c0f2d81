//! Takes what a source reads, as it reads it, and holds it small: originals are hashed and packed on a
//! second thread, so that memory is bounded by the entries, not by the input.

use std::sync::mpsc::{Receiver as Queue, SyncSender, sync_channel};

use foldhash::{HashMap, HashSet};
use sha2::{Digest, Sha256};

use super::Error;
use crate::clock::hex;
use crate::knowledge::identity::key_of_content;
use crate::record::{Entry, Original, Record, Text};
use crate::sources::{Draft, LeftOut, Receiver, Subject};
use crate::store::pack::{Pack, Packer};

/// The first half of the SHA-256 of an original.
pub type Hash = [u8; 16];

/// Originals, each with what is known of it.
pub type ByHash<T> = HashMap<Hash, T>;
/// Where each original is: its pack, and its place there.
pub type Places = ByHash<(u32, u32)>;
/// Some originals.
pub type Hashes = HashSet<Hash>;

/// Drafts go to the second thread in batches: waking it for each of them would cost more than its work.
const BATCH_DRAFTS_MAX: usize = 64;
/// A batch closes earlier at so many bytes of originals, so that what waits stays small.
const BATCH_BYTES_MAX: usize = 1 << 20;
/// Entries that there is room for from the beginning: memory that is not used costs nothing, and a list that grows leaves
/// holes behind it where it stood before.
const FOUND_ROOM: usize = 1 << 16;
/// Batches that may wait for the second thread.
const WAITING_MAX: usize = 3;

/// An entry as it was read, its original already packed.
#[derive(Clone, Debug)]
pub struct Found {
    /// The entry; of its original only the hash is known.
    pub entry: Entry,
    /// Whom it is about.
    pub subject: Subject,
    /// The system that it came from, where the input says so.
    pub system: Option<Text>,
}

/// All that was read.
#[derive(Debug, Default)]
pub struct Gathered {
    /// What was found, in the order of the input.
    pub found: Vec<Found>,
    /// What did not become an entry.
    pub left_out: Vec<LeftOut>,
    /// The originals.
    pub originals: Originals,
}

/// Originals of one import, packed.
#[derive(Debug, Default)]
pub struct Originals {
    /// Where each is.
    pub places: Places,
    /// The packs, by number.
    pub packs: Vec<Pack>,
}

/// What the record has already.
#[derive(Debug, Default)]
pub struct Known {
    originals: Hashes,
    /// Keys of what came without an id: earlier versions made them from the bytes, not from the content.
    without_id: HashSet<Text>,
}

impl Known {
    /// What this record has.
    pub fn of(record: &Record) -> Known {
        let keys = record.entries.iter().map(|entry| &entry.key);
        Known {
            originals: record.entries.iter().map(|entry| entry.original.hash).collect(),
            without_id: keys.filter(|key| key.starts_with("without-id/")).cloned().collect(),
        }
    }
}

/// Runs `read` and gathers what it hands over. Originals in `known` are in the record already and are
/// not packed again.
pub fn gather<T>(
    known: &Known,
    progress: &mut dyn FnMut(u64),
    most: Option<usize>,
    read: impl FnOnce(&mut dyn Receiver) -> T,
) -> Result<(T, Gathered), Error> {
    std::thread::scope(|scope| {
        let (drafts, queue) = sync_channel(WAITING_MAX);
        let worker = scope.spawn(move || pack_all(&queue, known));
        let room = most.unwrap_or(usize::MAX);
        let (batch, left_out) = (Vec::new(), Vec::new());
        let mut hand = Hand { drafts, batch, batch_bytes: 0, left_out, progress, room, is_over: false };
        let read = read(&mut hand);
        hand.send();
        let Hand { drafts, left_out, is_over, .. } = hand;
        drop(drafts);
        // A panic over there is a fault of ours and goes on as one.
        let packed = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let (found, originals) = packed?;
        if let Some(most) = most.filter(|_| is_over) {
            return Err(Error::TooManyEntries(most));
        }
        Ok((read, Gathered { found, left_out, originals }))
    })
}

/// The reading thread's end.
struct Hand<'a> {
    drafts: SyncSender<Vec<Draft>>,
    batch: Vec<Draft>,
    batch_bytes: usize,
    left_out: Vec<LeftOut>,
    progress: &'a mut dyn FnMut(u64),
    /// How much more is held: of more than that nothing is taken in the end.
    room: usize,
    is_over: bool,
}

impl Hand<'_> {
    fn send(&mut self) {
        self.batch_bytes = 0;
        // The other end closes early only when packing failed, which `gather` then returns.
        let _ = self.drafts.send(std::mem::take(&mut self.batch));
    }

    fn has_room(&mut self) -> bool {
        self.is_over = self.is_over || self.room == 0;
        self.room = self.room.saturating_sub(1);
        !self.is_over
    }
}

impl Receiver for Hand<'_> {
    fn draft(&mut self, draft: Draft) {
        if !self.has_room() {
            return;
        }
        self.batch_bytes += draft.original.len();
        self.batch.push(draft);
        if self.batch.len() >= BATCH_DRAFTS_MAX || self.batch_bytes >= BATCH_BYTES_MAX {
            self.send();
        }
    }

    fn left_out(&mut self, left_out: LeftOut) {
        if self.has_room() {
            self.left_out.push(left_out);
        }
    }

    fn progress(&mut self, bytes: u64) {
        (self.progress)(bytes);
    }
}

fn pack_all(queue: &Queue<Vec<Draft>>, known: &Known) -> Result<(Vec<Found>, Originals), Error> {
    let mut packer = Packer::default();
    let mut places = Places::default();
    let mut found = Vec::with_capacity(FOUND_ROOM);
    for Draft { mut entry, subject, original, content, system } in queue.iter().flatten() {
        let hash = hash(&original);
        entry.original = Original { hash, ..Original::default() };
        if entry.key.is_empty() || entry.key.starts_with('#') {
            // Sent without an id: its content is its identity, so that it is the same when it comes again.
            let by_bytes = without_id(&hash, &entry.key);
            let is_known = known.without_id.contains(&by_bytes);
            entry.key = if is_known { by_bytes } else { without_id(&content, &entry.key) };
        }
        entry.keys = vec![key_of_content(&entry, &content)];
        if !known.originals.contains(&hash) && !places.contains_key(&hash) {
            places.insert(hash, packer.add(&original)?);
        }
        found.push(Found { entry, subject, system });
    }
    Ok((found, Originals { places, packs: packer.finish()? }))
}

fn without_id(hash: &Hash, part: &str) -> Text {
    format!("without-id/{}{part}", hex(hash)).into()
}

/// The hash by which originals are told apart.
pub fn hash(bytes: &[u8]) -> Hash {
    let digest = Sha256::digest(bytes);
    let mut half = Hash::default();
    half.copy_from_slice(&digest[..16]);
    half
}
