//! Records to measure on: synthetic people in memory, or in a store on the disk.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use plainchart::access::{Access, Door};
use plainchart::clock::{Clock, Randomness};
use plainchart::config::Config;
use plainchart::ingest::{Request, import};
use plainchart::insight::Answer;
use plainchart::mcp::tool;
use plainchart::store::{Sealed, Vault, people};
use serde_json::{Map, Value};

/// The day on which all records are read.
pub const TODAY: Date = date(2026, 11, 1);
/// A master key: base64 of 32 bytes.
pub const KEY: &str = "cGxhaW5jaGFydCBiZW5jaG1hcmsga2V5IDEyMzQ1Njc=";
const SEED: u64 = 417;

/// Where a store is.
#[derive(Clone, Debug)]
pub enum Place {
    /// Below a folder of this machine, in SQLite.
    Folder(PathBuf),
    /// In a database of PostgreSQL, by its URL.
    Database(String),
}

impl Place {
    /// As a process of the benchmark is told it.
    pub fn argument(&self) -> &OsStr {
        match self {
            Place::Folder(folder) => folder.as_os_str(),
            Place::Database(url) => url.as_ref(),
        }
    }

    /// As it was told.
    pub fn of(argument: &str) -> Place {
        match argument.starts_with("postgres://") {
            true => Place::Database(argument.into()),
            false => Place::Folder(argument.into()),
        }
    }
}

/// A file or folder of the synthetic people.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/people").join(name)
}

/// The clock of all of them.
pub fn clock() -> Clock {
    Clock::fixed("2026-11-01T10:00:00Z".parse().unwrap()).with_today(TODAY)
}

/// The record of one of the synthetic people, in memory.
pub fn in_memory(paths: Vec<PathBuf>) -> Sealed {
    let vault = Vault::in_memory(clock(), Randomness::seeded(SEED)).unwrap();
    filled(&vault, paths)
}

/// The same in a SQLite store below `home`.
pub fn on_disk(home: &Path, paths: Vec<PathBuf>) -> Sealed {
    in_store(&Place::Folder(home.into()), paths)
}

/// The same in any store.
pub fn in_store(place: &Place, paths: Vec<PathBuf>) -> Sealed {
    filled(&Vault::open(&config_of(place), &clock(), &Randomness::seeded(SEED)).unwrap().vault, paths)
}

/// A store.
pub fn vault(place: &Place) -> Vault {
    Vault::open(&config_of(place), &clock(), &Randomness::system()).unwrap().vault
}

/// The settings under which a store below `home` opens.
pub fn config(home: &Path) -> Config {
    config_of(&Place::Folder(home.into()))
}

fn config_of(place: &Place) -> Config {
    let lookup = |name: &str| match (name, place) {
        ("PLAINCHART_HOME", Place::Folder(home)) => Some(home.into()),
        // Only where the key is.
        ("PLAINCHART_HOME", Place::Database(_)) => {
            Some(concat!(env!("CARGO_TARGET_TMPDIR"), "/marks").into())
        }
        ("PLAINCHART_STORE", Place::Database(url)) => Some(url.into()),
        ("PLAINCHART_KEY", _) => Some(KEY.into()),
        ("PLAINCHART_KEY_STORE", _) => Some("off".into()),
        _ => None,
    };
    Config::from_lookup(lookup).unwrap()
}

fn filled(vault: &Vault, paths: Vec<PathBuf>) -> Sealed {
    let person = people::add(vault, "bench").unwrap();
    let sealed = vault.owner(&person.owner).unwrap().unwrap();
    // Of the files that hold several people this one is meant; the others hold one.
    let is_crowded = paths.iter().any(|path| path.ends_with("awkward.json"));
    let patient = is_crowded.then(|| "robin-ashdown".to_owned());
    let request = Request { paths, patient, at: 1_793_527_200, ..Request::default() };
    import(&sealed, &request, &mut |_| {}).unwrap();
    sealed
}

/// The way through the gate to a record. Its view is kept from call to call, as in a server.
pub fn access(sealed: &Sealed) -> Access {
    Access::new(Door::to_rows(sealed.clone()), clock())
}

/// Asks a tool through the gate.
pub fn ask(sealed: &Sealed, tool: &str, arguments: &str) -> Answer {
    tool::call(access(sealed), tool, object(arguments)).expect("the tool answers")
}

/// Arguments as JSON.
pub fn object(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap()
}

/// Writes lines to a file, and says how many bytes it has.
pub fn write_lines(path: &Path, lines: impl Iterator<Item = String>) -> u64 {
    let mut file = BufWriter::new(File::create(path).unwrap());
    lines.for_each(|line| writeln!(file, "{line}").unwrap());
    file.flush().unwrap();
    fs::metadata(path).unwrap().len()
}
