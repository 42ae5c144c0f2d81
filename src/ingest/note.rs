//! The person's own words: a source called "you", never mixed with a provider's.

use super::Error;
use super::gather::hash;
use super::keyed::IdKey;
use super::mark;
use crate::record::{Concept, Detail, Entry, EntryId, Kind, Original, Source, SourceKind, Text, When};
use crate::secret::Secret;
use crate::store::pack::Packer;
use crate::store::records::{self, Change, Opened};
use crate::store::{Error as StoreError, Sealed};

const TRIES_MAX: usize = 8;
/// Letters of a note that stand for it in lists.
const TITLE_CHARS_MAX: usize = 80;

/// Adds a note, perhaps about an entry, and gives its id.
pub fn note(sealed: &Sealed, text: &str, about: Option<EntryId>, at: i64) -> Result<EntryId, Error> {
    let text = Text::trimmed(text).ok_or(Error::EmptyNote)?;
    for _ in 0..TRIES_MAX {
        let opened = records::open(sealed)?;
        if about.is_some_and(|id| opened.record.by_id(id).is_none()) {
            return Err(Error::NoSuchEntry);
        }
        let (id, change) = change(&opened, &text, about, at)?;
        match records::save(sealed, opened.with(change)) {
            Err(StoreError::Conflict) => {}
            saved => return saved.map(|_| id).map_err(Error::from),
        }
    }
    Err(Error::Contended)
}

fn change(opened: &Opened, text: &Text, about: Option<EntryId>, at: i64) -> Result<(EntryId, Change), Error> {
    let record = &opened.record;
    let key = IdKey::new(Secret::new(opened.id_key));
    let mut sources = record.sources.clone();
    let source = own(&mut sources, &key);
    let number = record.entries.iter().filter(|entry| usize::from(entry.source) == source).count();
    let name = Text::from(format!("note/{}", number + 1));
    let mut id = key.entry(Kind::Note, &sources[source].id, &name);
    while record.by_id(id).is_some() {
        id = id.next();
    }
    let mut packer = Packer::default();
    let (pack, index) = packer.add(text.as_bytes())?;
    let original = Original { hash: hash(text.as_bytes()), pack: pack + opened.next_pack, index };
    let mut entry = Entry { source: source as u16, key: name, original, ..blank(id, text, at) };
    entry.detail = Detail::Note { text: text.clone(), about };
    let mut entries = vec![entry];
    mark::mark(&mut entries, record);
    entries.extend(mark::unmarked(record, &[]));
    let packs = packer.finish()?;
    Ok((id, Change { sources: Some(sources), entries, packs, ..Change::default() }))
}

/// The place of the person's own source; it is made with the first note.
fn own(sources: &mut Vec<Source>, key: &IdKey) -> usize {
    if let Some(place) = sources.iter().position(|source| source.kind == SourceKind::Own) {
        return place;
    }
    let (id, name) = (key.text("source", &["own"]), Text::from("you"));
    let (patient_keys, imports) = (Vec::new(), Vec::new());
    sources.push(Source { id, name, kind: SourceKind::Own, patient_keys, imports, fetched: None });
    sources.len() - 1
}

fn blank(id: EntryId, text: &str, at: i64) -> Entry {
    let first = text.lines().next().unwrap_or_default();
    let title: String = first.chars().take(TITLE_CHARS_MAX).collect();
    let written = jiff::Timestamp::from_second(at).ok();
    let written = written.and_then(|written| When::parse(&written.to_string()));
    Entry {
        added_at: at,
        concept: Concept::named(&title),
        date: written,
        recorded: written,
        ..Entry::new(id, Detail::Plain)
    }
}
