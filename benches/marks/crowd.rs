//! Many people on one server: the first call for each of them while nothing of theirs is open, and the memory that
//! the process holds when all have asked.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use plainchart::access::account::Acting;
use plainchart::access::authorization::{Bearer, Inside, Scopes};
use plainchart::access::{Access, Caller};
use plainchart::clock::Randomness;
use plainchart::mcp::tool::{Call, Gate, Limits};
use plainchart::record::Scope;
use plainchart::store::records::{self, Change};
use plainchart::store::{OwnerId, Vault};
use serde_json::Map;

use crate::board::Board;
use crate::timing::{Times, timed};
use crate::{generator, world};

/// The argument by which this benchmark becomes the server that is asked.
pub const ASK: &str = "ask-crowd";

const PEOPLE: usize = 2_000;
const ENTRIES: usize = 1_000;
/// The first call of somebody of whom nothing is open.
const COLD_MAX_MS: f64 = 25.0;
/// What is kept open, and what a process takes beside it.
const LIMIT_MB: f64 = 256.0;
const BESIDE_MB: f64 = 96.0;

/// Makes them, and has all of them asked once by a process of its own.
pub fn measure(board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg(ASK).arg(folder.path()).stderr(Stdio::inherit()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let figures: Vec<f64> = text.split_whitespace().map(|word| word.parse().unwrap()).collect();
    let [median, p95, memory_mb, held_mb]: [f64; 4] = figures.try_into().unwrap();
    board.notes("first call of a person of 1,000 entries, of 2,000 people: median", median, "ms");
    board.expects("the same, p95", p95, COLD_MAX_MS, "ms");
    board.notes("memory that is accounted for", held_mb, "MB");
    if memory_mb > 0.0 {
        board.expects("memory of the process after all", memory_mb, LIMIT_MB + BESIDE_MB, "MB");
    }
}

fn fill(folder: &Path) {
    let path = folder.join("one.ndjson");
    world::write_lines(&path, generator::bulk_ndjson(ENTRIES, 417));
    let first = world::on_disk(folder, vec![path]);
    let record = records::open(&first).unwrap().record;
    let vault = vault(folder);
    for _ in 1..PEOPLE {
        let sealed = vault.create(&OwnerId::random(vault.random())).unwrap();
        let change = Change {
            sources: Some(record.sources.clone()),
            entries: record.entries.clone(),
            ..Change::default()
        };
        let empty = records::open(&sealed).unwrap();
        records::save(&sealed, empty.with(change)).unwrap();
    }
}

/// Asks for each person once, and prints: median and p95 of a call (ms), the most memory (MB), what is held (MB).
pub fn ask(folder: &Path) -> ExitCode {
    let vault = vault(folder);
    let access = Access::of_installation(vault.clone(), world::clock());
    let access = access.with_bytes_max((LIMIT_MB * 1e6) as usize);
    let gate = Gate::with(access, Limits::default(), None);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let times = vault.owners().unwrap().into_iter().map(|owner| {
        let call = || runtime.block_on(gate.call(call(&gate, owner), std::future::pending())).unwrap();
        timed(call).1
    });
    let times = Times::taken(times.collect());
    let (held, _) = gate.access().held();
    let memory_mb = crate::process::own_memory_mb().unwrap_or_default();
    println!("{} {} {memory_mb} {}", times.median(), times.p95(), held as f64 / 1e6);
    ExitCode::SUCCESS
}

/// One call as it comes over HTTP: the rows are found, and the version is read with what stands for the grant.
fn call(gate: &Gate, owner: OwnerId) -> Call {
    let sealed = gate.access().rows_of(&owner).unwrap().unwrap();
    let grant = plainchart::store::RowKey::new(plainchart::store::Kind::Grant, "bench");
    let (_, version) = sealed.read_and_saved(&grant).unwrap();
    let (grant, client) = ("bench".into(), "bench".into());
    let bearer = Bearer { owner, grant, client, scopes: Scopes::everything() };
    let scope = Scope { classes: 0, ..Scope::everything() };
    let inside = Inside { bearer, sealed, scope, by: Acting::OWN, version };
    let caller = Caller::Assistant(Box::new(inside));
    Call { caller, assistant: None, tool: "get_labs".into(), arguments: Map::new() }
}

fn vault(folder: &Path) -> Vault {
    Vault::open(&world::config(folder), &world::clock(), &Randomness::system()).unwrap().vault
}
