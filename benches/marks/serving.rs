//! A list of a record that is kept open, asked for over HTTP in 2026-07-28, against an empty tool of the protocol
//! library behind the same router. Both are processes of their own, so that asking is not counted.

mod granted;
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
const RUNS: usize = 5;

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
    let best =
        |of: fn(&Load) -> f64| [&empty, &list].map(|runs| Times::taken(runs.iter().map(of).collect()).best());
    // Each against the one asked just before it: a machine that changes its pace changes it for both.
    let ratio = |of: fn(&Load) -> f64| {
        Times::taken(empty.iter().zip(&list).map(|(empty, list)| of(list) / of(empty)).collect()).median()
    };
    let cpu = best(|load| load.cpu_us);
    let wall = best(|load| load.wall_us);
    let p99 = best(|load| load.p99_ms);
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
            ratio(|load| load.cpu_us),
            CPU_RATIO_MAX,
            "times",
        );
    }
    board.expects(
        "time of a request against the empty tool, 16 at once",
        ratio(|load| load.wall_us),
        RATE_RATIO_MAX,
        "times",
    );
    let p99_ratio = ratio(|load| load.p99_ms);
    board.expects("p99 of the list against the empty tool", p99_ratio, P99_RATIO_MAX, "times");
}
