//! An import of 100 MB of NDJSON against parsing the same lines.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use crate::board::Board;
use crate::process::{command, peak_mb};
use crate::timing::{Times, timed};
use crate::{generator, world};

const BYTES: u64 = 100_000_000;
const RATIO_MAX: f64 = 4.0;
/// Three times the file is what one gets who reads it whole into values.
const MEMORY_MAX: f64 = 3.0;
const RUNS: usize = 5;

/// Imports and parses in turn, so that a busy machine slows down both.
pub fn measure(board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bulk.ndjson");
    let bytes = world::write_lines(&path, generator::bulk_ndjson(entries_for(BYTES), 417));
    let (mut parses, mut imports) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        parses.push(timed(|| parse(&path)).1);
        let home = folder.path().join(format!("home-{run}"));
        imports.push(timed(|| world::on_disk(&home, vec![path.clone()])).1);
    }
    let (parse, import) = (Times::taken(parses).best(), Times::taken(imports).best());
    board.notes("the file", bytes as f64 / 1e6, "MB");
    board.notes("parsing it into values, best of 5", parse, "ms");
    board.notes("importing it into SQLite, best of 5", import, "ms");
    // From 3.1 to 4.4 where it was measured: what parsing takes varies more than the import does.
    board.expects("importing against parsing", import / parse, RATIO_MAX, "times");
    let mut command = command(&folder.path().join("home"));
    command.arg("import").arg(&path);
    if let Some(peak) = peak_mb(command) {
        board.notes("memory of the import at its peak", peak, "MB");
        board.holds("memory against the file", peak * 1_048_576.0 / bytes as f64, MEMORY_MAX, "times");
    }
}

/// How many lines of the generator make so many bytes.
fn entries_for(bytes: u64) -> usize {
    const SAMPLE: usize = 2_000;
    let sample: usize = generator::bulk_ndjson(SAMPLE, 417).map(|line| line.len() + 1).sum();
    usize::try_from(bytes).unwrap() / (sample / SAMPLE)
}

/// Every line as a value, one after another: what no reader of this input can do without.
fn parse(path: &Path) -> usize {
    let mut lines = BufReader::with_capacity(1 << 16, File::open(path).unwrap());
    let (mut line, mut members) = (String::new(), 0);
    while lines.read_line(&mut line).unwrap() > 0 {
        let value: Value = serde_json::from_str(&line).unwrap();
        members += value.as_object().map_or(0, serde_json::Map::len);
        line.clear();
    }
    members
}
