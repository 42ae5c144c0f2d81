//! Stories of a first start, of a lost place, and of a move.

use jiff::Timestamp;

use super::super::key_store::FakeKeyStore;
use super::*;
use crate::secret::Secret;

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

struct Place {
    _folder: tempfile::TempDir,
    config: Config,
    key_store: Arc<FakeKeyStore>,
}

impl Place {
    fn new(key_store: FakeKeyStore) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let mut config =
            Config::from_lookup(|name| (name == "PLAINCHART_HOME").then(|| (&home).into())).unwrap();
        config.settings = folder.path().join("settings");
        config.runtime = Some(folder.path().join("runtime"));
        Self { _folder: folder, config, key_store: Arc::new(key_store) }
    }

    fn open(&self, is_empty: bool) -> Result<Opened, Error> {
        let (clock, random) = (Clock::fixed(Timestamp::UNIX_EPOCH), Randomness::system());
        open_with(&self.config, is_empty, &clock, &random, Arc::clone(&self.key_store) as _)
    }

    fn id(&self, is_empty: bool) -> String {
        self.open(is_empty).unwrap().masters.current.id
    }
}

#[test]
fn the_first_key_goes_to_the_systems_key_store_and_is_found_again() {
    let place = Place::new(FakeKeyStore::working());
    let first = place.open(true).unwrap();
    assert!(first.is_new);
    assert!(matches!(first.keychain.source(), KeySource::KeyStore(_)));
    let again = place.open(false).unwrap();
    assert!(!again.is_new);
    assert_eq!(again.masters.current.id, first.masters.current.id);
}

#[test]
fn without_a_key_store_the_first_key_goes_to_a_file_apart_from_the_data() {
    let mut unwanted = Place::new(FakeKeyStore::working());
    unwanted.config.uses_key_store = false;
    for place in [Place::new(FakeKeyStore::Absent), unwanted] {
        let first = place.open(true).unwrap();
        let KeySource::File(path) = first.keychain.source() else { panic!("no file") };
        assert!(path.starts_with(&place.config.settings));
        assert_eq!(place.id(false), first.masters.current.id);
    }
}

#[test]
fn a_lost_key_is_an_error_and_never_a_new_key() {
    let place = Place::new(FakeKeyStore::Absent);
    let first = place.open(true).unwrap();
    let KeySource::File(path) = first.keychain.source() else { panic!("no file") };
    std::fs::remove_file(path).unwrap();
    assert!(matches!(place.open(false), Err(Error::NotFound(_))));
    std::fs::remove_file(place.config.home.join("key-source")).unwrap();
    assert!(place.open(false).is_err());
    assert!(!path.exists());
}

#[test]
fn a_lost_note_is_written_again_when_the_key_is_where_it_was() {
    for key_store in [FakeKeyStore::working(), FakeKeyStore::Absent] {
        let place = Place::new(key_store);
        let id = place.id(true);
        std::fs::remove_file(place.config.home.join("key-source")).unwrap();
        assert_eq!(place.id(false), id);
        assert!(place.config.home.join("key-source").exists());
    }
}

#[test]
fn two_first_starts_at_once_make_one_key() {
    let place = Place::new(FakeKeyStore::Absent);
    let ids = std::thread::scope(|scope| {
        [(); 4].map(|()| scope.spawn(|| place.id(true))).map(|start| start.join().unwrap())
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[test]
fn the_environment_comes_first_and_is_not_written_to() {
    let mut place = Place::new(FakeKeyStore::working());
    place.config.key = Some(Secret::new(KEY.to_owned()));
    let opened = place.open(true).unwrap();
    assert_eq!(opened.keychain.source(), &KeySource::Environment);
    assert!(matches!(opened.keychain.save(&opened.masters), Err(Error::ReadOnly)));
    place.config.key_previous = Some(Secret::new(String::from("nonsense")));
    assert!(matches!(place.open(false), Err(Error::NotAKey(name)) if name == "PLAINCHART_KEY_PREVIOUS"));
}

#[test]
fn a_passphrase_locks_unlocks_and_survives_a_changed_key() {
    let mut place = Place::new(FakeKeyStore::working());
    place.config.passphrase = Some(Secret::new(String::from("correct horse")));
    let first = place.open(true).unwrap();
    assert_eq!(first.keychain.source(), &KeySource::Passphrase);
    assert!(first.keychain.unlock(1).unwrap().is_some());

    place.config.passphrase = None;
    let unlocked = place.open(false).unwrap();
    assert_eq!(unlocked.masters.current.id, first.masters.current.id);
    let rotated = unlocked.masters.rotated(&Randomness::seeded(9));
    unlocked.keychain.save(&rotated).unwrap();
    assert_eq!(place.id(false), rotated.current.id);

    unlocked.keychain.lock().unwrap();
    assert!(matches!(place.open(false), Err(Error::Locked)));
    place.config.passphrase = Some(Secret::new(String::from("wrong horse")));
    assert!(matches!(place.open(false), Err(Error::WrongPassphrase)));
}

#[test]
fn a_key_moves_and_leaves_nothing_behind() {
    let place = Place::new(FakeKeyStore::working());
    let first = place.open(true).unwrap();
    let file = place.config.settings.join("chosen.key");
    let moved = first.keychain.move_to(KeySource::File(file.clone()), None).unwrap();
    assert!(matches!(first.keychain.load(), Err(Error::NotFound(_))));
    assert_eq!(place.id(false), first.masters.current.id);

    assert!(matches!(moved.move_to(KeySource::Passphrase, None), Err(Error::Locked)));
    assert!(file.exists());
    let passphrase = Some(Secret::new(String::from("correct horse")));
    let moved = moved.move_to(KeySource::Passphrase, passphrase).unwrap();
    assert!(!file.exists());
    assert_eq!(moved.load().unwrap().current.id, first.masters.current.id);
    assert!(matches!(place.open(false), Err(Error::Locked)));
}

#[test]
fn a_changed_passphrase_opens_and_the_old_one_does_not() {
    let mut place = Place::new(FakeKeyStore::working());
    let passphrase = |text: &str| Some(Secret::new(text.to_owned()));
    place.config.passphrase = passphrase("correct horse");
    let first = place.open(true).unwrap();
    first.keychain.unlock(1).unwrap();
    first.keychain.move_to(KeySource::Passphrase, passphrase("battery staple")).unwrap();
    assert!(matches!(place.open(false), Err(Error::WrongPassphrase)));
    place.config.passphrase = passphrase("battery staple");
    assert_eq!(place.id(false), first.masters.current.id);
}

#[cfg(unix)]
#[test]
fn a_key_in_the_environment_needs_no_home_folder_to_write_to() {
    let mut place = Place::new(FakeKeyStore::working());
    place.config.key = Some(Secret::new(KEY.to_owned()));
    // A folder below a file cannot be made, not even by root.
    std::fs::write(&place.config.home, "in the way").unwrap();
    place.config.home = place.config.home.join("below");
    assert_eq!(place.open(true).unwrap().keychain.source(), &KeySource::Environment);
}
