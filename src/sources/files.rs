//! Files, folders and archives that a person brings: found, unpacked within limits, and read.
//!
//! Nothing is unpacked to the disk. An archive is read through once before anything is taken from it,
//! so that a broken or hostile one gives nothing; then its files are read one by one, as streams.

mod archive;
mod checked;
mod collection;
mod input;
mod names;

use std::collections::HashMap;
use std::fs;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::cards::{self, Issuers, NOT_ASKED};
use super::error::{Error, Fault, FileFailure};
use super::formats::{self, BEGINNING_BYTES, Share, Sink, lookalike};
use super::{LeftOut, Limits, Receiver};
use checked::Checked;
use collection::Collection;
use input::{Gzip, Held, Input, OnDisk};

/// Reads every file of these paths, in the order of their names, and hands over what they hold.
///
/// Returns the files of which nothing was read, or which were cut off: an import with one of them has not wholly succeeded.
/// What is no record in a folder or archive is named as left out.
///
/// # Errors
/// When the paths hold more than an import may have. Then nothing that was handed over should be kept.
pub fn read_paths(
    paths: &[PathBuf],
    limits: &Limits,
    receiver: &mut dyn Receiver,
) -> Result<Vec<FileFailure>, Error> {
    read_paths_asking(paths, limits, &NOT_ASKED, receiver)
}

/// Reads the paths, and asks these issuers whether they have signed the health cards among them.
pub fn read_paths_asking(
    paths: &[PathBuf],
    limits: &Limits,
    issuers: &Issuers<'_>,
    receiver: &mut dyn Receiver,
) -> Result<Vec<FileFailure>, Error> {
    let mut import = Import::new(limits, issuers, receiver);
    for path in paths {
        import.given(path)?;
    }
    import.end()
}

/// Reads files that are held in memory, by name and content: what came with a form, the made-up person of the demo.
/// An archive among them is read like one on the disk.
pub fn read_held(
    files: &[(&str, &[u8])],
    limits: &Limits,
    receiver: &mut dyn Receiver,
) -> Result<Vec<FileFailure>, Error> {
    read_held_asking(files, limits, &NOT_ASKED, receiver)
}

/// Reads held files, and asks these issuers whether they have signed the health cards among them.
pub fn read_held_asking(
    files: &[(&str, &[u8])],
    limits: &Limits,
    issuers: &Issuers<'_>,
    receiver: &mut dyn Receiver,
) -> Result<Vec<FileFailure>, Error> {
    let mut import = Import::new(limits, issuers, receiver);
    for (name, bytes) in files {
        let name = import.distinct(names::clean(name));
        import.held_file(&name, bytes)?;
    }
    import.end()
}

/// Bytes of the texts of QR codes that wait for the others of their card.
const CODES_BYTES_MAX: usize = 4 << 20;

/// One import under way.
struct Import<'a> {
    limits: &'a Limits,
    issuers: &'a Issuers<'a>,
    receiver: &'a mut dyn Receiver,
    /// Files with one of several QR codes of a health card: the name of the first, and all their texts.
    codes: Option<(String, String)>,
    failures: Vec<FileFailure>,
    given: HashMap<String, usize>,
    files: usize,
    bytes: u64,
    resources: usize,
    /// Bytes of archives inside of others, which are held in memory while they are read.
    held: u64,
    /// Whether what waited for all files is read now.
    is_last: bool,
    /// Bytes of a file that were reported before it turned out to be no record.
    reported: u64,
    /// Exports of which the files beside one are a part.
    collections: Vec<Collection>,
}

/// A file as it was found.
struct Found<'a> {
    /// What it is called: the name it was given by, and the way inside of folders and archives.
    name: &'a str,
    /// Whether the person named it, so that they expect it to be a record.
    is_given: bool,
    /// How many folders or archives it lies in.
    depth: usize,
    /// How many bytes on the disk it stands for.
    packed: u64,
    /// The system it came from, where the collection that it is a part of says so.
    system: Option<&'a str>,
}

impl<'a> Import<'a> {
    fn new(limits: &'a Limits, issuers: &'a Issuers<'a>, receiver: &'a mut dyn Receiver) -> Import<'a> {
        Import {
            limits,
            issuers,
            receiver,
            codes: None,
            failures: Vec::new(),
            given: HashMap::new(),
            files: 0,
            bytes: 0,
            resources: 0,
            held: 0,
            is_last: false,
            reported: 0,
            collections: Vec::new(),
        }
    }

    fn given(&mut self, path: &Path) -> Result<(), Error> {
        // The name only: the folders above it may tell who the person is.
        let name = path.file_name().map_or_else(|| ".".into(), |name| names::clean(&name.to_string_lossy()));
        let name = self.distinct(name);
        let before = (self.resources, self.failures.len());
        let result = match fs::metadata(path) {
            Ok(found) if found.is_dir() => self.folder(path, &name, 0),
            Ok(found) if found.is_file() => {
                let packed = found.len();
                let found = Found { name: &name, is_given: true, depth: 0, packed, system: None };
                return self.file(path, &found);
            }
            Ok(_) => Err(Fault::NotAFile),
            Err(error) => Err(Fault::Unreadable(error)),
        };
        let is_empty = (self.resources, self.failures.len()) == before;
        match result {
            Ok(()) if is_empty => self.fail(&name, Fault::NoResource),
            Ok(()) => Ok(()),
            Err(fault) => self.fail(&name, fault),
        }
    }

    fn held_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let size = bytes.len() as u64;
        self.read(
            &mut Held(bytes),
            size,
            &Found { name, is_given: true, depth: 0, packed: size, system: None },
        )
    }

    /// Reads what had to wait for all files.
    fn end(mut self) -> Result<Vec<FileFailure>, Error> {
        if let Some((name, codes)) = self.codes.take() {
            self.is_last = true;
            self.held_file(&name, codes.as_bytes())?;
        }
        self.end_collections();
        Ok(self.failures)
    }

    /// Two files of one name from different folders are told apart by a number.
    fn distinct(&mut self, name: String) -> String {
        let times = self.given.entry(name.clone()).or_insert(0);
        *times += 1;
        if *times == 1 { name } else { format!("{name} ({times})") }
    }

    fn folder(&mut self, path: &Path, name: &str, depth: usize) -> Result<(), Fault> {
        if depth >= self.limits.depth_max {
            return Err(Fault::TooDeep(self.limits.depth_max));
        }
        let mut items: Vec<fs::DirEntry> = fs::read_dir(path)?.collect::<Result<_, _>>()?;
        items.sort_by_key(fs::DirEntry::file_name);
        self.gather_folder(&items, name)?;
        for item in items {
            let own = names::clean(&item.file_name().to_string_lossy());
            let name = format!("{name}/{own}");
            let kind = item.file_type()?;
            if let Some(reason) = names::of_the_system(&own) {
                self.leave_out(&name, reason);
            } else if kind.is_symlink() {
                self.leave_out(&name, "links inside a folder are not followed");
            } else if kind.is_dir() {
                let result = self.folder(&item.path(), &name, depth + 1);
                result.or_else(|fault| self.fail(&name, fault))?;
            } else if kind.is_file() {
                let packed = item.metadata()?.len();
                let found = Found { name: &name, is_given: false, depth: depth + 1, packed, system: None };
                self.file(&item.path(), &found)?;
            } else {
                self.leave_out(&name, "is neither a file nor a folder");
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, found: &Found<'_>) -> Result<(), Error> {
        self.read(&mut OnDisk(path), found.packed, found)
    }

    /// Reads a file wherever it lies. Whatever stops it is reported under its name.
    fn read(&mut self, input: &mut dyn Input, size: u64, found: &Found<'_>) -> Result<(), Error> {
        self.files += 1;
        if self.files > self.limits.files_max {
            return Err(Error::TooManyFiles(self.limits.files_max));
        }
        let system = match self.of_collection(found) {
            collection::Part::None => None,
            collection::Part::Done => return Ok(()),
            collection::Part::Of(system) => Some(system),
        };
        let found = &Found { system: system.as_deref(), ..*found };
        match self.content(input, size, found) {
            Ok(()) => Ok(()),
            Err(fault) => {
                self.receiver.progress(found.packed - std::mem::take(&mut self.reported));
                let has_gone_wrong =
                    !matches!(fault, Fault::NoResource) && size > 0 && names::promises_a_record(found.name);
                if fault.is_no_record() && !found.is_given && !has_gone_wrong {
                    self.leave_out(found.name, &fault.in_few_words());
                    return Ok(());
                }
                self.fail(found.name, fault)
            }
        }
    }

    /// `size` is how many bytes the file has where it lies; the error comes before anything is handed over.
    fn content(&mut self, input: &mut dyn Input, size: u64, found: &Found<'_>) -> Result<(), Fault> {
        let mut beginning = Vec::with_capacity(BEGINNING_BYTES);
        input.open()?.take(BEGINNING_BYTES as u64).read_to_end(&mut beginning)?;
        let is_zip = beginning.starts_with(b"PK\x03\x04") || beginning.starts_with(b"PK\x05\x06");
        let is_gzip = beginning.starts_with(b"\x1f\x8b");
        if (is_zip || is_gzip) && found.depth >= self.limits.depth_max {
            return Err(Fault::TooDeep(self.limits.depth_max));
        }
        if let Some(office) = lookalike::office(&beginning).filter(|_| is_zip) {
            return Err(lookalike::unread(office));
        }
        if is_zip {
            return self.archive(input, size, found);
        }
        if is_gzip {
            let mut inside = Gzip(input);
            let unpacked = self.check(&mut *inside.open()?, size)?;
            return self.content(&mut inside, unpacked, &Found { depth: found.depth + 1, ..*found });
        }
        if found.depth == 0 || input.is_whole() {
            self.count_bytes(size)?; // what was packed has been counted when it was checked
        }
        if !self.is_last && is_code(&beginning) {
            // Its other codes may lie in other files.
            let text = String::from_utf8_lossy(&beginning);
            let (_, codes) = self.codes.get_or_insert_with(|| (found.name.to_owned(), String::new()));
            if codes.len() + text.len() > CODES_BYTES_MAX {
                return Err(Fault::TooLarge(CODES_BYTES_MAX as u64 >> 20));
            }
            codes.push_str(&text);
            codes.push('\n');
            self.resources += 1;
            return Ok(());
        }
        let format = formats::find(&beginning)?;
        if !found.is_given && formats::documents::is_for_named_files(format) {
            return Err(match names::promises_a_record(found.name) {
                true => lookalike::unknown(&beginning, None),
                false => formats::documents::passed_over(format, found.name, &beginning),
            });
        }
        let share = Share { packed: found.packed, unpacked: size };
        let mut sink = Sink::new(found.name, share, self.limits, self.receiver).asking(self.issuers);
        if let Some(system) = found.system {
            sink.of_system(system);
        }
        let mut reader = BufReader::with_capacity(BEGINNING_BYTES, input.open()?);
        let result = (format.read)(&mut reader, &mut sink);
        match result {
            Ok(()) => {
                self.resources += sink.resources();
                let flaw = sink.flaw();
                sink.finish();
                if let Some(flaw) = flaw {
                    self.fail(found.name, flaw)?;
                }
            }
            Err(_) => self.reported = sink.reported(),
        }
        result
    }

    /// Reads something packed through to its end: that it is whole, and how large it becomes.
    fn check(&mut self, unpacked: &mut dyn Read, packed: u64) -> Result<u64, Fault> {
        let mut checked = Checked::new(unpacked, packed, self.limits, &mut self.bytes);
        let size = checked.read_through();
        checked.fault().map_or(size, Err)
    }

    fn count_bytes(&mut self, bytes: u64) -> Result<(), Error> {
        self.bytes = self.bytes.saturating_add(bytes);
        let max = self.limits.total_bytes_max;
        if self.bytes > max { Err(Error::TooLarge(max >> 20)) } else { Ok(()) }
    }

    /// The files of which nothing was read, once all are read.
    fn leave_out(&mut self, file: &str, reason: &str) {
        self.receiver.left_out(LeftOut { file: file.into(), path: String::new(), reason: reason.into() });
    }

    fn fail(&mut self, file: &str, fault: Fault) -> Result<(), Error> {
        if let Fault::Import(error) = fault {
            return Err(error);
        }
        self.failures.push(FileFailure { file: file.into(), reason: fault.to_string() });
        Ok(())
    }
}

/// True for a short text that is one of several QR codes of a health card.
fn is_code(beginning: &[u8]) -> bool {
    beginning.len() < BEGINNING_BYTES && str::from_utf8(beginning).is_ok_and(cards::is_part)
}

#[cfg(test)]
mod tests;
