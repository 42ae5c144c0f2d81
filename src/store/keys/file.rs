//! The master key in a file that only the person can read, apart from the data.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::error::Error;
use super::masters::Masters;
use crate::secret::Secret;
use crate::store::folder;

const FILE_BYTES_MAX: u64 = 4096;

/// The keys in the file; `None` where there is no file.
pub fn read(path: &Path, home: &Path) -> Result<Option<Masters>, Error> {
    must_lie_apart(path, home)?;
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::failed("opening the key file")(error)),
    };
    if folder::is_open_to_others(&file).map_err(Error::failed("reading the key file"))? {
        return Err(Error::OpenToOthers(path.to_path_buf()));
    }
    let mut text = Secret::new(String::with_capacity(256));
    let read = file.take(FILE_BYTES_MAX).read_to_string(text.expose_mut());
    read.map_err(Error::failed("reading the key file"))?;
    Masters::parse(text.expose(), &path.display().to_string()).map(Some)
}

/// Replaces the file whole.
pub fn write(path: &Path, home: &Path, masters: &Masters) -> Result<(), Error> {
    must_lie_apart(path, home)?;
    folder::replace(path, masters.to_text().expose().as_bytes())
        .map_err(Error::failed("writing the key file"))
}

/// A backup of the data folder, or a lost disk image of it, must not carry the key along.
fn must_lie_apart(path: &Path, home: &Path) -> Result<(), Error> {
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().map(real).unwrap_or_default();
    if folder.starts_with(real(home)) || real(path).starts_with(real(home)) {
        return Err(Error::BesideData(path.to_path_buf()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Randomness;

    #[test]
    fn a_key_file_inside_the_data_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (home, masters) = (folder.path().join("home"), Masters::new(&Randomness::seeded(1)));
        fs::create_dir(&home).unwrap();
        let inside = home.join("below").join("master.key");
        assert!(matches!(write(&inside, &home, &masters), Err(Error::BesideData(_))));
        assert!(matches!(read(&home.join("master.key"), &home), Err(Error::BesideData(_))));
        let apart = folder.path().join("home-key");
        write(&apart, &home, &masters).unwrap();
        assert_eq!(read(&apart, &home).unwrap().unwrap().current.id, masters.current.id);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, home) = (folder.path().join("master.key"), folder.path().join("home"));
        write(&path, &home, &Masters::new(&Randomness::seeded(1))).unwrap();
        assert!(read(&path, &home).unwrap().is_some());
        for mode in [0o644, 0o640, 0o604, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(read(&path, &home), Err(Error::OpenToOthers(_))), "{mode:o}");
        }
    }
}
