//! The same on PostgreSQL as on SQLite: the list of one person over HTTP, and the first call of each of many people. The
//! server is the one that `PLAINCHART_TEST_POSTGRES` names; tests/peers/postgres.sh starts one that commits to the disk.

use std::process::Command;

use plainchart::clock::Randomness;

use crate::board::Board;
use crate::world::Place;
use crate::{crowd, serving};

const SERVER: &str = "PLAINCHART_TEST_POSTGRES";
/// The first call of somebody of whom nothing is open.
const COLD_MAX_MS: f64 = 40.0;

pub fn measure(board: &mut Board) {
    #[expect(clippy::disallowed_methods, reason = "which server it is, is the benchmark's own setting")]
    let Ok(server) = std::env::var(SERVER) else {
        println!("  not measured: {SERVER} names no server");
        return;
    };
    let compared = serving::compared(&database(&server));
    compared.note_list(board);
    compared.note_ratios(board);
    let asked = crowd::asked(&database(&server));
    board.notes("first call of a person of 1,000 entries, of 2,000 people: median", asked.median_ms, "ms");
    board.expects("the same, p95", asked.p95_ms, COLD_MAX_MS, "ms");
}

/// A new, empty database.
fn database(server: &str) -> Place {
    let name = format!("bench_{}", Randomness::system().hex(8));
    let sql = format!("CREATE DATABASE {name}");
    let made = Command::new("psql").args([server, "--quiet", "--command", &sql]).status().unwrap();
    assert!(made.success(), "no database could be made");
    Place::Database(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
}
