//! An unlocked passphrase: the key that it stands for, for some hours, in the session's folder in memory.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::error::Error;
use super::source::account;
use crate::clock::Clock;
use crate::secret::Secret;
use crate::store::folder;
use crate::store::seal::KeyBytes;

/// Nobody stays unlocked longer than a day.
pub const HOURS_MAX: u8 = 24;

/// Keeps the key until then, and says when that is.
pub fn keep(
    runtime: Option<&Path>,
    home: &Path,
    key: &KeyBytes,
    hours: u8,
    clock: &Clock,
) -> Result<Timestamp, Error> {
    let path = path(runtime.ok_or(Error::NoRuntimeFolder)?, home);
    let until = clock.now() + SignedDuration::from_hours(hours.min(HOURS_MAX).into());
    let mut text = Zeroizing::new(format!("{until}\n"));
    text.push_str(&Zeroizing::new(STANDARD.encode(key.expose())));
    folder::replace(&path, text.as_bytes()).map_err(Error::failed("keeping the unlocked key"))?;
    Ok(until)
}

/// The key, while it is unlocked. What has run out is removed.
pub fn read(runtime: Option<&Path>, home: &Path, clock: &Clock) -> Result<Option<KeyBytes>, Error> {
    let Some(path) = runtime.map(|runtime| path(runtime, home)) else { return Ok(None) };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::failed("reading the unlocked key")(error)),
    };
    if folder::is_open_to_others(&file).map_err(Error::failed("reading the unlocked key"))? {
        return Err(Error::OpenToOthers(path));
    }
    let mut text = Zeroizing::new(String::with_capacity(256));
    file.take(256).read_to_string(&mut text).map_err(Error::failed("reading the unlocked key"))?;
    let kept = text.split_once('\n').and_then(|(until, key)| Some((until.parse::<Timestamp>().ok()?, key)));
    match kept {
        Some((until, key)) if clock.now() < until => {
            let mut bytes = Zeroizing::new([0; 64]);
            if STANDARD.decode_slice(key, bytes.as_mut_slice()) != Ok(32) {
                return Ok(None);
            }
            let mut key = Secret::new([0; 32]);
            key.expose_mut().copy_from_slice(&bytes[..32]);
            Ok(Some(key))
        }
        _ => forget(runtime, home).map(|()| None),
    }
}

/// Locks again.
pub fn forget(runtime: Option<&Path>, home: &Path) -> Result<(), Error> {
    let Some(path) = runtime.map(|runtime| path(runtime, home)) else { return Ok(()) };
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Error::failed("removing the unlocked key")(error))
        }
        _ => Ok(()),
    }
}

fn path(runtime: &Path, home: &Path) -> PathBuf {
    runtime.join("plainchart").join(account(home)).with_extension("unlocked")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Randomness;
    use crate::store::seal::new_key;

    #[test]
    fn an_unlocked_key_runs_out_and_is_removed() {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(Timestamp::UNIX_EPOCH));
        let (runtime, home) = (Some(folder.path()), Path::new("/home/of/someone"));
        let key = new_key(&Randomness::seeded(1));
        keep(runtime, home, &key, 2, &clock).unwrap();
        clock.advance(SignedDuration::from_mins(119));
        assert_eq!(read(runtime, home, &clock).unwrap().unwrap().expose(), key.expose());
        assert!(read(runtime, Path::new("/another"), &clock).unwrap().is_none());
        clock.advance(SignedDuration::from_mins(1));
        assert!(read(runtime, home, &clock).unwrap().is_none());
        assert!(!path(folder.path(), home).exists());
    }

    #[test]
    fn locking_removes_it_and_a_disk_is_no_place_for_it() {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(Timestamp::UNIX_EPOCH));
        let (runtime, home) = (Some(folder.path()), Path::new("/home/of/someone"));
        let key = new_key(&Randomness::seeded(1));
        let until = keep(runtime, home, &key, 200, &clock).unwrap();
        assert_eq!(until.to_string(), "1970-01-02T00:00:00Z");
        forget(runtime, home).unwrap();
        assert!(read(runtime, home, &clock).unwrap().is_none());
        assert!(matches!(keep(None, home, &key, 1, &clock), Err(Error::NoRuntimeFolder)));
    }
}
