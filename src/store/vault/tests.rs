//! Stories of owners: made, opened, written for, forgotten.

use jiff::{SignedDuration, Timestamp};

use super::super::{Change, RowKey};
use super::*;

fn vault() -> Vault {
    Vault::in_memory(Clock::fixed(Timestamp::UNIX_EPOCH), Randomness::seeded(1)).unwrap()
}

fn grant() -> RowKey {
    RowKey::new(Kind::Grant, "a")
}

#[test]
fn what_is_written_is_read_again_and_nothing_lies_in_clear() {
    let vault = vault();
    let owner = OwnerId::random(vault.random());
    let sealed = vault.create(&owner).unwrap();
    sealed.write(&[Change::put(grant(), None, b"penicillin".to_vec())]).unwrap();
    let again = vault.owner(&owner).unwrap().unwrap();
    let body = again.read_one(&grant()).unwrap().unwrap();
    assert_eq!((body.version, body.bytes.as_slice()), (1, b"penicillin".as_slice()));
    for kind in Kind::ALL {
        for (id, _) in vault.shared.engine.list(&owner, kind).unwrap() {
            let row = vault.shared.engine.get(&owner, &[RowKey::new(kind, id)]).unwrap().remove(0).unwrap();
            assert!(!row.body.windows(10).any(|window| window == b"penicillin"));
        }
    }
}

#[test]
fn a_row_copied_to_another_place_or_version_does_not_open() {
    let vault = vault();
    let (anna, bert) = (OwnerId::random(vault.random()), OwnerId::random(vault.random()));
    let (sealed, other) = (vault.create(&anna).unwrap(), vault.create(&bert).unwrap());
    sealed.write(&[Change::put(grant(), None, b"old".to_vec())]).unwrap();
    let engine = &vault.shared.engine;
    let old = engine.get(&anna, &[grant()]).unwrap().remove(0).unwrap();
    let put = |key, expected| Write::Put { key, expected, body: old.body.clone(), due_at: None };
    // To another person, to another id, and over its own next version.
    engine.write(&bert, &[put(grant(), None)]).unwrap();
    let elsewhere = RowKey::new(Kind::Grant, "b");
    engine.write(&anna, &[put(elsewhere.clone(), None), put(grant(), Some(1))]).unwrap();
    for damaged in [other.read_one(&grant()), sealed.read_one(&elsewhere), sealed.read_one(&grant())] {
        assert!(matches!(damaged, Err(Error::Damaged(Kind::Grant))));
    }
}

#[test]
fn a_forgotten_owner_is_gone_and_nothing_is_written_for_them_any_more() {
    let vault = vault();
    let owner = OwnerId::random(vault.random());
    let sealed = vault.create(&owner).unwrap();
    assert_eq!(vault.owners().unwrap(), std::slice::from_ref(&owner));
    vault.forget(&owner).unwrap();
    vault.forget(&owner).unwrap();
    assert!(vault.owner(&owner).unwrap().is_none());
    assert_eq!(vault.owners().unwrap(), []);
    let late = [Change::put(grant(), None, Vec::new())];
    assert!(matches!(sealed.write(&late), Err(Error::NoPerson)));
    // Not even if someone of the same id comes again.
    vault.create(&owner).unwrap();
    assert!(matches!(sealed.write(&late), Err(Error::NoPerson)));
}

#[test]
fn an_owner_is_made_once() {
    let vault = vault();
    let owner = OwnerId::random(vault.random());
    vault.create(&owner).unwrap();
    assert!(matches!(vault.create(&owner), Err(Error::Conflict)));
}

#[test]
fn another_master_key_opens_nothing_and_is_told_which_one_would() {
    let vault = vault();
    let engine = Arc::clone(&vault.shared.engine);
    let other = Masters::new(&Randomness::seeded(2));
    let opened = Vault::new(engine, other, None, vault.clock().clone(), Randomness::seeded(2));
    let id = vault.shared.masters().current.id;
    assert!(matches!(opened.err(), Some(Error::OtherKey(named)) if named == id));
}

#[test]
fn due_work_comes_opened_and_a_bad_row_does_not_hold_up_the_rest() {
    let vault = vault();
    let owner = OwnerId::random(vault.random());
    let sealed = vault.create(&owner).unwrap();
    let due_at = Some(vault.clock().now());
    let (key, packing) = (RowKey::new(Kind::Job, "good"), super::super::seal::Packing::Plain);
    let body = b"refresh".to_vec();
    sealed.write(&[Change::Put { key, expected: None, body, due_at, packing }]).unwrap();
    let bad = Write::Put { key: RowKey::new(Kind::Job, "bad"), expected: None, body: vec![1; 99], due_at };
    vault.shared.engine.write(&owner, &[bad]).unwrap();
    let work = vault.due(Kind::Job, 1_000, 9).unwrap();
    assert_eq!(work.iter().map(|work| work.body.as_slice()).collect::<Vec<_>>(), [b"refresh"]);
    vault.settle(&work[0].claim, Settlement::Remove).unwrap();
    vault.clock().advance(SignedDuration::from_secs(2));
    assert!(vault.due(Kind::Job, 1_000, 9).unwrap().is_empty());
}

fn config(folder: &std::path::Path) -> Config {
    let home = folder.join("home");
    let mut config = Config::from_lookup(|name| (name == "PLAINCHART_HOME").then(|| (&home).into())).unwrap();
    config.settings = folder.join("settings");
    config.uses_key_store = false;
    config
}

#[test]
fn a_store_opens_again_under_its_own_key() {
    let folder = tempfile::tempdir().unwrap();
    let (config, clock, random) = (config(folder.path()), Clock::system(), Randomness::system());
    let first = Vault::open(&config, &clock, &random).unwrap();
    assert!(first.is_new);
    first.vault.home().unwrap().write(&[Change::put(grant(), None, b"kept".to_vec())]).unwrap();
    let again = Vault::open(&config, &clock, &random).unwrap();
    assert!(!again.is_new);
    assert_eq!(again.vault.home().unwrap().read_one(&grant()).unwrap().unwrap().bytes, b"kept");
}

#[test]
fn processes_that_start_together_share_one_store_and_one_key() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let (config, clock, random) = (config(folder.path()), Clock::system(), Randomness::system());
        let open = || Vault::open(&config, &clock, &random).unwrap();
        let openings = std::thread::scope(|scope| {
            [(); 4].map(|()| scope.spawn(open)).map(|start| start.join().unwrap())
        });
        let ids = openings.each_ref().map(|opening| opening.vault.master_ids());
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(openings.iter().filter(|opening| opening.is_new).count(), 1);
    }
}
