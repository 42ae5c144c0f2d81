//! Writes the synthetic people: `cargo run --example synthetic_people -- fixtures/people`.
//!
//! For measurements: `… -- bulk 50000 record.ndjson` writes 50,000 entries of one person, and
//! `… -- notes 10000000 notes.ndjson` writes 10 MB of notes, and
//! `… -- apple 1000000000 export.zip` an Apple Health export whose XML has about 1 GB.

mod generator;

use std::{
    env,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

const SEED: u64 = 417;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [folder] => write_people(Path::new(folder)),
        ["bulk", entries, path] => write_lines(path, generator::bulk_ndjson(count(entries)?, SEED)),
        ["notes", bytes, path] => write_lines(path, generator::notes(count(bytes)?, SEED)),
        ["apple", bytes, path] => generator::apple::write_zip(File::create(path)?, count(bytes)?),
        _ => Err(io::Error::other(
            "usage: FOLDER, or bulk ENTRIES FILE, or notes BYTES FILE, or apple BYTES FILE",
        )),
    }
}

fn write_people(folder: &Path) -> io::Result<()> {
    for file in generator::people() {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, file.text)?;
    }
    Ok(())
}

fn write_lines(path: &str, lines: impl Iterator<Item = String>) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for line in lines {
        writeln!(file, "{line}")?;
    }
    file.flush()
}

fn count(digits: &str) -> io::Result<usize> {
    digits.parse().map_err(io::Error::other)
}
