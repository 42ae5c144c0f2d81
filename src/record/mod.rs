//! What a health record is: its entries, where each came from, and what of it may be seen.
//!
//! No IO, no clock and no FHIR words: a record is a value, and everything else computes on it.

mod claim;
mod concept;
mod derived;
mod detail;
mod entry;
mod fetched;
mod group;
mod id;
mod marks;
mod measurement;
mod number;
mod passages;
mod person;
pub mod segment;
mod source;
mod text;
mod view;
mod when;
mod words;

use std::sync::OnceLock;

use foldhash::HashMap;

pub use claim::{Amount, AmountKind, Billed, Claim, ClaimForm, ClaimItem};
pub use concept::{Code, Concept, System};
pub use detail::{
    Allergy, Attachment, Condition, ConditionList, Contact, Detail, Document, DocumentKind, Dosage, Family,
    Goal, Immunization, Medication, MedicationRole, Member, Order, Reaction, RelativeCondition, Setting,
    Visit, VisitClass,
};
pub use entry::{
    Actor, CARRIED_BY, CUSTODIAN, DAILY_LOG, DOCUMENT_DATE, Entry, HOME_READING, Lifecycle, Link, LinkRole,
    Original, Standing,
};
pub use fetched::{Fetched, Queried, QueryState, Trouble};
pub use group::{Dates, Group, Key, Members, group};
pub use id::{EntryId, Kind};
pub use marks::Reader;
pub use measurement::{Abnormality, Component, Flag, FlagMeaning, Measurement, Quantity, Range, Value};
pub use number::Number;
pub use passages::{NAME_BYTES_MAX, Passage, Passages, Revealing, UNMARKED, WITHHELD, each_prose};
pub use person::{Death, Name, Person};
pub use source::{FirstSource, Import, Source, SourceKind};
pub use text::{Text, shared};
pub use view::{Scope, View};
pub use when::When;
pub use words::{Part, each_text};

/// A person's whole record, as it is stored.
#[derive(Debug, Default)]
pub struct Record {
    /// What the person is called on this machine (`--person`).
    pub label: String,
    /// Where entries came from; an entry names its source by the index here.
    pub sources: Vec<Source>,
    /// Every entry, replaced and gone ones too.
    pub entries: Vec<Entry>,
    /// The version of the manifest it was read from; 0 for a record that was never saved.
    pub version: u64,
    index: OnceLock<Index>,
}

#[derive(Debug, Default)]
struct Index {
    by_id: HashMap<EntryId, u32>,
    by_key: HashMap<(u16, Text), u32>,
}

impl Record {
    /// A record of these parts.
    pub fn new(label: String, sources: Vec<Source>, entries: Vec<Entry>, version: u64) -> Record {
        Record { label, sources, entries, version, index: OnceLock::new() }
    }

    /// The entry with this id.
    pub fn by_id(&self, id: EntryId) -> Option<&Entry> {
        self.index_of(id).map(|index| &self.entries[index as usize])
    }

    /// The live entry with this identity at a source.
    pub fn by_key(&self, source: u16, key: &str) -> Option<&Entry> {
        let index = self.index().by_key.get(&(source, Text::from(key)))?;
        Some(&self.entries[*index as usize])
    }

    /// Where in `entries` the entry with this id stands.
    pub fn index_of(&self, id: EntryId) -> Option<u32> {
        self.index().by_id.get(&id).copied()
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for (place, entry) in self.entries.iter().enumerate() {
                index.by_id.insert(entry.id, place as u32);
                if entry.is_live() {
                    index.by_key.insert((entry.source, entry.key.clone()), place as u32);
                }
            }
            index
        })
    }
}
