//! Stories of saves and readers, and of rows that were tampered with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::super::{Change, Engine, OwnerId, Vault, Write};
use super::*;
use crate::clock::{Clock, Randomness};

fn person() -> (Vault, Sealed) {
    let clock = Clock::fixed("2026-05-01T08:00:00Z".parse::<Timestamp>().unwrap());
    let vault = Vault::in_memory(clock, Randomness::seeded(1)).unwrap();
    let sealed = vault.create(&OwnerId::random(vault.random())).unwrap();
    (vault, sealed)
}

fn segment(name: &str) -> Name {
    Name::new(Kind::Segment, name)
}

fn save(sealed: &Sealed, base: &Manifest, pieces: &[(&str, &str)]) -> Result<Manifest, Error> {
    let mut save = sealed.save(base);
    for (name, body) in pieces {
        save.put(segment(name), body.as_bytes(), Packing::Compressed)?;
    }
    save.commit()
}

fn pieces(sealed: &Sealed) -> Vec<(String, String)> {
    let loaded = sealed.load(|_| true).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    loaded.pieces.into_iter().map(|(name, bytes)| (name.name, text(bytes))).collect()
}

fn pairs(pieces: &[(&str, &str)]) -> Vec<(String, String)> {
    pieces.iter().map(|(name, body)| (name.to_string(), body.to_string())).collect()
}

fn rows(sealed: &Sealed) -> usize {
    sealed.list(Kind::Segment).unwrap().len()
}

#[test]
fn a_save_is_read_again_and_replaced_rows_go() {
    let (_, sealed) = person();
    let empty = sealed.manifest().unwrap();
    assert_eq!((sealed.saved().unwrap(), pieces(&sealed)), (1, vec![]));
    let first = save(&sealed, &empty, &[("labs", "one"), ("vitals", "two")]).unwrap();
    assert_eq!(sealed.saved().unwrap(), first.version);
    assert_eq!(sealed.manifest().unwrap(), first);
    let second = save(&sealed, &first, &[("labs", "three")]).unwrap();
    assert_eq!(pieces(&sealed), pairs(&[("labs", "three"), ("vitals", "two")]));
    let mut third = sealed.save(&second);
    third.remove(&segment("vitals"));
    third.commit().unwrap();
    assert_eq!(pieces(&sealed), pairs(&[("labs", "three")]));
    assert_eq!(rows(&sealed), 1);
}

#[test]
fn of_two_saves_one_has_a_conflict_and_the_record_is_whole() {
    let (_, sealed) = person();
    let base = sealed.manifest().unwrap();
    let mut late = sealed.save(&base);
    late.put(segment("labs"), b"late", Packing::Plain).unwrap();
    let present = save(&sealed, &base, &[("labs", "early")]).unwrap();
    assert!(matches!(late.commit(), Err(Error::Conflict)));
    assert_eq!(pieces(&sealed), pairs(&[("labs", "early")]));
    // Rebased, it goes through.
    save(&sealed, &present, &[("labs", "late")]).unwrap();
    assert_eq!(pieces(&sealed), pairs(&[("labs", "late")]));
}

#[test]
fn rows_of_a_given_up_save_are_swept_when_they_are_old_and_not_before() {
    let (vault, sealed) = person();
    let base = sealed.manifest().unwrap();
    for number in 0..100 {
        // More than one batch, so that some rows are written without a commit.
        let mut given_up = sealed.save(&base);
        (0..70).for_each(|piece| {
            given_up.put(segment(&format!("{number}-{piece}")), b"x", Packing::Plain).unwrap();
        });
        if number == 2 {
            break;
        }
    }
    let orphans = rows(&sealed);
    assert!(orphans >= 64 * 3);
    let present = save(&sealed, &base, &[("labs", "one")]).unwrap();
    assert_eq!(rows(&sealed), orphans + 1);
    vault.clock().advance(SignedDuration::from_mins(61));
    save(&sealed, &present, &[("labs", "two")]).unwrap();
    assert_eq!(rows(&sealed), 1);
}

#[test]
fn a_save_whose_rows_were_swept_meanwhile_begins_again() {
    let (vault, sealed) = person();
    let base = sealed.manifest().unwrap();
    let mut slow = sealed.save(&base);
    for piece in 0..64 {
        slow.put(segment(&piece.to_string()), b"x", Packing::Plain).unwrap();
    }
    vault.clock().advance(SignedDuration::from_hours(2));
    let rows = sealed.list(Kind::Segment).unwrap();
    let (id, version) = rows[0].clone();
    let delete = Write::Delete { key: RowKey::new(Kind::Segment, id), version };
    vault.shared.engine.write(sealed.owner(), &[delete]).unwrap();
    assert!(matches!(slow.commit(), Err(Error::Conflict)));
    assert_eq!(sealed.manifest().unwrap(), base);
}

#[test]
fn a_reader_of_an_old_manifest_gets_the_piece_as_it_is_now() {
    let (_, sealed) = person();
    let first = save(&sealed, &sealed.manifest().unwrap(), &[("a", "one"), ("b", "kept")]).unwrap();
    let mut second = sealed.save(&first);
    second.put(segment("a"), b"two", Packing::Plain).unwrap();
    let second = second.commit().unwrap();
    assert_eq!(sealed.piece(&first, &segment("a")).unwrap().unwrap(), b"two");
    assert_eq!(sealed.piece(&first, &segment("b")).unwrap().unwrap(), b"kept");
    assert_eq!(sealed.piece(&first, &segment("c")).unwrap(), None);
    let mut third = sealed.save(&second);
    third.remove(&segment("a"));
    third.commit().unwrap();
    assert_eq!(sealed.piece(&first, &segment("a")).unwrap(), None);
}

#[test]
fn a_reader_beside_a_busy_writer_always_sees_one_whole_save() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("chart.db").display());
    let (clock, random) = (Clock::system(), Randomness::system());
    // Two engines on one file, as two processes would have.
    let engine = || super::super::open(&url, clock.clone()).unwrap();
    let masters = super::super::keys::Masters::new(&random);
    let vault = |engine: Arc<dyn Engine>| {
        Vault::new(engine, masters.clone(), None, clock.clone(), random.clone()).unwrap()
    };
    let (writing, reading) = (vault(engine()), vault(engine()));
    let owner = OwnerId::random(&random);
    let writer = writing.create(&owner).unwrap();
    let reader = reading.owner(&owner).unwrap().unwrap();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reads = scope.spawn(|| {
            let mut reads = 0;
            while !is_done.load(Ordering::SeqCst) || reads == 0 {
                let bodies = pieces(&reader);
                assert!(bodies.iter().all(|(_, body)| *body == bodies[0].1), "{bodies:?}");
                reads += 1;
            }
        });
        let mut manifest = writer.manifest().unwrap();
        for number in 0..30 {
            let body = number.to_string();
            manifest = save(&writer, &manifest, &[("a", &body), ("b", &body), ("c", &body)]).unwrap();
        }
        is_done.store(true, Ordering::SeqCst);
        reads.join().unwrap();
    });
    assert_eq!(pieces(&reader)[0].1, "29");
}

#[test]
fn a_lost_row_and_a_lost_manifest_are_noticed() {
    let (vault, sealed) = person();
    let manifest = save(&sealed, &sealed.manifest().unwrap(), &[("a", "one")]).unwrap();
    let engine = &vault.shared.engine;
    let delete = |key, version| engine.write(sealed.owner(), &[Write::Delete { key, version }]).unwrap();
    delete(manifest.pieces[&segment("a")].key(Kind::Segment), 1);
    assert!(matches!(sealed.load(|_| true), Err(Error::Damaged(Kind::Segment))));
    assert!(matches!(sealed.piece(&manifest, &segment("a")), Err(Error::Damaged(Kind::Segment))));
    delete(Manifest::row(), manifest.version);
    assert!(matches!(sealed.load(|_| true), Err(Error::Damaged(Kind::Manifest))));
    assert!(matches!(sealed.saved(), Err(Error::Damaged(Kind::Manifest))));
    vault.forget(sealed.owner()).unwrap();
    assert!(matches!(sealed.saved(), Err(Error::NoPerson)));
}

#[test]
fn a_newer_manifest_is_refused_by_name() {
    let (_, sealed) = person();
    let bytes = [&[FORMAT + 1], b"whatever it will be".as_slice()].concat();
    sealed.write(&[Change::put(Manifest::row(), Some(1), bytes)]).unwrap();
    assert!(matches!(sealed.manifest(), Err(Error::Newer { what: "this record", found: 2, known: 1 })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever one byte of whatever row becomes, or whichever two rows change places, nothing opens wrongly.
    #[test]
    fn a_tampered_record_never_opens(which in 0..3_usize, at: prop::sample::Index, swap: bool) {
        let (vault, sealed) = person();
        let manifest = save(&sealed, &sealed.manifest().unwrap(), &[("a", "one"), ("b", "two")]).unwrap();
        let engine = &vault.shared.engine;
        let (a, b) = (&manifest.pieces[&segment("a")], &manifest.pieces[&segment("b")]);
        let keys = [a.key(Kind::Segment), b.key(Kind::Segment), Manifest::row()];
        let rows: Vec<_> = engine.get(sealed.owner(), &keys).unwrap().into_iter().flatten().collect();
        let mut body = rows[which].body.clone();
        if swap {
            body = rows[(which + 1) % 3].body.clone();
        } else {
            let bit = at.index(body.len() * 8);
            body[bit / 8] ^= 1 << (bit % 8);
        }
        overwrite(engine.as_ref(), sealed.owner(), &keys[which], rows[which].version, body);
        prop_assert!(sealed.load(|_| true).is_err());
    }
}

/// Changes a row's body behind the program's back and leaves its version as it was.
fn overwrite(engine: &dyn Engine, owner: &OwnerId, key: &RowKey, version: u64, body: Vec<u8>) {
    engine.write(owner, &[Write::Delete { key: key.clone(), version }]).unwrap();
    for number in 0..version {
        let (key, expected, body) = (key.clone(), (number > 0).then_some(number), body.clone());
        engine.write(owner, &[Write::Put { key, expected, body, due_at: None }]).unwrap();
    }
}
