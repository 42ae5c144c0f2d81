//! A record goes into rows and comes back whole.

use super::*;
use crate::clock::{Clock, Randomness};
use crate::record::Kind as EntryKind;
use crate::record::{Concept, Detail, SourceKind};
use crate::store::pack::Packer;
use crate::store::{OwnerId, Vault};

fn sealed() -> Sealed {
    let vault = Vault::in_memory(Clock::fixed(jiff::Timestamp::UNIX_EPOCH), Randomness::seeded(3)).unwrap();
    vault.create(&OwnerId::parse("anna").unwrap()).unwrap()
}

fn entry(kind: EntryKind, number: u32, name: &str) -> Entry {
    Entry {
        key: format!("X/{number}").into(),
        concept: Concept::named(name),
        ..Entry::new(EntryId::new(kind, number), Detail::Plain)
    }
}

fn labs(numbers: Range<u32>) -> Vec<Entry> {
    numbers.map(|number| entry(EntryKind::Lab, number, "a lab")).collect()
}

fn source() -> Source {
    let (id, name) = ("s1".into(), "clinic".into());
    Source { id, name, kind: SourceKind::Files, patient_keys: Vec::new(), imports: Vec::new(), fetched: None }
}

#[test]
fn a_record_comes_back_as_it_was_saved() {
    let sealed = sealed();
    let empty = open(&sealed).unwrap();
    assert!(empty.record.entries.is_empty() && empty.record.sources.is_empty());
    let mut entries = labs(0..5000);
    entries.push(entry(EntryKind::Visit, 7, "a visit"));
    let (label, sources) = (Some("Anna".to_owned()), Some(vec![source()]));
    let change = Change { label, sources, entries: entries.clone(), ..Change::default() };
    let saved = save(&sealed, empty.with(change)).unwrap();
    let opened = open(&sealed).unwrap();
    assert_eq!(opened.record.entries, saved.record.entries);
    assert_eq!(opened.record.entries.len(), entries.len());
    assert_eq!((opened.record.label.as_str(), &*opened.record.sources), ("Anna", &[source()][..]));
    assert_eq!((opened.record.version, opened.id_key), (saved.record.version, saved.id_key));
    assert!(entries.iter().all(|entry| opened.record.by_id(entry.id) == Some(entry)));
}

#[test]
fn only_the_segment_of_a_changed_entry_is_written_again() {
    let sealed = sealed();
    let entries = labs(0..5000).into_iter().chain([entry(EntryKind::Visit, 7, "a visit")]).collect();
    let change = Change { entries, ..Change::default() };
    let first = save(&sealed, open(&sealed).unwrap().with(change)).unwrap();
    let mut entries = labs(4999..5001);
    entries[0].concept = Concept::named("another name");
    let second = save(&sealed, first.with(Change { entries, ..Change::default() })).unwrap();
    let written: Vec<_> = second
        .manifest
        .pieces()
        .filter(|(name, piece)| first.manifest.pieces().all(|(other, old)| other != *name || old != *piece))
        .map(|(name, _)| name.name.as_str())
        .collect();
    assert_eq!(written, ["0.L.1", HEAD]);
    let record = open(&sealed).unwrap().record;
    assert_eq!(record.entries.len(), 5002);
    let changed = record.by_id(EntryId::new(EntryKind::Lab, 4999)).unwrap();
    assert_eq!(changed.concept.name(), Some("another name"));
}

#[test]
fn the_second_of_two_saves_on_one_version_is_a_conflict() {
    let sealed = sealed();
    let opened = open(&sealed).unwrap();
    let change = |number| Change { entries: labs(number..number + 1), ..Change::default() };
    save(&sealed, opened.with(change(1))).unwrap();
    assert!(matches!(save(&sealed, opened.with(change(2))), Err(Error::Conflict)));
    let again = open(&sealed).unwrap();
    save(&sealed, again.with(change(2))).unwrap();
    assert_eq!(open(&sealed).unwrap().record.entries.len(), 2);
}

#[test]
fn an_original_comes_back_byte_for_byte_or_not_at_all() {
    let sealed = sealed();
    let opened = open(&sealed).unwrap();
    let mut packer = Packer::default();
    let (pack, index) = packer.add(b"{\"value\": 4.10}").unwrap();
    let mut hash = [0; 16];
    hash.copy_from_slice(&Sha256::digest(b"{\"value\": 4.10}")[..16]);
    let kept = Original { hash, pack: pack + opened.next_pack, index };
    let packs = packer.finish().unwrap();
    let saved = save(&sealed, opened.with(Change { packs, ..Change::default() })).unwrap();
    assert_eq!(saved.next_pack, 1);
    assert_eq!(original(&sealed, &kept).unwrap(), b"{\"value\": 4.10}");
    for wrong in
        [Original { hash: [1; 16], ..kept }, Original { index: 1, ..kept }, Original { pack: 9, ..kept }]
    {
        assert!(matches!(original(&sealed, &wrong), Err(Error::Damaged(Kind::Original))));
    }
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let sealed = sealed();
    let mut head = Head::new(&sealed).encode().unwrap();
    head[0] = HEAD_FORMAT + 1;
    let mut save = sealed.save(&sealed.manifest().unwrap());
    save.put(Name::new(Kind::Segment, HEAD), &head, Packing::Plain).unwrap();
    save.commit().unwrap();
    let error = open(&sealed).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 3, known: 2, .. }), "{error}");
    assert!(matches!(decode(&[SEGMENT_FORMAT + 1]), Err(Error::Newer { .. })));
    assert!(matches!(decode(&[SEGMENT_FORMAT, 1, 2]), Err(Error::Damaged(_))));
    assert!(matches!(decode(&[]), Err(Error::Damaged(_))));
}
