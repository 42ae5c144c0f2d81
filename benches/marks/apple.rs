//! An import of an Apple Health export against scanning the same member of the archive with the same library.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::board::Board;
use crate::process::{command, peak_mb};
use crate::timing::{Times, timed};
use crate::{generator, world};

/// Bytes of the XML; with a number behind its name (`apple 1000000000`) it measures the size that the limits are
/// meant for.
const BYTES: usize = 200_000_000;
const RATIO_MAX: f64 = 2.0;
const MEMORY_MB_MAX: f64 = 100.0;
const RUNS: usize = 3;

/// Imports and scans in turn, so that a busy machine slows down both.
pub fn measure(board: &mut Board) {
    let mut words = std::env::args().skip_while(|word| word != "apple").skip(1);
    let asked = words.next().and_then(|bytes| bytes.parse().ok());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    generator::apple::write_zip(File::create(&path).unwrap(), asked.unwrap_or(BYTES)).unwrap();
    let (mut scans, mut readings, mut imports) = (Vec::new(), Vec::new(), Vec::new());
    let mut bytes = 0;
    for run in 0..RUNS {
        let (scanned, time) = timed(|| scan(&path, |_| ()));
        bytes = scanned;
        scans.push(time);
        readings.push(timed(|| scan(&path, see_attributes)).1);
        let home = folder.path().join(format!("home-{run}"));
        imports.push(timed(|| world::on_disk(&home, vec![path.clone()])).1);
    }
    let [scan, reading, import] = [scans, readings, imports].map(|times| Times::taken(times).best());
    board.notes("the XML", bytes as f64 / 1e6, "MB");
    board.notes("the archive", path.metadata().unwrap().len() as f64 / 1e6, "MB");
    board.notes("scanning it out of the archive, best of 3", scan, "ms");
    board.notes("scanning it with its attributes, in which all of it stands, best of 3", reading, "ms");
    board.notes("importing it into SQLite, best of 3", import, "ms");
    board.notes("importing it against scanning it with its attributes", import / reading, "times");
    board.expects("importing an Apple export against scanning it", import / scan, RATIO_MAX, "times");
    let mut command = command(&folder.path().join("home"));
    command.arg("import").arg(&path);
    if let Some(peak) = peak_mb(command) {
        board.expects("memory of that import at its peak", peak, MEMORY_MB_MAX, "MB");
    }
}

/// Every event of the member, one after another: what no reader of this input can do without.
fn scan(path: &Path, mut see: impl FnMut(&BytesStart<'_>)) -> u64 {
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path).unwrap())).unwrap();
    let member = archive.by_index(0).unwrap();
    let mut member = BufReader::with_capacity(1 << 16, member);
    let mut buffer = Vec::new();
    // The declaration of the document's type is malformed, as in real exports: no library reads it.
    while !buffer.ends_with(b"]>") {
        assert!(member.read_until(b'>', &mut buffer).unwrap() > 0, "an export without its declaration");
    }
    let mut reader = Reader::from_reader(member);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Eof => return reader.buffer_position(),
            Event::Start(element) | Event::Empty(element) => see(&element),
            _ => {}
        }
    }
}

fn see_attributes(element: &BytesStart<'_>) {
    for attribute in element.attributes() {
        std::hint::black_box(attribute.unwrap().value);
    }
}
