//! What a caller may see of a record: a filter on a value, applied before grouping and counting.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashSet};
use serde::{Deserialize, Serialize};

use super::derived::Derived;
use super::marks::{self, Reader};
use super::{Entry, EntryId, Group, Kind, Record, group, passages};

/// What may be seen: kinds, sensitive classes, sources and a time window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The kinds that may be seen.
    pub kinds: BTreeSet<Kind>,
    /// The sensitive classes that may be seen, as a set of bits.
    pub classes: u8,
    /// The sources that may be seen, by their ids; `None` for all.
    pub sources: Option<BTreeSet<String>>,
    /// Nothing that lies wholly before this day (`YYYY-MM-DD`).
    pub since: Option<jiff::civil::Date>,
    /// Against whom the marks of the sources are held; `None` at the person's own machine. It is said with each look
    /// and kept nowhere, since it holds for a day.
    #[serde(skip)]
    pub reader: Option<Reader>,
}

impl Scope {
    /// Everything: the person themself at their own machine.
    pub fn everything() -> Scope {
        let kinds = Kind::ALL.into_iter().collect();
        Scope { kinds, classes: u8::MAX, sources: None, since: None, reader: None }
    }

    /// The same for somebody from whom the sources may withhold something.
    #[must_use]
    pub fn read_by(self, reader: Reader) -> Scope {
        Scope { reader: Some(reader), ..self }
    }

    /// True where some setting is off, whether or not anything lies behind it.
    pub fn withholds(&self) -> bool {
        let is_open = self.sources.is_none() && self.since.is_none() && self.reader.is_none();
        let is_whole = is_open && self.classes == u8::MAX;
        !is_whole || Kind::ALL.iter().any(|kind| !self.kinds.contains(kind))
    }

    fn allows(&self, record: &Record, entry: &Entry) -> bool {
        // Whose record it is must be said in every answer.
        let in_kind = entry.kind() == Kind::Demographics || self.kinds.contains(&entry.kind());
        let in_class = entry.classes & !self.classes == 0;
        let source = record.sources.get(usize::from(entry.source));
        let in_source = self
            .sources
            .as_ref()
            .is_none_or(|allowed| source.is_some_and(|source| allowed.contains(&*source.id)));
        let ended = entry.end.or(entry.date).or(entry.recorded);
        let in_time = entry.kind() == Kind::Demographics
            || self.since.is_none_or(|since| ended.is_some_and(|when| when.latest() >= since));
        in_kind && in_class && in_source && in_time
    }
}

/// A record as one caller may see it. Cheap to share; groups are made once for each kind, when asked.
#[derive(Debug)]
pub struct View {
    record: Arc<Record>,
    scope: Scope,
    /// What the sources' marks keep from whoever reads.
    kept: HashSet<EntryId>,
    /// Copies of the entries of which the scope withholds a passage, by their place in the record.
    cut: HashMap<u32, Entry>,
    /// The sources of which all is withheld, by their places in the record.
    hidden_sources: OnceLock<Vec<bool>>,
    /// The originals in which something withheld stands.
    withheld_originals: OnceLock<HashSet<[u8; 16]>>,
    /// The entries that stand, by kind: all kinds in one pass.
    live: OnceLock<[Vec<u32>; Kind::ALL.len()]>,
    groups: [OnceLock<Vec<Group>>; Kind::ALL.len()],
    derived: Derived,
}

impl View {
    /// The record through a scope.
    pub fn new(record: Arc<Record>, scope: Scope) -> View {
        let kept = marks::kept_from(&record, scope.reader);
        View {
            cut: cut(&record, &scope, &kept),
            kept,
            hidden_sources: OnceLock::new(),
            withheld_originals: OnceLock::new(),
            record,
            scope,
            live: OnceLock::new(),
            groups: [const { OnceLock::new() }; _],
            derived: Derived::default(),
        }
    }

    /// The whole record.
    pub fn everything(record: Arc<Record>) -> View {
        View::new(record, Scope::everything())
    }

    /// The scope.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The record's version.
    pub fn version(&self) -> u64 {
        self.record.version
    }

    /// Whether a mark of a source keeps something from whoever reads.
    pub fn keeps_what_is_marked(&self) -> bool {
        !self.kept.is_empty()
    }

    /// About how many bytes it takes beside the record for copies of entries of which passages are left out.
    pub fn bytes_of_copies(&self) -> usize {
        let bytes = |entry: &Entry| {
            let mut bytes = size_of::<Entry>();
            passages::each_prose(entry, &mut |text| bytes += text.len());
            bytes
        };
        self.cut.values().map(bytes).sum()
    }

    /// The sources that may be seen. The name of a clinic can say all, so one of which only what is sensitive or marked
    /// is withheld, and nothing else came, is not among them.
    pub fn sources(&self) -> impl Iterator<Item = &super::Source> {
        let allowed = self.scope.sources.as_ref();
        let named = self.record.sources.iter().zip(self.hidden_sources());
        let seen = named.filter(move |(source, is_hidden)| {
            !**is_hidden && allowed.is_none_or(|allowed| allowed.contains(&*source.id))
        });
        seen.map(|(source, _)| source)
    }

    /// Of each source, whether all that came from it is withheld by class or by mark.
    fn hidden_sources(&self) -> &[bool] {
        self.hidden_sources.get_or_init(|| {
            let mut has_entries = vec![false; self.record.sources.len()];
            let mut is_hidden = vec![true; self.record.sources.len()];
            for entry in &self.record.entries {
                let place = usize::from(entry.source);
                if !entry.is_live() || entry.kind() == Kind::Demographics || place >= is_hidden.len() {
                    continue;
                }
                has_entries[place] = true;
                is_hidden[place] &= entry.classes & !self.scope.classes != 0 || self.kept.contains(&entry.id);
            }
            has_entries.into_iter().zip(is_hidden).map(|(has, is)| has && is).collect()
        })
    }

    /// The source of an entry.
    pub fn source(&self, entry: &Entry) -> &super::Source {
        &self.record.sources[usize::from(entry.source)]
    }

    /// The entries of a kind that stand at their source, ungrouped, in the order of the record.
    pub fn entries(&self, kind: Kind) -> impl Iterator<Item = &Entry> {
        self.live(kind).iter().map(|&index| self.at(index))
    }

    /// The groups of a kind.
    pub fn groups(&self, kind: Kind) -> &[Group] {
        self.groups[kind as usize].get_or_init(|| group::group(&self.record.entries, self.live(kind)))
    }

    /// What `make` works out of this view and the day alone, of each type one: made once, and kept with the view.
    pub fn derived<T: Any + Send + Sync, E>(
        &self,
        day: jiff::civil::Date,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        self.derived.of(day, make)
    }

    /// The member of a group that is shown.
    pub fn face(&self, group: &Group) -> &Entry {
        self.at(group.face)
    }

    /// The entry at an index of the record that a group of this view names.
    pub fn at(&self, index: u32) -> &Entry {
        self.cut.get(&index).unwrap_or(&self.record.entries[index as usize])
    }

    /// All members of a group.
    pub fn members<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = &'a Entry> {
        group.members.iter().map(|&index| self.at(index))
    }

    /// The entry with this id, whether it still stands or not. A withheld id is as an unknown one.
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.seen(self.record.by_id(id)?)
    }

    /// Whether the scope withholds a passage of what came in for an entry, or of anything that came in the
    /// same bytes: a result stands inside its report.
    pub fn withholds_original(&self, entry: &Entry) -> bool {
        self.scope.withholds() && self.withheld_originals().contains(&entry.original.hash)
    }

    /// The present group of an entry: of a replaced one, the group of what took its place.
    pub fn group_of(&self, entry: &Entry) -> Option<&Group> {
        let now = if entry.is_live() { entry } else { self.linked(entry, &entry.key)? };
        let index = self.record.index_of(now.id)?;
        self.groups(now.kind()).iter().find(|group| group.members.contains(&index))
    }

    /// The live entry of the same source with this identity.
    pub fn linked(&self, from: &Entry, key: &str) -> Option<&Entry> {
        self.seen(self.record.by_key(from.source, key)?)
    }

    /// The other versions of an entry: what it took the place of, and what took its place.
    pub fn versions<'a>(&'a self, of: &'a Entry) -> impl Iterator<Item = &'a Entry> {
        let same = |entry: &&Entry| entry.source == of.source && entry.key == of.key && entry.id != of.id;
        self.record.entries.iter().filter(same).filter_map(|entry| self.seen(entry))
    }

    /// An entry of the record as it is seen: not at all, without some passages, or as it is.
    fn seen<'a>(&'a self, entry: &'a Entry) -> Option<&'a Entry> {
        let allowed = self.allows(entry);
        let is_cut = allowed && !self.cut.is_empty();
        let copy = is_cut.then(|| self.cut.get(&self.record.index_of(entry.id)?)).flatten();
        allowed.then(|| copy.unwrap_or(entry))
    }

    fn allows(&self, entry: &Entry) -> bool {
        self.scope.allows(&self.record, entry) && !self.kept.contains(&entry.id)
    }

    fn withheld_originals(&self) -> &HashSet<[u8; 16]> {
        self.withheld_originals.get_or_init(|| {
            let hidden = !self.scope.classes;
            let withheld = self.record.entries.iter().zip(0_u32..).filter(|(entry, place)| {
                let reveals = entry.passages.original & hidden != 0 || self.cut.contains_key(place);
                reveals || !self.allows(entry)
            });
            withheld.map(|(entry, _)| entry.original.hash).collect()
        })
    }

    fn live(&self, kind: Kind) -> &[u32] {
        let live = self.live.get_or_init(|| {
            let mut live = [const { Vec::new() }; Kind::ALL.len()];
            for (entry, index) in self.record.entries.iter().zip(0_u32..) {
                if entry.is_live() && self.allows(entry) {
                    live[entry.kind() as usize].push(index);
                }
            }
            live
        });
        &live[kind as usize]
    }
}

/// The entries as they are without the passages that a scope withholds. A scope that allows every class
/// costs nothing.
fn cut(record: &Record, scope: &Scope, kept: &HashSet<EntryId>) -> HashMap<u32, Entry> {
    let withheld = !scope.classes;
    if withheld == 0 {
        return HashMap::default();
    }
    let allows = |entry: &Entry| scope.allows(record, entry) && !kept.contains(&entry.id);
    let allowed = record.entries.iter().zip(0..).filter(|(entry, _)| allows(entry));
    allowed.filter_map(|(entry, place)| Some((place, passages::without(entry, withheld)?))).collect()
}
