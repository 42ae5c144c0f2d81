//! The drill: a backup is taken, the store is lost, and everything opens again.

use std::sync::Arc;

use super::super::keys::Masters;
use super::super::manifest::Name;
use super::super::seal::Packing;
use super::super::{OwnerId, Vault};
use super::*;
use crate::clock::{Clock, Randomness};

struct Drill {
    folder: tempfile::TempDir,
    masters: Masters,
}

impl Drill {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), masters: Masters::new(&Randomness::system()) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn vault(&self, name: &str) -> Vault {
        let url = format!("sqlite:{}", self.path(name).display());
        let (clock, random) = (Clock::system(), Randomness::system());
        let engine = super::super::open(&url, clock.clone()).unwrap();
        Vault::new(Arc::clone(&engine), self.masters.clone(), None, clock, random).unwrap()
    }
}

fn with_record(vault: &Vault, body: &[u8]) -> OwnerId {
    let owner = OwnerId::random(vault.random());
    let sealed = vault.create(&owner).unwrap();
    let mut save = sealed.save(&sealed.manifest().unwrap());
    save.put(Name::new(Kind::Segment, "labs"), body, Packing::Compressed).unwrap();
    save.commit().unwrap();
    owner
}

fn record(vault: &Vault, owner: &OwnerId) -> Vec<u8> {
    vault.owner(owner).unwrap().unwrap().load(|_| true).unwrap().pieces.remove(0).1
}

#[test]
fn a_lost_store_comes_back_from_its_backup() {
    let drill = Drill::new();
    let vault = drill.vault("chart.db");
    let owner = with_record(&vault, b"glucose");
    let contents = take(&drill.path("chart.db"), &drill.path("backup")).unwrap();
    assert_eq!((contents.owners, contents.rows), (2, 7));
    assert_eq!(contents.masters, std::slice::from_ref(&drill.masters.current.id));
    // The backup is one file that others cannot read.
    let names = fs::read_dir(drill.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names.filter(|name| name.to_string_lossy().starts_with("backup")).count(), 1);
    assert!(!folder::is_open_to_others(&File::open(drill.path("backup")).unwrap()).unwrap());

    assert_eq!(
        restore(&drill.path("backup"), &drill.path("new/chart.db"), Overwrite::Never).unwrap(),
        contents
    );
    let restored = drill.vault("new/chart.db");
    assert_eq!(record(&restored, &owner), b"glucose");
    with_record(&restored, b"still writable");
}

#[test]
fn what_is_there_is_overwritten_only_when_told() {
    let drill = Drill::new();
    let vault = drill.vault("chart.db");
    let early = with_record(&vault, b"early");
    take(&drill.path("chart.db"), &drill.path("backup")).unwrap();
    assert!(matches!(take(&drill.path("chart.db"), &drill.path("backup")), Err(Error::NotEmpty)));
    let late = with_record(&vault, b"late");
    let (backup, store) = (drill.path("backup"), drill.path("chart.db"));
    assert!(matches!(restore(&backup, &store, Overwrite::Never), Err(Error::NotEmpty)));
    assert_eq!(record(&vault, &late), b"late");
    // The vault is open all the while, as a running server would be.
    restore(&backup, &store, Overwrite::Allowed).unwrap();
    assert!(vault.owner(&late).unwrap().is_none());
    assert_eq!(record(&vault, &early), b"early");
    with_record(&vault, b"afterwards");
}

#[test]
fn a_backup_beside_a_busy_writer_holds_whole_saves() {
    let drill = Drill::new();
    let vault = drill.vault("chart.db");
    let owner = with_record(&vault, &[0; 1000]);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 1..40 {
                let sealed = vault.owner(&owner).unwrap().unwrap();
                let mut save = sealed.save(&sealed.manifest().unwrap());
                let piece = Name::new(Kind::Segment, format!("labs {number}"));
                save.put(piece, &[number; 1000], Packing::Plain).unwrap();
                save.commit().unwrap();
            }
        });
        for number in 0..5 {
            let (backup, store) = (format!("backup {number}"), format!("chart {number}.db"));
            take(&drill.path("chart.db"), &drill.path(&backup)).unwrap();
            restore(&drill.path(&backup), &drill.path(&store), Overwrite::Never).unwrap();
            assert_eq!(record(&drill.vault(&store), &owner), [0; 1000]);
        }
        writer.join().unwrap();
    });
}

#[test]
fn a_damaged_a_foreign_and_a_newer_backup_are_refused() {
    let drill = Drill::new();
    with_record(&drill.vault("chart.db"), &vec![7; 100_000]);
    let (backup, target) = (drill.path("backup"), drill.path("target.db"));
    take(&drill.path("chart.db"), &backup).unwrap();
    let newer = Connection::open(&backup).unwrap();
    newer
        .execute("UPDATE rows SET body = CAST(x'FF' || substr(body, 2) AS BLOB) WHERE kind = 'segment'", [])
        .unwrap();
    drop(newer);
    let error = restore(&backup, &target, Overwrite::Never).unwrap_err();
    assert!(matches!(error, Error::Newer { found: 255, .. }));
    let mut bytes = fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0xAA);
    fs::write(&backup, bytes).unwrap();
    assert!(restore(&backup, &target, Overwrite::Never).is_err());
    fs::write(&backup, "not a backup").unwrap();
    assert!(matches!(restore(&backup, &target, Overwrite::Never), Err(Error::Foreign)));
    assert!(matches!(take(&drill.path("nowhere.db"), &drill.path("b")), Err(Error::Foreign)));
    assert!(!target.exists());
    let no_folder = take(&drill.path("chart.db"), &drill.path("no folder").join("backup")).unwrap_err();
    assert_eq!(no_folder.to_string(), "making the backup failed");
}
