//! From spawning the program to its first answer over stdio, its memory, and its size.

use std::fs;

use crate::board::Board;
use crate::process::{PROGRAM, Server};
use crate::timing::{Times, timed};
use crate::world;

const START_MS: f64 = 20.0;
const MEMORY_MB: f64 = 40.0;
const BINARY_MB: f64 = 20.0;
const SPAWNS: usize = 30;

/// Spawns the server again and again on the ordinary adult's record. An answer is sent only when its line
/// of the audit is on the disk.
pub fn measure(board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    world::on_disk(&home, vec![world::fixture("adult")]);
    let mut memory_mb: f64 = 0.0;
    for tool in ["summarize_history", "get_labs"] {
        let mut times = Vec::new();
        for _ in 0..SPAWNS {
            let ((mut server, answer), time_ms) = timed(|| {
                let mut server = Server::spawn(&home);
                let answer = server.call(tool);
                (server, answer)
            });
            assert!(answer.contains("Alvarez"), "{answer}");
            times.push(time_ms);
            if times.len() == SPAWNS {
                server.call("search_records");
                server.call("get_visits");
            }
            memory_mb = memory_mb.max(server.memory_mb().unwrap_or_default());
            server.end();
        }
        let times = Times::taken(times);
        board.notes(&format!("spawn to the answer of {tool}, best of {SPAWNS}"), times.best(), "ms");
        board.expects(&format!("spawn to the answer of {tool}, median"), times.median(), START_MS, "ms");
        board.notes(&format!("spawn to the answer of {tool}, p95"), times.p95(), "ms");
    }
    board.expects("resident memory at its peak", memory_mb, MEMORY_MB, "MB");
    let bytes = fs::metadata(PROGRAM).unwrap().len();
    board.expects("size of the binary", bytes as f64 / 1e6, BINARY_MB, "MB");
}
