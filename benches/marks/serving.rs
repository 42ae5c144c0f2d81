//! A list of a record that is kept open, asked for over HTTP in 2026-07-28, against an empty tool of the protocol
//! library behind the same router. Both are processes of their own, so that asking is not counted.

mod load;
mod served;

use crate::board::Board;
use crate::timing::Times;
use load::{Load, ask};
use served::Child;
pub use served::{SERVE, serve};

/// Connections that ask at the same time.
const CONNECTIONS: usize = 16;
/// Requests of one run.
const REQUESTS: usize = 6_000;
const RUNS: usize = 3;

const CPU_RATIO_MAX: f64 = 3.0;
const RATE_RATIO_MAX: f64 = 3.0;
const P99_RATIO_MAX: f64 = 5.0;

/// Asks both in turn, so that a busy machine slows down both.
pub fn measure(board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let empty = Child::spawn("empty", folder.path());
    let list = Child::spawn("list", folder.path());
    // The record is opened and the threads are started before anything is counted.
    for child in [&empty, &list] {
        ask(child, CONNECTIONS, CONNECTIONS * 20);
    }
    let mut runs = [const { Vec::new() }; 2];
    for _ in 0..RUNS {
        for (runs, child) in runs.iter_mut().zip([&empty, &list]) {
            runs.push(ask(child, CONNECTIONS, REQUESTS));
        }
    }
    let [empty, list] = runs;
    let best = |runs: &[Load], of: fn(&Load) -> f64| Times::taken(runs.iter().map(of).collect()).best();
    let cpu = [&empty, &list].map(|runs| best(runs, |load| load.cpu_us));
    let wall = [&empty, &list].map(|runs| best(runs, |load| load.wall_us));
    let p99 = [&empty, &list].map(|runs| best(runs, |load| load.p99_ms));
    board.notes("an answer of the list", list[0].bytes as f64, "bytes");
    board.notes("processor time of the empty tool, a request", cpu[0], "µs");
    board.notes("processor time of the list, a request", cpu[1], "µs");
    board.notes("requests of the empty tool in a second, 16 at once", 1e6 / wall[0], "");
    board.notes("requests of the list in a second, 16 at once", 1e6 / wall[1], "");
    board.notes("p99 of the empty tool, 16 at once", p99[0], "ms");
    board.notes("p99 of the list, 16 at once", p99[1], "ms");
    if cpu[0] > 0.0 {
        board.expects(
            "processor time of the list against the empty tool",
            cpu[1] / cpu[0],
            CPU_RATIO_MAX,
            "times",
        );
    }
    board.expects(
        "time of a request against the empty tool, 16 at once",
        wall[1] / wall[0],
        RATE_RATIO_MAX,
        "times",
    );
    board.expects("p99 of the list against the empty tool", p99[1] / p99[0], P99_RATIO_MAX, "times");
}
