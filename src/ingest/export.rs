//! A portable, readable copy: a FHIR bundle per source, the person's own notes, and the summary.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::{BufWriter, Cursor, Write};
use std::path::{Path, PathBuf};

use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use super::Error;
use crate::record::{CARRIED_BY, Detail, Entry, Record, SourceKind};
use crate::sources::fhir::BundleWriter;
use crate::store::records::{self, Originals};
use crate::store::{Sealed, folder};

/// Writes the copy into a folder and gives the files. `summary` is Markdown that the caller has made.
pub fn export(sealed: &Sealed, path: &Path, summary: &str, at: i64) -> Result<Vec<PathBuf>, Error> {
    folder::make_private(path).map_err(Error::Export)?;
    let mut written = Vec::new();
    each_file(sealed, summary, at, &mut |name, write| {
        let target = path.join(name);
        let mut file = create(&target)?;
        write(&mut file)?;
        file.flush().map_err(Error::Export)?;
        written.push(target);
        Ok(())
    })?;
    Ok(written)
}

/// The same copy as one zip archive, in memory: to be downloaded, and never on a disk of the server.
pub fn export_zip(sealed: &Sealed, summary: &str, at: i64) -> Result<Vec<u8>, Error> {
    let failed = |error: ZipError| Error::Export(error.into());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    each_file(sealed, summary, at, &mut |name, write| {
        archive.start_file(name, SimpleFileOptions::default()).map_err(failed)?;
        write(&mut archive)
    })?;
    Ok(archive.finish().map_err(failed)?.into_inner())
}

/// What writes one file.
type Writing<'a> = dyn FnMut(&mut dyn Write) -> Result<(), Error> + 'a;

/// Hands over each file of the copy, by name, with what writes it.
fn each_file(
    sealed: &Sealed,
    summary: &str,
    at: i64,
    file: &mut dyn FnMut(&str, &mut Writing<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let record = records::open(sealed)?.record;
    let mut originals = Originals::new(sealed)?;
    for (place, source) in record.sources.iter().enumerate() {
        let name = file_name(place, &source.name);
        let entries = standing(&record, place);
        match source.kind {
            SourceKind::Files | SourceKind::Portal => {
                let mut others = Vec::new();
                file(&format!("{name}.json"), &mut |mut to| {
                    others = write_bundle(&mut to, &entries, &mut originals, at)?;
                    Ok(())
                })?;
                write_others(&name, others, file)?;
            }
            SourceKind::Own => {
                file(&format!("{name}.md"), &mut |mut to| {
                    write_notes(&mut to, &entries).map_err(Error::Export)
                })?;
            }
        }
    }
    file("summary.md", &mut |to| writeln!(to, "{}", summary.trim_end()).map_err(Error::Export))
}

/// What stands at a source, in the order of its packs, so that each pack is opened once.
fn standing(record: &Record, source: usize) -> Vec<&Entry> {
    let of_source = |entry: &&Entry| usize::from(entry.source) == source && entry.is_live();
    let mut entries: Vec<&Entry> = record.entries.iter().filter(of_source).collect();
    entries.sort_by_key(|entry| (entry.original.pack, entry.original.index));
    entries
}

/// What came in as no FHIR: the bytes, the id of its entry, and the file that it came in.
struct Other<'a> {
    bytes: Vec<u8>,
    entry: &'a Entry,
}

/// The resources as they came in, byte for byte, as entries of a collection. Gives back what is no FHIR.
fn write_bundle<'a>(
    file: &mut impl Write,
    entries: &[&'a Entry],
    originals: &mut Originals,
    at: i64,
) -> Result<Vec<Other<'a>>, Error> {
    let at = jiff::Timestamp::from_second(at).unwrap_or_default();
    let mut bundle = BundleWriter::new(file, at).map_err(Error::Export)?;
    // Results inside a report share its bytes.
    let mut told = HashSet::new();
    let mut others = Vec::new();
    for entry in entries.iter().copied().filter(|entry| told.insert(entry.original.hash)) {
        let bytes = originals.read(&entry.original)?;
        match bytes.trim_ascii_start().starts_with(b"{") && !bytes.starts_with(b"{\\rtf") {
            true => bundle.add(&bytes).map_err(Error::Export)?,
            // What an attached document states lies in the resource that carries it.
            false if entry.extra(CARRIED_BY).is_some() => {}
            false => others.push(Other { bytes, entry }),
        }
    }
    bundle.finish().map_err(Error::Export)?;
    Ok(others)
}

/// Documents of other formats, each as a file of its own; what stands inside a document is told with it.
fn write_others(
    name: &str,
    mut others: Vec<Other<'_>>,
    file: &mut dyn FnMut(&str, &mut Writing<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    others.sort_by_key(|other| (Reverse(other.bytes.len()), other.entry.id));
    let mut written: Vec<&Other<'_>> = Vec::new();
    for other in &others {
        let of_file = written.iter().filter(|larger| larger.entry.file == other.entry.file);
        let mut inside = of_file.map(|larger| memchr::memmem::find(&larger.bytes, &other.bytes));
        if inside.any(|found| found.is_some()) {
            continue;
        }
        let name = format!("{name}-{}.{}", other.entry.id, ending(&other.bytes));
        file(&name, &mut |to| to.write_all(&other.bytes).map_err(Error::Export))?;
        written.push(other);
    }
    Ok(())
}

/// How the name of a file of these bytes ends.
fn ending(bytes: &[u8]) -> &'static str {
    match bytes.trim_ascii_start() {
        [b'<', ..] => "xml",
        [b'%', b'P', b'D', b'F', ..] => "pdf",
        [b'{', b'\\', b'r', b't', b'f', ..] => "rtf",
        _ => "txt",
    }
}

fn write_notes(file: &mut impl Write, entries: &[&Entry]) -> std::io::Result<()> {
    writeln!(file, "# Your own notes")?;
    for entry in entries {
        let Detail::Note { text, about } = &entry.detail else { continue };
        let date = entry.date.map(|date| date.minute_text()).unwrap_or_default();
        let about = about.map(|about| format!(", about {about}")).unwrap_or_default();
        writeln!(file, "\n## {} ({date}{about})\n\n{text}", entry.id)?;
    }
    Ok(())
}

/// For this user alone; what was there under the name is written anew.
fn create(path: &Path) -> Result<BufWriter<std::fs::File>, Error> {
    let mut options = OpenOptions::new();
    let file = folder::private(options.write(true).create(true).truncate(true)).open(path);
    file.map(BufWriter::new).map_err(Error::Export)
}

/// A name that every file system takes: the number of the source, and its letters and digits.
fn file_name(place: usize, name: &str) -> String {
    let plain: String =
        name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let plain = plain.trim_matches('-').chars().take(60).collect::<String>();
    format!("source-{}-{plain}", place + 1).trim_end_matches('-').to_owned()
}
