//! Zip archives: checked as a whole, then read file by file.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::input::{Input, Member};
use super::{Found, Import, names};
use crate::sources::error::{Error, Fault};
use crate::sources::formats::Share;

/// A file of an archive, as its table and the check describe it.
struct Listed {
    index: usize,
    name: String,
    packed: u64,
    /// Its size once unpacked, or why it alone cannot be read.
    checked: Result<u64, Fault>,
}

/// How many members the end of an archive counts (APPNOTE 4.3.16); `None` where it does not say.
fn counted<R: Read + Seek>(reader: &mut R) -> io::Result<Option<u16>> {
    /// The end record with the longest comment it can have.
    const END_BYTES_MAX: u64 = 22 + 65_535;
    let size = reader.seek(SeekFrom::End(0))?;
    reader.seek(SeekFrom::Start(size.saturating_sub(END_BYTES_MAX)))?;
    let mut end = Vec::new();
    reader.take(END_BYTES_MAX).read_to_end(&mut end)?;
    reader.rewind()?;
    let at = memchr::memmem::rfind(&end, b"PK\x05\x06");
    let count = at.and_then(|at| end.get(at + 10..at + 12)?.try_into().ok()).map(u16::from_le_bytes);
    // Larger archives count elsewhere.
    Ok(count.filter(|count| *count != u16::MAX))
}

impl Import<'_> {
    /// Reads an archive. The error is for the archive as a whole, before anything is handed over.
    pub(super) fn archive(
        &mut self,
        input: &mut dyn Input,
        size: u64,
        found: &Found<'_>,
    ) -> Result<(), Fault> {
        // Archives in archives are held all at once, so together they may have what one document may.
        let held = if input.is_whole() { 0 } else { size };
        let max = self.limits.document_bytes_max;
        if self.held.saturating_add(held) > max {
            return Err(Fault::TooLarge(max >> 20));
        }
        self.held += held;
        let result = self.unpack(input, found);
        self.held -= held;
        result
    }

    fn unpack(&mut self, input: &mut dyn Input, found: &Found<'_>) -> Result<(), Fault> {
        let mut reader = input.open_anywhere(self.limits.document_bytes_max)?;
        let counted = counted(&mut reader)?;
        let mut archive = ZipArchive::new(reader)?;
        // Of two members with one name the library keeps one: then something would be lost without a word.
        if counted.is_some_and(|counted| usize::from(counted) != archive.len()) {
            return Err(Fault::Broken);
        }
        if self.files.saturating_add(archive.len()) > self.limits.files_max {
            return Err(Error::TooManyFiles(self.limits.files_max).into());
        }
        let mut listed = self.list(&mut archive, found)?;
        listed.sort_by(|one, other| one.name.cmp(&other.name));
        let before = (self.resources, self.failures.len());
        let size: u64 = listed.iter().map(|file| file.packed).sum::<u64>().max(1);
        let mut left = found.packed;
        for file in listed {
            let share = u128::from(found.packed) * u128::from(file.packed) / u128::from(size);
            let packed = (share as u64).min(left);
            left -= packed;
            let inside =
                Found { name: &file.name, is_given: false, depth: found.depth + 1, packed, system: None };
            match file.checked {
                Ok(unpacked) => {
                    let mut member = Member { archive: &mut archive, index: file.index };
                    self.read(&mut member, unpacked, &inside)?;
                }
                Err(fault) => {
                    self.receiver.progress(packed);
                    self.fail(&file.name, fault)?;
                }
            }
        }
        self.receiver.progress(left);
        let is_empty = (self.resources, self.failures.len()) == before;
        if is_empty && found.is_given {
            self.fail(found.name, Fault::NoResource)?;
        }
        Ok(())
    }

    /// Reads every file of the archive through, and names what is not worth reading.
    fn list<R: Read + Seek>(
        &mut self,
        archive: &mut ZipArchive<R>,
        found: &Found<'_>,
    ) -> Result<Vec<Listed>, Fault> {
        let mut listed = Vec::new();
        let mut passed_over = Vec::new();
        let mut has_mac_folder = false;
        let share = Share { packed: found.packed, unpacked: packed_of_all(archive)? };
        for index in 0..archive.len() {
            let (own, packed, is_link) = describe(archive, index)?;
            let name = format!("{}!{own}", found.name);
            if own.ends_with('/') {
                // A folder has nothing itself; packing nothing takes two bytes.
                if packed > 2 {
                    passed_over.push((name, Some("is named as a folder and holds bytes as a file")));
                }
                continue;
            }
            if is_link {
                passed_over.push((name, Some("links inside an archive are not followed")));
                continue;
            }
            if own.split('/').any(|part| part == "__MACOSX") {
                if !has_mac_folder {
                    passed_over.push((format!("{}!__MACOSX", found.name), names::of_the_system("__MACOSX")));
                }
                has_mac_folder = true;
                continue;
            }
            let last = own.rsplit('/').next().unwrap_or(&own);
            if let Some(reason) = names::of_the_system(last) {
                passed_over.push((name, Some(reason)));
                continue;
            }
            let checked = match archive.by_index(index) {
                Ok(mut file) => self.check_member(&mut file, (&name, packed), share),
                Err(error) => Err(error.into()),
            };
            match checked {
                // The others can still be trusted where only this one is locked, packed otherwise, or whole
                // as a file and broken in itself.
                Ok(_) | Err(Fault::Locked | Fault::Packing | Fault::Xml) => {
                    listed.push(Listed { index, name, packed, checked })
                }
                Err(fault) => return Err(fault),
            }
        }
        for (name, reason) in passed_over {
            self.leave_out(&name, reason.unwrap_or_default());
        }
        Ok(listed)
    }
}

/// Bytes of all files together, as they are packed.
fn packed_of_all<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<u64, Fault> {
    let mut total: u64 = 0;
    for index in 0..archive.len() {
        total = total.saturating_add(archive.by_index_raw(index)?.compressed_size());
    }
    Ok(total)
}

/// The name and packed size of a file, and whether it is a link.
fn describe<R: Read + Seek>(archive: &mut ZipArchive<R>, index: usize) -> Result<(String, u64, bool), Fault> {
    let file = archive.by_index_raw(index)?;
    let name = String::from_utf8_lossy(file.name_raw()).replace('\\', "/");
    Ok((names::clean(&name), file.compressed_size(), file.is_symlink()))
}
