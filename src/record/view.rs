//! What a caller may see of a record: a filter on a value, applied before grouping and counting.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::{Entry, EntryId, Group, Kind, Record, group};

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
}

impl Scope {
    /// Everything: the person themself at their own machine.
    pub fn everything() -> Scope {
        Scope { kinds: Kind::ALL.into_iter().collect(), classes: u8::MAX, sources: None, since: None }
    }

    /// True where some setting is off, whether or not anything lies behind it.
    pub fn withholds(&self) -> bool {
        *self != Scope::everything()
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
    live: [OnceLock<Vec<u32>>; Kind::ALL.len()],
    groups: [OnceLock<Vec<Group>>; Kind::ALL.len()],
}

impl View {
    /// The record through a scope.
    pub fn new(record: Arc<Record>, scope: Scope) -> View {
        View { record, scope, live: [const { OnceLock::new() }; _], groups: [const { OnceLock::new() }; _] }
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

    /// The sources that may be seen.
    pub fn sources(&self) -> impl Iterator<Item = &super::Source> {
        let allowed = self.scope.sources.as_ref();
        self.record
            .sources
            .iter()
            .filter(move |source| allowed.is_none_or(|allowed| allowed.contains(&*source.id)))
    }

    /// The source of an entry.
    pub fn source(&self, entry: &Entry) -> &super::Source {
        &self.record.sources[usize::from(entry.source)]
    }

    /// The entries of a kind that stand at their source, ungrouped, in the order of the record.
    pub fn entries(&self, kind: Kind) -> impl Iterator<Item = &Entry> {
        self.live(kind).iter().map(|&index| &self.record.entries[index as usize])
    }

    /// The groups of a kind.
    pub fn groups(&self, kind: Kind) -> &[Group] {
        self.groups[kind as usize].get_or_init(|| group::group(&self.record.entries, self.live(kind)))
    }

    /// The member of a group that is shown.
    pub fn face(&self, group: &Group) -> &Entry {
        &self.record.entries[group.face as usize]
    }

    /// The entry at an index of the record that a group of this view names.
    pub fn at(&self, index: u32) -> &Entry {
        &self.record.entries[index as usize]
    }

    /// All members of a group.
    pub fn members<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = &'a Entry> {
        group.members.iter().map(|&index| &self.record.entries[index as usize])
    }

    /// The entry with this id, whether it still stands or not. A withheld id is as an unknown one.
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.record.by_id(id).filter(|entry| self.scope.allows(&self.record, entry))
    }

    /// The present group of an entry: of a replaced one, the group of what took its place.
    pub fn group_of(&self, entry: &Entry) -> Option<&Group> {
        let now = if entry.is_live() { entry } else { self.linked(entry, &entry.key)? };
        let index = self.record.index_of(now.id)?;
        self.groups(now.kind()).iter().find(|group| group.members.contains(&index))
    }

    /// The live entry of the same source with this identity.
    pub fn linked(&self, from: &Entry, key: &str) -> Option<&Entry> {
        self.record.by_key(from.source, key).filter(|entry| self.scope.allows(&self.record, entry))
    }

    /// The other versions of an entry: what it took the place of, and what took its place.
    pub fn versions<'a>(&'a self, of: &'a Entry) -> impl Iterator<Item = &'a Entry> {
        let same = |entry: &&Entry| entry.source == of.source && entry.key == of.key && entry.id != of.id;
        self.record.entries.iter().filter(same).filter(|entry| self.scope.allows(&self.record, entry))
    }

    fn live(&self, kind: Kind) -> &[u32] {
        self.live[kind as usize].get_or_init(|| {
            let entries = self.record.entries.iter().enumerate();
            let seen = entries.filter(|(_, entry)| {
                entry.kind() == kind && entry.is_live() && self.scope.allows(&self.record, entry)
            });
            seen.map(|(index, _)| index as u32).collect()
        })
    }
}
