//! Compares an input with a record: what is new, what changed, what stays as it is.

use std::collections::VecDeque;

use foldhash::{HashMap, HashSet};

use super::counts::{Counts, Outcome};
use super::gather::{ByHash, Hash, Places};
use super::keyed::IdKey;
use super::origin::Taken;
use super::versions::{self, Versions, key_without_version};
use super::{FromPortal, gone, linked, mark, sources};
use crate::knowledge::identity::content_of;
use crate::record::{Entry, EntryId, Kind, Lifecycle, Original, Record, Source, Text};
use crate::sources::LeftOut;
use crate::store::parallel;

/// What an import would do to a record.
#[derive(Debug, Default)]
pub struct Plan {
    /// Entries that are new or take the place of the one with the same id.
    pub entries: Vec<Entry>,
    /// Entries of the record that an earlier version has read, with their sensitive passages marked now.
    pub marked: Vec<Entry>,
    /// All sources, as they will be.
    pub sources: Vec<Source>,
    /// Which sources the import speaks of.
    pub touched: Vec<usize>,
    /// What became of each resource.
    pub counts: Counts,
    /// What is to be told about versions.
    pub notices: Vec<LeftOut>,
    /// Whether the input is what stands at its source now, as from a portal, and not an export of some day.
    is_present: bool,
}

/// Compares what was taken with a record. Nothing in it depends on the order of the input.
pub fn compare(record: &Record, taken: Taken, key: &IdKey, at: i64, portal: Option<&FromPortal>) -> Plan {
    let mut plan = Plan { sources: record.sources.clone(), is_present: portal.is_some(), ..Plan::default() };
    let places = match portal {
        None => sources::place(&taken.origins, record, &mut plan.sources, key),
        Some(portal) => sources::place_portal(&taken.origins, portal, &mut plan.sources, key),
    };
    let mut found: Vec<Entry> = taken.entries;
    for entry in &mut found {
        entry.source = places[usize::from(entry.source)] as u16;
        entry.added_at = at;
    }
    plan.touched = places;
    plan.touched.sort_unstable();
    plan.touched.dedup();
    let held = Held::of(record);
    let gone = portal.map(|portal| gone::of(record, &found, &plan.touched, &portal.fetched));
    let mut ids = Ids::of(record, key);
    wish(&mut found, &plan.sources, key);
    sort(&mut found);
    // What comes of an entry goes to the end of the line that it was taken from: a second line would be as much memory
    // again.
    found.shrink_to_fit();
    let mut left = found.len();
    let mut line = VecDeque::from(found);
    while let Some(first) = (left > 0).then(|| line.pop_front()).flatten() {
        let is_same = |next: &Entry| (next.source, &next.key) == (first.source, &first.key);
        let same = line.iter().take(left - 1).take_while(|next| is_same(next)).count();
        left -= 1 + same;
        let others: Vec<Entry> = line.drain(..same).collect();
        let standing = held.standing(first.source.into(), &first.key);
        let versions = versions::sort(first, others, standing);
        plan.add(versions, &held, &mut ids);
        line.extend(plan.entries.drain(..));
    }
    plan.entries = line.into();
    for entry in gone.into_iter().flatten() {
        plan.counts.add(entry.kind(), Outcome::Gone);
        plan.entries.push(entry);
    }
    linked::complete(record, &mut plan.entries);
    mark::mark(&mut plan.entries, record);
    plan.marked = mark::unmarked(record, &plan.entries);
    plan
}

/// Gives every entry the id that its key stands for. Another may have it already.
fn wish(entries: &mut [Entry], sources: &[Source], key: &IdKey) {
    let shares: Vec<&[Entry]> = entries.chunks(1024).collect();
    let id = |entry: &Entry| key.entry(entry.kind(), &sources[usize::from(entry.source)].id, &entry.key);
    let ids = parallel::map(&shares, |share| share.iter().map(id).collect::<Vec<EntryId>>());
    entries.iter_mut().zip(ids.into_iter().flatten()).for_each(|(entry, id)| entry.id = id);
}

/// Puts entries in an order that is not the order of the input: by the number that their key stands for,
/// which is compared faster, and by the key where two stand for one number.
fn sort(entries: &mut [Entry]) {
    let number = |entry: &Entry| (entry.source, entry.id.number());
    entries.sort_by_cached_key(number);
    for run in entries.chunk_by_mut(|one, other| number(one) == number(other)).filter(|run| run.len() > 1) {
        run.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    }
}

impl Plan {
    fn add(&mut self, versions: Versions, held: &Held, ids: &mut Ids) {
        let Versions { standing, replaced, unclear, repeated } = versions;
        if let Some(entry) = &standing {
            (0..repeated).for_each(|_| self.counts.add(entry.kind(), Outcome::Unchanged));
        }
        self.notices.extend(unclear.iter().map(|entry| notice(entry, UNCLEAR)));
        // Their keys are new, and so are the ids that they wish for.
        let unclear =
            unclear.into_iter().map(|entry| Entry { id: ids.wished(&entry, &self.sources), ..entry });
        let unclear: Vec<Entry> = unclear.collect();
        for entry in standing.into_iter().chain(unclear) {
            let (kind, full) = (entry.kind(), Full::of(&entry));
            match self.add_standing(entry, held, ids) {
                Some(outcome) => self.counts.add(kind, outcome),
                None => self.notices.push(full.notice()),
            }
        }
        for entry in replaced {
            let (kind, full) = (entry.kind(), Full::of(&entry));
            if held.has(&entry) {
                self.counts.add(kind, Outcome::Unchanged);
            } else if self.push_replaced(entry, ids) {
                self.counts.add(kind, Outcome::New);
            } else {
                self.notices.push(full.notice());
            }
        }
    }

    /// What becomes of an entry that stands; `None` where its kind has no ids left.
    fn add_standing(&mut self, mut entry: Entry, held: &Held, ids: &mut Ids) -> Option<Outcome> {
        let standing = held.standing(entry.source.into(), &entry.key);
        let is_known = match self.is_present {
            true => standing.is_some_and(|standing| versions::is_same(standing, &entry)),
            false => held.has(&entry),
        };
        if is_known {
            return Some(Outcome::Unchanged);
        }
        let Some(standing) = standing else {
            let gone = held.gone(entry.source.into(), &entry.key).filter(|gone| gone.kind() == entry.kind());
            entry.id = match gone {
                // What comes back has its place, and its id, again.
                Some(gone) => gone.id,
                None => ids.free(entry.id)?,
            };
            self.entries.push(entry);
            return Some(if gone.is_some() { Outcome::Changed } else { Outcome::New });
        };
        if versions::is_another(standing, &entry) {
            entry.key = versions::key_of_version(&entry);
            entry.id = ids.free(entry.id)?;
            self.entries.push(entry);
            return Some(Outcome::New);
        }
        if !self.is_present && entry.told_at().is_some() && entry.told_at() < standing.told_at() {
            // An older export than the one before: its version is kept, and the newer one stands.
            self.notices.push(notice(&entry, OLDER));
            return self.push_replaced(entry, ids).then_some(Outcome::Changed);
        }
        let mut replaced = standing.clone();
        replaced.lifecycle = Lifecycle::Replaced;
        if standing.kind() == entry.kind() {
            entry.id = standing.id;
            replaced.id = ids.of_version(&replaced, &self.sources)?;
        } else {
            // The letter of an id says the kind, so what becomes of another kind gets another id.
            entry.id = ids.free(entry.id)?;
        }
        self.entries.extend([replaced, entry]);
        Some(Outcome::Changed)
    }

    fn push_replaced(&mut self, entry: Entry, ids: &mut Ids) -> bool {
        let id = ids.of_version(&entry, &self.sources);
        let replaced = id.map(|id| Entry { lifecycle: Lifecycle::Replaced, id, ..entry });
        let has_room = replaced.is_some();
        self.entries.extend(replaced);
        has_room
    }

    /// Points the new entries to their originals: those that the record has already, and those of the
    /// import, whose packs get numbers from `next_pack` on.
    pub fn place_originals(&mut self, record: &Record, places: &Places, next_pack: u32) {
        let held: ByHash<Original> =
            record.entries.iter().map(|entry| (entry.original.hash, entry.original)).collect();
        for entry in &mut self.entries {
            let hash = entry.original.hash;
            if let Some(original) = held.get(&hash) {
                entry.original = *original;
            } else if let Some(&(pack, index)) = places.get(&hash) {
                entry.original = Original { hash, pack: pack + next_pack, index };
            }
        }
    }
}

const UNCLEAR: &str = "the input has this resource twice with different content, and no dates say which is \
                       newer: both are kept";
const FULL: &str = "the record has no room for more of this category";
const OLDER: &str = "older than what the record holds: kept as an earlier version";

/// What has to be said of an entry for which there was no room.
struct Full {
    file: Option<Text>,
    key: Text,
}

impl Full {
    fn of(entry: &Entry) -> Full {
        Full { file: entry.file.clone(), key: entry.key.clone() }
    }

    fn notice(self) -> LeftOut {
        let file = self.file.as_deref().unwrap_or_default().to_owned();
        LeftOut { file, path: self.key.to_string(), reason: FULL.to_owned() }
    }
}

fn notice(entry: &Entry, reason: &str) -> LeftOut {
    let file = entry.file.as_deref().unwrap_or_default().to_owned();
    LeftOut { file, path: entry.key.to_string(), reason: reason.to_owned() }
}

/// What a record holds, by source and key.
#[derive(Default)]
struct Held<'a> {
    standing: HashMap<(usize, &'a str), &'a Entry>,
    gone: HashMap<(usize, &'a str), &'a Entry>,
    versions: HashSet<(u16, &'a str, Hash)>,
    /// Every version by its content, whatever key it stands under.
    contents: HashSet<(u16, &'a str, u64)>,
}

impl<'a> Held<'a> {
    fn of(record: &'a Record) -> Held<'a> {
        let mut held = Held::default();
        for entry in &record.entries {
            if entry.is_live() {
                held.standing.insert((entry.source.into(), &entry.key), entry);
            }
            if entry.lifecycle == Lifecycle::Gone {
                held.gone.insert((entry.source.into(), &entry.key), entry);
            }
            held.versions.insert((entry.source, &entry.key, entry.original.hash));
            let content = content_of(entry).map(|key| key.bucket);
            held.contents.extend(content.map(|it| (entry.source, key_without_version(&entry.key), it)));
        }
        held
    }

    fn standing(&self, source: usize, key: &str) -> Option<&'a Entry> {
        self.standing.get(&(source, key)).copied()
    }

    fn gone(&self, source: usize, key: &str) -> Option<&'a Entry> {
        self.gone.get(&(source, key)).copied()
    }

    /// True where the record has exactly this, standing or replaced, in whatever layout it came.
    fn has(&self, entry: &Entry) -> bool {
        let content =
            content_of(entry).map(|key| (entry.source, key_without_version(&entry.key), key.bucket));
        self.versions.contains(&(entry.source, &*entry.key, entry.original.hash))
            || content.is_some_and(|content| self.contents.contains(&content))
    }
}

/// Ids that are given, and how new ones are found.
struct Ids<'a> {
    taken: HashSet<EntryId>,
    counts: HashMap<Kind, usize>,
    key: &'a IdKey,
}

/// A kind has a million ids; well before they are used up no further entry gets one.
const IDS_MAX: usize = 900_000;

impl<'a> Ids<'a> {
    fn of(record: &Record, key: &'a IdKey) -> Ids<'a> {
        let mut ids = Ids { taken: HashSet::default(), counts: HashMap::default(), key };
        for entry in &record.entries {
            ids.taken.insert(entry.id);
            *ids.counts.entry(entry.kind()).or_default() += 1;
        }
        ids
    }

    fn wished(&self, entry: &Entry, sources: &[Source]) -> EntryId {
        self.key.entry(entry.kind(), &sources[usize::from(entry.source)].id, &entry.key)
    }

    fn of_version(&mut self, entry: &Entry, sources: &[Source]) -> Option<EntryId> {
        let source = &sources[usize::from(entry.source)].id;
        let hash = entry.original.hash;
        self.free(self.key.version(entry.kind(), source, &entry.key, &hash))
    }

    /// The id, or the next one that nobody has; `None` where a kind is full.
    fn free(&mut self, mut id: EntryId) -> Option<EntryId> {
        let count = self.counts.entry(id.kind()).or_default();
        if *count >= IDS_MAX {
            return None;
        }
        *count += 1;
        while !self.taken.insert(id) {
            id = id.next();
        }
        Some(id)
    }
}
